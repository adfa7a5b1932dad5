import { repositoryJson, userJson } from "./json/basic.ts";
import type { JsonObject, RepoState, UserState } from "./state.ts";
import type { World } from "./world.ts";

/**
 * Sends a webhook where the app is installed and listens. `always`: without a subscription (re-runs go to the
 * app that made the check, whatever it subscribed to).
 */
export function emit(
  world: World,
  repo: RepoState,
  event: string,
  body: JsonObject,
  sender: UserState | null,
  always = false,
): void {
  if (!repo.installed || !(always || world.options.events.includes(event))) return;
  const owner = world.user(repo.owner);
  world.hooks.send(event, world.installation(repo.owner).id, {
    ...withSettings(world, repo, body),
    repository: repositoryJson(world, repo),
    ...(owner?.type === "Organization" ? { organization: organizationJson(world, owner) } : {}),
    ...(sender ? { sender: userJson(world, sender) } : { sender: userJson(world, null) }),
    installation: { id: world.installation(repo.owner).id, node_id: "MDIzOk" },
  });
}

/** The same for events that belong to an organization (or account) and no repository. */
export function emitOrganization(
  world: World,
  login: string,
  event: string,
  body: JsonObject,
  sender: UserState | null,
  always = false,
): void {
  const installed = world.installations.some((one) => one.login.toLowerCase() === login.toLowerCase());
  if (!installed || !(always || world.options.events.includes(event))) return;
  const owner = world.user(login);
  const id = world.installation(login).id;
  world.hooks.send(event, id, {
    ...body,
    ...(owner?.type === "Organization" ? { organization: organizationJson(world, owner) } : {}),
    sender: userJson(world, sender),
    ...("installation" in body ? {} : { installation: { id, node_id: "MDIzOk" } }),
  });
}

function organizationJson(world: World, org: UserState): JsonObject {
  const url = `${world.url}/api/v3/orgs/${org.login}`;
  return {
    login: org.login,
    id: org.id,
    node_id: `O_${org.id}`,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/u/${org.id}`,
    description: null,
  };
}

/** In events the base of a pull request shows how it may be merged, which reads hide from most. */
function withSettings(world: World, repo: RepoState, body: JsonObject): JsonObject {
  const { pull_request: pull } = body as { pull_request?: { base?: JsonObject } };
  if (pull?.base === undefined) return body;
  return {
    ...body,
    pull_request: { ...pull, base: { ...pull.base, repo: repositoryJson(world, repo, true) } },
  };
}
