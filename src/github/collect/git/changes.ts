import { type Fact, known, mapFact, neverKnown, unknown } from "../../../policy/fact.ts";
import { boundary } from "../../../policy/landing/boundary.ts";
import type { ChangedFile, Commit } from "../../../policy/snapshot/change.ts";
import type { PullRequestFacts } from "../../../policy/snapshot.ts";
import { type Attempt, attempt, list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, readPages } from "../../api/read.ts";
import { type Compared, type RawFile, shortPatches, toCommit, toCompared, toFile } from "./compared.ts";
import { linesOf } from "./text-size.ts";

/** GitHub's caps: files of a comparison, commits and files of a pull request. */
export const COMPARED_FILES = 300;
const LISTED_COMMITS = 250;
const LISTED_FILES = 3_000;

/** The commits and files of a change, with the comparison they were checked against. */
export interface Changes {
  readonly commits: Fact<readonly Commit[]>;
  readonly files: Fact<readonly ChangedFile[]>;
  readonly compared: Attempt<Compared>;
}

/** Commits and files of `base...head` (three dots), without paging: up to 250 commits and 300 files. */
export function compare(
  { octokit }: GitHubClient,
  repo: Repo,
  base: string,
  head: string,
): Promise<Attempt<Compared>> {
  return attempt(async () => {
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: `${base}...${head}`,
    });
    return toCompared(data);
  });
}

/**
 * What the pull request changes to the base as it is now: one comparison of base and head where it is
 * complete and agrees with the pull request's own counts, else its lists, unless `paged` is false. GitHub
 * counts and lists when the head moves, not when the base does: once the base has moved the comparison
 * counts, and lists of other commits are out of date. Whatever is cut short or contradicts the counts is
 * unknown.
 */
export async function readChanges(
  client: GitHubClient,
  repo: Repo,
  number: number,
  pullRequest: PullRequestFacts,
  paged: boolean,
  compared: Attempt<Compared>,
): Promise<Changes> {
  const { base, commitCount, changedFiles, merged } = pullRequest;
  const whole = compared.ok ? compared.value : null;
  const moved = whole !== null && merged === null && whole.baseTip !== base.sha;
  const commitsAgree =
    whole?.commits.length === whole?.totalCommits && (moved || whole?.totalCommits === commitCount);
  // At the cap only the pull request's own count tells that nothing was cut off.
  const filesAgree = moved
    ? whole.files.length > 0 && whole.files.length < COMPARED_FILES
    : whole?.files.length === changedFiles;
  const refused =
    refusal(compared, paged) ?? (moved && whole.totalCommits !== commitCount ? OLDER_THAN_BASE : null);
  const [commits, files] = await Promise.all([
    whole !== null && commitsAgree
      ? known(whole.commits)
      : refused === null
        ? listCommits(client, repo, number, pullRequest)
        : unknown(`${COMMITS}: ${refused}`),
    whole !== null && filesAgree
      ? known(whole.files)
      : refused === null
        ? listFiles(client, repo, number, pullRequest)
        : unknown(`${FILES}: ${refused}`),
  ]);
  const changes = { commits: shortMessages(commits), files: shortFiles(files), compared };
  return compared.ok || compared.failure.status !== 404 || merged !== null
    ? changes
    : { ...changes, compared: await withoutComparison(client, repo, base.ref, changes) };
}

/**
 * Servers without comparisons: where the listed commits leave the base at its present tip and nowhere else,
 * the head has all of the base, and the lists are what comparing would tell. Else it stays untold.
 */
async function withoutComparison(
  { octokit }: GitHubClient,
  repo: Repo,
  base: string,
  { commits, files, compared }: Changes,
): Promise<Attempt<Compared>> {
  if (!commits.known || !files.known || files.value.length >= COMPARED_FILES) return compared;
  const [mergeBase, ...more] = boundary(commits.value);
  if (mergeBase === undefined || more.length > 0) return compared;
  const tip = await attempt(async () =>
    text((await octokit.rest.git.getRef({ ...repo, ref: `heads/${base}` })).data.object.sha),
  );
  if (!tip.ok || tip.value !== mergeBase) return compared;
  const counts = { totalCommits: commits.value.length, aheadBy: commits.value.length, behindBy: 0 };
  const value = { ...counts, commits: commits.value, files: files.value, mergeBase, baseTip: mergeBase };
  return { ok: true, value };
}

/** Characters and lines of all messages together: whatever reads them reads all in one go. */
const MOST_MESSAGES = 400_000;
const MOST_LINES = 12_000;

