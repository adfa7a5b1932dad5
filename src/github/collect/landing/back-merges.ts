import { type Fact, known } from "../../../policy/fact.ts";
import { standingOf } from "../../../policy/landing/rolled-back.ts";
import { type Change, sameChange } from "../../../policy/landing/same-work.ts";
import { byKey, count, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import { readCommitChange, readLandedChange } from "./change.ts";
import type { LandedHotfix } from "./effect.ts";
import { commitsOf, landingsOf } from "./landings.ts";
import { hotfixReader } from "./merged-hotfixes.ts";

/**
 * Files by whose changes it is looked for: of a rebase only the last commit may be known as the pull
 * request's.
 */
const MOST_PATHS = 5;
/** Commits of a branch that are compared with the hotfix, newest first. */
const MOST_COMMITS = 30;
/** A cherry-pick may be on the branch before the hotfix is merged. */
const EARLIER_MS = 7 * 24 * 3_600_000;

/**
 * Has the hotfix arrived on these branches: its commits, its content (the files are as after it), or the same
 * work as a commit (cherry-pick, squash)? A branch that does not exist is left out: nothing can be brought
 * there.
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
    const change = await readLandedChange(client, repo, hotfix);
    if (change === null) return false;
    const tree = await hotfixReader(client).tree(repo, sha);
    if (tree !== null && standingOf(tree, change.effect) === "after") return true;
    return hasSameChange(client, repo, hotfix, { branch, sha }, change);
  });
}

/**
 * Did a commit of the branch, or a pull request that was merged there, do what the hotfix did? The same proof
 * tells that the pull request needs no check of its own (`back-merge.ts`).
 */
async function hasSameChange(
  client: GitHubClient,
  repo: Repo,
  { mergedAt }: LandedHotfix,
  { branch, sha }: { readonly branch: string; readonly sha: string },
  change: Change,
): Promise<boolean> {
  const since = Date.parse(mergedAt) - EARLIER_MS;
  const paths = [...change.effect.paths].slice(0, MOST_PATHS);
  const each = await Promise.all(paths.map((path) => commitsOf(client, repo, sha, path, MOST_COMMITS)));
  const late = each.flat().filter(({ at }) => !(at < since));
  const commits = [...new Map(late.map((commit) => [commit.sha, commit])).values()].slice(0, MOST_COMMITS);
  for (const commit of commits) {
    const own = await readCommitChange(client, repo, commit.sha);
    if (own !== null && sameChange(own, change)) return true;
  }
  const seen = new Set<string>();
  for (const commit of commits)
    for (const landing of await landingsOf(client, repo, branch, commit.sha)) {
      if (seen.has(landing.mergeSha)) continue;
      seen.add(landing.mergeSha);
      const own = await readLandedChange(client, repo, landing);
      if (own !== null && sameChange(own, change)) return true;
    }
  return false;
}
