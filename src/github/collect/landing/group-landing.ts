import type { Fact } from "../../../policy/fact.ts";
import type { Commit } from "../../../policy/snapshot/change.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import type { ChangeDigest } from "../check/change.ts";
import { commitsBetween } from "../git/commits-between.ts";
import { type MergeGroup, numberNamed } from "../git/merge-group.ts";
import { filesOf, uncheckedPaths } from "./landed-change.ts";

/** A pull request of a merge group, with the change that was checked for the base branch's tip. */
export interface GroupedChange {
  readonly number: number;
  readonly headSha: string;
  readonly checked: ChangeDigest;
  /** Of its commits, those of merges left out. */
  readonly messages: readonly string[];
}

/**
 * The paths at which what a merge group lands of a pull request is not what was checked: what lands before it
 * in the queue is not on the base branch yet, so a branch that holds another's commit and its revert undoes
 * it only here. By pull request; those without such paths are left out. `heads`: of all in the group.
 */
export function readGroupLanding(
  client: GitHubClient,
  repo: Repo,
  group: MergeGroup,
  members: readonly GroupedChange[],
  heads: readonly string[],
): Promise<Fact<ReadonlyMap<number, readonly string[]>>> {
  return read("what the merge group would land", async () => {
    const commits = await commitsBetween(client, repo, group.baseSha, group.headSha);
    const steps = stepsOf(commits, group.headSha);
    const found = await Promise.all(
      members.map(async (member): Promise<readonly [number, readonly string[]]> => {
        const { number, headSha, checked } = member;
        const step = stepOf(member, steps);
        const { from, to } = step ?? { from: group.baseSha, to: group.headSha };
        const paths = await uncheckedPaths(client, repo, { from, to, headSha }, checked);
        // Which of the replayed commits are whose, only their messages tell: what the others do has to be
        // there in the end.
        const others = step?.sure === true ? [] : heads.filter((sha) => sha !== headSha);
        return [number, [...new Set([...paths, ...(await missingOf(client, repo, group, others))])]];
      }),
    );
    return new Map(found.filter(([, paths]) => paths.length > 0));
  });
}

/** What these heads change and the group as a whole does not. */
async function missingOf(
  client: GitHubClient,
  repo: Repo,
  { baseSha, headSha }: MergeGroup,
  heads: readonly string[],
): Promise<readonly string[]> {
  if (heads.length === 0) return [];
  const [landed, ...theirs] = await Promise.all(
    [headSha, ...heads].map((sha) => filesOf(client, repo, baseSha, sha)),
  );
  const there = new Set((landed ?? []).map(({ path }) => path));
  return theirs.flat().flatMap(({ path }) => (there.has(path) ? [] : [path]));
}

/** A commit that GitHub has put on the group's line, and what it stands on. */
interface Step {
  readonly from: string;
  readonly to: string;
  /** The head that it merges; `null`: it is no merge. */
  readonly merges: string | null;
  readonly names: number | null;
  readonly message: string;
}

/** The group's own line, from its head back to its base. */
function stepsOf(commits: readonly Commit[], headSha: string): readonly Step[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const steps: Step[] = [];
  for (let commit = bySha.get(headSha); commit !== undefined; ) {
    const [from, merges = null] = commit.parents;
    if (from === undefined) break;
    steps.push({ from, to: commit.sha, merges, names: numberNamed(commit.message), message: commit.message });
    commit = bySha.get(from);
  }
  return steps;
}

/**
 * What GitHub has made of a pull request: the merge of its head, the one squashed commit that names it, or
 * the run of its commits, made anew with their messages; `null`: that cannot be told apart.
 */
function stepOf(
  { number, headSha, messages }: GroupedChange,
  steps: readonly Step[],
): { readonly from: string; readonly to: string; readonly sure: boolean } | null {
  const merge = steps.find(({ merges }) => merges === headSha);
  if (merge !== undefined) return { ...merge, sure: true };
  const named = steps.filter(({ names, merges }) => names === number && merges === null);
  if (named.length === 1 && named[0] !== undefined) return { ...named[0], sure: true };
  // The newest stands first; another's commit of the same message, further back, is none of these.
  const replayed = steps
    .filter(({ message, merges }) => merges === null && messages.includes(message))
    .slice(0, messages.length);
  const [newest, oldest] = [replayed.at(0), replayed.at(-1)];
  return newest === undefined || oldest === undefined
    ? null
    : { from: oldest.from, to: newest.to, sure: false };
}
