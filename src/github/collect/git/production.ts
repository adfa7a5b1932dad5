import { isProductionBase, productionBases } from "../../../policy/classify.ts";
import { type Fact, known, unknown } from "../../../policy/fact.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { PullRequestFacts, RepositoryFacts } from "../../../policy/snapshot.ts";
import { attempt, count, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";

/**
 * Are all commits of the head in a production branch already (a back-merge)? Asked of the branches that the policy
 * names in full, else of the default branch, and only where the base is none of them: a pull request into production
 * brings commits that production lacks.
 */
export async function readInProduction(
  client: GitHubClient,
  repo: Repo,
  { base, head }: Pick<PullRequestFacts, "base" | "head">,
  repository: RepositoryFacts,
  policy: Policy,
): Promise<Fact<boolean>> {
  if (isProductionBase(base.ref, policy, repository)) return known(false);
  const named = productionBases(policy, repository).filter((branch) => !/[*?[\]{}()!\\]/.test(branch));
  const branches = named.length > 0 ? named : [repository.defaultBranch];
  const contains = await Promise.all(branches.map((branch) => isContained(client, repo, branch, head.sha)));
  if (contains.some((fact) => fact.known && fact.value)) return known(true);
  return contains.find((fact) => !fact.known) ?? known(false);
}

async function isContained(
  { octokit }: GitHubClient,
  repo: Repo,
  branch: string,
  sha: string,
): Promise<Fact<boolean>> {
  const answer = await attempt(async () => {
    // One commit is enough: only the counts are wanted.
    const basehead = `${branch}...${sha}`;
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead, per_page: 1 });
    return count(data.ahead_by);
  });
  if (answer.ok) return known(answer.value === 0);
  return unknown(`whether ${branch} has the commits already: ${answer.failure.reason}`);
}
