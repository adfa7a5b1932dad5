import { type Fact, known } from "../../../policy/fact.ts";
import { standingOf } from "../../../policy/landing/rolled-back.ts";
import { workOf } from "../../../policy/landing/same-work.ts";
import { byKey, count, list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import { COMPARED_FILES, toFile } from "../git/changes.ts";
import { commitBefore, type LandedHotfix, readEffect } from "./effect.ts";
import { hotfixReader } from "./merged-hotfixes.ts";

/** Commits of a branch that are compared with the hotfix, newest first. */
const MOST_COMMITS = 30;
/** A cherry-pick may be on the branch before the hotfix is merged. */
const EARLIER_MS = 7 * 24 * 3_600_000;

/**
 * Has the hotfix arrived on these branches: its commits, its content (the files are as after it), or the same work as a commit
 * (cherry-pick, squash)? A branch that does not exist is left out: nothing can be brought there.
 */
export async function readBackMerges(
  client: GitHubClient,
  repo: Repo,
  hotfix: LandedHotfix,
  branches: readonly string[],
): Promise<Readonly<Record<string, Fact<boolean>>>> {
  const facts = await Promise.all(
    branches.map(async (branch) => [branch, await arrived(client, repo, hotfix, branch)] as const),
  );
  return byKey(
    facts.flatMap(([branch, fact]): [string, Fact<boolean>][] => {
      if (!fact.known) return [[branch, fact]];
      return fact.value === null ? [] : [[branch, known(fact.value)]];
    }),
  );
}

/** `null`: there is no such branch. */
async function arrived(
  client: GitHubClient,
  repo: Repo,
  hotfix: LandedHotfix,
  branch: string,
): Promise<Fact<boolean | null>> {
  const { octokit } = client;
  return read(`whether the hotfix is on ${branch}`, async () => {
    const tip = await octokit.rest.repos.getBranch({ ...repo, branch }).catch(onStatus([404], null));
    if (tip === null) return null;
    const sha = text(tip.data.commit.sha);
    const basehead = `${sha}...${hotfix.mergeSha}`;
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead, per_page: 1 });
    if (count(data.ahead_by) === 0) return true;
    const effect = await readEffect(client, repo, hotfix);
    if (effect === null) return false;
    const tree = await hotfixReader(client).tree(repo, sha);
    if (tree !== null && standingOf(tree, effect) === "after") return true;
    return hasSameWork(client, repo, hotfix, sha, [...effect.paths][0] ?? "");
  });
}

/** Does a commit of the branch that touches `path` do what the hotfix did? */
async function hasSameWork(
  client: GitHubClient,
  repo: Repo,
  hotfix: LandedHotfix,
  sha: string,
  path: string,
): Promise<boolean> {
  const { octokit } = client;
  const { data: commits } = await octokit.rest.repos.listCommits({
    ...repo,
    sha,
    path,
    since: new Date(Date.parse(hotfix.mergedAt) - EARLIER_MS).toISOString(),
    per_page: MOST_COMMITS,
  });
  if (list(commits).length === 0) return false;
  const before = await commitBefore(client, repo, hotfix);
  if (before === null) return false;
  const basehead = `${before}...${hotfix.mergeSha}`;
  const { data: compared } = await octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead });
  const files = list(compared.files ?? []).map(toFile);
  if (files.length >= COMPARED_FILES) return false;
  const work = workOf(files);
  for (const commit of commits) {
    const { data } = await octokit.rest.repos.getCommit({ ...repo, ref: text(commit.sha) });
    if (workOf(list(data.files ?? []).map(toFile)) === work) return true;
  }
  return false;
}
