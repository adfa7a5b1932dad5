import type { ReconcileHint } from "../jobs/hint.ts";
import type { Attempt, JobResult } from "../jobs/queue.ts";

/** What people see of a fact that is still unknown, and when the app tries again. */
export interface RetryStep {
  /**
   * `quiet`: nothing is written yet; `retrying`: the check says what is being retried; `gave-up`: the gate
   * says that it failed.
   */
  readonly show: "quiet" | "retrying" | "gave-up";
  /** `null`: not by itself any more; the next event tries again, or the sweep after a while. */
  readonly afterMs: number | null;
}

/** In milliseconds. */
export interface RetryTimes {
  /** Stale reads and hiccups are over within this time; only then is anything shown (design, section 2). */
  readonly quiet: number;
  readonly giveUp: number;
}

export const RETRY_TIMES: RetryTimes = { quiet: 15_000, giveUp: 10 * 60_000 };
/**
 * So long reads may be old: until then it is looked often enough for several of them, one after the other.
 */
const SETTLED_MS = 30_000;
const LONGEST_EARLY_PAUSE_MS = 3_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * The step for this attempt: pauses of 1, 2, 3, 3 … seconds for half a minute, in which old reads become new,
 * then half as long as it has taken so far, at most a minute; given up after ten minutes.
 */
export function retryStep({ number, elapsedMs }: Attempt, times: RetryTimes): RetryStep {
  if (elapsedMs >= times.giveUp) return { show: "gave-up", afterMs: null };
  const pause =
    elapsedMs < SETTLED_MS
      ? Math.min(1_000 * 2 ** Math.min(number, 10), LONGEST_EARLY_PAUSE_MS)
      : Math.min(elapsedMs / 2, LONGEST_PAUSE_MS);
  if (elapsedMs >= times.quiet) return { show: "retrying", afterMs: pause };
  // The quiet time ends when it is over, not a long pause later.
  return { show: "quiet", afterMs: Math.min(pause, Math.max(times.quiet - elapsedMs, 500)) };
}

/** Not done: what the queue is told, so that this is tried again, or kept for the sweep to take up. */
export function retryLater({ afterMs }: RetryStep): JobResult {
  return afterMs === null ? { gaveUp: true } : { retryAfterMs: afterMs };
}

/** Of parts of one job: as soon as one of them has to be tried again; done where all are. */
export function sooner(results: readonly JobResult[]): JobResult {
  const pauses = results.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  if (pauses.length > 0) return { retryAfterMs: Math.min(...pauses) };
  return results.find(({ gaveUp }) => gaveUp) ?? {};
}

/**
 * After this time an answer older than the event is believed: events can be wrong, and the gate must not wait
 * for ever.
 */
const STALE_MS = 6_000;

/**
 * What was read is older than the event, and was believed all the same: to be looked at again for a while, in
 * case GitHub only was slow to show what the event told of. `null`: it need not be.
 */
export function lookAgain(
  updatedAt: string,
  { notBefore }: ReconcileHint,
  { elapsedMs }: Attempt,
): JobResult | null {
  const isOld = notBefore !== undefined && Date.parse(updatedAt) < Date.parse(notBefore);
  return isOld && elapsedMs < SETTLED_MS ? { retryAfterMs: LONGEST_EARLY_PAUSE_MS } : null;
}

/** The hint as far as it is still believed. */
export function believed(hint: ReconcileHint, { elapsedMs }: Attempt): ReconcileHint {
  if (elapsedMs < STALE_MS) return hint;
  const { notBefore: _, ...rest } = hint;
  return rest;
}

/** For a plan that is made of jobs alone: there is nothing that it could be tried again for. */
export const NO_RETRY: RetryStep = { show: "gave-up", afterMs: null };
