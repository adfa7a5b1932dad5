import { type Fact, known, unknown } from "../../../policy/fact.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import { commitsBetween } from "./commits-between.ts";
import { listOpenPullRequests } from "./listing.ts";

/** A group of the merge queue, as `merge_group` events tell it: `headRef` is the queue's own branch. */
export interface MergeGroup {
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseRef: string;
  readonly headRef: string;
}

/** `gh-readonly-queue/main/pr-12-<sha>`: the last pull request of the group. */
const QUEUE_REF = /\/pr-(\d+)-[0-9a-f]{7,64}$/;
/** The same, with the base branch's tip that the group was made from. */
const QUEUE_BRANCH = /^refs\/heads\/(gh-readonly-queue\/(.+)\/pr-\d+-([0-9a-f]{40,64}))$/;
/** The end of the title that GitHub gives a squashed or merged pull request. */
const TITLE_NUMBER = /\(#(\d{1,10})\)$|^Merge pull request #(\d{1,10}) from /;

/** The pull request that GitHub names in a commit which it made of it; `null`: none. */
export function numberNamed(message: string): number | null {
  const match = TITLE_NUMBER.exec(message.split("\n", 1)[0] ?? "");
  return match === null ? null : Number(match[1] ?? match[2]);
}

/** An open pull request whose commits a merge group may bring. */
export interface GroupMember {
  readonly number: number;
  /** Login; `null`: the account is gone. */
  readonly author: string | null;
  readonly headSha: string;
  /** The group itself names it, by its branch or by the title that GitHub gave a commit. */
  readonly named: boolean;
}

/**
 * The open pull requests in `base_sha..head_sha`: those whose head is among its commits, those that the
 * titles which GitHub gave the commits name, and the one that the group's branch names. None found is
 * unknown, never "nothing to check".
 */
export async function readGroupMembers(
  client: GitHubClient,
  repo: Repo,
  group: MergeGroup,
): Promise<Fact<readonly GroupMember[]>> {
  const [open, commits] = await Promise.all([
    listOpenPullRequests(client, repo),
    read("the commits of the merge group", () => commitsBetween(client, repo, group.baseSha, group.headSha)),
  ]);
  if (!open.known) return open;
  if (!commits.known) return commits;
  const shas = new Set(commits.value.map(({ sha }) => sha));
  const named = new Set<number>();
  const last = QUEUE_REF.exec(group.headRef)?.[1];
  if (last !== undefined) named.add(Number(last));
  for (const { message } of commits.value) {
    const number = numberNamed(message);
    if (number !== null) named.add(number);
  }
  const members = open.value.filter(
    ({ baseRef, headSha, number }) => baseRef === group.baseRef && (shas.has(headSha) || named.has(number)),
  );
  if (members.length === 0) return unknown("the pull requests of the merge group: none could be found");
  return known(
    members.map(({ number, author, headSha }) => ({ number, author, headSha, named: named.has(number) })),
  );
}

/**
 * The merge groups that wait for a base branch, by the branches that GitHub keeps for them; `null`: for any.
 */
export async function listMergeGroups(
  { octokit }: GitHubClient,
  repo: Repo,
  baseRef: string | null,
): Promise<Fact<readonly MergeGroup[]>> {
  const refs = await read("the merge groups", async () => {
    const ref = `heads/gh-readonly-queue/${baseRef === null ? "" : `${baseRef}/pr-`}`;
    return (await octokit.rest.git.listMatchingRefs({ ...repo, ref })).data;
  });
  if (!refs.known) return refs;
  return known(
    refs.value.flatMap(({ ref, object }): readonly MergeGroup[] => {
      const [, headRef, base, baseSha] = QUEUE_BRANCH.exec(ref) ?? [];
      return headRef && base && baseSha ? [{ headSha: object.sha, baseSha, baseRef: base, headRef }] : [];
    }),
  );
}
