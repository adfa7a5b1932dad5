import type { Redis } from "ioredis";
import { failurePause, MAX_FAILURES } from "../bounds.ts";
import { keyId, keyName, type Lane, type ReconcileKey } from "../key.ts";
import {
  type Attempt,
  type GivenUp,
  giveUp,
  type Job,
  type JobResult,
  mergeJobs,
  type QueueLog,
  type RunOutcome,
} from "../queue.ts";
import { fieldsOf } from "../work.ts";
import type { Names } from "./names.ts";

/** A job whose installation has its share of the places looks again after this time. */
export const NO_PLACE_MS = 250;

const GIVEN_UP = "job failed too often and is given up; the next event or sweep takes it up again";

/** A run of a job, and what it came to. */
export interface Ended {
  readonly lane: Lane;
  readonly job: Job;
  readonly priority: number;
  readonly attempt: Attempt;
  /** What was given up of the key before. */
  readonly given: GivenUp | undefined;
  /** `undefined`: the worker threw `failure`. */
  readonly result: JobResult | undefined;
  readonly failure: unknown;
}

/** What ends of runs are kept by. */
export interface EndsOptions {
  readonly redis: Redis;
  readonly names: Names;
  readonly log: QueueLog;
  readonly firstPauseMs: number | undefined;
  /** Puts a job in BullMQ's queue. */
  put(
    lane: Lane,
    key: ReconcileKey,
    options: { readonly priority: number; readonly delay?: number; readonly since?: number },
  ): Promise<unknown>;
}

/** What becomes of a job after a run: done, once more, or given up. Rejects where Redis does not take it. */
export function createEnds({ redis, names, log, firstPauseMs, put }: EndsOptions) {
  async function finish({
    lane,
    job,
    priority,
    attempt: tried,
    given,
    result,
    failure,
  }: Ended): Promise<RunOutcome> {
    const id = keyId(job.key);
    const { taken, attempt, entries } = names.of(id);
    const { number } = tried;
    if (result?.waitMs !== undefined) {
      if (number === 0) await redis.hdel(attempt, "since");
      await again(lane, job.key, priority, result.waitMs);
      return "retry";
    }
    if (result?.retryAfterMs !== undefined) {
      await redis.hincrby(attempt, "number", 1);
      await again(lane, job.key, priority, result.retryAfterMs);
      return "retry";
    }
    if (result?.gaveUp) {
      await keep(id, giveUp(job, tried, given));
      return "done";
    }
    if (result !== undefined) {
      await redis.multi().del(taken, attempt).hdel(names.givenUp, id).exec();
      return "done";
    }
    await redis.hincrby(attempt, "number", 1);
    const failures = await redis.hincrby(attempt, "failures", 1);
    const fields = { err: failure, ...fieldsOf(job), job: keyName(job.key), attempt: number };
    if (failures < MAX_FAILURES || (await redis.llen(entries)) > 0) {
      log.warn(fields, "job failed, will be tried again");
      await again(lane, job.key, priority, failurePause(failures, firstPauseMs));
      return "failed";
    }
    log.error(fields, GIVEN_UP);
    await keep(id, giveUp(job, tried, given, failure ?? "unknown"));
    return "given-up";
  }

  async function keep(id: string, entry: GivenUp): Promise<void> {
    const { taken, attempt } = names.of(id);
    await redis.multi().del(taken, attempt).hset(names.givenUp, id, JSON.stringify(entry)).exec();
  }

  /**
   * One more run after this one: after a pause, or at once where something new or more urgent has come. That
   * was put beside this run, and what is put here takes its place.
   */
  async function again(
    lane: Lane,
    key: ReconcileKey,
    priority: number,
    delay: number,
    since?: number,
  ): Promise<void> {
    const place = since === undefined ? {} : { since };
    await put(lane, key, { priority, delay: Math.max(1, Math.ceil(delay)), ...place });
    const turn = await redis.get(names.of(keyId(key)).turn);
    if (turn !== null && (delay > NO_PLACE_MS || Number(turn) < priority))
      await put(lane, key, { priority: Number(turn), ...place });
  }

  async function givenUpOf(id: string): Promise<GivenUp | undefined> {
    const kept = await redis.hget(names.givenUp, id);
    return kept === null ? undefined : toGivenUp(kept);
  }

  /** Whoever ran the job ended in the middle, again and again: it may be what ends them. */
  async function abandoned(key: ReconcileKey): Promise<void> {
    const id = keyId(key);
    const { taken, attempt } = names.of(id);
    const [entries, since, before] = await Promise.all([
      redis.lrange(taken, 0, -1),
      redis.hget(attempt, "since"),
      givenUpOf(id),
    ]);
    const job = jobIn(entries);
    if (job === null) return;
    const reason = "each process that worked on it ended in the middle";
    log.error({ ...fieldsOf(job), job: keyName(key), reason }, GIVEN_UP);
    const tried = { number: 0, elapsedMs: Math.max(0, Date.now() - Number(since ?? Date.now())) };
    await keep(id, giveUp(job, tried, before, new Error(reason)));
  }

  return { finish, again, abandoned, givenUpOf };
}

/** All that entries are for; `null`: there is none. What cannot be read nobody can do: it is left out. */
export function jobIn(entries: readonly string[]): Job | null {
  const jobs = entries.flatMap((entry): readonly Job[] => {
    try {
      return [JSON.parse(entry) as Job];
    } catch {
      return [];
    }
  });
  return jobs.length === 0 ? null : jobs.reduce(mergeJobs);
}

/** As it is kept; versions before counted no times. */
export function toGivenUp(kept: string): GivenUp {
  const entry = JSON.parse(kept) as Omit<GivenUp, "since" | "times"> & Partial<GivenUp>;
  return { since: entry.at, times: 1, ...entry };
}
