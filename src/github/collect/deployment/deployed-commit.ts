import { isHotfixLike, isProductionBase, productionBases } from "../../../policy/classify.ts";
import { isSameWork, type WaitingRun } from "../../../policy/deployment/deployment-review.ts";
import { type Fact, known } from "../../../policy/fact.ts";
import { pushedHotfix } from "../../../policy/landing/direct-push.ts";
import type { Policy } from "../../../policy/policy.ts";
import { nameKey } from "../../../policy/repository.ts";
import type { Commit } from "../../../policy/snapshot/change.ts";
import { count, list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read, UnexpectedAnswer } from "../../api/read.ts";
import { isRepository } from "../../api/repositories.ts";
import { commitsBetween } from "../git/commits-between.ts";

/** The branch that the configuration is read from, and production where it names no other. */
export function readDefaultBranch({ octokit }: GitHubClient, repo: Repo): Promise<Fact<string>> {
  return read("the repository", async () =>
    text((await octokit.rest.repos.get({ ...repo })).data.default_branch),
  );
}

/** What a commit brings that production lacks. */
export interface Unlanded {
  /** The production branch that has all of it; `null`: none. */
  readonly landedOn: string | null;
  /** Oldest first; empty where it has landed. */
  readonly commits: readonly Commit[];
  /** The tip of the production branch that the commits were told from. */
  readonly baseTip: string;
}

/**
 * Compares a commit with the production branches that the policy names in full, else with the default branch.
 * A branch that only matches a pattern is not counted: whoever may push could make one. Each by its tip: a
 * tag may have the branch's name.
 */
export function readUnlanded(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  policy: Policy,
  defaultBranch: string,
): Promise<Fact<Unlanded>> {
  return read("what the commit brings that production (branches.base) lacks", async () => {
    const named = namedBases(policy, defaultBranch);
    let nearest: Unlanded | null = null;
    for (const branch of named.length > 0 ? named : [defaultBranch]) {
      const baseTip = await branchTip(client, repo, branch);
      if (baseTip === null) continue;
      const commits = await commitsBetween(client, repo, baseTip, sha);
      if (commits.length === 0) return { landedOn: branch, commits, baseTip };
      if (nearest === null || commits.length < nearest.commits.length)
        nearest = { landedOn: null, commits, baseTip };
    }
    if (nearest !== null) return nearest;
    const baseTip = await branchTip(client, repo, defaultBranch);
    if (baseTip === null) throw new UnexpectedAnswer("no default branch");
    return { landedOn: null, commits: await commitsBetween(client, repo, baseTip, sha), baseTip };
  });
}

/** Production branches that the policy names in full. */
function namedBases(policy: Policy, defaultBranch: string): readonly string[] {
  return productionBases(policy, { defaultBranch }).filter(
    (branch) => branch === defaultBranch || !/[*?[\]{}()!\\]/.test(branch),
  );
}

/**
 * The tip of a branch, which a tag of that name cannot stand for; `null`: there is none. Rejects where it
 * cannot be read.
 */
export async function branchTip(client: GitHubClient, repo: Repo, branch: string): Promise<string | null> {
  const found = await readBranch(client, repo, branch);
  return found === null ? null : text(found.commit.sha);
}

async function readBranch({ octokit }: GitHubClient, repo: Repo, branch: string) {
  const answer = await octokit.rest.repos.getBranch({ ...repo, branch }).catch(onStatus([404], null));
  return answer?.data ?? null;
}

/**
 * The run's branch, where it has the commit, matches a pattern of the production branches, and GitHub
 * protects it, so that not everybody who may push can make one; else `null`.
 */
export async function readProtectedBase(
  client: GitHubClient,
  repo: Repo,
  { ref, headSha, headRepository }: WaitingRun,
  policy: Policy,
  defaultBranch: string,
): Promise<Fact<string | null>> {
  const here = nameKey(repo);
  if (ref === null || headRepository?.toLowerCase() !== here) return known(null);
  if (!isProductionBase(ref, policy, { defaultBranch })) return known(null);
  return read(`the branch ${ref}`, async () => {
    const branch = await readBranch(client, repo, ref);
    if (branch?.protected !== true) return null;
    const tip = text(branch.commit.sha);
    if (tip === headSha) return ref;
    const { data } = await client.octokit.rest.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: `${tip}...${headSha}`,
      per_page: 1,
    });
    return count(data.ahead_by) === 0 ? ref : null;
  });
}

