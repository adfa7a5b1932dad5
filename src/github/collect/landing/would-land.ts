import { type Fact, known, mapFact, neverKnown, unknown } from "../../../policy/fact.ts";
import { boundary } from "../../../policy/landing/boundary.ts";
import { workOf } from "../../../policy/landing/same-work.ts";
import type { ChangedFile, Landing } from "../../../policy/snapshot/change.ts";
import { type Attempt, attempt, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { digestOf, type LandingChange } from "../check/change.ts";
import { isAncestor } from "../git/ancestor.ts";
import { type Changes, COMPARED_FILES, compare } from "../git/changes.ts";
import type { Compared } from "../git/compared.ts";
import type { PullRequestReading } from "../pull-request/pull-request.ts";
import { readReplay } from "./replay.ts";

const WHAT = "what would land";
/**
 * Merges of the base into the branch that are looked at, where nothing else tells whether there is one merge
 * base.
 */
const MOST_ASKED = 4;

/** What a merge would change on the base's tip, and whether that is certain. */
export interface WouldLand {
  readonly files: Fact<readonly ChangedFile[]>;
  readonly landing: Fact<Landing>;
  /**
   * The change that approvals are of. Known only where it is shown; the base renaming a file does not make it
   * another one.
   */
  readonly change: Fact<LandingChange>;
}

/**
 * Shows that the files of the pull request are what would land, at no request where that is plain: GitHub
 * compares with one merge base, so the comparison is the merge where the head has all of the base, or where
 * there is no other merge base. Else the test merge tells (its parents have to be the base's tip and the
 * head), and the files are its. `since`: what the base has that the head lacks.
 */
export async function readWouldLand(
  client: GitHubClient,
  repo: Repo,
  reading: PullRequestReading,
  { compared, files }: Changes,
  since: Attempt<Compared> | null,
): Promise<WouldLand> {
  const undecided = (landing: Fact<Landing>): WouldLand => ({ files, landing, change: NOT_SHOWN });
  if (!compared.ok) return undecided(unknown(`${WHAT}: ${compared.failure.reason}`));
  const { commits, totalCommits, behindBy } = compared.value;
  if (behindBy > 0 && commits.length < totalCommits)
    return undecided(neverKnown(`${WHAT}: the branch brings more commits than GitHub compares`));
  const plain = await isPlain(client, repo, compared.value, since);
  if (!plain.known) return undecided(plain);
  const shown = async (own: WouldLand["files"], change: WouldLand["files"]): Promise<WouldLand> => {
    const landing = await readReplay(client, repo, reading, compared.value, since, own);
    const from = change === files ? compared.value.mergeBase : null;
    return { files: own, landing, change: mapFact(change, (all) => ({ ...digestOf(all), from })) };
  };
  const moved = since?.ok === true && renamesAny(since.value.files, files);
  if (plain.value && !moved) return shown(files, files);
  const merged = await readTestMerge(client, repo, reading, compared.value);
  if (!merged.ok) return undecided(unknown(`${WHAT}: ${merged.failure.reason}`));
  if (merged.value === null && reading.mergeable !== false)
    return { files: NOT_YET, landing: NOT_YET, change: NOT_SHOWN };
  if (merged.value !== null && merged.value.length < COMPARED_FILES) {
    const hidden = plain.value || !files.known ? [] : notAmong(merged.value, files.value);
    if (hidden.length > 0) return undecided(known({ shown: false, why: "hidden-changes", paths: hidden }));
    return shown(known(merged.value), plain.value ? files : known(merged.value));
  }
  return plain.value ? shown(files, files) : undecided(known({ shown: false, why: "crossed-history" }));
}

const NOT_SHOWN = unknown(`${WHAT} is not known`);
const NOT_YET = unknown(`${WHAT}: GitHub has not made the test merge of the current commits yet`);

/** Has the comparison the only merge base there is? */
async function isPlain(
  client: GitHubClient,
  repo: Repo,
  { commits, behindBy, mergeBase }: Compared,
  since: Attempt<Compared> | null,
): Promise<Fact<boolean>> {
  if (behindBy === 0) return known(true);
  const forks = boundary(commits);
  if (forks.size <= 1) return known(true);
  if (since?.ok && since.value.commits.length === since.value.totalCommits)
    if (boundary(since.value.commits).size <= 1) return known(true);
  const others = [...forks].filter((sha) => sha !== mergeBase);
  if (others.length > MOST_ASKED) return known(false);
  const behind = await attempt(() =>
    Promise.all(others.map((sha) => isAncestor(client, repo, sha, mergeBase))),
  );
  if (!behind.ok) return unknown(`${WHAT}: ${behind.failure.reason}`);
  return known(behind.value.every(Boolean));
}

/** What of the change those who look at the pull request do not see. */
function notAmong(changed: readonly ChangedFile[], seen: readonly ChangedFile[]): readonly string[] {
  const works = new Set(seen.map((file) => workOf([file])));
  return changed.filter((file) => !works.has(workOf([file]))).map(({ path }) => path);
}

/** A merge puts the change of a file that the base has renamed into the renamed one. */
function renamesAny(ofBase: readonly ChangedFile[], files: Fact<readonly ChangedFile[]>): boolean {
  if (!files.known) return false;
  const own = new Set(files.value.map(({ path, previousPath }) => previousPath ?? path));
  return ofBase.some(({ status, previousPath }) => status === "renamed" && own.has(previousPath ?? ""));
}

/**
 * What GitHub's test merge changes on the base's tip; `null`: there is none of these two commits (a conflict,
 * or it is being made).
 */
async function readTestMerge(
  client: GitHubClient,
  repo: Repo,
  { number, pullRequest: { head } }: PullRequestReading,
  { baseTip }: Compared,
): Promise<Attempt<readonly ChangedFile[] | null>> {
  const found = await attempt(async () => {
    const ref = await client.octokit.rest.git
      .getRef({ ...repo, ref: `pull/${number}/merge` })
      .catch(onStatus([404], null));
    return ref === null ? null : text(ref.data.object.sha);
  });
  if (!found.ok) return found;
  if (found.value === null) return { ok: true, value: null };
  const merged = await compare(client, repo, baseTip, found.value);
  if (!merged.ok) return merged;
  const commit = merged.value.commits.find(({ sha }) => sha === found.value);
  const [ours, theirs, ...more] = commit?.parents ?? [];
  const current = ours === baseTip && theirs === head.sha && more.length === 0;
  return { ok: true, value: current ? merged.value.files : null };
}
