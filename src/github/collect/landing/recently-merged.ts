import type { MergedPull } from "../../../policy/landing/direct-push.ts";
import { list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE } from "../../api/read.ts";
import { isRepository } from "../../api/repositories.ts";

/** The pull requests to a branch that were merged of late, as one page of the last updated shows them. */
export async function recentlyMerged(
  { octokit }: GitHubClient,
  repo: Repo,
  base: string,
): Promise<readonly MergedPull[]> {
  const { data } = await octokit.rest.pulls.list({
    ...repo,
    state: "closed",
    base,
    sort: "updated",
    direction: "desc",
    per_page: 50,
    request: { keep: rowsOfMerged },
  });
  return list(data).flatMap(({ number, merged_at, merge_commit_sha: mergeSha, head }) =>
    typeof merged_at === "string" && typeof mergeSha === "string"
      ? [{ number, headSha: text(head.sha), mergeSha }]
      : [],
  );
}

interface RawMerged {
  readonly number: number;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: { readonly sha: string };
}

/** What `recentlyMerged` reads of the rows. */
function rowsOfMerged(rows: readonly RawMerged[]): readonly RawMerged[] {
  return list(rows).map(({ number, merged_at, merge_commit_sha, head }) => ({
    number,
    merged_at,
    merge_commit_sha,
    head: { sha: head.sha },
  }));
}

/** Numbers of the merged pull requests that a commit belongs to. Rejects where they cannot be read. */
export async function mergedPullRequests(
  client: GitHubClient,
  repo: Repo,
  commit_sha: string,
): Promise<readonly number[]> {
  const { data } = await client.octokit.rest.repos.listPullRequestsAssociatedWithCommit({
    ...repo,
    commit_sha,
    per_page: PER_PAGE,
  });
  return list(data)
    .filter(
      ({ merged_at, base }) =>
        typeof merged_at === "string" && (!base.repo || isRepository(client, repo, base.repo)),
    )
    .map(({ number }) => number);
}
