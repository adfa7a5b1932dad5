import { applyActions } from "../../github/apply/apply.ts";
import { listOpenPullRequests } from "../../github/collect/git/listing.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import { retryLater, retryStep } from "../retry.ts";

/** A head whose checks were asked for again: open pull requests that have it are judged anew, and what else is there stays as it is. */
export async function reconcileCommit(
  context: ReconcileContext,
  place: Place,
  sha: string,
  attempt: Attempt,
): Promise<JobResult> {
  const open = await listOpenPullRequests(place.client, place.repo);
  if (!open.known) {
    context.log.warn({ sha, reason: open.reason, attempt: attempt.number }, "could not be read");
    throw new Error(open.reason);
  }
  const own = open.value.filter(({ headSha }) => headSha === sha);
  for (const { number } of own)
    context.enqueue({
      key: { ...keyOf(place), kind: "pull-request", number },
      hint: { rerequested: true },
    });
  const repeat = { type: "repeat-check-runs", headSha: sha, gate: own.length === 0 } as const;
  const { failures } = await applyActions(place.client, place.repo, [repeat], context.log);
  return failures.some(({ retry }) => retry) ? retryLater(retryStep(attempt, context.retryTimes)) : {};
}
