import { type Fact, known } from "../../../policy/fact.ts";
import type { ActivityEntry, PullRequestFacts } from "../../../policy/snapshot.ts";
import { toAccount } from "../../api/account.ts";
import { list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";

/**
 * The head branch in the repository's activity, newest first (the newest hundred). `null`: that route cannot be had, for
 * a branch of another repository or on a server that has no such route.
 */
export async function readActivity(
  client: GitHubClient,
  repo: Repo,
  { head, fork }: Pick<PullRequestFacts, "head" | "fork">,
): Promise<Fact<readonly ActivityEntry[] | null>> {
  if (fork) return known(null);
  return read("the activity of the head branch", () => branchActivity(client, repo, head.ref));
}

/**
 * The newest hundred changes of a branch of this repository, newest first; `null`: this server has no such route. Rejects where
 * they cannot be read.
 */
export async function branchActivity(
  { octokit }: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<readonly ActivityEntry[] | null> {
  const ref = `refs/heads/${branch}`;
  const answer = await octokit.rest.repos
    .listActivities({ ...repo, ref, per_page: 100, direction: "desc" })
    .catch(onStatus([403, 404, 410, 422], null));
  if (answer === null) return null;
  return list(answer.data)
    .filter((entry) => entry.ref === ref)
    .map((entry) => ({
      before: text(entry.before),
      after: text(entry.after),
      at: text(entry.timestamp),
      type: text(entry.activity_type),
      actor: toAccount(entry.actor),
    }))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** The branches of a repository that were deleted last, and where they were then; `null`: this server has no such route. */
export async function deletedBranches(
  { octokit }: GitHubClient,
  repo: Repo,
): Promise<readonly { readonly name: string; readonly tip: string }[] | null> {
  const answer = await octokit.rest.repos
    .listActivities({ ...repo, activity_type: "branch_deletion", per_page: 100, direction: "desc" })
    .catch(onStatus([403, 404, 410, 422], null));
  if (answer === null) return null;
  return list(answer.data)
    .filter(({ activity_type }) => activity_type === "branch_deletion")
    .map(({ ref, before }) => ({ name: text(ref).replace(/^refs\/heads\//, ""), tip: text(before) }));
}
