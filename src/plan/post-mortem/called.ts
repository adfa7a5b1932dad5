import type { Policy, Severity } from "../../policy/policy.ts";
import { managerRoles } from "../../policy/post-mortem/reminders.ts";
import { mentionPerson, mentionsOf } from "../../render/text/mention.ts";

/** People and teams to be mentioned, ready to stand in a text. */
export type Mentions = ReturnType<typeof mentionsOf>;

/** Everybody whom the escalation path names for the severity; nobody where the app only observes. */
export function escalationPath(policy: Policy, owner: string, severity: Severity | null): Mentions {
  const roles = policy.escalation
    .filter(({ severities }) => severity === null || severities.includes(severity))
    .flatMap(({ notify }) => notify);
  return eachOnce(holdersOf(roles, policy, owner));
}

/** Those who are called where the assignees do not do; nobody where the app only observes. */
export function managersOf(policy: Policy, owner: string): Mentions {
  return holdersOf(managerRoles(policy), policy, owner);
}

/** People by their logins; a name that is no login is left out. */
export function peopleOf(logins: readonly string[]): Mentions {
  return logins.map(mentionPerson).filter((node) => node !== null);
}

/** Logins compare case-insensitively; the last spelling stands. */
export function eachOnce(mentions: Mentions): Mentions {
  const each = new Map(mentions.map((node) => ["value" in node ? node.value.toLowerCase() : "", node]));
  return [...each.values()];
}

function holdersOf(roles: readonly string[], policy: Policy, owner: string): Mentions {
  if (policy.mode !== "enforce") return [];
  return [...new Set(roles)].flatMap((name) => mentionsOf(policy.roles[name] ?? NOBODY, owner));
}

const NOBODY = { teams: [], users: [] };
