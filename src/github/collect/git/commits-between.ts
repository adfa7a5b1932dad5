import type { Commit } from "../../../policy/snapshot/change.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { allPages, PER_PAGE, UnexpectedAnswer } from "../../api/read.ts";
import { toCompared } from "./compared.ts";

/**
 * All commits of `base..head`, oldest first; rejects where that are too many, or not as many as GitHub
 * counts.
 */
export async function commitsBetween(
  { octokit }: GitHubClient,
  repo: Repo,
  base: string,
  head: string,
): Promise<readonly Commit[]> {
  let ahead = 0;
  const all = await allPages(async (page) => {
    const { data, headers } = await octokit.rest.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: `${base}...${head}`,
      per_page: PER_PAGE,
      page,
    });
    const { commits, aheadBy } = toCompared(data);
    ahead = Math.max(ahead, aheadBy);
    return { data: commits, headers };
  });
  // Nothing left out may pass for nothing there.
  if (all.length < ahead) throw new UnexpectedAnswer("fewer commits than GitHub counts");
  return all;
}
