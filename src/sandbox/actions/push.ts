import { emit } from "../emit.ts";
import { refuse } from "../errors.ts";
import { checkSuiteJson } from "../json/checks.ts";
import { hookCommitJson } from "../json/commits.ts";
import { repoHtml, repoUrl } from "../json/issues.ts";
import type { ActivityState, Actor, CheckSuiteState, IssueState, PullState, RepoState } from "../state.ts";
import type { World } from "../world.ts";
import { announce, closeFixed, setState } from "./issues.ts";

const zero = "0".repeat(40);

/** What else a change of a branch means. */
export interface Move {
  type?: ActivityState["type"];
  /** The pull request that is being merged by this: it is told apart, not found again. */
  merging?: IssueState;
}

/**
 * Moves (or makes, or with `undefined` deletes) a branch as somebody, with all that follows from it:
 * activity, webhooks, synchronized and merged pull requests, check suites, closed issues.
 */
export async function moveBranch(
  world: World,
  repo: RepoState,
  actor: Actor,
  branch: string,
  sha: string | undefined,
  move: Move = {},
): Promise<void> {
  const before = repo.git.branches.get(branch);
  if (before === sha) return;
  const forced = before !== undefined && sha !== undefined && !repo.git.isAncestor(before, sha);
  try {
    repo.git.setRef(`refs/heads/${branch}`, sha);
  } catch {
    throw refuse(422, `Reference cannot be updated: refs/heads/${branch}`);
  }
  const ref = `refs/heads/${branch}`;
  const type =
    move.type ??
    (before === undefined
      ? "branch_creation"
      : sha === undefined
        ? "branch_deletion"
        : forced
          ? "force_push"
          : "push");
  repo.activity.push({
    id: world.id(),
    before: before ?? zero,
    after: sha ?? zero,
    ref,
    at: world.now(),
    type,
    actor: actor.user?.login ?? null,
  });
  repo.pushedAt = world.now();
  if (before === undefined || sha === undefined) {
    const event = before === undefined ? "create" : "delete";
    const body = { ref: branch, ref_type: "branch", pusher_type: "user" };
    emit(
      world,
      repo,
      event,
      event === "create" ? { ...body, master_branch: repo.defaultBranch, description: null } : body,
      actor.user,
    );
  }
  await pushHook(world, repo, actor, ref, before, sha, forced);
  if (sha) await ensureSuite(world, repo, actor, sha, branch);
  await followPulls(world, repo, actor, branch, before, sha, forced, move);
  if (sha && branch === repo.defaultBranch)
    for (const commit of repo.git.between(before, sha))
      await closeFixed(world, repo, actor, commit.message, commit.sha);
}

async function pushHook(
  world: World,
  repo: RepoState,
  actor: Actor,
  ref: string,
  before: string | undefined,
  after: string | undefined,
  forced: boolean,
): Promise<void> {
  if (!repo.installed || !world.options.events.includes("push")) return;
  const known = before ?? repo.git.branches.get(repo.defaultBranch);
  // At most 2,048 commits are in a push payload.
  const shas = after
    ? repo.git.between(known === after ? undefined : known, after).map((one) => one.sha)
    : [];
  const commits = shas.slice(-2048).map((sha) => hookCommitJson(world, repo, sha));
  emit(
    world,
    repo,
    "push",
    {
      ref,
      before: before ?? zero,
      after: after ?? zero,
      base_ref: null,
      created: before === undefined,
      deleted: after === undefined,
      forced,
      compare: `${repoHtml(world, repo)}/compare/${(before ?? zero).slice(0, 12)}...${(after ?? zero).slice(0, 12)}`,
      commits,
      head_commit: after ? hookCommitJson(world, repo, after) : null,
      pusher: { name: actor.user?.login ?? "ghost", email: actor.user?.email ?? null },
    },
    actor.user,
  );
}

/**
 * GitHub makes a check suite for every pushed commit and every app that may write checks, and tells the app.
 */
