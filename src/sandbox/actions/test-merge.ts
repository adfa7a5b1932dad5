import { mergeCommits } from "../git/changes.ts";
import type { RepoState } from "../state.ts";
import type { World } from "../world.ts";
import { webFlow } from "./pulls.ts";

/**
 * Brings `refs/pull/{n}/merge` up to date, the commit that merging an open pull request now would make.
 * GitHub computes it when somebody asks for the pull request. With a conflict, and once the pull request is
 * closed, it stays as it was.
 */
export async function testMerge(world: World, repo: RepoState, number: number): Promise<void> {
  const issue = repo.issues.get(number);
  const pull = issue?.pull;
  const tip = pull ? repo.git.branches.get(pull.baseRef) : undefined;
  if (!issue || !pull || issue.state !== "open" || tip === undefined) return;
  const ref = `refs/pull/${number}/merge`;
  const last = repo.git.refs.get(ref);
  const [base, head] = last === undefined ? [] : repo.git.commit(last).parents;
  if (base === tip && head === pull.headSha) return;
  const tree = await mergeCommits(repo.git, tip, pull.headSha);
  if (tree === undefined) return;
  const sha = repo.git.objects.writeCommit({
    tree,
    parents: [tip, pull.headSha],
    author: webFlow(world),
    committer: webFlow(world),
    message: `Merge ${pull.headSha} into ${tip}`,
  });
  repo.git.setRef(ref, sha);
}
