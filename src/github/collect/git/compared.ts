import type { RestEndpointMethodTypes } from "@octokit/rest";
import type { ChangedFile, Commit, CommitIdentity } from "../../../policy/snapshot/change.ts";
import { idOf } from "../../api/account.ts";
import { count, list, text } from "../../api/answer.ts";
import { linesOf } from "./text-size.ts";

type RawComparison = RestEndpointMethodTypes["repos"]["compareCommitsWithBasehead"]["response"]["data"];
type RawCommit = RestEndpointMethodTypes["pulls"]["listCommits"]["response"]["data"][number];

/** A file as GitHub lists it. */
export type RawFile = RestEndpointMethodTypes["pulls"]["listFiles"]["response"]["data"][number];

/** What comparing base and head tells. `commits` and `files` may be cut short at GitHub's caps. */
export interface Compared {
  readonly commits: readonly Commit[];
  readonly totalCommits: number;
  readonly aheadBy: number;
  readonly files: readonly ChangedFile[];
  readonly behindBy: number;
  readonly mergeBase: string;
  readonly baseTip: string;
}

const MOST_PATCHES = 3_000_000;
/** A line takes as long to read as so many characters. */
const LINE = 30;

/** Characters, or as many as its lines are worth. */
function sizeOf({ patch }: ChangedFile): number {
  return patch === null ? 0 : Math.max(patch.length, LINE * linesOf(patch));
}

/**
 * As if GitHub had not shown the largest, which it does for its own reasons too: what is not shown is never
 * taken for small or harmless.
 */
export function shortPatches(files: readonly ChangedFile[]): readonly ChangedFile[] {
  // Lines are only counted of what is not too long as it is.
  return withoutLargest(
    withoutLargest(files, ({ patch }) => patch?.length ?? 0),
    sizeOf,
  );
}

function withoutLargest(
  files: readonly ChangedFile[],
  measure: (file: ChangedFile) => number,
): readonly ChangedFile[] {
  const sizes = new Map(files.map((file) => [file, measure(file)]));
  const size = (file: ChangedFile): number => sizes.get(file) ?? 0;
  let all = files.reduce((sum, file) => sum + size(file), 0);
  if (all <= MOST_PATCHES) return files;
  const hidden = new Set<ChangedFile>();
  for (const file of files.toSorted((a, b) => size(b) - size(a))) {
    if (all <= MOST_PATCHES) break;
    hidden.add(file);
    all -= size(file);
  }
  return files.map((file) => (hidden.has(file) ? { ...file, patch: null } : file));
}

/**
 * Are the files of a comparison all that a merge of the head changes on the base? Where both have merged each
 * other, or the head brings merges of its own, GitHub compares with one common ancestor of several, and a
 * merge may undo what that does not show.
 */
export function isWholeChange({ commits, totalCommits, behindBy }: Compared): boolean {
  return (
    behindBy === 0 || (commits.length === totalCommits && commits.every((one) => one.parents.length < 2))
  );
}

/** GitHub's answer to a comparison, with patches bounded as `shortPatches` does. */
export function toCompared(raw: RawComparison): Compared {
  return {
    commits: list(raw.commits).map(toCommit),
    totalCommits: count(raw.total_commits),
    aheadBy: count(raw.ahead_by),
    files: shortPatches(list(raw.files ?? []).map(toFile)),
    behindBy: count(raw.behind_by),
    mergeBase: text(raw.merge_base_commit.sha),
    baseTip: text(raw.base_commit.sha),
  };
}

/** A commit as GitHub's lists have it. */
export function toCommit(raw: RawCommit): Commit {
  return {
    sha: text(raw.sha),
    message: text(raw.commit.message),
    author: toIdentity(raw.author, raw.commit.author),
    committer: toIdentity(raw.committer, raw.commit.committer),
    parents: list(raw.parents).map(({ sha }) => text(sha)),
  };
}

/** GitHub writes `{}` or null where it knows no account for the address. */
function toIdentity(
  account: RawCommit["author"],
  git: { readonly name?: string | undefined; readonly email?: string | undefined } | null,
): CommitIdentity {
  const login = account !== null && account !== undefined && "login" in account ? account.login : null;
  return {
    ...(login === null ? {} : idOf(account)),
    login: login ?? null,
    name: git?.name ?? "",
    email: git?.email ?? "",
  };
}

/** A file as GitHub's lists have it; no patch: binary, too large, or nothing but a rename. */
export function toFile(raw: RawFile): ChangedFile {
  return {
    path: text(raw.filename),
    previousPath: raw.previous_filename ?? null,
    status: text(raw.status) as ChangedFile["status"],
    additions: count(raw.additions),
    deletions: count(raw.deletions),
    patch: raw.patch ?? null,
    sha: raw.sha ?? null,
  };
}
