import { type Fact, known, mapFact, unknown } from "../fact.ts";
import { PERMISSIONS, type Permission, type Policy, type RolePolicy } from "../policy.ts";
import { type Access, type Person, sameLogin } from "../snapshot/account.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";

/** The prefix of approval labels: `approved:<role>`. */
export const APPROVAL_PREFIX = "approved:";

/** The label that stands for a role's approval. */
export function approvalLabel(role: string): string {
  return `${APPROVAL_PREFIX}${role}`;
}

/** The configured role that a label names; label names are case-insensitive on GitHub. */
export function roleOfLabel(label: string, policy: Policy): string | null {
  const name = label.toLowerCase();
  return Object.keys(policy.roles).find((role) => approvalLabel(role).toLowerCase() === name) ?? null;
}

/** Is the role known only by a repository permission, with nobody named in the configuration? */
export function isPermissionRole(role: RolePolicy): boolean {
  return role.teams.length === 0 && role.users.length === 0;
}

/**
 * Has the person at least this permission? GitHub's `permission` reports maintain as write and triage as
 * read, so the role's name decides; for custom roles, whose names mean nothing here, the legacy value does
 * (REST: collaborators/{user}/permission).
 */
export function hasPermission(access: Access, least: Permission): boolean {
  const rank = (name: string): number => PERMISSIONS.indexOf(name.toLowerCase() as Permission);
  const own = rank(access.roleName);
  return (own >= 0 ? own : rank(access.permission)) >= rank(least);
}

/** Does the person hold the role now? Unknown when no yes was found and a look-up failed. */
function holdsRole(role: RolePolicy, login: string, person: Person | undefined): Fact<boolean> {
  if (role.users.some((user) => sameLogin(user, login))) return known(true);
  if (isPermissionRole(role)) {
    const access = person?.access ?? unknown(`the permission of ${login} was not read`);
    return access.known ? known(hasPermission(access.value, role.permission)) : access;
  }
  const memberships = role.teams.map(
    (team) => person?.teams[team] ?? unknown(`whether ${login} is in the team ${team} was not read`),
  );
  if (memberships.some((m) => m.known && m.value)) return known(true);
  return memberships.find((m) => !m.known) ?? known(false);
}

/** May the person write to the repository now? */
export function writeAccess(login: string, snapshot: Pick<PullRequestSnapshot, "people">): Fact<boolean> {
  const access = personOf(snapshot, login)?.access ?? unknown(`the permission of ${login} was not read`);
  return mapFact(access, (now) => hasPermission(now, "write"));
}

/**
 * Why a team of the configuration is unknown that GitHub says is not there. It answers so of secret teams too
 * where the app may not see them; asking again is no use, so that the reason is told from all others.
 */
export function noSuchTeam(team: string): string {
  return `the team ${team} is not there, or is secret`;
}

/** The keys of the configuration that name a team which is not there, as far as anybody had to look. */
export function missingTeams(
  { people, roleHolders }: Pick<PullRequestSnapshot, "people" | "roleHolders">,
  policy: Policy,
): readonly { readonly key: string; readonly team: string }[] {
  const facts = [
    ...Object.values(people).flatMap((person) => Object.values(person.teams)),
    ...Object.values(roleHolders),
  ];
  const reasons = new Set(facts.flatMap((fact) => (fact.known ? [] : [fact.reason])));
  return Object.entries(policy.roles).flatMap(([role, { teams }]) =>
    teams.flatMap((team, i) =>
      reasons.has(noSuchTeam(team)) ? [{ key: `roles.${role}.teams[${i}]`, team }] : [],
    ),
  );
}

/** What was read of a person, by login. */
export function personOf(snapshot: Pick<PullRequestSnapshot, "people">, login: string): Person | undefined {
  const key = login.toLowerCase();
  return Object.hasOwn(snapshot.people, key) ? snapshot.people[key] : undefined;
}

/** The first of the roles that the person holds; `null`: none of them. */
export function firstRoleHeld(
  roles: readonly string[],
  login: string,
  snapshot: Pick<PullRequestSnapshot, "people">,
  policy: Policy,
): Fact<string | null> {
  let undecided: Fact<string | null> = known(null);
  for (const name of roles) {
    const role = policy.roles[name];
    if (role === undefined) continue;
    const held = holdsRole(role, login, personOf(snapshot, login));
    if (held.known && held.value) return known(name);
    if (!held.known) undecided = held;
  }
  return undecided;
}