/**
 * Commits that are looked up one by one; what brings more hotfix commits than this at once is looked at by
 * people.
 */
const MOST_LOOKUPS = 50;

/** How unlanded hotfix work stands. */
export type HotfixWork =
  | { readonly kind: "none" }
  | { readonly kind: "merged"; readonly number: number; readonly url: string }
  | { readonly kind: "without-pull-request" };

/**
 * Is there hotfix work among the commits that production lacks? All of them are, where the run's branch or
 * one with this head is named so, or the commit was `evaluated` as a hotfix before; else those that are told
 * as in pushes, by titles and merges. Not counted: what went through a pull request into production (a squash
 * gives it other commits), and what was cherry-picked from there; messages can be copied, so the latter is no
 * answer to a name or a verdict.
 */
export function readHotfixWork(
  client: GitHubClient,
  repo: Repo,
  run: WaitingRun,
  { commits, baseTip, evaluated }: Unlanded & { readonly evaluated: boolean },
  policy: Policy,
  defaultBranch: string,
): Promise<Fact<HotfixWork>> {
  return read("whether the commit holds a hotfix", async (): Promise<HotfixWork> => {
    const names = [...(await branchesAt(client, repo, run.headSha)), ...(run.ref === null ? [] : [run.ref])];
    const certain =
      evaluated || names.some((headRef) => isHotfixLike({ headRef, title: "", labels: [] }, policy));
    const found = certain ? commits : (pushedHotfix(commits, run.headSha, new Map(), policy)?.commits ?? []);
    if (found.length === 0) return { kind: "none" };
    const merged = await mergedInto(client, repo, run.headSha, policy, defaultBranch);
    const whole = merged.find(({ headSha }) => headSha === run.headSha);
    if (whole !== undefined) return { kind: "merged", number: whole.number, url: whole.url };
    if (found.length > MOST_LOOKUPS) return { kind: "without-pull-request" };
    const since = certain ? [] : await commitsBetween(client, repo, run.headSha, baseTip);
    const left: Commit[] = [];
    for (const commit of found) {
      if (since.some((landed) => isSameWork(landed, commit))) continue;
      if ((await mergedInto(client, repo, commit.sha, policy, defaultBranch)).length === 0) left.push(commit);
    }
    if (certain) return { kind: left.length === 0 ? "none" : "without-pull-request" };
    // A merge alone brings nothing of its own where what it brought has landed.
    const settled = left.every(({ parents }) => parents.length > 1) && left.length < found.length;
    return { kind: settled ? "none" : "without-pull-request" };
  });
}

async function branchesAt(
  { octokit }: GitHubClient,
  repo: Repo,
  commit_sha: string,
): Promise<readonly string[]> {
  const answer = await octokit.rest.repos
    .listBranchesForHeadCommit({ ...repo, commit_sha })
    .catch(onStatus([404, 409, 422], null));
  return list(answer?.data ?? []).map(({ name }) => text(name));
}

interface MergedPull {
  readonly number: number;
  readonly url: string;
  readonly headSha: string;
}

/**
 * Pull requests that brought the commit to a production branch. One that only matches a pattern counts where
 * GitHub protects it: else whoever may push could make one, and merge there what no gate has seen.
 */
async function mergedInto(
  client: GitHubClient,
  repo: Repo,
  commit_sha: string,
  policy: Policy,
  defaultBranch: string,
): Promise<readonly MergedPull[]> {
  const parameters = { ...repo, commit_sha, per_page: PER_PAGE };
  const answer = await client.octokit.rest.repos
    .listPullRequestsAssociatedWithCommit(parameters)
    .catch(onStatus([404, 409, 422], null));
  const merged = list(answer?.data ?? []).filter(
    ({ merged_at, base }) =>
      typeof merged_at === "string" &&
      (!base.repo || isRepository(client, repo, base.repo)) &&
      isProductionBase(text(base.ref), policy, { defaultBranch }),
  );
  const certain = new Set(namedBases(policy, defaultBranch));
  for (const ref of new Set(merged.map(({ base }) => text(base.ref))))
    if (!certain.has(ref) && (await readBranch(client, repo, ref))?.protected === true) certain.add(ref);
  return merged
    .filter(({ base }) => certain.has(text(base.ref)))
    .map(({ number, html_url, head }) => ({ number, url: html_url ?? "", headSha: text(head.sha) }));
}
