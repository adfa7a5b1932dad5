import { mergeHints, type ReconcileHint } from "./hint.ts";
import type { Lane, ReconcileKey } from "./key.ts";

/** Something to look at: which thing (`key`), what an event said about it (`hint`), and how soon. */
export interface Job {
  readonly key: ReconcileKey;
  readonly hint: ReconcileHint;
  /** No event asks for it (a sweep, an installation, one of many from a repository): it lets events pass. */
  readonly background?: boolean;
  /** Which of those in the lane of people goes first. Default: `answer`. */
  readonly importance?: Importance;
  /** When the event came that asked for it, in milliseconds since the epoch; not set: none did. */
  readonly heardAt?: number;
  /** The id of the newest delivery that asked for it; not set: none did. */
  readonly delivery?: string;
  /** The trace that it belongs to, as `traceparent`; not set: nobody records one. */
  readonly trace?: string;
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
  const delivery = newer.delivery ?? older.delivery;
  const trace = newer.trace ?? older.trace;
  const heard = [older.heardAt, newer.heardAt].filter((at) => at !== undefined);
  return {
    key: newer.key,
    hint: mergeHints(older.hint, newer.hint),
    ...(background ? { background } : {}),
    ...(importance === undefined ? {} : { importance }),
    ...(delivery === undefined ? {} : { delivery }),
    ...(trace === undefined ? {} : { trace }),
    ...(heard.length === 0 ? {} : { heardAt: Math.min(...heard) }),
  };
}

/** How often and since when this key is being tried without an end. */
export interface Attempt {
  /** 0 for the first try. */
  readonly number: number;
  /** Milliseconds since the first try that did not come to an end. */
  readonly elapsedMs: number;
  /** All that it is for came while the run before was under way, in this process. */
  readonly follows?: true;
}

/** How a run ended, where it did not throw. */
export interface JobResult {
  /** Not done, try again after that time (sooner when a new event comes). */
  readonly retryAfterMs?: number;
  /** Nothing was tried, since it has to wait for so long: that counts as no attempt. */
  readonly waitMs?: number;
  /**
   * Not done, and tried for long enough: it is kept with what was given up, and taken up again after a while.
   */
  readonly gaveUp?: true;
}

/** What does a job. Where it rejects, the queue tries again by itself. */
export type Worker = (job: Job, attempt: Attempt) => Promise<JobResult>;

/** How a run can come out. `given-up`: it threw so often that it is tried no more by itself. */
export const RUN_OUTCOMES = ["done", "retry", "failed", "given-up"] as const;

/** One of `RUN_OUTCOMES`. */
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Where the queue tells what it gives up and what it waits for; a pino logger is one. */
export interface QueueLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What any queue needs. */
export interface QueueOptions {
  readonly worker: Worker;
  readonly log: QueueLog;
  /** How many jobs that write verdicts run side by side; those for people have places of their own. */
  readonly concurrency?: number;
  /** Milliseconds before a job that threw is tried again; each further pause is twice as long. */
  readonly firstPauseMs?: number;
  /** Called after every run, for metrics. */
  readonly onRun?: (outcome: RunOutcome, durationMs: number, job: Job) => void;
}

/** Work that failed so often, or took so long, that it is tried no more by itself. */
export interface GivenUp {
  readonly job: Job;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The last failure, in a line; `null`: the worker has said so itself (`JobResult.gaveUp`). */
  readonly reason: string | null;
  /** When the first of all its tries began, and how often it was given up since. */
  readonly since: number;
  readonly times: number;
}

/** What a run is for: also what was given up of its key, which is not done by what came since. */
export function withGivenUp(job: Job, given: GivenUp | undefined): Job {
  return given === undefined ? job : mergeJobs(given.job, job);
}

/**
 * The try of a job whose key has something that was given up. Taken up in the background it is one try more
 * of all that there were: not tried for long again.
 */
export function attemptOf(attempt: Attempt, job: Job, given: GivenUp | undefined): Attempt {
  if (given === undefined) return attempt;
  const { number, elapsedMs } = attempt;
  return job.background ? { number: number + 1, elapsedMs: Date.now() - given.since } : { number, elapsedMs };
}

/**
 * Kept as given up, now; `before`: what is kept of its key. `failure` is absent where the worker has said so.
 */
export function giveUp(
  job: Job,
  { elapsedMs }: Attempt,
  before: GivenUp | undefined,
  failure?: unknown,
): GivenUp {
  const message = failure instanceof Error ? failure.message : String(failure);
  const at = Date.now();
  return {
    job,
    at,
    reason: failure === undefined ? null : message.slice(0, 200),
    since: before?.since ?? at - elapsedMs,
    times: (before?.times ?? 0) + 1,
  };
}

/** What a queue may have lost (`Queue.losses`). */
export type Losses = "nothing" | "some" | "all";

/** How much there is to do. */
export interface QueueState {
  readonly lanes: Readonly<Record<Lane, LaneState>>;
  readonly givenUp: number;
  /** Processes that work on this queue. */
  readonly instances: number;
}

/** Jobs of one lane. */
export interface LaneState {
  /** Pauses before another try included. */
  readonly waiting: number;
  readonly running: number;
  /** How long the oldest waits that nothing but a place is wanting for; 0: there is none. */
  readonly oldestMs: number;
}

/**
 * Jobs by key. Jobs of one key (`keyId`) never run side by side; jobs that come while one waits are merged
 * into it, those that come while one runs make one further run. Installations take turns, and the background
 * gives way. A worker that throws is tried again later, with growing pauses, and then given up with a log
 * line; what is given up is kept until it is done after all.
 */
export interface Queue {
  readonly engine: "memory" | "redis";
  /** Resolves when the job is kept; rejects where it cannot be. */
  add(job: Job): Promise<void>;
  /** Resolves when nothing is waiting (retries included) or running. */
  idle(): Promise<void>;
  /**
   * Takes no more jobs, and waits for those that run (at most `timeoutMs`). What waits is left to whoever
   * finds it: another instance, or the sweep.
   */
  close(timeoutMs?: number): Promise<void>;
  state(): Promise<QueueState>;
  givenUp(): Promise<readonly GivenUp[]>;
  /** Can jobs be taken? `null`, or the reason in plain words. Never rejects. */
  ready(): Promise<string | null>;
  /** Is it this instance's turn to sweep? Then it stays so until the process ends. */
  leads(): Promise<boolean>;
  /**
   * What may have been lost since this was asked last. `all`: nothing was kept here before, or Redis has been
   * started again since, or is another one, and may have forgotten; `some`: an instance ended without a word,
   * and with it what it had not yet passed on.
   */
  losses(): Promise<Losses>;
}
