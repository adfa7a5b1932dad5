import { repositoryNamed } from "../github/api/repositories.ts";
import { type ApplyResult, applyActions } from "../github/apply/apply.ts";
import type { JobResult } from "../jobs/queue.ts";
import { inSpan } from "../jobs/trace.ts";
import { type Plan, POST_MORTEM_URL, type Retry } from "../plan/plan.ts";
import type { Action } from "../policy/action.ts";
import { keyOf, type Place, type ReconcileContext } from "./context.ts";
import { type RetryStep, retryLater } from "./retry.ts";

/** What is never given up is tried again after so long at the latest. */
const LONGEST_MS = 60_000;

/** How a failure's reason ends where GitHub refuses all writes (`read.ts`). */
const ARCHIVED = "(the repository is archived)";

/** How a plan came out. */
export interface CarriedOut extends ApplyResult {
  /** For the queue. */
  readonly result: JobResult;
  /** Something failed that may go better later. */
  readonly again: boolean;
  /** The first thing that could not be done and why, in words that people read; `null`: all was done. */
  readonly problem: string | null;
  /** GitHub takes no more writes there. */
  readonly archived: boolean;
}

/**
 * Does what a plan says, in one place for all of them: writes on GitHub, then further jobs, what is kept in
 * mind, what is told outside, and the lines in the log. Never rejects because of GitHub. What failed and may
 * go better later is tried at the next `step`; where that was the last one, the next event or sweep takes it
 * up. What the app's own limits hold back is never given up.
 */
export function carryOut(
  context: ReconcileContext,
  place: Place,
  plan: Plan,
  step: RetryStep,
): Promise<CarriedOut> {
  const shows = plan.shows === null ? {} : { "hotfix.conclusion": plan.shows };
  const attributes = { "hotfix.actions": plan.actions.length, ...shows };
  return inSpan("carry out", { attributes }, () => carryOutNow(context, place, plan, step));
}

async function carryOutNow(
  context: ReconcileContext,
  { client, repo }: Place,
  plan: Plan,
  step: RetryStep,
): Promise<CarriedOut> {
  const { actions, jobs, watch, remember, announcements } = plan;
  const applied = await applyActions(client, repo, actions, context.log);
  const { failures, posted, postMortems } = applied;
  for (const { created, repository, number } of postMortems)
    if (created)
      context.doubles?.created({
        ...keyOf({ client, repo: repositoryNamed(repository) }),
        kind: "post-mortem",
        number,
      });
  const failed = new Set(failures.map(({ action }) => action));

  for (const { list, key, value = "", after } of remember)
    if (after === undefined ? failures.length === 0 : !failed.has(after))
      context.memory[list].set(key, value);
  if (watch?.seen === "over") context.watch.over(watch.key);
  // What GitHub refuses for good (archived, locked) is no reason to look again at once.
  else if (watch !== null && !failures.some(({ retry }) => retry) && plan.retry === null)
    context.watch.seen(watch.key, watch.seen);
  const [postMortem] = postMortems;
  const isNew = (action: Action | null) =>
    action === null
      ? failures.length === 0
      : action.type === "open-post-mortem"
        ? postMortem?.created === true
        : // A label that is there is not set again by any plan.
          posted.includes(action) || (action.type === "add-label" && !failed.has(action));
  for (const { after, ifNew, ...job } of jobs)
    if ((after === undefined || !failed.has(after)) && (ifNew === undefined || isNew(ifNew)))
      await context.enqueue(job);
  for (const { text, ifNew } of announcements)
    if (isNew(ifNew)) context.announce?.(text.replaceAll(POST_MORTEM_URL, () => postMortem?.url ?? ""));
  for (const { level, fields, message, after } of plan.log)
    if (after === undefined || !failed.has(after)) context.log[level]({ ...repo, ...fields }, message);
  if (plan.shows !== null) context.onVerdict?.(plan.shows, plan.requirement);

  const again = failures.some(({ retry }) => retry);
  const limited = failures.some(({ rateLimited }) => rateLimited);
  const retry: Retry = limited ? "until-done" : again ? "later" : plan.retry;
  return {
    ...applied,
    again,
    problem: failures[0]?.reason ?? null,
    archived: failures.some(({ reason }) => reason.endsWith(ARCHIVED)),
    result: resultOf(plan.retry === "until-done" ? "until-done" : retry, step),
  };
}

/**
 * Carries out the first plan, or where GitHub refuses it for good the other one, which is told why. What may
 * go better later is no refusal.
 */
export async function carryOutOr(
  context: ReconcileContext,
  place: Place,
  first: Plan,
  otherwise: ((reason: string) => Plan) | null,
  step: RetryStep,
): Promise<CarriedOut> {
  const done = await carryOut(context, place, first, step);
  const [failure] = done.failures;
  return failure === undefined || failure.retry || otherwise === null
    ? done
    : carryOut(context, place, otherwise(failure.reason), step);
}

function resultOf(retry: Retry, step: RetryStep): JobResult {
  if (retry === null) return {};
  return retry === "later" ? retryLater(step) : { retryAfterMs: step.afterMs ?? LONGEST_MS };
}