export async function ensureSuite(
  world: World,
  repo: RepoState,
  actor: Actor,
  sha: string,
  branch: string | null,
  options: { appId?: number; silent?: boolean } = {},
): Promise<CheckSuiteState | undefined> {
  const appId = options.appId ?? world.app.id;
  const own = appId === world.app.id;
  if (own && (!repo.installed || world.options.permissions.checks !== "write")) return undefined;
  const found = repo.suites.find((suite) => suite.headSha === sha && suite.appId === appId);
  if (found) return found;
  const at = world.now();
  const suite: CheckSuiteState = {
    id: world.id(),
    appId,
    headSha: sha,
    headBranch: branch,
    createdAt: at,
    updatedAt: at,
  };
  repo.suites.push(suite);
  if (own && !options.silent)
    emit(
      world,
      repo,
      "check_suite",
      { action: "requested", check_suite: await checkSuiteJson(world, repo, suite) },
      actor.user,
      true,
    );
  return suite;
}

async function followPulls(
  world: World,
  repo: RepoState,
  actor: Actor,
  branch: string,
  before: string | undefined,
  sha: string | undefined,
  forced: boolean,
  move: Move,
): Promise<void> {
  for (const there of [...world.repos])
    for (const issue of [...there.issues.values()]) {
      const pull = issue.pull;
      if (!pull || issue === move.merging) continue;
      const isHead = pull.headRepo === repo.id && pull.headRef === branch;
      const isBase = there === repo && pull.baseRef === branch;
      if (isHead && sha === undefined) {
        world.addEvent(issue, "head_ref_deleted", actor);
        await setState(world, there, issue, actor, "closed");
      } else if (isHead && issue.state === "closed" && before === undefined) {
        if (sha === pull.headSha) world.addEvent(issue, "head_ref_restored", actor);
      } else if (isHead && issue.state === "open" && sha !== undefined) {
        await synchronize(world, there, issue, pull, actor, sha, forced);
      } else if (isBase && issue.state === "open") {
        if (sha === undefined) await setState(world, there, issue, actor, "closed");
        else if (repo.git.isAncestor(pull.headSha, sha))
          await mergedByPush(world, repo, issue, pull, actor, before, sha);
        else {
          // The base moved: GitHub forgets what it knew of the merge, and says nothing.
          pull.mergeSha = null;
          world.touch(issue, issue.updatedAt);
        }
      }
    }
}

async function synchronize(
  world: World,
  there: RepoState,
  issue: IssueState,
  pull: PullState,
  actor: Actor,
  sha: string,
  forced: boolean,
): Promise<void> {
  const before = pull.headSha;
  pull.headSha = sha;
  pull.baseSha = there.git.branches.get(pull.baseRef) ?? pull.baseSha;
  there.git.setRef(`refs/pull/${issue.number}/head`, sha);
  if (forced)
    world.addEvent(issue, "head_ref_force_pushed", actor, {
      commit_id: sha,
      commit_url: `${repoUrl(world, there)}/commits/${sha}`,
    });
  noteCommits(world, there, issue, actor);
  await announce(world, there, issue, "synchronize", actor, { before, after: sha });
}

/** Puts commits that are new to a pull request into its timeline. */
export function noteCommits(world: World, repo: RepoState, issue: IssueState, actor: Actor): void {
  const pull = issue.pull as PullState;
  const known = new Set(issue.events.filter((event) => event.event === "committed").map((event) => event.of));
  for (const commit of repo.git.between(pull.baseSha, pull.headSha))
    if (!known.has(commit.sha)) world.addEvent(issue, "committed", actor, {}, commit.sha);
  world.touch(issue);
}

async function mergedByPush(
  world: World,
  repo: RepoState,
  issue: IssueState,
  pull: PullState,
  actor: Actor,
  before: string | undefined,
  sha: string,
): Promise<void> {
  // The commit that brought it in: the oldest on the first-parent line that contains the head.
  let landed = sha;
  for (
    let at: string | undefined = sha;
    at !== undefined && at !== before;
    at = repo.git.commit(at).parents[0]
  )
    if (repo.git.isAncestor(pull.headSha, at)) landed = at;
  await finishMerge(world, repo, issue, actor, landed);
}

/** Marks a pull request as merged and tells. */
export async function finishMerge(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  sha: string,
): Promise<void> {
  const pull = issue.pull as PullState;
  pull.mergedAt = world.now();
  pull.mergedBy = actor.user?.login ?? null;
  pull.mergeSha = sha;
  world.addEvent(issue, "merged", actor, {
    commit_id: sha,
    commit_url: `${repoUrl(world, repo)}/commits/${sha}`,
  });
  await setState(world, repo, issue, actor, "closed");
  if (pull.baseRef === repo.defaultBranch && issue.body)
    await closeFixed(world, repo, actor, issue.body, sha);
}
