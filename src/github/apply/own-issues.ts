import { isApp, toAccount } from "../api/account.ts";
import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { allPages, PER_PAGE } from "../api/read.ts";

/**
 * The issues that the app itself opened with one of these markers, oldest first. A marker in somebody else's
 * issue proves nothing. `since`: changed since then, as GitHub means it. Rejects where they cannot be listed.
 */
export async function ownIssues(
  { octokit, app }: GitHubClient,
  repo: Repo,
  markers: readonly string[],
  since?: string,
) {
  const issues = await allPages((page) =>
    octokit.rest.issues.listForRepo({
      ...repo,
      creator: `${app.slug}[bot]`,
      state: "all",
      ...(since === undefined ? {} : { since }),
      sort: "created",
      direction: "asc",
      per_page: PER_PAGE,
      page,
    }),
  );
  return issues.filter(
    ({ user, performed_via_github_app: via, body, pull_request }) =>
      pull_request === undefined &&
      isApp(toAccount(user), via, app) &&
      markers.some((one) => (body ?? "").includes(one)),
  );
}