/** What is read of messages that nobody can read is nothing. */
export function shortMessages(commits: Fact<readonly Commit[]>): Fact<readonly Commit[]> {
  const sum = (of: (message: string) => number): number =>
    commits.known ? commits.value.reduce((all, { message }) => all + of(message), 0) : 0;
  const longer =
    sum(({ length }) => length) > MOST_MESSAGES
      ? `${MOST_MESSAGES / 1_000} kB`
      : sum(linesOf) > MOST_LINES
        ? `${MOST_LINES.toLocaleString("en-US")} lines`
        : null;
  return longer === null
    ? commits
    : neverKnown(`${COMMITS}: their messages are longer than ${longer} together`, SQUASH);
}

/** Characters of all paths together. */
const MOST_PATHS = 400_000;

/** Files with patches as short as `shortPatches` makes them; unknown where nobody could read their paths. */
export function shortFiles(files: Fact<readonly ChangedFile[]>): Fact<readonly ChangedFile[]> {
  const size = files.known ? files.value.reduce((sum, { path }) => sum + path.length, 0) : 0;
  return size > MOST_PATHS
    ? neverKnown(`${FILES}: their paths are longer than ${MOST_PATHS / 1_000} kB together`, SPLIT)
    : mapFact(files, shortPatches);
}

const SQUASH = "squash the commits to one, whose message says what the fix is";
const COMMITS = "the commits of the pull request";
const FILES = "the files of the pull request";
const SPLIT =
  "split the change: the fix alone has at most 250 commits (squashed, they are one) and fewer than 3,000 files";

const OLDER = "GitHub's answer was older than the push";
const OLDER_THAN_BASE = "GitHub's lists are older than the base; the next push to the branch renews them";

/** Why the lists are not asked for either: the whole app is refused, or has to wait. `null`: they are. */
function refusal(compared: Attempt<Compared>, paged: boolean): string | null {
  if (!paged) return "not read in full, as it is no hotfix";
  if (compared.ok) return null;
  const { status, rateLimited, reason } = compared.failure;
  return rateLimited || status === 401 || status === 403 ? reason : null;
}

async function listCommits(
  { octokit }: GitHubClient,
  repo: Repo,
  number: number,
  { commitCount, head }: PullRequestFacts,
): Promise<Fact<readonly Commit[]>> {
  if (commitCount > LISTED_COMMITS) {
    return neverKnown(
      `${COMMITS}: there are ${commitCount}, and GitHub lists no more than ${LISTED_COMMITS}`,
      SPLIT,
    );
  }
  const commits = await readPages(COMMITS, async (page) => {
    const { data, headers } = await octokit.rest.pulls.listCommits({
      ...repo,
      pull_number: number,
      per_page: PER_PAGE,
      page,
    });
    return { data: list(data).map(toCommit), headers };
  });
  if (!commits.known) return commits;
  const hasHead = commitCount === 0 || commits.value.some(({ sha }) => sha === head.sha);
  return commits.value.length === commitCount && hasHead ? commits : unknown(`${COMMITS}: ${OLDER}`);
}

async function listFiles(
  { octokit }: GitHubClient,
  repo: Repo,
  number: number,
  { changedFiles, head }: PullRequestFacts,
): Promise<Fact<readonly ChangedFile[]>> {
  if (changedFiles >= LISTED_FILES) {
    return neverKnown(
      `${FILES}: there are ${changedFiles}, and GitHub lists no more than ${LISTED_FILES}`,
      SPLIT,
    );
  }
  const entries = await readPages(FILES, async (page) => {
    const { data, headers } = await octokit.rest.pulls.listFiles({
      ...repo,
      pull_number: number,
      per_page: PER_PAGE,
      page,
    });
    return { data: list(data).map((raw) => ({ file: toFile(raw), commit: commitOf(raw) })), headers };
  });
  if (!entries.known) return entries;
  const commits = entries.value.flatMap(({ commit }) => commit ?? []);
  const ofHead = commits.length === 0 || commits.includes(head.sha);
  if (entries.value.length !== changedFiles || !ofHead) return unknown(`${FILES}: ${OLDER}`);
  return mapFact(entries, (all) => all.map(({ file }) => file));
}

/** The commit that an entry of the file list is about, by its own address; removed files point elsewhere. */
function commitOf({ status, contents_url: url }: RawFile): string | null {
  if (status === "removed" || typeof url !== "string") return null;
  return /[?&]ref=([0-9a-f]{40})$/.exec(url)?.[1] ?? null;
}
