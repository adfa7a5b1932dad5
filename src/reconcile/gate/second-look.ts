import { isDeepStrictEqual } from "node:util";
import { remembered } from "../../github/api/memory.ts";
import { identityOf } from "../../github/api/repositories.ts";
import { ownComments } from "../../github/collect/pull-request/own-comments.ts";
import { readPullRequest } from "../../github/collect/pull-request/pull-request.ts";
import { isStale } from "../../github/collect/pull-request/staleness.ts";
import { readHistory } from "../../github/collect/pull-request/timeline.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { plan } from "../../plan/plan.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { known } from "../../policy/fact.ts";
import type { PullRequestFacts } from "../../policy/snapshot.ts";
import { carryOut } from "../carry-out.ts";
import type { Place, ReconcileContext } from "../context.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";
import { NO_RETRY, retryStep } from "../retry.ts";
import { planTalk } from "./talk.ts";

/**
 * A burst of labels and reviews is evaluated once: what of it came while that was under way shows in pull
 * request and timeline, and where they change neither the verdict nor what people read, all else is as it was
 * a moment ago. Anything else is evaluated from the start.
 */

const settled = remembered<Evaluated>("settled a moment ago");

/** The verdict was written, or was there; nothing is tried again. */
export function settle(place: Place, own: Evaluated, { retryAfterMs, gaveUp }: JobResult): void {
  const { pullRequest } = own.collected.snapshot;
  const isSettled = retryAfterMs === undefined && gaveUp === undefined && own.verdict.unknowns.length === 0;
  if (isSettled && pullRequest.state === "open") settled(place.client).set(keyOf(place, own.number), own);
  else settled(place.client).delete(keyOf(place, own.number));
}

/**
 * Did what came while the last evaluation was under way change nothing? False too where that is not certain.
 */
export async function changesNothing(
  context: ReconcileContext,
  place: Place,
  number: number,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<boolean> {
  if (attempt.follows !== true || hint.labelsAndReviews !== true) return false;
  const before = settled(place.client).get(keyOf(place, number));
  if (before === undefined) return false;
  const now = await lookAgain(place, before, hint);
  if (now === null || !isDeepStrictEqual(now.verdict, before.verdict)) return false;
  const step = retryStep(attempt, context.retryTimes);
  const said = planTalk(context, place, before, step);
  const says = planTalk(context, place, now, step);
  const isSaid = <T>(one: T, all: readonly T[]) => all.some((other) => isDeepStrictEqual(one, other));
  if (!says.actions.every((one) => isSaid(one, said.actions))) return false;
  if (!says.announcements.every((one) => isSaid(one, said.announcements))) return false;
  const isQuiet = says.actions.length + says.announcements.length === 0;
  if (isQuiet) await carryOut(context, place, plan({ watch: says.watch }), NO_RETRY);
  return true;
}

/** With pull request and timeline as they are now; `null`: not told, or more has changed than they show. */
async function lookAgain(
  { client, repo }: Place,
  before: Evaluated,
  hint: ReconcileHint,
): Promise<Evaluated | null> {
  const { collected, number } = before;
  const [pull, history] = await Promise.all([
    readPullRequest(client, repo, number),
    readHistory(client, repo, number),
  ]);
  if (!pull.known || pull.value === null || !history.known) return null;
  const { pullRequest } = pull.value;
  if (isStale(pullRequest, history, hint, client.serverTime())) return null;
  const { snapshot, policy, proposedConfig } = collected;
  if (!isDeepStrictEqual(besides(snapshot.pullRequest), besides(pullRequest))) return null;
  const seen = { ...snapshot, pullRequest, history };
  const own = ownComments(history.value);
  return {
    ...before,
    verdict: evaluate(seen, policy, proposedConfig.known ? proposedConfig.value : null),
    collected: {
      ...collected,
      snapshot: seen,
      statusComment: known(own.statusComment),
      answers: known(own.answers),
      doubled: own.doubled,
    },
  };
}

/** Besides what labels and reviews change. */
function besides({ labels: _, updatedAt: __, reviewers: ___, ...rest }: PullRequestFacts) {
  return rest;
}

function keyOf({ client, repo }: Place, number: number): string {
  return `${identityOf(client, repo)}#${number}`;
}
