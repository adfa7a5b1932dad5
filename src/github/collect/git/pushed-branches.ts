import { list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE } from "../../api/read.ts";

const REFUSED = [400, 403, 404, 410, 422, 451];

/**
 * The branches that were pushed to or merged into since then, as far as the newest hundred activities of the
 * repository tell; `null`: this server has no such route.
 */
export async function pushedBranches(
  { octokit }: GitHubClient,
  repo: Repo,
  since: Date,
): Promise<readonly string[] | null> {
  const answer = await octokit.rest.repos
    .listActivities({ ...repo, per_page: PER_PAGE, direction: "desc" })
    .catch(onStatus(REFUSED, null));
  if (answer === null) return null;
  const refs = list(answer.data)
    .filter(({ timestamp }) => Date.parse(text(timestamp)) >= since.getTime())
    .map(({ ref }) => text(ref).replace(/^refs\/heads\//, ""));
  return [...new Set(refs)];
}
