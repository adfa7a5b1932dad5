import { type Fact, mapFact } from "../../../policy/fact.ts";
import { list, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, readPages } from "../../api/read.ts";

/** Approving reviews that the rulesets of a branch require; what classic branch protection requires, the app may not read. */
export async function readRequiredReviews(
  { octokit }: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<Fact<number>> {
  const rules = await readPages(`the rules of the branch ${branch}`, async (page) => {
    const { data, headers } = await octokit.rest.repos.getBranchRules({
      ...repo,
      branch,
      per_page: PER_PAGE,
      page,
    });
    const required = list(data).map((rule) =>
      rule.type === "pull_request" ? Number(rule.parameters?.required_approving_review_count ?? 0) : 0,
    );
    return { data: required, headers };
  });
  return mapFact(rules, (counts) => Math.max(0, ...counts));
}
