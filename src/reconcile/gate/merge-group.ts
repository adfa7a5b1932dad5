import { readGates } from "../../github/collect/check/gates.ts";
import { readGroupMembers } from "../../github/collect/git/merge-group.ts";
import type { ReconcileKey } from "../../jobs/key.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { passes, planMergeGroup, unconfirmed } from "../../plan/gate.ts";
import { carryOut } from "../carry-out.ts";
import type { Place, ReconcileContext } from "../context.ts";
import { isStrict, stillAsJudged } from "../evaluate/confirm.ts";
import { isJudged, judge } from "../evaluate/pull-request.ts";
import { retryStep } from "../retry.ts";
import { showUnread, showUnreadable } from "./unreadable.ts";

/** Every pull request of a merge group is evaluated again; the group's head gets the worst verdict. */
export async function reconcileMergeGroup(
  context: ReconcileContext,
  place: Place,
  key: Extract<ReconcileKey, { kind: "merge-group" }>,
  attempt: Attempt,
): Promise<JobResult> {
  const { client, repo } = place;
  const sha = key.headSha;
  const members = await readGroupMembers(client, repo, key);
  if (!members.known) return showUnread(context, place, sha, [members], attempt);
  const judgements = await Promise.all(members.value.map((number) => judge(place, number, {})));
  const reasons = judgements.flatMap((judgement) =>
    isJudged(judgement) || judgement.state === "gone" ? [] : [judgement.reason],
  );
  if (reasons.length > 0) return showUnreadable(context, place, sha, reasons, attempt);
  const judged = judgements.filter(isJudged);
  const gates = await readGates(client, repo, sha);
  const step = retryStep(attempt, context.retryTimes);
  const wording = { docsUrl: context.docsUrl, show: step.show };
  const planned = planMergeGroup(sha, judged, gates.known ? gates.value : [], wording);
  const green = passes(planned) === "success";
  const holds = !green || (await stillAsJudged(place, judged, isStrict(attempt)));
  return (await carryOut(context, place, holds ? planned : unconfirmed(planned), step)).result;
}
