import { notFound, refuse } from "../errors.ts";
import { type Call, empty, list, ok } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { organizationJson, repositoryJson, teamJson, userJson } from "../json/basic.ts";
import type { RepoState, TeamState } from "../state.ts";
import type { World } from "../world.ts";

/**
 * What asks about an organization's people: 404 for user accounts and strangers, 403 without `members: read`.
 */
function org(call: Call): string {
  const { world, caller } = call;
  const login = call.param("org").toLowerCase();
  if (!world.isOrganization(login)) throw notFound();
  if (caller.kind === "installation") {
    if (world.installations.find(({ id }) => id === caller.token.installation)?.login.toLowerCase() !== login)
      throw notFound();
    if (!caller.token.permissions.members) throw refuse(403, "Resource not accessible by integration");
  } else if (caller.kind === "user") {
    if (!world.isMember(login, caller.user.login)) throw notFound();
  } else throw refuse(401, "Requires authentication");
  return login;
}

function oneTeam(call: Call): TeamState {
  const login = org(call);
  const team = call.world.teams.find((one) => one.org === login && one.slug === call.param("slug"));
  if (!team) throw notFound();
  return team;
}

function sees(call: Call, repo: RepoState): boolean {
  try {
    call.need(repo, { app: "metadata:read" });
    return true;
  } catch {
    return false;
  }
}

/** The team and all below it. */
function family(world: World, team: TeamState): TeamState[] {
  const children = world.teams.filter((one) => one.org === team.org && one.parent === team.slug);
  return [team, ...children.flatMap((child) => family(world, child))];
}

/** Membership of a team; members of child teams are members too. */
function membership(world: World, team: TeamState, login: string): "active" | "pending" | undefined {
  const states = family(world, team).map((one) => one.members.get(login.toLowerCase()));
  return states.includes("active") ? "active" : states.includes("pending") ? "pending" : undefined;
}

/** The routes of organizations, teams and their members. */
export function organizationRoutes(router: Router): void {
  router.on("GET /orgs/:org/teams", (call) => {
    const login = org(call);
    return list(
      call.world.teams.filter((team) => team.org === login),
      (team) => teamJson(call.world, team),
    );
  });
  router.on("GET /orgs/:org/teams/:slug", (call) => {
    const team = oneTeam(call);
    return ok({
      ...teamJson(call.world, team),
      members_count: team.members.size,
      repos_count: 0,
      created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-01T00:00:00Z",
      organization: organizationJson(call.world, team.org),
    });
  });
  router.on("GET /orgs/:org/teams/:slug/repos/:owner/:repo", (call) => {
    oneTeam(call);
    const repo = call.repo({ app: "metadata:read" });
    // Every team writes.
    const permissions = { admin: false, maintain: false, push: true, triage: true, pull: true };
    return ok({ id: repo.id, full_name: `${repo.owner}/${repo.name}`, permissions, role_name: "write" });
  });
  router.on("GET /orgs/:org/teams/:slug/members", (call) => {
    const team = oneTeam(call);
    const people = [...call.world.users.values()].filter(
      (user) => user.type === "User" && membership(call.world, team, user.login) === "active",
    );
    return list(people, (user) => userJson(call.world, user));
  });
  router.on("GET /orgs/:org/teams/:slug/memberships/:user", (call) => {
    const team = oneTeam(call);
    const state = membership(call.world, team, call.param("user"));
    if (!state || !call.world.user(call.param("user"))) throw notFound();
    const url = `${call.world.url}/api/v3/organizations/${call.world.user(team.org)?.id}/team/${team.id}`;
    return ok({ state, role: "member", url: `${url}/memberships/${call.param("user")}` });
  });
  router.on("GET /orgs/:org/teams/:slug/teams", (call) => {
    const team = oneTeam(call);
    const children = call.world.teams.filter((one) => one.org === team.org && one.parent === team.slug);
    return list(children, (one) => teamJson(call.world, one));
  });
  const members = (call: Call) =>
    [...(call.world.members.get(org(call)) ?? [])]
      .filter(([, { state }]) => state === "active")
      .map(([login]) => login);
  router.on("GET /orgs/:org/members", (call) =>
    list(
      members(call).flatMap((login) => call.world.user(login) ?? []),
      (user) => userJson(call.world, user),
    ),
  );
  router.on("GET /orgs/:org/members/:user", (call) => {
    if (!members(call).includes(call.param("user").toLowerCase())) throw notFound();
    return empty();
  });
  router.on("GET /orgs/:org/memberships/:user", (call) => {
    const found = call.world.members.get(org(call))?.get(call.param("user").toLowerCase());
    const user = call.world.user(call.param("user"));
    if (!found || !user) throw notFound();
    const url = `${call.world.url}/api/v3/orgs/${call.param("org")}`;
    return ok({
      url: `${url}/memberships/${user.login}`,
      state: found.state,
      role: found.role,
      organization_url: url,
      organization: { login: call.world.user(call.param("org"))?.login ?? "", url },
      user: userJson(call.world, user),
    });
  });
  router.on("GET /orgs/:org/repos", (call) => {
    const { world } = call;
    const login = call.param("org").toLowerCase();
    if (!world.isOrganization(login)) throw notFound();
    const visible = world.repos.filter((repo) => repo.owner.toLowerCase() === login && sees(call, repo));
    return list(visible, (repo) => repositoryJson(world, repo));
  });
  router.on("GET /orgs/:org", (call) => {
    const found = call.world.user(call.param("org"));
    if (found?.type !== "Organization") throw notFound();
    return ok({ ...userJson(call.world, found), description: null });
  });
}
