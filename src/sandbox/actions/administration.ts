import { emit, emitOrganization } from "../emit.ts";
import { installationJson } from "../json/basic.ts";
import type { Actor, RepoState } from "../state.ts";
import type { World } from "../world.ts";
import { announce } from "./issues.ts";

/** What owners do in the settings of repositories and accounts, in the browser. */

/** Read-only from now on: every write answers 403. */
export function archive(world: World, repo: RepoState, actor: Actor, archived: boolean): void {
  if (repo.archived === archived) return;
  repo.archived = archived;
  emit(world, repo, "repository", { action: archived ? "archived" : "unarchived" }, actor.user);
}

/** The old name leads to the new one: `GET` answers 301, everything else 307 (GitHub's docs, "Redirects"). */
export function renameRepository(world: World, repo: RepoState, actor: Actor, name: string): void {
  const from = repo.name;
  if (world.find(`${repo.owner}/${name}`)) throw new Error(`sandbox: ${repo.owner}/${name} exists`);
  repo.formerNames.push(from);
  repo.name = name;
  emit(
    world,
    repo,
    "repository",
    { action: "renamed", changes: { repository: { name: { from } } } },
    actor.user,
  );
}

/**
 * "The issue was closed and converted to a discussion" (GitHub's docs, issue event types,
 * `converted_to_discussion`): the API still shows it, closed and locked.
 */
export async function convertToDiscussion(
  world: World,
  repo: RepoState,
  number: number,
  actor: Actor,
): Promise<void> {
  const issue = world.mustIssue(repo, number);
  issue.state = "closed";
  issue.closedAt = world.now();
  issue.closedBy = actor.user?.login ?? null;
  issue.locked = true;
  world.addEvent(issue, "converted_to_discussion", actor);
  world.addEvent(issue, "closed", actor, { state_reason: null, commit_id: null });
  await announce(world, repo, issue, "closed", actor);
}

/** The app is taken off an account: its tokens are void, and nothing is delivered any more. */
export function uninstall(world: World, login: string): void {
  const at = world.installations.findIndex((one) => one.login.toLowerCase() === login.toLowerCase());
  const [gone] = at < 0 ? [] : world.installations.slice(at, at + 1);
  if (gone === undefined) throw new Error(`sandbox: the app is not installed on ${login}`);
  const installation = installationJson(world, gone);
  emitOrganization(
    world,
    login,
    "installation",
    { action: "deleted", installation },
    world.user(login),
    true,
  );
  world.installations.splice(at, 1);
  for (const [key, { installation: id }] of world.tokens) if (id === gone.id) world.tokens.delete(key);
  for (const repo of world.repos) if (repo.owner === gone.login) repo.installed = false;
}

/** Installed again, as another installation. */
export function install(world: World, login: string): void {
  const repos = world.repos.filter(({ owner }) => owner.toLowerCase() === login.toLowerCase());
  for (const repo of repos) repo.installed = true;
  const installation = installationJson(world, world.installation(login));
  const repositories = repos.map(({ id, owner, name, private: hidden }) => ({
    id,
    node_id: `R_${id}`,
    name,
    full_name: `${owner}/${name}`,
    private: hidden,
  }));
  emitOrganization(
    world,
    login,
    "installation",
    { action: "created", installation, repositories, requester: null },
    world.user(login),
    true,
  );
}

/**
 * Renames a branch: open pull requests and protection go along, closed ones keep the name (GitHub's docs,
 * "Renaming a branch").
 */
export function renameBranch(world: World, repo: RepoState, actor: Actor, from: string, to: string): void {
  const sha = repo.git.branches.get(from);
  if (sha === undefined) throw new Error(`sandbox: no branch ${from}`);
  repo.git.setRef(`refs/heads/${to}`, sha);
  repo.git.setRef(`refs/heads/${from}`, undefined);
  const protection = repo.protection.get(from);
  repo.protection.delete(from);
  if (protection) repo.protection.set(to, protection);
  for (const issue of repo.issues.values()) {
    if (issue.pull?.baseRef !== from || issue.state !== "open") continue;
    issue.pull.baseRef = to;
    world.touch(issue);
  }
  if (repo.defaultBranch !== from) return;
  repo.defaultBranch = to;
  emit(world, repo, "repository", { action: "edited", changes: { default_branch: { from } } }, actor.user);
}
