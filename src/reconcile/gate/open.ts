import { createHash } from "node:crypto";
import { nextRecord } from "../../github/collect/check/record.ts";
import { encodeRecord } from "../../github/collect/check/record-text.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { spanOf } from "../../jobs/trace.ts";
import { planFormerHeads } from "../../plan/gate/left-heads.ts";
import { passes, planOpen, type Record, UNCONFIRMED } from "../../plan/gate/open.ts";
import { plan } from "../../plan/plan.ts";
import { carryOut } from "../carry-out.ts";
import { headKey, keyOf, type Place, type ReconcileContext } from "../context.ts";
import { headStillAsEvaluated, isStrict } from "../evaluate/confirm.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";
import { evaluateSharedHead } from "../evaluate/shared-head.ts";
import { NO_RETRY, retryStep, sooner } from "../retry.ts";
import { readFormerHeads } from "./former-heads.ts";
import { isTaken, takeBack } from "./handed-over.ts";
import { planTalk } from "./talk.ts";
import { toRecord } from "./told.ts";
import { showUnread } from "./unreadable.ts";
import { readWaitingGroups } from "./waiting-groups.ts";

/**
 * Writes the verdict on an open pull request, and leaves what people read to a job of its own. Beside it, so
 * that neither waits for the other, what is green on heads that it has left is rolled back.
 */
export async function reconcileOpen(
  context: ReconcileContext,
  place: Place,
  own: Evaluated,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const { sha } = own.collected.snapshot.pullRequest.head;
  context.memory.cleared.delete(headKey(place, sha));
  const verdict = writeVerdict(context, place, own, hint, attempt);
  const former = takeBackFormerHeads(context, place, own, hint, attempt, verdict);
  return sooner(await Promise.all([verdict, former]));
}

async function takeBackFormerHeads(
  context: ReconcileContext,
  place: Place,
  own: Evaluated,
  hint: ReconcileHint,
  attempt: Attempt,
  verdict: Promise<unknown>,
): Promise<JobResult> {
  const former = await readFormerHeads(context, place, own);
  const repository = keyOf(place);
  const planned = planFormerHeads(own, former, hint, repository);
  const { again, result } = await carryOut(context, place, planned, retryStep(attempt, context.retryTimes));
  // Given up or not, and whatever the verdict has seen: the sweep is to look at it again.
  await verdict;
  const watch = { key: { ...repository, kind: "pull-request", number: own.number }, seen: "over" } as const;
  if (again || planned.retry !== null) await carryOut(context, place, plan({ watch }), NO_RETRY);
  return result;
}

async function writeVerdict(
  context: ReconcileContext,
  place: Place,
  own: Evaluated,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const { docsUrl } = context;
  const { sha } = own.collected.snapshot.pullRequest.head;
  const [shared, groups] = await Promise.all([evaluateSharedHead(place, own), readWaitingGroups(place, own)]);
  if (!shared.known) return showUnread(context, place, sha, [shared], attempt);
  const { voters } = shared.value;
  const step = retryStep(attempt, context.retryTimes);
  const common = { own, repository: keyOf(place), docsUrl, show: step.show };
  const conversation = isTaken(own) ? plan() : planTalk(context, place, own, step);
  const record = recordToWrite(context, place, voters);
  const facts = { ...common, ...shared.value, groups, record, conversation, hint };
  const planned = spanOf("plan", () => planOpen(facts));
  const passing = passes(planned);
  const strict = passing === "success" && isStrict(attempt);
  const holds = passing === null || (await headStillAsEvaluated(place, own, shared.value, strict));
  const talks = planned.jobs.some(({ key }) => key.kind === "conversation");
  if (!holds || !talks || conversation.retry !== null) takeBack(place, own.number);
  return (await carryOut(context, place, holds ? planned : UNCONFIRMED, step)).result;
}

function recordToWrite(context: ReconcileContext, place: Place, voters: readonly Evaluated[]): Record {
  const all = voters.map(({ collected }) => collected);
  const record = nextRecord(all, toRecord(context, place, voters));
  const text = encodeRecord(record);
  // Known by the record alone: what was told, what would land, and where the activity cannot be had,
  // arrivals.
  const arrivalsCount = all.some(({ snapshot: { activity } }) => activity.known && activity.value === null);
  if (!arrivalsCount && record.told === undefined && record.changes === undefined)
    return { text, digest: null };
  const counts = encodeRecord({ ...record, arrivals: arrivalsCount ? record.arrivals : [], said: [] });
  return { text, digest: shortDigest(counts) };
}

function shortDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
