import type { Attempt } from "../queue/port.ts";

/** What people see of a fact that is still unknown, and when the app tries again. */
export interface RetryStep {
  /** `quiet`: nothing is written yet; `retrying`: the check says what is being retried; `gave-up`: the gate says that it failed. */
  readonly show: "quiet" | "retrying" | "gave-up";
  /** `null`: not by itself any more; the next event or sweep tries again. */
  readonly afterMs: number | null;
}

/** Stale reads and hiccups are over within this time; only then is anything shown (design, section 2). */
const QUIET_MS = 15_000;
const GIVE_UP_MS = 10 * 60_000;
const LONGEST_PAUSE_MS = 60_000;

/** The step for this attempt: pauses of 1, 2, 4 … seconds, at most a minute; given up after ten minutes. */
export function retryStep({ number, elapsedMs }: Attempt): RetryStep {
  if (elapsedMs >= GIVE_UP_MS) return { show: "gave-up", afterMs: null };
  const pause = Math.min(1_000 * 2 ** Math.min(number, 10), LONGEST_PAUSE_MS);
  if (elapsedMs >= QUIET_MS) return { show: "retrying", afterMs: pause };
  // The quiet time ends when it is over, not a long pause later.
  return { show: "quiet", afterMs: Math.min(pause, Math.max(QUIET_MS - elapsedMs, 500)) };
}
