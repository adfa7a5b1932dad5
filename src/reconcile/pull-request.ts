import { createHash } from "node:crypto";
import { type ApplyResult, applyActions } from "../github/apply/apply.ts";
import { readGates } from "../github/collect/check/gates.ts";
import { encodeRecord, nextRecord, recordOf } from "../github/collect/check/record.ts";
import type { ReconcileHint } from "../jobs/key.ts";
import type { Attempt, JobResult } from "../jobs/queue.ts";
import { planAnswers } from "../plan/answers.ts";
import { isReported, planCheck, planLabels, planStatusComment } from "../plan/check.ts";
import type { Action, DesiredCheck } from "../policy/action.ts";
import { readHotfix } from "../policy/evaluate.ts";
import { type Unknown, unknown } from "../policy/fact.ts";
import { renderCheck, renderUnreadable } from "../render/gate/check.ts";
import { renderStatusComment } from "../render/gate/status-comment.ts";
import type { PostMortemOutcome } from "../render/gate/status-comment-parts.ts";
import { announceOpened } from "./announce.ts";
import { enqueueAll, headKey, keyOf, type Place, type ReconcileContext } from "./context.ts";
import { lookAtDeployments } from "./deployment/review.ts";
import { headStillAsJudged, isStrict } from "./evaluate/confirm.ts";
import { areHopeless, areWaiting, checked, isJudged, type Judged, judge } from "./evaluate/pull-request.ts";
import { judgeSharedHead, type SharedHead } from "./evaluate/shared-head.ts";
import { type Calls, planCalls } from "./gate/calls.ts";
import { cancelFormerHeads, cancelHead } from "./gate/former-heads.ts";
import { remember, toRecord } from "./gate/told.ts";
import { judgeGroupsAgain } from "./gate/waiting-groups.ts";
import { openForDeployment } from "./landing/deployed-early.ts";
import { reconcileMerged } from "./landing/merged.ts";
import { type RetryStep, retryLater, retryStep } from "./retry.ts";

/** After this time an answer older than the event is believed: events can be wrong, and the gate must not wait for ever. */
const STALE_MS = 6_000;

/** A green that could not be confirmed is never given up: nothing but the last look is missing. */
const LAST_TRY_MS = 60_000;

/** Looks at one pull request: collect, evaluate, plan, apply. */
export async function reconcilePullRequest(
  context: ReconcileContext,
  place: Place,
  number: number,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const judged = await judge(place, number, attempt.elapsedMs < STALE_MS ? hint : withoutTime(hint));
  if (!isJudged(judged)) {
    if (judged.state === "gone") return {};
    const sha = judged.headSha ?? hint.headSha ?? null;
    return showUnreadable(context, place, sha, [judged.reason], attempt);
  }
  const { state } = judged.collected.snapshot.pullRequest;
  if (state === "closed") context.watch.over({ ...keyOf(place), kind: "pull-request", number });
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
  if (merged !== null) return reconcileMerged(context, place, judged, attempt);
  if (state === "closed") {
    const result = await cancelHead(context, place, judged, attempt);
    const { snapshot, policy } = judged.collected;
    if (policy.state !== "valid") return result;
    const incident = { place, snapshot, verdict: judged.verdict, policy: policy.policy };
    const step = retryStep(attempt, context.retryTimes);
    const { again } = await openForDeployment(context, incident, step);
    return again ? retryLater(step) : result;
  }
  return reconcileOpen(context, place, judged, hint, attempt);
}

