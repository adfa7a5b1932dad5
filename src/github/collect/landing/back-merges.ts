import { type Fact, known } from "../../../policy/fact.ts";
import { standingOf } from "../../../policy/landing/rolled-back.ts";
import { type Change, sameChange } from "../../../policy/landing/same-work.ts";
import type { Policy } from "../../../policy/policy.ts";
import { byKey, count, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import { hotfixesBroughtBy } from "./back-merge.ts";
import { readCommitChange, readLandedChange } from "./change.ts";
import type { LandedHotfix, LandedOn } from "./effect.ts";
import { commitsOf, type Landing, landingsOf } from "./landings.ts";
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
  { hotfix, base }: Pick<LandedOn, "hotfix" | "base">,
  policy: Policy,
): Promise<Readonly<Record<string, Fact<boolean>>>> {
  const facts = await Promise.all(
    policy.branches.back_merge.map(
      async (branch) => [branch, await arrived(client, repo, { hotfix, base }, branch, policy)] as const,
    ),
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
  { hotfix, base }: Pick<LandedOn, "hotfix" | "base">,
  branch: string,
  policy: Policy,
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
    return hasSameChange(client, repo, { hotfix, base, change }, { branch, sha }, policy);
  });
}

interface Landed {
  readonly hotfix: LandedHotfix;
  /** The branch that it landed on. */
  readonly base: string;
  readonly change: Change;
}

/**
 * Did a commit of the branch, or a pull request that was merged there, do what the hotfix did, alone or with
 * other hotfixes? The same proof tells that the pull request needs no check of its own (`back-merge.ts`).
 */
async function hasSameChange(
  client: GitHubClient,
  repo: Repo,
  landed: Landed,
  { branch, sha }: { readonly branch: string; readonly sha: string },
  policy: Policy,
): Promise<boolean> {
  const { hotfix, change } = landed;
  const since = Date.parse(hotfix.mergedAt) - EARLIER_MS;
  const paths = [...change.effect.paths].slice(0, MOST_PATHS);
  const each = await Promise.all(paths.map((path) => commitsOf(client, repo, sha, path, MOST_COMMITS)));
  const late = each.flat().filter(({ at }) => !(at < since));
  const commits = [...new Map(late.map((commit) => [commit.sha, commit])).values()].slice(0, MOST_COMMITS);
  for (const commit of commits) {
    const own = await readCommitChange(client, repo, commit.sha);
    if (own !== null && sameChange(own, change)) return true;
  }
  const landings = await Promise.all(commits.map((commit) => landingsOf(client, repo, branch, commit.sha)));
  const once = new Map(landings.flat().map((landing) => [landing.mergeSha, landing]));
  for (const landing of once.values()) if (await brings(client, repo, landing, landed, policy)) return true;
  return false;
}

/** Is what landed on the other branch the hotfix's change, or that of several hotfixes of which it is one? */
async function brings(
  client: GitHubClient,
  repo: Repo,
  landing: Landing,
  { hotfix, base, change }: Landed,
  policy: Policy,
): Promise<boolean> {
  const own = await readLandedChange(client, repo, landing);
  if (own === null) return false;
  if (sameChange(own, change)) return true;
  const [all, needed] = [own.effect.paths, change.effect.paths];
  if (all.size < needed.size || ![...needed].every((path) => all.has(path))) return false;
  return (await hotfixesBroughtBy(client, repo, landing, base, policy)).includes(hotfix.mergeSha);
}
