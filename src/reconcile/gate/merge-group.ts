import { applyActions } from "../../github/apply/apply.ts";
import { readGates } from "../../github/collect/check/gates.ts";
import { readGroupMembers } from "../../github/collect/git/merge-group.ts";
import type { ReconcileKey } from "../../jobs/key.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planCheck } from "../../plan/check.ts";
import { renderCheck } from "../../render/gate/check.ts";
import type { Place, ReconcileContext } from "../context.ts";
import { isStrict, stillAsJudged } from "../evaluate/confirm.ts";
import { areWaiting, checked, isJudged, judge } from "../evaluate/pull-request.ts";
import { showUnread, showUnreadable } from "../pull-request.ts";
import { retryLater, retryStep } from "../retry.ts";

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
  const step = retryStep(attempt, context.retryTimes);
  const waits = areWaiting(judged);
  if (waits && step.show === "quiet") return { retryAfterMs: step.afterMs ?? 1_000 };
  const check = renderCheck(judged.map(checked), {
    docsUrl: context.docsUrl,
    givenUp: step.show === "gave-up",
    mergeGroup: true,
  });
  const gates = await readGates(client, repo, sha);
  const actions = planCheck(sha, check, gates.known ? gates.value : []);
  if (
    check.conclusion === "success" &&
    actions.length > 0 &&
    !(await stillAsJudged(place, judged, isStrict(attempt)))
  )
    return { retryAfterMs: step.afterMs ?? 1_000 };
  const { failures } = await applyActions(client, repo, actions, context.log);
  context.onVerdict?.(check.conclusion ?? "in_progress");
  const again = waits || failures.some(({ retry }) => retry);
  return again ? retryLater(step) : {};
}
