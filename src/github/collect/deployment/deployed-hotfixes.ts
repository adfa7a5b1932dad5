import { isHotfixLike } from "../../../policy/classify.ts";
import type { Fact } from "../../../policy/fact.ts";
import type { Policy } from "../../../policy/policy.ts";
import { list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read, UnexpectedAnswer } from "../../api/read.ts";
import { listOpenPullRequests, toListed } from "../git/listing.ts";
import type { Deployment } from "./deployments.ts";

/** What a deployment may be of, before anything is merged. */
export interface HotfixesDeployed {
  readonly pullRequests: readonly number[];
  readonly branches: readonly string[];
}

/**
 * The hotfixes that a deployment leads to: pull requests that have its commit and are not merged, and hotfix
 * branches that it names or that have it as their head; where it names nothing but a commit that nothing has
 * (any more), the open ones, which once may have had it. Whether they were deployed they find out for
 * themselves. One request, at most three.
 */
export function readHotfixesDeployed(
  client: GitHubClient,
  repo: Repo,
  { ref, sha }: Pick<Deployment, "ref" | "sha">,
  policy: Policy,
): Promise<Fact<HotfixesDeployed>> {
  const { repos } = client.octokit.rest;
  const isHotfix = (headRef: string) => isHotfixLike({ headRef, title: "", labels: [] }, policy);
  return read("what the deployment is of", async () => {
    const answer = await repos
      .listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha, per_page: PER_PAGE })
      .catch(onStatus([404, 409, 422], null));
    const pulls = list(answer?.data ?? []).map(toListed);
    const merged = pulls.some(({ mergedAt }) => mergedAt !== null);
    const own = pulls.filter((pull) => pull.mergedAt === null && isHotfixLike(pull, policy));
    const numbers = [...pullRequestOf(ref), ...own.map(({ number }) => number)];
    const named = ref.replace(/^refs\/heads\//, "");
    if (isHotfix(named)) return { pullRequests: numbers, branches: [named] };
    if (merged || numbers.length > 0 || ref !== sha) return { pullRequests: numbers, branches: [] };
    const heads = await repos
      .listBranchesForHeadCommit({ ...repo, commit_sha: sha })
      .catch(onStatus([404, 409, 422], null));
    const branches = list(heads?.data ?? []).map(({ name }) => text(name));
    if (branches.length > 0) return { pullRequests: [], branches: branches.filter(isHotfix) };
    const open = await listOpenPullRequests(client, repo);
    if (!open.known) throw new UnexpectedAnswer(open.reason);
    const hotfixes = open.value.filter((pull) => isHotfixLike(pull, policy));
    return { pullRequests: hotfixes.map(({ number }) => number), branches: [] };
  });
}

/** A deployment of what GitHub keeps for a pull request. */
function pullRequestOf(ref: string): readonly number[] {
  const number = /^(?:refs\/)?pull\/(\d{1,15})\/(?:head|merge)$/.exec(ref)?.[1];
  return number === undefined ? [] : [Number(number)];
}