async function reconcileOpen(
  context: ReconcileContext,
  place: Place,
  own: Judged,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const { collected, number } = own;
  const { snapshot } = collected;
  const sha = snapshot.pullRequest.head.sha;
  context.memory.cleared.delete(headKey(place, sha));
  const [shared, cancelled] = await Promise.all([
    judgeSharedHead(place, own),
    cancelFormerHeads(context, place, own),
  ]);
  if (!shared.known) return showUnread(context, place, sha, [shared], attempt);

  const mayBeKnown = shared.value.voters.some(({ verdict: { unknowns, neverKnown } }) =>
    unknowns.some((reason) => !neverKnown.includes(reason)),
  );
  const step = retryStep(attempt, context.retryTimes);
  const waits = areWaiting(shared.value.voters);
  const unread = mayBeKnown && !areHopeless(shared.value.voters);
  const retry: JobResult = unread || !cancelled ? retryLater(step) : {};
  if (waits && step.show === "quiet") return retry;

  const check = renderShared(context, place, shared.value, step.show === "gave-up");
  const policy = collected.policy.state === "valid" ? collected.policy.policy : null;
  const gates = collected.gates.known ? collected.gates.value : [];
  const reported = shared.value.voters.some(({ verdict }) => isReported(verdict, policy, gates));
  const actions: Action[] = reported ? [...planOwnCheck(own, check, hint)] : [];
  const { kind } = own.verdict;
  const comment = collected.statusComment;
  let calls: Calls = { actions: [], dueAt: null, tells: [] };
  if (policy !== null && (kind === "hotfix" || kind === "rollback")) {
    const hotfix = readHotfix(snapshot, policy);
    if (kind === "hotfix") {
      const severity = hotfix.severity.known ? hotfix.severity.value.labelToSet : null;
      actions.push(...planLabels(number, severity, hotfix.approval));
      if (gates.length === 0)
        context.enqueue({ key: { ...keyOf(place), kind: "labels" }, hint: {}, background: true });
    }
    calls = await planCalls(context, place, own, policy);
    actions.push(...planAnswers(own, policy), ...calls.actions);
  }
  const tells = kind === "hotfix" || kind === "rollback" || (comment.known && comment.value !== null);
  const planComment = (postMortem: PostMortemOutcome | null): readonly Action[] => {
    if (policy?.communication.status_comment !== true || !tells || !comment.known || waits) return [];
    const body = renderStatusComment(snapshot, own.verdict, policy, { docsUrl: context.docsUrl, postMortem });
    return planStatusComment(number, body, comment.value);
  };
  // What was deployed already has a post-mortem, which the comment links to; the check does not wait for that.
  const { deployedEarly } = snapshot;
  const deployed = deployedEarly !== undefined && !(deployedEarly.known && deployedEarly.value === null);
  if (!deployed) actions.push(...planComment(null));
  const green = check.conclusion === "success";
  const passes = green || check.conclusion === "skipped";
  if (
    passes &&
    actions.some(({ type }) => type === "upsert-check-run") &&
    !(await headStillAsJudged(place, own, shared.value, green && isStrict(attempt)))
  )
    return { retryAfterMs: step.afterMs ?? LAST_TRY_MS };
  const first = await applyActions(place.client, place.repo, actions, context.log);
  const early =
    deployed && policy !== null
      ? await openForDeployment(context, { place, snapshot, verdict: own.verdict, policy }, step)
      : null;
  // Where that could not be read, the comment stays as it is for now.
  const last = early === null || (early.again && step.show === "quiet") ? [] : planComment(early.postMortem);
  const result = both(first, await applyActions(place.client, place.repo, last, context.log));
  await announceOpened(context, place, own, policy, result);
  if (result.failures.length === 0) {
    if (calls.tells.length > 0) remember(context, place, number, calls.tells);
    if (retry.retryAfterMs === undefined) watch(context, place, own, calls);
  }
  // Comments are slow to write: what has happened meanwhile comes before further answers.
  if (result.failures.length === 0 && actions.some(({ type }) => type === "post-answer"))
    enqueueAll(context, place, [own]);
  // Of two who judge one head side by side the last to write may have read first: whoever writes has the others look again.
  if (check.conclusion !== null && actions.some(({ type }) => type === "upsert-check-run"))
    enqueueAll(
      context,
      place,
      shared.value.voters.filter((voter) => voter.number !== number),
    );
  const groups = await judgeGroupsAgain(context, place, own);
  context.onVerdict?.(check.conclusion ?? "in_progress");
  context.log.info(
    {
      repository: `${place.repo.owner}/${place.repo.repo}`,
      pull_request: number,
      head: sha,
      title: check.title,
    },
    `hotfix-gate: ${check.conclusion ?? "in_progress"}`,
  );
  const failed = !groups || early?.again === true || result.failures.some((failure) => failure.retry);
  return failed && step.afterMs !== null ? retryLater(step) : retry;
}

