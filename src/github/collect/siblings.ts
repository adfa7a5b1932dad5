import type { Fact } from "../../policy/fact.ts";
import { mapFact } from "../../policy/fact.ts";
import type { GitHubClient } from "../client.ts";
import { PER_PAGE, readPages } from "../read.ts";
import type { Repo } from "./answer.ts";

/** Other open pull requests into this repository that have exactly this head. */
export async function readSiblings(
  { octokit }: GitHubClient,
  repo: Repo,
  sha: string,
  number: number,
): Promise<Fact<readonly number[]>> {
  const pulls = await readPages("the pull requests of the head", async (page) => {
    const { data, headers } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
      ...repo,
      commit_sha: sha,
      per_page: PER_PAGE,
      page,
    });
    const rows = Array.isArray(data)
      ? data.map((pull) => ({
          number: pull.number,
          open: pull.state === "open",
          sha: pull.head.sha,
          into: pull.base.repo?.full_name,
        }))
      : data;
    return { data: rows, headers };
  });
  const here = `${repo.owner}/${repo.repo}`.toLowerCase();
  return mapFact(pulls, (all) =>
    all
      .filter(
        (pull) =>
          pull.open &&
          pull.sha === sha &&
          pull.number !== number &&
          (pull.into ?? here).toLowerCase() === here,
      )
      .map((pull) => pull.number)
      .sort((a, b) => a - b),
  );
}
