import { mergeHints, type ReconcileHint, type ReconcileKey } from "./key.ts";

/** Something to look at: which thing (`key`), what an event said about it (`hint`), and how soon. */
export interface Job {
  readonly key: ReconcileKey;
  readonly hint: ReconcileHint;
  /** No event asks for it (a sweep, an installation, one of many from a repository): it lets events pass. */
  readonly background?: boolean;
  /** Which of those in the lane of people goes first. Default: `answer`. */
  readonly importance?: Importance;
}

/**
 * How soon people have to read it: answers and post-mortems, calls for somebody to act, what only shows how
 * things are. The most important first.
 */
export const IMPORTANCES = ["answer", "call", "status"] as const;

/** One of `IMPORTANCES`. */
export type Importance = (typeof IMPORTANCES)[number];

/** One job for two of the same key: all that both know, and as soon as the more urgent of them. */
export function mergeJobs(older: Job, newer: Job): Job {
  const rank = ({ importance = "answer" }: Job) => IMPORTANCES.indexOf(importance);
  const background = older.background === true && newer.background === true;
  const { importance } = rank(older) < rank(newer) ? older : newer;
  return {
    key: newer.key,
    hint: mergeHints(older.hint, newer.hint),
    ...(background ? { background } : {}),
    ...(importance === undefined ? {} : { importance }),
  };
}

/** How often and since when this key is being tried without an end. */
export interface Attempt {
  /** 0 for the first try. */
  readonly number: number;
  /** Milliseconds since the first try that did not come to an end. */
  readonly elapsedMs: number;
}

/** How a run ended, where it did not throw. */
export interface JobResult {
  /** Not done, try again after that time (sooner when a new event comes). */
  readonly retryAfterMs?: number;
  /** Nothing was tried, since it has to wait for so long: that counts as no attempt. */
  readonly waitMs?: number;
}

/** What does a job. Where it rejects, the queue tries again by itself. */
export type Worker = (job: Job, attempt: Attempt) => Promise<JobResult>;

/**
 * Jobs by key. Jobs of one key (`keyId`) never run side by side; jobs that come while one waits are merged
 * into it, those that come while one runs make one further run. A worker that throws is tried again later,
 * with growing pauses, and then given up with a log line.
 */
export interface Queue {
  /** Resolves when the job is kept; rejects where it cannot be. */
  add(job: Job): Promise<void>;
  /** Resolves when nothing is waiting (retries included) or running. */
  idle(): Promise<void>;
  /**
   * Takes no more jobs, and waits for those that run (at most `timeoutMs`). What waits is left to whoever
   * finds it: another instance, or the sweep.
   */
  close(timeoutMs?: number): Promise<void>;
  size(): { readonly waiting: number; readonly running: number };
}
