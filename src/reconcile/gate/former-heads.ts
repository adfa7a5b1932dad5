import { applyActions } from "../../github/apply/apply.ts";
import { readGates } from "../../github/collect/check/gates.ts";
import { readSiblings } from "../../github/collect/pull-request/siblings.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planCancellations } from "../../plan/check.ts";
import { enqueueAll, headKey, type Place, type ReconcileContext } from "../context.ts";
import type { Judged } from "../evaluate/pull-request.ts";
import { retryLater, retryStep } from "../retry.ts";

/** Cancels what is green on earlier heads of the pull request. Resolves to whether all of them are known to be cleared. */
export async function cancelFormerHeads(
  context: ReconcileContext,
  place: Place,
  { collected, number }: Judged,
): Promise<boolean> {
  const { formerHeads, snapshot } = collected;
  if (!formerHeads.known) return false;
  // Where the activity cannot be had, the app's record tells when a head arrived: a head that was left has to arrive again.
  const forget = snapshot.activity.known && snapshot.activity.value === null;
  const results = await Promise.all(
    formerHeads.value.map((sha) =>
      cancel(context, place, sha, number, `the head of #${number} moved on`, forget),
    ),
  );
  return results.every((done) => done);
}

/** A pull request that was closed without a merge leaves no green head behind. */
export async function cancelHead(
  context: ReconcileContext,
  place: Place,
  { collected, number }: Judged,
  attempt: Attempt,
): Promise<JobResult> {
  const { head } = collected.snapshot.pullRequest;
  const { siblings } = collected;
  if (siblings.known && siblings.value.length > 0) {
    // The head still is another's: without this pull request's vote its check may say something else.
    enqueueAll(context, place, siblings.value);
    return {};
  }
  const reason = `#${number} was closed without a merge`;
  const done = siblings.known && (await cancel(context, place, head.sha, number, reason, false));
  const step = retryStep(attempt, context.retryTimes);
  return done ? {} : retryLater(step);
}

async function cancel(
  context: ReconcileContext,
  { client, repo }: Place,
  sha: string,
  number: number,
  reason: string,
  forget: boolean,
): Promise<boolean> {
  const key = headKey({ client, repo }, sha);
  if (context.memory.cleared.has(key)) return true;
  const gates = await readGates(client, repo, sha);
  if (!gates.known) return false;
  const actions = planCancellations(sha, gates.value, reason, forget);
  if (actions.length > 0) {
    // Another open pull request's head it may still be.
    const others = await readSiblings(client, repo, sha, number);
    if (!others.known) return false;
    if (others.value.length > 0) return true;
    const { failures } = await applyActions(client, repo, actions, context.log);
    if (failures.length > 0) return false;
  }
  context.memory.cleared.set(key, true);
  return true;
}
