import { levelOf } from "../github/api/budget.ts";
import { findSecondFile } from "../github/collect/config/own.ts";
import { forgetSiblings } from "../github/collect/pull-request/siblings.ts";
import type { ReconcileHint } from "../jobs/hint.ts";
import type { Attempt, JobResult } from "../jobs/queue.ts";
import { planGateOver } from "../plan/gate/closed.ts";
import { plan } from "../plan/plan.ts";
import { isOff } from "../policy/mode.ts";
import { carryOut } from "./carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "./context.ts";
import { lookAtDeployments } from "./deployment/review.ts";
import { type Evaluated, evaluatePullRequest, isEvaluated } from "./evaluate/pull-request.ts";
import { reconcileClosed } from "./gate/closed.ts";
import { readFormerHeads } from "./gate/former-heads.ts";
import { followFreeze } from "./gate/freeze.ts";
import { handOver } from "./gate/handed-over.ts";
import { reconcileOpen } from "./gate/open.ts";
import { changesNothing, settle } from "./gate/second-look.ts";
import { showUnreadable } from "./gate/unreadable.ts";
import { believed, lookAgain, NO_RETRY, retryLater, retryStep } from "./retry.ts";

/** The verdict on one pull request: collect, evaluate, plan, carry out. */
export async function reconcilePullRequest(
  context: ReconcileContext,
  place: Place,
  number: number,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  if (hint.labeledBy === `${place.client.app.slug}[bot]`) return {};
  if (await changesNothing(context, place, number, hint, attempt)) return {};
  for (const sha of [hint.headSha ?? [], hint.formerHeads ?? []].flat())
    forgetSiblings(place.client, place.repo, sha, number, sha === hint.headSha ? hint.refs?.base : undefined);
  const waiting = await waitForBudget(context, place, hint, attempt);
  if (waiting !== null) return waiting;
  const evaluating = evaluatePullRequest(place, number, believed(hint, attempt), { completesLater: true });
  const evaluated = await handOver(place, number, evaluating);
  if (!isEvaluated(evaluated)) {
    if (evaluated.state === "gone") return {};
    return showUnreadable(context, place, headToShow(hint, evaluated.headSha), [evaluated.reason], attempt);
  }
  if (isOff(evaluated.collected.policy)) return {};
  const result = await reconcileEvaluated(context, place, evaluated, hint, attempt);
  await followFreeze(context, place, evaluated);
  await lookAtDeployments(context, place, evaluated);
  settle(place, evaluated, result);
  const { updatedAt } = evaluated.collected.snapshot.pullRequest;
  const again = result.retryAfterMs === undefined ? lookAgain(updatedAt, hint, attempt) : null;
  if (again !== null) return again;
  return (await isPolicyComplete(context, place))
    ? result
    : retryLater(retryStep(attempt, context.retryTimes));
}

/** Where it is shown that nothing could be read; a check of what is merged stays as it was at the merge. */
function headToShow({ merged, headSha }: ReconcileHint, read: string | null = null): string | null {
  return merged ? null : (read ?? headSha ?? null);
}

/**
 * Looks whether the configuration is there under both names, which the verdict has not waited for, and has
 * all looked at again where it is. False: that could not be read.
 */
async function isPolicyComplete(context: ReconcileContext, place: Place): Promise<boolean> {
  const both = await findSecondFile(place.client, place.repo);
  const all = { key: { ...keyOf(place), kind: "repository", all: true }, hint: {} } as const;
  if (both.known && both.value) await carryOut(context, place, plan({ jobs: [all] }), NO_RETRY);
  return both.known;
}

/**
 * Where so few of the hour's requests are left that an evaluation may not come to its end: says so, and until
 * when, on the head, and waits. `null`: there are enough.
 */
async function waitForBudget(
  context: ReconcileContext,
  place: Place,
  hint: ReconcileHint,
  { number }: Attempt,
): Promise<JobResult | null> {
  const { client } = place;
  const budget = client.budget?.() ?? null;
  const now = client.serverTime().getTime();
  if (budget === null || levelOf(budget, now) !== "spent") return null;
  const until = new Date(budget.resetAt).toISOString().slice(11, 16);
  const reason = `GitHub's rate limit for this installation is used up; the check resumes automatically at ${until} UTC`;
  await showUnreadable(context, place, headToShow(hint), [reason], {
    number,
    elapsedMs: context.retryTimes.quiet,
  });
  return { waitMs: budget.resetAt - now + 1_000 };
}

async function reconcileEvaluated(
  context: ReconcileContext,
  place: Place,
  evaluated: Evaluated,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const { state, merged } = evaluated.collected.snapshot.pullRequest;
  if (merged !== null) {
    const step = retryStep(attempt, context.retryTimes);
    const former = await readFormerHeads(context, place, evaluated);
    return (await carryOut(context, place, planGateOver(evaluated, former, hint, keyOf(place)), step)).result;
  }
  return state === "closed"
    ? reconcileClosed(context, place, evaluated, hint, attempt)
    : reconcileOpen(context, place, evaluated, hint, attempt);
}
