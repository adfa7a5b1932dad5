import { emit } from "../emit.ts";
import { refuse } from "../errors.ts";
import { mergeCommits } from "../git/changes.ts";
import { hookCommitJson } from "../json/commits.ts";
import type { Actor, IssueState, JsonObject, PullState, QueueGroup, RepoState } from "../state.ts";
import type { World } from "../world.ts";
import { announce } from "./issues.ts";
import { rebase } from "./merge.ts";
import { blockers } from "./protection.ts";
import { webFlow } from "./pulls.ts";
import { finishMerge, moveBranch } from "./push.ts";

async function groupJson(world: World, repo: RepoState, group: QueueGroup): Promise<JsonObject> {
  return {
    head_sha: group.headSha,
    head_ref: `refs/heads/${group.headRef}`,
    base_sha: group.baseSha,
    base_ref: `refs/heads/${group.base}`,
    head_commit: hookCommitJson(world, repo, group.headSha),
  };
}

/**
 * Puts these pull requests into one merge group behind those that wait for the branch already, one commit
 * each (a merge, a squash or a rebase), and asks for checks on its head.
 */
export async function enqueue(
  world: World,
  repo: RepoState,
  actor: Actor,
  numbers: number[],
  method: "merge" | "squash" | "rebase" = "merge",
): Promise<string> {
  const issues = numbers.map((number) => world.mustIssue(repo, number));
  const base = issues[0]?.pull?.baseRef;
  if (base === undefined || !repo.git.branches.has(base)) throw refuse(422, "Nothing to merge");
  for (const issue of issues) {
    if (issue.pull?.baseRef !== base || issue.state !== "open" || entryOf(repo, issue.number))
      throw refuse(422, `#${issue.number} cannot be added to this merge queue`);
    world.addEvent(issue, "added_to_merge_queue", actor);
    await announce(world, repo, issue, "enqueued", actor);
  }
  const entry = { base, numbers, method, actor: actor.user?.login ?? null, queuedAt: world.now() };
  return (await build(world, repo, actor, entry)).headSha;
}

/** The group on top of the one ahead of it, else of the branch; told as `checks_requested`. */
async function build(
  world: World,
  repo: RepoState,
  actor: Actor,
  entry: Omit<QueueGroup, "headSha" | "headRef" | "baseSha">,
): Promise<QueueGroup> {
  const { base, numbers, method } = entry;
  const ahead = repo.groups.filter((one) => one.base === base).at(-1);
  const baseSha = ahead?.headSha ?? repo.git.branches.get(base) ?? "";
  let headSha = baseSha;
  for (const number of numbers)
    headSha = await landOn(world, repo, world.mustIssue(repo, number), headSha, method);
  const headRef = `gh-readonly-queue/${base}/pr-${numbers.at(-1)}-${baseSha}`;
  const group: QueueGroup = { ...entry, headSha, headRef, baseSha };
  repo.groups.push(group);
  await moveBranch(world, repo, actor, headRef, headSha);
  const merge_group = await groupJson(world, repo, group);
  emit(world, repo, "merge_group", { action: "checks_requested", merge_group }, actor.user);
  return group;
}

async function landOn(
  world: World,
  repo: RepoState,
  issue: IssueState,
  head: string,
  method: QueueGroup["method"],
): Promise<string> {
  const pull = issue.pull as PullState;
  if (method === "rebase") return rebase(world, repo, pull, head, webFlow(world));
  const tree = await mergeCommits(repo.git, head, pull.headSha);
  if (!tree) throw refuse(422, `#${issue.number} has conflicts`);
  return repo.git.objects.writeCommit({
    tree,
    parents: method === "merge" ? [head, pull.headSha] : [head],
    author: webFlow(world),
    committer: webFlow(world),
    message:
      method === "merge"
        ? `Merge pull request #${issue.number} from ${pull.headOwner}/${pull.headRef}\n\n${issue.title}`
        : `${issue.title} (#${issue.number})`,
  });
}

