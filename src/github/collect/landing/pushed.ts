import type { Fact } from "../../../policy/fact.ts";
import {
  type PushedHotfix,
  possibleTips,
  pullsOf,
  pushedHotfix,
} from "../../../policy/landing/direct-push.ts";
import { touchedPaths } from "../../../policy/landing/rollback.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { ChangedFile, Commit } from "../../../policy/snapshot/change.ts";
import type { PushFacts } from "../../../policy/snapshot.ts";
import { count, list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import { branchActivity, deletedBranches } from "../git/activity.ts";
import { COMPARED_FILES } from "../git/changes.ts";
import { type Compared, toCompared } from "../git/compared.ts";
import type { LandedHotfix } from "./effect.ts";
import { hotfixReader } from "./merged-hotfixes.ts";
import { mergedPullRequests, recentlyMerged } from "./recently-merged.ts";
import { findTakenBack } from "./taken-back.ts";

/** Commits and tips of one push that are looked up; of a longer push the newest. */
const MOST_LOOKUPS = 20;

/** What a push to a production branch brought. */
export interface PushReading {
  /** Merged pull requests that have commits of it: their post-mortems tell of them. */
  readonly pullRequests: readonly number[];
  /** Open pull requests into the branch that GitHub will mark as merged in a moment. */
  readonly merging: readonly number[];
  /**
   * Hotfix commits without a pull request of their own; `null`: none, or the push takes a hotfix back, or on
   * to another branch.
   */
  readonly hotfix: (PushedHotfix & { readonly files: readonly ChangedFile[] | null }) | null;
}

/** What has to be known to say which commits of a push are a hotfix that has no pull request. */
export interface PushContext {
  readonly policy: Policy;
  readonly defaultBranch: string;
  /** Heads of open pull requests into the branch. */
  readonly open: readonly { readonly number: number; readonly headSha: string }[];
  /** Hotfixes pushed earlier. */
  readonly earlier: readonly LandedHotfix[];
  readonly forced: boolean;
}

const NOTHING: PushReading = { pullRequests: [], merging: [], hotfix: null };

/** Finds the hotfix commits of a push and tells which of them went through a pull request. */
export function readPush(
  client: GitHubClient,
  repo: Repo,
  push: PushFacts,
  context: PushContext,
): Promise<Fact<PushReading>> {
  const what = `what was pushed to ${push.branch}`;
  return read(what, async (): Promise<PushReading> => {
    const compared = await comparison(client, repo, push.before, push.after);
    const { commits } = compared;
    const { policy } = context;
    const hotfix =
      pushedHotfix(commits, push.after, await tipsOf(client, repo, push, commits), policy) ??
      pushedHotfix(commits, push.after, await deletedTips(client, repo, push, commits), policy);
    if (hotfix === null) return NOTHING;
    const merging = context.open.filter(({ headSha }) => commits.some(({ sha }) => sha === headSha));
    const numbers = new Set<number>();
    const rewritten = context.forced ? await dropped(client, repo, push, policy) : [];
    const left: Commit[] = [];
    // A commit's own list of pull requests may lag behind a merge; the list of merged ones may be too short.
    const listed = pullsOf(commits, await recentlyMerged(client, repo, push.branch));
    for (const commit of hotfix.commits.slice(-MOST_LOOKUPS)) {
      const merged = listed.get(commit.sha) ?? (await mergedPullRequests(client, repo, commit.sha));
      for (const number of merged) numbers.add(number);
      if (merged.length === 0 && !rewritten.some((old) => sameWork(old, commit))) left.push(commit);
    }
    const pullRequests = [...numbers];
    // A merge alone brings nothing of its own where what it brought went through a pull request.
    if (left.every(({ parents }) => parents.length > 1) && left.length < hotfix.commits.length)
      return { pullRequests, merging: merging.map(({ number }) => number), hotfix: null };
    const files = compared.files.length < COMPARED_FILES ? compared.files : null;
    const told =
      (await isBackMerge(client, repo, push, left, context)) ||
      (files !== null && (await isRollback(client, repo, push, files, context)));
    return {
      pullRequests,
      merging: merging.map(({ number }) => number),
      hotfix: told ? null : { commits: left, branch: hotfix.branch, files },
    };
  });
}

/** As `compare`; rejects where it cannot be read. */
async function comparison(
  { octokit }: GitHubClient,
  repo: Repo,
  base: string,
  head: string,
): Promise<Compared> {
  const basehead = `${base}...${head}`;
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead });
  return toCompared(data);
}

