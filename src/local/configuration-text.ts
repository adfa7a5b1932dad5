/** Who holds a role, as somebody answers: `[]` of both leaves it to the permission. */
export interface RoleAnswer {
  readonly teams: readonly string[];
  readonly users: readonly string[];
}

/** The roles of the procedure, and the permission that gives one where nobody is named. */
export const ROLES = [
  { name: "on-call", who: "primary and secondary on-call", permission: "write" },
  { name: "engineering-manager", who: "who approves a P1, and overrides", permission: "admin" },
  { name: "cto", who: "who approves where the manager is unavailable", permission: "admin" },
] as const;

/** A role of the procedure, under which `init` asks who holds it. */
export type RoleName = (typeof ROLES)[number]["name"];

const TEAM = /^(?:[A-Za-z0-9-]{1,39}\/)?[A-Za-z0-9_.-]{1,100}$/;
const USER = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})$/;

/** `on-call, @ada, acme/managers`: teams, and users with an `@`. A text: what in it is neither. */
export function readRoleAnswer(answer: string): RoleAnswer | string {
  const words = answer.split(/[\s,;]+/).filter((word) => word !== "");
  const users = words.filter((word) => word.startsWith("@") && !word.includes("/"));
  const teams = words.filter((word) => !users.includes(word)).map((word) => word.replace(/^@/, ""));
  const names = users.map((word) => word.slice(1));
  const wrong = [...teams.filter((team) => !TEAM.test(team)), ...names.filter((user) => !USER.test(user))];
  return wrong[0] ?? { teams, users: names };
}

/** `.github/hotfix.yml`, commented; what is left out, or commented out, has the default that is shown. */
export function configurationText(
  schema: string,
  roles: Readonly<Partial<Record<RoleName, RoleAnswer>>>,
): string {
  const lines = ROLES.map(({ name, who, permission }) => {
    const { teams, users } = roles[name] ?? { teams: [], users: [] };
    const parts = [
      ...(teams.length > 0 ? [`teams: ${list(teams)}`] : []),
      ...(users.length > 0 ? [`users: ${list(users)}`] : []),
    ];
    const value = parts.length > 0 ? parts.join(", ") : `permission: ${permission}`;
    return `  ${name}: { ${value} } # ${who}`;
  });
  return `# yaml-language-server: $schema=${schema}
# Hotfix Guard. Only this file on the default branch decides. Check it with: hotfix-guard validate
version: 1

# observe shows what would be blocked, and blocks nothing. After a week or so: enforce.
mode: observe

# Who may approve: any one of the teams and users, such as { teams: [on-call], users: [ada] }.
# Where nobody is named, everybody with that permission on the repository holds the role, and escalation has nobody to mention.
roles:
${lines.join("\n")}

# What follows are the defaults: uncomment what you change. Every key: docs/configuration.md

# branches:
#   hotfix: ["hotfix/**"]
#   base: [] # empty: the default branch
#   back_merge: [] # where a merged hotfix must arrive as well, such as [develop]

# severities:
#   P0: { hotfix: true, approvers: [on-call, engineering-manager, cto], approvals: 1, review: after-merge, staging: optional, respond_within: 15m }
#   P1: { hotfix: true, approvers: [engineering-manager, cto], approvals: 1, review: before-merge, staging: expected, respond_within: 2h }

# Where each part of the code lives: keeps a hotfix to one part. For example: { payment: ["src/payments/**"] }
# components: {}

# error blocks, warn only shows, off is not checked.
# rules:
#   diff-size: { level: error, max_files: 10, max_lines: 200 }
#   scope: error
#   dependency-changes: error
#   hotfix-comment: warn

# Hold up ordinary pull requests to the base branch while a hotfix of these severities is open, such as [P0].
# freeze: { severities: [] }

# post_mortem:
#   due: 24h
#   remind: [4h, 0h]
#   action_items: { remind: [1d, 0h], as_issues: false }

# digest: { to: issue, on: monday }
`;
}

/** Names of digits alone, or that YAML knows otherwise, are in quotes. */
function list(names: readonly string[]): string {
  return `[${names.map((name) => (/^[A-Za-z][A-Za-z0-9-]*$/.test(name) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(name) ? name : JSON.stringify(name))).join(", ")}]`;
}
