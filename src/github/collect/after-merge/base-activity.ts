import type { Account } from "../../../policy/snapshot.ts";
import type { GitHubClient } from "../../client.ts";
import { toAccount } from "../account.ts";
import { list, onStatus, type Repo, text } from "../answer.ts";

/** One change of a branch, by GitHub's clock. */
export interface BranchChange {
  readonly before: string;
  readonly after: string;
  readonly at: string;
  /** `push`, `force_push`, `pr_merge`, `merge_queue_merge`, `branch_creation`, `branch_deletion`. */
  readonly type: string;
  readonly actor: Account | null;
}

/**
 * The newest hundred changes of a branch, newest first; `null`: the route cannot be had (an older server). Rejects where they
 * cannot be read.
 */
export async function branchActivity(
  { octokit }: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<readonly BranchChange[] | null> {
  const ref = `refs/heads/${branch}`;
  const answer = await octokit.rest.repos
    .listActivities({ ...repo, ref, per_page: 100, direction: "desc" })
    .catch(onStatus([403, 404, 410, 422], null));
  if (answer === null) return null;
  // GitHub answers newest first; entries of one second keep that order.
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
