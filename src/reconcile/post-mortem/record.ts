import type { PostMortemRecord } from "../../jobs/hint.ts";
import type { ReconcileKey } from "../../jobs/key.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planRecording } from "../../plan/landing/landing.ts";
import { carryOut } from "../carry-out.ts";
import type { Place, ReconcileContext } from "../context.ts";
import { retryStep } from "../retry.ts";

/**
 * Writes on a commit which issue its post-mortem is: a check run, so in the lane of verdicts. Lost, it is
 * written by whoever looks at the hotfix next and finds the issue by its marker.
 */
export async function reconcileRecord(
  context: ReconcileContext,
  place: Place,
  { sha, subject }: Extract<ReconcileKey, { kind: "record" }>,
  record: PostMortemRecord | undefined,
  attempt: Attempt,
): Promise<JobResult> {
  const step = retryStep(attempt, context.retryTimes);
  return (await carryOut(context, place, planRecording({ sha, subject }, record), step)).result;
}
