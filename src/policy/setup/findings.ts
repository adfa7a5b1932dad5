import { isPermissionRole } from "../approval/roles.ts";
import { type GateRequirement, gateRuleset } from "../branch-rules.ts";
import type { Fact } from "../fact.ts";
import { labelDefinitions } from "../labels.ts";
import { type Policy, SEVERITIES } from "../policy.ts";
import type { Reach, SetUpBranch, Setup } from "./setup.ts";

/** What is wrong with how a repository is set up, and how to fix it. All texts are one line. */
export interface SetupFinding {
  /** `problem`: something that the configuration wants does not work; `note`: nothing is wrong. */
  readonly level: "problem" | "warning" | "note";
  /** The key of the configuration that it is about; `[]`: none. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
}

/** Compares a configuration with what is on GitHub. What could not be read is a warning that says so, never a "no". */
export function findingsOf(policy: Policy, setup: Setup): readonly SetupFinding[] {
  return [
    ...gates(policy, setup),
    ...roles(policy, setup),
    ...postMortems(policy, setup),
    ...environments(policy, setup),
    ...labels(policy, setup),
  ];
}

const finding =
  (level: SetupFinding["level"]) =>
  (path: SetupFinding["path"], message: string, fix: string): SetupFinding => ({ level, path, message, fix });
const problem = finding("problem");
const warning = finding("warning");
const note = finding("note");

function unread(path: SetupFinding["path"], fact: Fact<unknown>): readonly SetupFinding[] {
  return fact.known
    ? []
    : [warning(path, `could not be read: ${fact.reason}`, "Use a token that may read it, or look by hand.")];
}

function gates({ branches: { base } }: Policy, setup: Setup): readonly SetupFinding[] {
  const path = base.length === 0 ? [] : ["branches", "base"];
  const found = setup.branches.flatMap((branch) => gateOf(branch, setup, path));
  return [
    ...(setup.archived
      ? [
          problem(
            [],
            "the repository is archived: nothing can be merged or opened",
            "Unarchive it, or write mode: off.",
          ),
        ]
      : []),
    ...found,
  ];
}

function gateOf(branch: SetUpBranch, setup: Setup, path: SetupFinding["path"]): readonly SetupFinding[] {
  const { name, exists, gate, mergeQueue } = branch;
  if (!exists) return [problem(path, `the branch ${name} is not there`, "Correct its name, or create it.")];
  if (!gate.known) return unread(path, gate);
  const require = requireCommand(setup, name);
  const said: Readonly<Record<GateRequirement, SetupFinding | null>> = {
    pinned: null,
    unknown: warning(
      path,
      `what ${name} requires is not shown to this token`,
      "Use an administrator's token.",
    ),
    "not-required": problem(
      path,
      mergeQueue
        ? `${name} has a merge queue and does not require hotfix-gate, so the queue merges whatever the check says`
        : `${name} does not require hotfix-gate, so everything can be merged and pushed whatever the check says`,
      require,
    ),
    "any-source": problem(
      path,
      `${name} requires hotfix-gate from any source, so anyone with write access can set it to passed`,
      require,
    ),
    "other-app": problem(
      path,
      `${name} requires hotfix-gate from another app than the one that writes it`,
      require,
    ),
    bypassable: problem(
      path,
      `${name} requires hotfix-gate, and everyone with write access may bypass that`,
      "Take the role “write” out of the ruleset's bypass list (Settings → Rules → Rulesets).",
    ),
  };
  const app = setup.app;
  if (app.known && app.value === null && (gate.value === "other-app" || gate.value === "pinned"))
    return [
      note(
        path,
        `${name} requires hotfix-gate from one app; no app has written the check here yet, so it cannot be told whether that is the right one`,
        "Open a pull request once, and run this again.",
      ),
    ];
  return [said[gate.value] ?? []].flat();
}

function requireCommand({ repository, app }: Setup, branch: string): string {
  const id = (app.known ? app.value?.id : undefined) ?? "<APP_ID>";
  // Whatever the branch is called, the shell takes it as it is.
  const ruleset = JSON.stringify(gateRuleset(branch, id))
    .replace('"<APP_ID>"', "<APP_ID>")
    .replaceAll("'", "'\\''");
  return `As an administrator: gh api repos/${repository}/rulesets --input - <<< '${ruleset}'`;
}

function roles(policy: Policy, setup: Setup): readonly SetupFinding[] {
  return Object.entries(policy.roles).flatMap(([name, role]) => {
    const here = ["roles", name];
    const teams = role.teams.flatMap((team, i) =>
      reach([...here, "teams", i], `the team ${team}`, setup.teams[team.toLowerCase()]),
    );
    const users = role.users.flatMap((user, i) =>
      reach([...here, "users", i], user, setup.users[user.toLowerCase()]),
    );
    const found = [...teams, ...users];
    // Who holds it cannot be told while who is listed is not right.
    return found.length > 0 ? found : holders(policy, setup, name);
  });
}

function reach(
  path: SetupFinding["path"],
  who: string,
  fact: Fact<Reach> | undefined,
): readonly SetupFinding[] {
  if (fact === undefined) return [];
  if (!fact.known) return unread(path, fact);
  switch (fact.value) {
    case "write":
      return [];
    case "read":
    case "none":
      return [
        problem(
          path,
          `${who} has no write access here, so no approval from there counts`,
          "Give it the role “write” on the repository (Settings → Collaborators and teams).",
        ),
      ];
    case "missing":
      return [
        problem(
          path,
          `${who} is not there, or is secret and this token cannot see it`,
          "Correct the name, or make the team visible.",
        ),
      ];
  }
}

/** A role that is asked for and that nobody holds keeps every such hotfix waiting. */
function holders(policy: Policy, { holders }: Setup, name: string): readonly SetupFinding[] {
  const count = holders[name];
  const asked = SEVERITIES.filter(
    (severity) => policy.severities[severity].hotfix && policy.severities[severity].approvers.includes(name),
  );
  if (count === undefined) return [];
  if (!count.known) return unread(["roles", name], count);
  if (count.value === 0 && asked.length > 0)
    return [
      problem(
        ["roles", name],
        `nobody holds the role ${name}, which ${asked.join(" and ")} asks for`,
        "List teams or users who have write access.",
      ),
    ];
  const role = policy.roles[name];
  const called = policy.escalation.some(({ notify }) => notify.includes(name));
  if (role === undefined || !isPermissionRole(role) || !called) return [];
  return [
    warning(
      ["roles", name],
      `the role ${name} is known only by its permission (${count.value} people hold it), so escalation has nobody to mention`,
      `List teams or users under roles.${name}.`,
    ),
  ];
}

function postMortems(
  { post_mortem: { repository, template } }: Policy,
  setup: Setup,
): readonly SetupFinding[] {
  const place = ["post_mortem", "repository"];
  const found: SetupFinding[] = [];
  if (setup.postMortems === null) {
    if (!setup.hasIssues)
      found.push(
        problem(
          place,
          "issues are disabled here, so no post-mortem can be opened",
          "Enable them (Settings → General → Features), or set post_mortem.repository.",
        ),
      );
  } else if (!setup.postMortems.known) found.push(...unread(place, setup.postMortems));
  else if (setup.postMortems.value === "missing")
    found.push(
      problem(
        place,
        `the repository ${repository} is not there, or this token cannot see it`,
        "Correct its name, and install the app on it as well.",
      ),
    );
  else {
    const { moreVisible, hasIssues, archived } = setup.postMortems.value;
    if (archived)
      found.push(
        problem(
          place,
          `the repository ${repository} is archived, so no post-mortem can be opened there`,
          "Unarchive it, or name another.",
        ),
      );
    else if (!hasIssues)
      found.push(
        problem(
          place,
          `issues are disabled in ${repository}, so no post-mortem can be opened there`,
          "Enable them there, or name another repository.",
        ),
      );
    if (moreVisible)
      found.push(
        warning(
          place,
          `more people see ${repository} than this repository, so no post-mortem is opened there`,
          "Name a repository that is as private as this one.",
        ),
      );
  }
  if (setup.template?.known === false) found.push(...unread(["post_mortem", "template"], setup.template));
  if (setup.template?.known === true && !setup.template.value)
    found.push(
      problem(
        ["post_mortem", "template"],
        `the template ${template} is not there, so the procedure's is used`,
        "Correct its path, from the root of the repository.",
      ),
    );
  return found;
}

function environments(policy: Policy, setup: Setup): readonly SetupFinding[] {
  return policy.environments.flatMap((name, i) => {
    const path = ["environments", i];
    const fact = setup.environments[name.toLowerCase()];
    if (fact === undefined) return [];
    if (!fact.known) return unread(path, fact);
    if (fact.value === "missing")
      return [
        problem(
          path,
          `the environment ${name} is not there`,
          "Correct its name, or create it (Settings → Environments).",
        ),
      ];
    return fact.value === "guarded"
      ? []
      : [
          problem(
            path,
            `the environment ${name} does not ask the app before it deploys`,
            "Tick the app under Settings → Environments → Deployment protection rules.",
          ),
        ];
  });
}

function labels(policy: Policy, { labels: there }: Setup): readonly SetupFinding[] {
  if (!there.known) return unread([], there);
  const missing = labelDefinitions(policy).filter(({ name }) => !there.value.includes(name.toLowerCase()));
  return missing.length === 0
    ? []
    : [
        note(
          [],
          `${missing.length} labels are not there yet: ${missing.map(({ name }) => name).join(", ")}`,
          "Nothing to do: the app creates each when it is first needed.",
        ),
      ];
}