function both(a: ApplyResult, b: ApplyResult): ApplyResult {
  return {
    ...a,
    posted: [...a.posted, ...b.posted],
    failures: [...a.failures, ...b.failures],
  };
}

/** The sweep comes back when something is due, and else only when something changed. */
function watch(
  context: ReconcileContext,
  place: Place,
  { number, collected }: Judged,
  { dueAt }: Calls,
): void {
  const { updatedAt } = collected.snapshot.pullRequest;
  context.watch.seen({ ...keyOf(place), kind: "pull-request", number }, { updatedAt, dueAt });
}

function planOwnCheck(own: Judged, check: DesiredCheck, hint: ReconcileHint): readonly Action[] {
  const { snapshot, gates } = own.collected;
  const existing = gates.known ? gates.value : [];
  return planCheck(snapshot.pullRequest.head.sha, check, existing, hint.rerequested === true);
}

function renderShared(
  context: ReconcileContext,
  place: Place,
  { voters, bystanders, outsiders }: SharedHead,
  givenUp: boolean,
): DesiredCheck {
  const all = voters.map(({ collected }) => collected);
  const record = nextRecord(all, toRecord(context, place, voters));
  const check = renderCheck(voters.map(checked), {
    docsUrl: context.docsUrl,
    givenUp,
    bystanders,
    outsiders,
    record: encodeRecord(record),
  });
  // What is known by the record alone has to be written even where nothing else changed: what was told, what would land, and where the
  // activity cannot be had, arrivals.
  const arrivalsCount = all.some(({ snapshot: { activity } }) => activity.known && activity.value === null);
  if (!arrivalsCount && record.told === undefined && record.changes === undefined) return check;
  const counts = encodeRecord({ ...record, arrivals: arrivalsCount ? record.arrivals : [], said: [] });
  return { ...check, externalId: `${check.externalId}.${shortDigest(counts)}` };
}

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

/**
 * Nothing could be decided: shown on the head, where it is known, once the quiet time is over; at once where one of the facts can never be
 * read, which then is not asked for again.
 */
export async function showUnread(
  context: ReconcileContext,
  place: Place,
  headSha: string | null,
  facts: readonly Unknown[],
  attempt: Attempt,
): Promise<JobResult> {
  const hopeless = facts.filter(({ wayOut }) => wayOut !== undefined);
  const reasons = (hopeless.length > 0 ? hopeless : facts).map(({ reason }) => reason);
  const own = retryStep(attempt, context.retryTimes);
  const step: RetryStep = hopeless.length > 0 ? { show: "gave-up", afterMs: null } : own;
  context.log.warn({ reasons, attempt: attempt.number }, "could not be read");
  if (headSha !== null && step.show !== "quiet") {
    const gates = await readGates(place.client, place.repo, headSha);
    const runs = gates.known ? gates.value : [];
    const check = renderUnreadable(reasons, {
      docsUrl: context.docsUrl,
      givenUp: step.show === "gave-up",
      waysOut: [...new Set(hopeless.flatMap(({ wayOut }) => wayOut ?? []))],
      // Arrivals once seen stay seen: else every hiccup would end approvals where nothing but the record tells of them.
      record: encodeRecord(recordOf(runs)),
    });
    await applyActions(place.client, place.repo, planCheck(headSha, check, runs), context.log);
  }
  return retryLater(step);
}

function withoutTime({ notBefore: _, ...rest }: ReconcileHint): ReconcileHint {
  return rest;
}

function shortDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