/**
 * Names of branches by tip. A branch that was made from the pushed tip later says nothing about where that
 * came from.
 */
async function tipsOf(
  client: GitHubClient,
  repo: Repo,
  push: PushFacts,
  commits: readonly Commit[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const shas = [...new Set(possibleTips(push.after, commits))].slice(0, MOST_LOOKUPS);
  const entries = await Promise.all(
    shas.map(async (commit_sha): Promise<[string, readonly string[]]> => {
      const answer = await client.octokit.rest.repos
        .listBranchesForHeadCommit({ ...repo, commit_sha })
        .catch(onStatus([404, 409, 422], null));
      const names = list(answer?.data ?? []).map(({ name }) => text(name));
      const others = names.filter((name) => name !== push.branch);
      return [commit_sha, commit_sha === push.after ? await thereBefore(client, repo, push, others) : others];
    }),
  );
  return new Map(entries);
}

/**
 * As `tipsOf`, of branches that were deleted since: often at once, after the merge. Only the repository's
 * newest deletions are known.
 */
async function deletedTips(
  client: GitHubClient,
  repo: Repo,
  push: PushFacts,
  commits: readonly Commit[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const deleted = (await deletedBranches(client, repo)) ?? [];
  const entries = possibleTips(push.after, commits).map(async (sha): Promise<[string, readonly string[]]> => {
    const names = deleted.filter(({ tip }) => tip === sha).map(({ name }) => name);
    return [sha, sha === push.after ? await thereBefore(client, repo, push, names) : names];
  });
  return new Map(await Promise.all(entries));
}

async function thereBefore(
  client: GitHubClient,
  repo: Repo,
  { after, at }: PushFacts,
  branches: readonly string[],
): Promise<readonly string[]> {
  const there = await Promise.all(
    branches.slice(0, MOST_LOOKUPS).map(async (branch) => {
      const activity = (await branchActivity(client, repo, branch)) ?? [];
      return activity.some((entry) => entry.after === after && Date.parse(entry.at) < Date.parse(at));
    }),
  );
  return branches.filter((_, i) => there[i] === true);
}

/**
 * Are the commits on the default branch already? Then it was told of there, where they landed or were pushed.
 */
async function isBackMerge(
  { octokit }: GitHubClient,
  repo: Repo,
  { branch }: PushFacts,
  commits: readonly Commit[],
  { defaultBranch }: PushContext,
): Promise<boolean> {
  const newest = commits.findLast(({ parents }) => parents.length < 2);
  if (branch === defaultBranch || newest === undefined) return false;
  const basehead = `${defaultBranch}...${newest.sha}`;
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead, per_page: 1 });
  return count(data.ahead_by) === 0;
}

/** Does the push make exactly a hotfix's files what they were before it? */
async function isRollback(
  client: GitHubClient,
  repo: Repo,
  push: PushFacts,
  files: readonly ChangedFile[],
  { policy, earlier }: PushContext,
): Promise<boolean> {
  const { branch, before, after, at } = push;
  const taken = await findTakenBack(
    { client, repo, policy },
    {
      branch,
      tip: before,
      at: Date.parse(at),
      paths: touchedPaths(files),
      more: earlier.map((landed) => ({ ...landed, headSha: landed.mergeSha })),
      trees: async () => {
        const { tree } = hotfixReader(client);
        const [head, base] = await Promise.all([tree(repo, after), tree(repo, before)]);
        return head === null || base === null ? null : { head, base, mergeBase: base };
      },
    },
  );
  return taken.landing !== null;
}

/**
 * The hotfix commits that a forced push took off the branch, which were told of when they were pushed:
 * written anew they are no new hotfix.
 */
async function dropped(
  client: GitHubClient,
  repo: Repo,
  { before, after }: PushFacts,
  policy: Policy,
): Promise<readonly Commit[]> {
  const { commits } = await comparison(client, repo, after, before);
  return pushedHotfix(commits, before, new Map(), policy)?.commits ?? [];
}

function sameWork(old: Commit, now: Commit): boolean {
  return old.message === now.message && old.author.email === now.author.email;
}
