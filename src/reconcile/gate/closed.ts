import type { ReconcileHint } from "../../jobs/hint.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planClosed } from "../../plan/gate/closed.ts";
import { known } from "../../policy/fact.ts";
import { carryOut } from "../carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";
import { retryStep } from "../retry.ts";
import { readFormerHeads, readLeftHead } from "./former-heads.ts";

/** A pull request that was closed without a merge leaves no green head behind. */
export async function reconcileClosed(
  context: ReconcileContext,
  place: Place,
  own: Evaluated,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const { snapshot } = own.collected;
  const siblings = await own.collected.siblings();
  const { sha } = snapshot.pullRequest.head;
  const alone = siblings.known && siblings.value.length === 0;
  const [head, former] = await Promise.all([
    alone ? readLeftHead(context, place, sha, own.number) : known(null),
    readFormerHeads(context, place, own),
  ]);
  const planned = planClosed(own, siblings, head, former, hint, keyOf(place));
  return (await carryOut(context, place, planned, retryStep(attempt, context.retryTimes))).result;
}
