import { readGates } from "../../github/collect/check/gates.ts";
import { recordOf } from "../../github/collect/check/record.ts";
import { encodeRecord } from "../../github/collect/check/record-text.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planUnreadable } from "../../plan/gate/without-verdict.ts";
import { type Unknown, unknown } from "../../policy/fact.ts";
import { carryOut } from "../carry-out.ts";
import type { Place, ReconcileContext } from "../context.ts";
import { retryStep } from "../retry.ts";

/** As `showUnread`, where asking again may help. */
export function showUnreadable(
  context: ReconcileContext,
  place: Place,
  headSha: string | null,
  reasons: readonly string[],
  attempt: Attempt,
): Promise<JobResult> {
  return showUnread(context, place, headSha, reasons.map(unknown), attempt);
}

/** Nothing could be decided: shown on the head, where it is known (`planUnreadable`). */
export async function showUnread(
  context: ReconcileContext,
  place: Place,
  headSha: string | null,
  facts: readonly Unknown[],
  attempt: Attempt,
): Promise<JobResult> {
  const step = retryStep(attempt, context.retryTimes);
  const shown = step.show !== "quiet" || facts.some(({ wayOut }) => wayOut !== undefined);
  const gates = headSha !== null && shown ? await readGates(place.client, place.repo, headSha) : null;
  const runs = gates?.known ? gates.value : [];
  const planned = planUnreadable({
    headSha,
    runs,
    facts,
    record: encodeRecord(recordOf(runs)),
    docsUrl: context.docsUrl,
    show: step.show,
    attempt: attempt.number,
  });
  return (await carryOut(context, place, planned, step)).result;
}
