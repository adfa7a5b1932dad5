import type { Fact } from "../../../policy/fact.ts";
import type { Commit } from "../../../policy/snapshot.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import type { ChangeDigest } from "../check/change.ts";
import { commitsBetween } from "../git/commits-between.ts";
import { type MergeGroup, numberNamed } from "../git/merge-group.ts";
import { uncheckedPaths } from "./landed-change.ts";

/** A pull request of a merge group, with the change that was checked for the base branch's tip. */
export interface GroupedChange {
  readonly number: number;
  readonly headSha: string;
  readonly checked: ChangeDigest;
}

/**
 * The paths at which what a merge group lands of a pull request is not what was checked: what lands before it in the queue is not on the base branch yet, so
 * a branch that holds another's commit and its revert undoes it only here. By pull request; those without such paths are left out.
 */
export function readGroupLanding(
  client: GitHubClient,
  repo: Repo,
  group: MergeGroup,
  members: readonly GroupedChange[],
): Promise<Fact<ReadonlyMap<number, readonly string[]>>> {
  return read("what the merge group would land", async () => {
    const commits = await commitsBetween(client, repo, group.baseSha, group.headSha);
    const steps = stepsOf(commits, group.headSha);
    const found = await Promise.all(
      members.map(async (member): Promise<readonly [number, readonly string[]]> => {
        const { from, to } = stepOf(member, steps) ?? { from: group.baseSha, to: group.headSha };
        const paths = await uncheckedPaths(
          client,
          repo,
          { from, to, headSha: member.headSha },
          member.checked,
        );
        return [member.number, paths];
      }),
    );
    return new Map(found.filter(([, paths]) => paths.length > 0));
  });
}

/** A commit that GitHub has put on the group's line, and what it stands on. */
interface Step {
  readonly from: string;
  readonly to: string;
  /** The head that it merges; `null`: it is no merge. */
  readonly merges: string | null;
  readonly names: number | null;
}

/** The group's own line, from its head back to its base. */
function stepsOf(commits: readonly Commit[], headSha: string): readonly Step[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const steps: Step[] = [];
  for (let commit = bySha.get(headSha); commit !== undefined; ) {
    const [from, merges = null] = commit.parents;
    if (from === undefined) break;
    steps.push({ from, to: commit.sha, merges, names: numberNamed(commit.message) });
    commit = bySha.get(from);
  }
  return steps;
}

/** What GitHub has made of a pull request: the merge of its head, or the one squashed commit that names it; `null`: that cannot be told apart. */
function stepOf({ number, headSha }: GroupedChange, steps: readonly Step[]): Step | null {
  const merge = steps.find(({ merges }) => merges === headSha);
  if (merge !== undefined) return merge;
  const named = steps.filter(({ names, merges }) => names === number && merges === null);
  return named.length === 1 ? (named[0] ?? null) : null;
}
