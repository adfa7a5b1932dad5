import { type Fact, known, mapFact } from "../../../policy/fact.ts";
import { onStatus, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, readPages } from "../../api/read.ts";
import { listOpenPullRequests } from "../git/listing.ts";

/** Another open pull request with the same head. */
export interface Sibling {
  readonly number: number;
  readonly url: string;
  /** Login; `null`: the account is gone. */
  readonly author: string | null;
}

/**
 * Other open pull requests into this repository that have exactly this head. The short way is the list of a commit's pull requests; but of a
 * commit that is in the default branch GitHub names only the one that brought it there, and a new one may lag. Where that list does
 * not name the pull request itself, all open ones are asked for.
 */
export async function readSiblings(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  number: number,
): Promise<Fact<readonly Sibling[]>> {
  const short = await readPullRequestsOfCommit(client, repo, sha);
  if (!short.known) return short;
  const whole = short.value.some((pull) => pull.number === number)
    ? short
    : mapFact(await listOpenPullRequests(client, repo), (all) =>
        all.filter(({ headSha }) => headSha === sha),
      );
  return mapFact(whole, (pulls) =>
    pulls
      .filter((pull) => pull.number !== number)
      .map(({ number, url, author }) => ({ number, url, author }))
      .sort((a, b) => a.number - b.number),
  );
}

async function readPullRequestsOfCommit(
  { octokit }: GitHubClient,
  repo: Repo,
  sha: string,
): Promise<Fact<readonly Sibling[]>> {
  const pulls = await readPages("the pull requests of the head", async (page) => {
    const parameters = { ...repo, commit_sha: sha, per_page: PER_PAGE, page };
    const { data, headers } = await octokit.rest.repos
      .listPullRequestsAssociatedWithCommit(parameters)
      // A server without that route, or to which the commit is too new: then nobody is named, and all are asked for.
      .catch(onStatus([404, 409, 422], { data: [], headers: {} }));
    const rows = Array.isArray(data)
      ? data.map((pull) => ({
          number: pull.number,
          url: pull.html_url ?? "",
          author: pull.user?.login ?? null,
          open: pull.state === "open",
          sha: pull.head.sha,
          into: pull.base.repo?.full_name,
        }))
      : data;
    return { data: rows, headers };
  });
  const here = `${repo.owner}/${repo.repo}`.toLowerCase();
  if (!pulls.known) return pulls;
  return known(
    pulls.value.filter((pull) => pull.open && pull.sha === sha && (pull.into ?? here).toLowerCase() === here),
  );
}
