import { isPermissionRole } from "./approval/roles.ts";
import type { Policy } from "./policy.ts";
import { sameLogin } from "./snapshot/account.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import type { Verdict } from "./verdict.ts";

/** `teams`: as the configuration writes them; `users`: logins. */
export interface People {
  readonly teams: readonly string[];
  readonly users: readonly string[];
}

/** Whom an escalation calls: eligible approvers only. */
export interface Called {
  /** In the order of the roles, each once; of a team that is named every member can approve. */
  readonly people: readonly People[];
  /** Roles that nobody is called for, and why. */
  readonly passedOver: readonly PassedOver[];
}

/** A role that a step asks for and that nobody is called for. */
export interface PassedOver {
  readonly role: string;
  /**
   * It cannot approve this severity; all of it worked on the hotfix or may not write; the configuration names
   * nobody for it.
   */
  readonly why: "cannot-approve" | "nobody-eligible" | "names-nobody";
}

/** More names in one comment, and nobody feels called. */
const MOST_NAMES = 10;

/**
 * Whom the roles of due steps call, of those who can approve. Where no role has any, the step calls for
 * nothing, so the first of the severity's approvers that has somebody is called instead.
 */
export function whoIsCalled(
  roles: readonly string[],
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
): Called {
  if (verdict.approvals.nobodyCan) return { people: [], passedOver: [] };
  const asked = roles.map((role) => ofRole(role, snapshot, verdict, policy));
  const others = verdict.approvals.roles.filter((role) => !roles.includes(role));
  const instead = asked.some(calls)
    ? undefined
    : others.map((role) => ofRole(role, snapshot, verdict, policy)).find(calls);
  const all = [...asked, ...(instead === undefined ? [] : [instead])];
  const { approvals } = verdict;
  // Of an approver without names somebody is told; where all are without, each.
  const unnamed = all.some(calls) ? [] : others.map((role): PassedOver => ({ role, why: "names-nobody" }));
  return {
    people: eachOnce(all.flatMap(({ people }) => people)),
    passedOver: [
      ...all.flatMap(({ passedOver }) => passedOver),
      ...unnamed.filter(({ role }) => approvals.holders[role]?.length !== 0),
    ],
  };
}

function calls({ people }: Called): boolean {
  return people.some(({ teams, users }) => teams.length + users.length > 0);
}

function ofRole(name: string, snapshot: PullRequestSnapshot, verdict: Verdict, policy: Policy): Called {
  const role = policy.roles[name];
  const { roles, holders } = verdict.approvals;
  const passedOver = (why: PassedOver["why"]): Called => ({ people: [], passedOver: [{ role: name, why }] });
  const those = (people: People): Called => ({ people: [people], passedOver: [] });
  if (role === undefined) return passedOver("names-nobody");
  if (!roles.includes(name)) {
    const eligible = roles.flatMap((one) => holders[one] ?? []);
    const users = role.users.filter((login) => eligible.some((one) => sameLogin(one, login)));
    return users.length === 0 ? passedOver("cannot-approve") : those({ teams: [], users });
  }
  const eligible = holders[name] ?? null;
  if (isPermissionRole(role)) return passedOver("names-nobody");
  if (eligible?.length === 0) return passedOver("nobody-eligible");
  const all = snapshot.roleHolders[name];
  const author = snapshot.pullRequest.author?.login ?? "";
  if (eligible === null)
    return those({ teams: role.teams, users: role.users.filter((one) => !sameLogin(one, author)) });
  // A team is called as such where it calls nobody else with it.
  return all?.known === true && all.value.length === eligible.length
    ? those(role)
    : those({ teams: [], users: eligible.slice(0, MOST_NAMES) });
}

function eachOnce(people: readonly People[]): readonly People[] {
  const seen = new Set<string>();
  const isNew = (kind: string) => (name: string) => {
    const key = `${kind} ${name.toLowerCase()}`;
    return seen.has(key) ? false : seen.add(key);
  };
  return people.map(({ teams, users }) => ({
    teams: teams.filter(isNew("team")),
    users: users.filter(isNew("user")),
  }));
}
