import type { RestEndpointMethodTypes } from "@octokit/rest";
import {
  type Effect,
  effectOf,
  type FileTree,
  samePaths,
  touchedPaths,
} from "../../../policy/landing/rollback.ts";
import { list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { PER_PAGE } from "../../api/read.ts";
import { identityOf } from "../../api/repositories.ts";
import { COMPARED_FILES } from "../git/changes.ts";
import { toFile } from "../git/compared.ts";

/** A merged pull request, and the commit that it landed as. */
export interface MergedPullRequest {
  readonly number: number;
  readonly mergeSha: string;
}

type RawCommit = RestEndpointMethodTypes["repos"]["listCommits"]["response"]["data"][number];

/** Reads what merged hotfixes did. It cannot change any more, so it is read once a process. */
export interface HotfixReader {
  /**
   * The paths that the hotfix touched; `null`: more than a comparison shows. Rejects where they cannot be
   * read.
   */
  paths(repo: Repo, hotfix: Pick<MergedPullRequest, "number">): Promise<ReadonlySet<string> | null>;
  /**
   * The base's commit just before the merge; `null`: not to be told with certainty. Rejects where it cannot
   * be read.
   */
  before(repo: Repo, hotfix: MergedPullRequest): Promise<string | null>;
  /**
   * What the merge did to the base; `null`: not to be told with certainty. Rejects where it cannot be read.
   */
  effect(repo: Repo, hotfix: MergedPullRequest): Promise<Effect | null>;
  /** All files of a commit; `null`: more than GitHub tells at once. */
  tree(repo: Repo, sha: string): Promise<FileTree | null>;
}

interface Known {
  paths?: ReadonlySet<string> | null;
  before?: string | null;
  effect?: Effect | null;
}

const knownOf = remembered<Known>("merged hotfixes");

/** One installation sees nothing of what another has read: what is remembered belongs to the client. */
export function hotfixReader(client: GitHubClient): HotfixReader {
  const cache = knownOf(client);
  const entry = (repo: Repo, { number }: Pick<MergedPullRequest, "number">): Known => {
    const key = `${identityOf(client, repo)}#${number}`;
    const known = cache.get(key) ?? {};
    cache.set(key, known);
    return known;
  };
  const tree = (repo: Repo, sha: string) => readTree(client, repo, sha);

  const reader: HotfixReader = {
    tree,
    async paths(repo, hotfix) {
      const known = entry(repo, hotfix);
      if (known.paths === undefined) known.paths = await readPaths(client, repo, hotfix.number);
      return known.paths;
    },
    async before(repo, hotfix) {
      const known = entry(repo, hotfix);
      if (known.before === undefined)
        known.before = (await readLanding(client, repo, hotfix))?.before ?? null;
      return known.before;
    },
    async effect(repo, hotfix) {
      const known = entry(repo, hotfix);
      if (known.effect === undefined) known.effect = await readEffect(reader, repo, hotfix);
      return known.effect;
    },
  };
  return reader;
}

async function readPaths(
  { octokit }: GitHubClient,
  repo: Repo,
  number: number,
): Promise<ReadonlySet<string> | null> {
  const files = [];
  for (let page = 1; page * PER_PAGE <= COMPARED_FILES; page++) {
    const { data } = await octokit.rest.pulls.listFiles({
      ...repo,
      pull_number: number,
      per_page: PER_PAGE,
      page,
    });
    files.push(...list(data).map(toFile));
    if (data.length < PER_PAGE) return touchedPaths(files);
  }
  return null;
}

async function readEffect(
  reader: HotfixReader,
  repo: Repo,
  hotfix: MergedPullRequest,
): Promise<Effect | null> {
  const paths = await reader.paths(repo, hotfix);
  const before = paths === null ? null : await reader.before(repo, hotfix);
  if (paths === null || before === null) return null;
  const [whole, wholeAfter] = await Promise.all([
    reader.tree(repo, before),
    reader.tree(repo, hotfix.mergeSha),
  ]);
  if (whole === null || wholeAfter === null) return null;
  // Whatever kind of merge it was: these two commits differ by exactly the hotfix, or they are not the right
  // ones.
  const effect = effectOf(whole, wholeAfter);
  return samePaths(effect.paths, paths) ? effect : null;
}

/** How a pull request came onto its base. */
export interface Landing {
  /** The base's commit just before the merge. */
  readonly before: string;
  /**
   * `merge`: a commit with several parents. `rebase`: so many commits, one after another, up to the merge's.
   * A rebase of one is a `squash`.
   */
  readonly how:
    | { readonly kind: "merge" }
    | { readonly kind: "squash" }
    | { readonly kind: "rebase"; readonly commits: number };
}

/**
 * How a merged pull request landed: before it was the first parent of a merge or squash commit; of a rebase,
 * whose commits lie one by one on the base, the parent of the first of them. A squash has one commit where
 * the rebase has all of the pull request's. `null`: not to be told with certainty. Rejects where it cannot be
 * read.
 */
export async function readLanding(
  { octokit }: Pick<GitHubClient, "octokit">,
  repo: Repo,
  hotfix: MergedPullRequest,
): Promise<Landing | null> {
  const newest = await octokit.rest.repos.listCommits({ ...repo, sha: hotfix.mergeSha, per_page: PER_PAGE });
  const landed = list(newest.data);
  const merge = landed[0];
  const parent = merge?.parents[0]?.sha;
  if (merge?.sha !== hotfix.mergeSha || parent === undefined) return null;
  if (merge.parents.length > 1) return { before: parent, how: { kind: "merge" } };
  const own = await octokit.rest.pulls.listCommits({
    ...repo,
    pull_number: hotfix.number,
    per_page: PER_PAGE,
  });
  const commits = list(own.data);
  if (commits.length >= PER_PAGE) return null;
  const rebased = landed.slice(0, commits.length).reverse();
  const isRebase =
    commits.length > 1 &&
    commits.every((commit, i) => sameWork(commit, rebased[i])) &&
    rebased.every((commit, i) => i === 0 || commit.parents[0]?.sha === rebased[i - 1]?.sha);
  // Commits that the base had already are left out by a rebase: where the others begin cannot be told.
  if (!isRebase && commits.length > 1 && sameWork(commits.at(-1) as RawCommit, merge)) return null;
  if (!isRebase) return { before: parent, how: { kind: "squash" } };
  const before = rebased[0]?.parents[0]?.sha;
  return before === undefined ? null : { before, how: { kind: "rebase", commits: commits.length } };
}

/** A rebase keeps message, author and the author's date. */
function sameWork({ commit }: RawCommit, other: RawCommit | undefined): boolean {
  return (
    other?.parents.length === 1 &&
    commit.message.trim() === other.commit.message.trim() &&
    commit.author?.email === other.commit.author?.email &&
    commit.author?.date === other.commit.author?.date
  );
}

async function readTree({ octokit }: GitHubClient, repo: Repo, sha: string): Promise<FileTree | null> {
  const { data } = await octokit.rest.git.getTree({ ...repo, tree_sha: sha, recursive: "true" });
  if (data.truncated !== false) return null;
  const files = list(data.tree).filter(({ type }) => type !== "tree");
  return new Map(files.map(({ path, mode, sha: blob }) => [text(path), `${text(mode)} ${text(blob)}`]));
}
