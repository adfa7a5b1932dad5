import type { ReconcileHint } from "../jobs/key.ts";
import type { Attempt, JobResult } from "../jobs/queue.ts";
import { planGateOver } from "../plan/gate.ts";
import { carryOut } from "./carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "./context.ts";
import { lookAtDeployments } from "./deployment/review.ts";
import { isJudged, type Judged, judge } from "./evaluate/pull-request.ts";
import { reconcileClosed } from "./gate/closed.ts";
import { readFormerHeads } from "./gate/former-heads.ts";
import { reconcileOpen } from "./gate/open.ts";
import { showUnreadable } from "./gate/unreadable.ts";
import { believed, retryStep } from "./retry.ts";

/** The verdict on one pull request: collect, evaluate, plan, carry out. */
export async function reconcilePullRequest(
  context: ReconcileContext,
  place: Place,
  number: number,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const judged = await judge(place, number, believed(hint, attempt));
  if (!isJudged(judged)) {
    if (judged.state === "gone") return {};
    return showUnreadable(context, place, judged.headSha ?? hint.headSha ?? null, [judged.reason], attempt);
  }
  const result = await reconcileJudged(context, place, judged, hint, attempt);
  await lookAtDeployments(context, place, judged);
  return result;
}

async function reconcileJudged(
  context: ReconcileContext,
  place: Place,
  judged: Judged,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const { state, merged } = judged.collected.snapshot.pullRequest;
  if (merged !== null) {
    const step = retryStep(attempt, context.retryTimes);
    const former = await readFormerHeads(context, place, judged);
    return (await carryOut(context, place, planGateOver(judged, former, hint, keyOf(place)), step)).result;
  }
  return state === "closed"
    ? reconcileClosed(context, place, judged, hint, attempt)
    : reconcileOpen(context, place, judged, hint, attempt);
}
