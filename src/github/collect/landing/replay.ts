import { type Fact, known, unknown } from "../../../policy/fact.ts";
import { boundary } from "../../../policy/landing/boundary.ts";
import { replayDiffers } from "../../../policy/landing/replay.ts";
import type { ChangedFile, Landing } from "../../../policy/snapshot/change.ts";
import { type Attempt, attempt, list, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { identityOf } from "../../api/repositories.ts";
import { COMPARED_FILES, compare } from "../git/changes.ts";
import { type Compared, toFile } from "../git/compared.ts";
import type { PullRequestReading } from "../pull-request/pull-request.ts";

/** A hotfix of more commits is not read commit by commit. */
const MOST_COMMITS = 30;

const SHOWN: Fact<Landing> = known({ shown: true });

/**
 * Would "Rebase and merge", where it is possible, land the same as a merge? Nothing is asked where it must: a
 * single commit, or commits in one line on top of the base's tip. Else each commit is read, once for all
 * time.
 */
export async function readReplay(
  client: GitHubClient,
  repo: Repo,
  { mergeSettings, rebaseable }: Pick<PullRequestReading, "mergeSettings" | "rebaseable">,
  compared: Compared,
  since: Attempt<Compared> | null,
  files: Fact<readonly ChangedFile[]>,
): Promise<Fact<Landing>> {
  if (!mergeSettings.rebase || rebaseable === false || !files.known) return SHOWN;
  const { behindBy, baseTip, mergeBase } = compared;
  const replayed = compared.commits.filter(({ parents }) => parents.length < 2);
  const merges = replayed.length < compared.commits.length;
  const unmoved = behindBy === 0 || (since?.ok === true && since.value.files.length === 0);
  if (!merges && (unmoved || replayed.length < 2)) return SHOWN;
  if (replayed.length > MOST_COMMITS) return differs([]);
  const read = await attempt(() => Promise.all(replayed.map(({ sha }) => readCommit(client, repo, sha))));
  if (!read.ok) return unknown(`what would land: ${read.failure.reason}`);
  const commits = read.value.filter((one) => one !== null);
  if (commits.length < replayed.length) return differs([]);
  const given = { whole: files.value, commits, merges };
  const lost = replayDiffers({ ...given, base: [] });
  if (lost.length > 0) return differs(lost);
  // Most branches undo nothing of their own: what the base did meanwhile makes no difference then.
  if (replayDiffers({ ...given, base: null }).length === 0) return SHOWN;
  const forks = [...boundary(compared.commits)].filter((sha) => sha !== mergeBase);
  const moves = [...(since === null ? [] : [since])];
  if (merges) moves.push(...(await Promise.all(forks.map((sha) => compare(client, repo, sha, baseTip)))));
  const base: ChangedFile[] = [];
  for (const move of moves) {
    if (!move.ok) return unknown(`what would land: ${move.failure.reason}`);
    if (move.value.files.length >= COMPARED_FILES) return differs(replayDiffers({ ...given, base: null }));
    base.push(...move.value.files);
  }
  const changed = replayDiffers({ ...given, base });
  return changed.length > 0 ? differs(changed) : SHOWN;
}

function differs(paths: readonly string[]): Fact<Landing> {
  return known({ shown: false, why: "replay-differs", paths });
}

const filesOf = remembered<readonly ChangedFile[]>("commits' files", (files) =>
  files.reduce((sum, { path, patch }) => sum + path.length + (patch?.length ?? 0), 100),
);

/** What a commit changes to its parent; `null`: more files than GitHub shows at once. */
async function readCommit(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): Promise<readonly ChangedFile[] | null> {
  const cache = filesOf(client);
  const key = `${identityOf(client, repo)}@${sha}`;
  const found = cache.get(key);
  if (found !== undefined) return found;
  const { data } = await client.octokit.rest.repos.getCommit({ ...repo, ref: sha });
  const files = list(data.files ?? []).map(toFile);
  if (files.length >= COMPARED_FILES) return null;
  cache.set(key, files);
  return files;
}
