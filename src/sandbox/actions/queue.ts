import { emit } from "../emit.ts";
import { refuse } from "../errors.ts";
import { mergeCommits } from "../git/changes.ts";
import { hookCommitJson } from "../json/commits.ts";
import type { Actor, JsonObject, PullState, QueueGroup, RepoState } from "../state.ts";
import type { World } from "../world.ts";
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

/** Builds a merge group of these pull requests, one commit each (a merge, or a squash), and asks for checks on its head. */
export async function enqueue(
  world: World,
  repo: RepoState,
  actor: Actor,
  numbers: number[],
  method: "merge" | "squash" | "rebase" = "merge",
): Promise<string> {
  const issues = numbers.map((number) => world.mustIssue(repo, number));
  const base = issues[0]?.pull?.baseRef;
  const baseSha = base === undefined ? undefined : repo.git.branches.get(base);
  if (base === undefined || baseSha === undefined) throw refuse(422, "Nothing to merge");
  let head = baseSha;
  for (const issue of issues) {
    const pull = issue.pull as PullState;
    if (pull.baseRef !== base || issue.state !== "open")
      throw refuse(422, `#${issue.number} cannot be added to this merge queue`);
    world.addEvent(issue, "added_to_merge_queue", actor);
    if (method === "rebase") {
      head = await rebase(world, repo, pull, head, webFlow(world));
      continue;
    }
    const tree = await mergeCommits(repo.git, head, pull.headSha);
    if (!tree) throw refuse(422, `#${issue.number} has conflicts`);
    head = repo.git.objects.writeCommit({
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
  const headRef = `gh-readonly-queue/${base}/pr-${numbers.at(-1)}-${baseSha}`;
  const group: QueueGroup = {
    headSha: head,
    headRef,
    base,
    baseSha,
    numbers,
    actor: actor.user?.login ?? null,
  };
  repo.groups.push(group);
  await moveBranch(world, repo, actor, headRef, head);
  const merge_group = await groupJson(world, repo, group);
  emit(world, repo, "merge_group", { action: "checks_requested", merge_group }, actor.user);
  return head;
}

/**
 * After a check on a group's head: merges the group when the branch's protection is satisfied, breaks it up
 * on a failure.
 */
export async function afterGroupCheck(world: World, repo: RepoState, sha: string): Promise<void> {
  const group = repo.groups.find((one) => one.headSha === sha);
  if (!group) return;
  const wanting = blockers(world, repo, group.base, sha).filter((text) => text.includes("status check"));
  const failing = wanting.some((text) => text.includes("failing"));
  if (wanting.length > 0 && !failing) return;
  repo.groups.splice(repo.groups.indexOf(group), 1);
  const actor: Actor = { user: world.user(group.actor), viaApp: false };
  const moved = repo.git.branches.get(group.base) !== group.baseSha;
  const merge_group = await groupJson(world, repo, group);
  for (const number of group.numbers) {
    const issue = world.mustIssue(repo, number);
    world.addEvent(issue, "removed_from_merge_queue", actor);
    if (!failing && !moved) await finishMerge(world, repo, issue, actor, group.headSha);
  }
  if (!failing && !moved)
    await moveBranch(world, repo, actor, group.base, group.headSha, { type: "merge_queue_merge" });
  await moveBranch(world, repo, actor, group.headRef, undefined);
  const reason = moved ? "invalidated" : failing ? "dequeued" : "merged";
  emit(world, repo, "merge_group", { action: "destroyed", reason, merge_group }, actor.user);
}
