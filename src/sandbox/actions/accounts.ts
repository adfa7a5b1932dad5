import { emitOrganization } from "../emit.ts";
import { teamJson, userJson } from "../json/basic.ts";
import type { TeamState } from "../state.ts";
import type { World } from "../world.ts";

/** Makes somebody a member of an organization, or invites (`pending`); nobody becomes less by it. */
export function addMember(
  world: World,
  org: string,
  login: string,
  role: "member" | "admin",
  state: "active" | "pending",
): void {
  const members = world.members.get(org.toLowerCase());
  if (!members) throw new Error(`sandbox: no organization ${org}`);
  const user = world.mustUser(login);
  const before = members.get(login.toLowerCase());
  if (before?.state === "active" && state === "pending") return;
  members.set(login.toLowerCase(), { role: before?.role === "admin" ? "admin" : role, state });
  if (state === "active" && before?.state !== "active") {
    const membership = { url: "", state, role, organization_url: "", user: userJson(world, user) };
    emitOrganization(world, org, "organization", { action: "member_added", membership }, user);
  }
}

/** Makes a team; `parent` is the slug of another one. */
export function createTeam(
  world: World,
  org: string,
  slug: string,
  options: { parent?: string; name?: string; secret?: boolean },
): void {
  if (!world.isOrganization(org)) throw new Error(`sandbox: ${org} is no organization`);
  if (
    options.parent &&
    !world.teams.some((one) => one.org === org.toLowerCase() && one.slug === options.parent)
  )
    throw new Error(`sandbox: no team ${options.parent}`);
  const team: TeamState = {
    id: world.id(),
    org: org.toLowerCase(),
    slug,
    name: options.name ?? slug,
    parent: options.parent,
    secret: options.secret ?? false,
    members: new Map(),
  };
  world.teams.push(team);
  emitOrganization(world, org, "team", { action: "created", team: teamJson(world, team) }, null);
}

/** Adds to a team, changes the state, or removes (`undefined`). */
export function setTeamMember(
  world: World,
  org: string,
  slug: string,
  login: string,
  state: "active" | "pending" | undefined,
): void {
  const team = world.teams.find((one) => one.org === org.toLowerCase() && one.slug === slug);
  if (!team) throw new Error(`sandbox: no team ${org}/${slug}`);
  const user = world.mustUser(login);
  const key = login.toLowerCase();
  const before = team.members.get(key);
  if (state) {
    addMember(world, org, login, "member", state);
    team.members.set(key, state);
  } else team.members.delete(key);
  const active = state === "active";
  // A pending invitation is no membership yet: GitHub tells when it is accepted.
  if ((before === "active") === active) return;
  const body = {
    action: active ? "added" : "removed",
    scope: "team",
    member: userJson(world, user),
    team: teamJson(world, team),
  };
  emitOrganization(world, org, "membership", body, user);
}

/** The account is gone, with its memberships and permissions. */
export function deleteUser(world: World, login: string): void {
  const key = login.toLowerCase();
  world.users.delete(key);
  for (const team of world.teams) team.members.delete(key);
  for (const members of world.members.values()) members.delete(key);
  for (const repo of world.repos) repo.permissions.delete(key);
}
