import type { ReconcileHint, ReconcileKey } from "./key.ts";

export interface Job {
  readonly key: ReconcileKey;
  readonly hint: ReconcileHint;
  /** No event asks for it (a sweep, an installation, one of many from a repository): it lets events pass. */
  readonly background?: boolean;
}

/** How often and since when this key is being tried without an end. */
export interface Attempt {
  /** 0 for the first try. */
  readonly number: number;
  /** Milliseconds since the first try that did not come to an end. */
  readonly elapsedMs: number;
}

/** `retryAfterMs`: not done, try again after that time (sooner when a new event comes). */
export interface JobResult {
  readonly retryAfterMs?: number;
}

export type Worker = (job: Job, attempt: Attempt) => Promise<JobResult>;

/**
 * Jobs by key. Jobs of one key (`keyId`) never run side by side; jobs that come while one waits are merged into it, those that
 * come while one runs make one further run. A worker that throws is tried again later, with growing pauses, and then given up with a log line.
 */
export interface Queue {
  add(job: Job): void;
  /** Resolves when nothing is waiting (retries included) or running. */
  idle(): Promise<void>;
  /** Takes no more jobs, waits for those that run (at most `timeoutMs`), drops what waits. */
  close(timeoutMs?: number): Promise<void>;
  size(): { readonly waiting: number; readonly running: number };
}
