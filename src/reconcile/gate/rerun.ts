import { listOpenPullRequests } from "../../github/collect/git/listing.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planRerun } from "../../plan/gate/rerun.ts";
import { carryOut } from "../carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import { retryStep } from "../retry.ts";

/**
 * A head whose checks were asked for again: open pull requests that have it are evaluated anew, and what else
 * is there stays as it is.
 */
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
  const planned = planRerun(sha, own, keyOf(place));
  return (await carryOut(context, place, planned, retryStep(attempt, context.retryTimes))).result;
}