/**
 * A pull request's place in the queue of its branch, as GraphQL's `mergeQueueEntry` tells it; `null`: none.
 */
export function entryOf(repo: RepoState, number: number): JsonObject | null {
  const group = repo.groups.find(({ numbers }) => numbers.includes(number));
  if (group === undefined) return null;
  const queue = repo.groups.filter(({ base }) => base === group.base).flatMap(({ numbers }) => numbers);
  const position = queue.indexOf(number) + 1;
  return {
    position,
    state: "AWAITING_CHECKS",
    estimatedTimeToMerge: position * SECONDS_EACH,
    enqueuedAt: group.queuedAt,
  };
}

/** GitHub estimates by what has been merged before. */
const SECONDS_EACH = 240;

/**
 * After a check on a group's head: the groups at the front whose branch's protection is satisfied are merged,
 * one that fails is taken out, and those behind it are built anew.
 */
export async function afterGroupCheck(world: World, repo: RepoState, sha: string): Promise<void> {
  const group = repo.groups.find((one) => one.headSha === sha);
  if (!group) return;
  const { base } = group;
  for (;;) {
    const queue = repo.groups.filter((one) => one.base === base);
    const failing = queue.find((one) => stateOf(world, repo, one) === "failing");
    const [first] = queue;
    const moved = first !== undefined && repo.git.branches.get(base) !== first.baseSha;
    if (failing === undefined && (first === undefined || stateOf(world, repo, first) !== "passed")) return;
    const out = failing ?? (first as QueueGroup);
    const reason = failing !== undefined ? "dequeued" : moved ? "invalidated" : "merged";
    const behind = queue.slice(queue.indexOf(out) + 1);
    await takeOut(world, repo, out, reason);
    if (reason !== "merged") await buildAnew(world, repo, behind);
  }
}

function stateOf(
  world: World,
  repo: RepoState,
  { base, headSha }: QueueGroup,
): "passed" | "failing" | "open" {
  const wanting = blockers(world, repo, base, headSha).filter((text) => text.includes("status check"));
  if (wanting.length === 0) return "passed";
  return wanting.some((text) => text.includes("failing")) ? "failing" : "open";
}

async function takeOut(
  world: World,
  repo: RepoState,
  group: QueueGroup,
  reason: "merged" | "dequeued" | "invalidated",
): Promise<void> {
  repo.groups.splice(repo.groups.indexOf(group), 1);
  const actor: Actor = { user: world.user(group.actor), viaApp: false };
  const merge_group = await groupJson(world, repo, group);
  for (const number of group.numbers) {
    const issue = world.mustIssue(repo, number);
    world.addEvent(issue, "removed_from_merge_queue", actor);
    if (reason === "merged") await finishMerge(world, repo, issue, actor, group.headSha);
    const why = reason === "merged" ? "MERGE" : "CI_FAILURE";
    await announce(world, repo, issue, "dequeued", actor, { reason: why });
  }
  if (reason === "merged")
    await moveBranch(world, repo, actor, group.base, group.headSha, { type: "merge_queue_merge" });
  await moveBranch(world, repo, actor, group.headRef, undefined);
  emit(world, repo, "merge_group", { action: "destroyed", reason, merge_group }, actor.user);
}

async function buildAnew(world: World, repo: RepoState, groups: readonly QueueGroup[]): Promise<void> {
  repo.groups = repo.groups.filter((one) => !groups.includes(one));
  for (const group of groups) {
    const actor: Actor = { user: world.user(group.actor), viaApp: false };
    const merge_group = await groupJson(world, repo, group);
    await moveBranch(world, repo, actor, group.headRef, undefined);
    emit(world, repo, "merge_group", { action: "destroyed", reason: "invalidated", merge_group }, actor.user);
    await build(world, repo, actor, group);
  }
}
