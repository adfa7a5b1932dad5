import { randomUUID } from "node:crypto";
import { type Job as BullJob, Queue as BullQueue, Worker as BullWorker, UnrecoverableError } from "bullmq";
import type { Redis } from "ioredis";
import { CONCURRENCY, failurePause, MAX_FAILURES, PEOPLE, placesFor } from "../bounds.ts";
import { keyId, keyName, type Lane, laneOf, type ReconcileKey } from "../key.ts";
import {
  type Attempt,
  attemptOf,
  type GivenUp,
  giveUp,
  IMPORTANCES,
  type Job,
  type JobResult,
  type LaneState,
  mergeJobs,
  type Queue,
  type QueueOptions,
  type RunOutcome,
  withGivenUp,
} from "../queue.ts";
import { currentRun, type Run } from "../run.ts";
import type { Places } from "../turns.ts";
import { fieldsOf } from "../work.ts";
import { complainer, connectFast, connectPatient, describeRedisFailure, settled } from "./connection.ts";
import { BAND, scriptsOf } from "./scripts.ts";

/** What the queue on Redis needs besides. */
export interface RedisQueueOptions extends QueueOptions {
  /** A secret where it has a password in it. */
  readonly url: string;
  /** Of two apps on one Redis each has its own. */
  readonly app: string;
  /** A job whose process says nothing for so long is taken over. */
  readonly lockMs?: number;
}

/** A queue, and the connection that what else is shared may use. */
export interface RedisQueue extends Queue {
  /** Fails at once where Redis cannot be reached. */
  readonly redis: Redis;
  /** What all keys of this app begin with. */
  readonly prefix: string;
  /** Of this process. */
  readonly instance: string;
}

const LANES: readonly Lane[] = ["verdict", "people"];
const LOCK_MS = 30_000;
/** Taken over so often, a job is given up: it may be what ends the processes. */
const MOST_STALLS = 10;
/** A job whose installation has its share of the places looks again after this time. */
const NO_PLACE_MS = 250;
const HEARTBEAT_MS = 5_000;
const POLL_MS = 25;

interface Data {
  readonly key: ReconcileKey;
}

/**
 * The queue of any number of processes, BullMQ on Redis 7 or newer. A job there is but a key; what it is for
 * is noted beside it (`scripts.ts`), so that whatever merges or replaces jobs loses nothing. A job whose
 * process died is run by another one after the lock's time. A process that was blocked longer than that may
 * run beside it: so each write asks whether the run still has the job (`run.ts`).
 */
export function createRedisQueue(options: RedisQueueOptions): RedisQueue {
  const { url, app, worker, log, concurrency = CONCURRENCY, lockMs = LOCK_MS, firstPauseMs, onRun } = options;
  const prefix = `hotfix-guard:${app}`;
  const instance = randomUUID();
  const redis = connectFast(url, log);
  const workerConnection = connectPatient(url, log);
  const scripts = scriptsOf(redis);
  const complain = complainer(log);
  const running = { verdict: 0, people: 0 };
  const places: Readonly<Record<Lane, Places>> = { verdict: placesFor(concurrency), people: PEOPLE };
  const taken = { verdict: new Map<string, number>(), people: new Map<string, number>() };
  const queues = { verdict: queueOf("verdict"), people: queueOf("people") };
  let closing = false;
  const workers = { verdict: workerOf("verdict"), people: workerOf("people") };
  const beat = setInterval(() => void heartbeat(), HEARTBEAT_MS);
  redis.once("ready", () => void heartbeat());

  function queueOf(lane: Lane): BullQueue<Data> {
    const queue = new BullQueue<Data>(lane, { connection: redis, prefix });
    queue.on("error", complain);
    return queue;
  }

  function workerOf(lane: Lane): BullWorker<Data> {
    const bull = new BullWorker<Data>(lane, (job, token = "") => process(lane, job, token), {
      connection: workerConnection,
      prefix,
      concurrency: places[lane].all,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: MOST_STALLS,
    });
    bull.on("error", complain);
    return bull;
  }

  const keysOf = (id: string) => ({
    entries: `${prefix}:for:${id}`,
    taken: `${prefix}:taken:${id}`,
    turn: `${prefix}:turn:${id}`,
    attempt: `${prefix}:attempt:${id}`,
    course: `${prefix}:course:${id}`,
  });
  const timesOf = (lane: Lane) => `${prefix}:times:${lane}`;
  const GIVEN_UP = `${prefix}:given-up`;
  const INSTANCES = `${prefix}:instances`;

  async function add(job: Job): Promise<void> {
    const id = keyId(job.key);
    const lane = laneOf(job.key);
    const flow = String(job.key.installationId);
    const keys = { ...keysOf(id), times: timesOf(lane) };
    await settled(redis);
    const { priority, raised } = await scripts.push(keys, JSON.stringify(job), bandOf(job), flow);
    const added = await put(lane, job.key, { priority });
    // One that waits keeps its place in the line, and BullMQ takes another one only if it is told to.
    if (raised) await added.changePriority({ priority }).catch(() => {});
  }

  function put(
    lane: Lane,
    key: ReconcileKey,
    options: { readonly priority: number; readonly delay?: number },
  ) {
    return queues[lane].add(
      "job",
      { key },
      {
        ...options,
        // While one runs: one more after it. In a pause: at once, in place of it.
        deduplication: { id: keyId(key), keepLastIfActive: true, replace: true },
        // For what fails on the way to the worker and back, Redis itself; the worker's own failures are
        // counted here (`finish`).
        attempts: MOST_STALLS ** 3,
        backoff: { type: "fixed", delay: 1_000 },
        removeOnComplete: true,
        removeOnFail: true,
      },
    );
  }

  async function process(lane: Lane, bull: BullJob<Data>, token: string): Promise<void> {
    const { key } = bull.data;
    const id = keyId(key);
    const priority = bull.opts.priority ?? 1;
    const release = takePlace(lane, key, priority);
    if (release === null) {
      await again(lane, key, priority, NO_PLACE_MS);
      return;
    }
    running[lane] += 1;
    try {
      const isMine = async () =>
        (await redis.get(`${prefix}:${lane}:${bull.id}:lock`).catch(() => null)) === token;
      await work(lane, id, priority, { isMine });
    } finally {
      running[lane] -= 1;
      release();
    }
  }

  async function work(lane: Lane, id: string, priority: number, run: Run): Promise<void> {
    const keys = { ...keysOf(id), times: timesOf(lane) };
    const now = Date.now();
    const [{ entries, number, since, follows }, kept] = await Promise.all([
      scripts.take(keys, priority, now, instance),
      redis.hget(GIVEN_UP, id),
    ]);
    const [first, ...rest] = entries.map((entry) => JSON.parse(entry) as Job);
    // A run before this one has seen all of it.
    if (first === undefined) return;
    const given = kept === null ? undefined : toGivenUp(kept);
    const own = rest.reduce(mergeJobs, first);
    const job = withGivenUp(own, given);
    const elapsedMs = Math.max(0, now - since);
    const attempt = attemptOf(
      { number, elapsedMs, ...(follows && number === 0 ? { follows } : {}) },
      own,
      given,
    );
    const started = performance.now();
    let result: JobResult | undefined;
    let failure: unknown;
    try {
      result = await currentRun.run(run, () => worker(job, attempt));
    } catch (error) {
      failure = error;
    }
    if (!(await run.isMine())) {
      onRun?.("failed", performance.now() - started, job);
      // Where it is its own after all, since Redis did not answer, BullMQ has it run again.
      const message = "this run has lost its job: it was blocked for too long, or Redis could not be reached";
      log.warn({ ...fieldsOf(job), job: keyName(job.key) }, message);
      throw new Error(message);
    }
    await redis.hdel(keys.course, "run");
    const outcome = await finish(lane, job, priority, result, failure, attempt, given);
    onRun?.(outcome, performance.now() - started, job);
    if (outcome === "given-up") throw new UnrecoverableError("given up");
  }

  /** `result` is undefined where the worker threw. */
  async function finish(
    lane: Lane,
    job: Job,
    priority: number,
    result: JobResult | undefined,
    failure: unknown,
    tried: Attempt,
    given: GivenUp | undefined,
  ): Promise<RunOutcome> {
    const id = keyId(job.key);
    const { taken: mine, attempt, entries } = keysOf(id);
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
      await keepGivenUp(id, giveUp(job, tried, given));
      return "done";
    }
    if (result !== undefined) {
      await redis.multi().del(mine, attempt).hdel(GIVEN_UP, id).exec();
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
    log.error(fields, "job failed too often and is given up; the next event or sweep takes it up again");
    await keepGivenUp(id, giveUp(job, tried, given, failure ?? "unknown"));
    return "given-up";
  }

  async function keepGivenUp(id: string, entry: GivenUp): Promise<void> {
    const { taken: mine, attempt } = keysOf(id);
    await redis.multi().del(mine, attempt).hset(GIVEN_UP, id, JSON.stringify(entry)).exec();
  }

  /** One more run after this one: after a pause, unless something new has come. */
  async function again(lane: Lane, key: ReconcileKey, priority: number, delay: number): Promise<void> {
    await put(lane, key, { priority, delay: Math.max(1, Math.ceil(delay)) });
    if ((await redis.llen(keysOf(keyId(key)).entries)) > 0 && delay > NO_PLACE_MS)
      await put(lane, key, { priority });
  }

  /** `null`: its installation, or the background, has its share of this process's places. */
  function takePlace(lane: Lane, key: ReconcileKey, priority: number): (() => void) | null {
    const { ofInstallation, ofBackground } = places[lane];
    const counted: readonly (readonly [string, number])[] = [
      [`installation ${key.installationId}`, ofInstallation],
      ...(priority >= BACKGROUND * BAND ? [["background", ofBackground] as const] : []),
    ];
    const counts = taken[lane];
    if (counted.some(([name, most]) => (counts.get(name) ?? 0) >= most)) return null;
    for (const [name] of counted) counts.set(name, (counts.get(name) ?? 0) + 1);
    return () => {
      for (const [name] of counted) {
        const left = (counts.get(name) ?? 1) - 1;
        if (left > 0) counts.set(name, left);
        else counts.delete(name);
      }
    };
  }

  async function heartbeat(): Promise<void> {
    const now = Date.now();
    await redis
      .multi()
      .zadd(INSTANCES, now, instance)
      .zremrangebyscore(INSTANCES, 0, now - 4 * HEARTBEAT_MS)
      .exec()
      .catch(complain);
  }

  async function laneState(lane: Lane): Promise<LaneState> {
    const queue = queues[lane];
    const {
      waiting = 0,
      prioritized = 0,
      delayed = 0,
      active = 0,
    } = await queue.getJobCounts("waiting", "prioritized", "delayed", "active");
    const [oldest] = await queue.getPrioritized(0, 0);
    return {
      waiting: waiting + prioritized + delayed,
      running: active,
      oldestMs: oldest === undefined ? 0 : Math.max(0, Date.now() - oldest.timestamp - (oldest.delay ?? 0)),
    };
  }

  async function isIdle(): Promise<boolean> {
    const all = await Promise.all(LANES.map(laneState)).catch(() => null);
    return all?.every(({ waiting, running: active }) => waiting === 0 && active === 0) ?? false;
  }

  return {
    engine: "redis",
    redis,
    prefix,
    instance,
    add,
    async idle() {
      for (let quiet = 0; quiet < 2 && !closing; await sleep(POLL_MS))
        quiet = (await isIdle()) ? quiet + 1 : 0;
    },
    async close(timeoutMs = 10_000) {
      closing = true;
      clearInterval(beat);
      const all = Object.values(workers);
      await Promise.race([Promise.all(all.map((one) => one.close())), sleep(timeoutMs)]).catch(complain);
      await Promise.race([redis.zrem(INSTANCES, instance), sleep(500)]).catch(() => {});
      await Promise.race([scripts.release(`${prefix}:leader`, instance), sleep(500)]).catch(() => {});
      await Promise.race([Promise.allSettled(all.map((one) => one.close(true))), sleep(500)]);
      redis.disconnect();
      workerConnection.disconnect();
    },
    async state() {
      const [verdict, people, givenUp, instances] = await Promise.all([
        laneState("verdict"),
        laneState("people"),
        redis.hlen(GIVEN_UP),
        redis.zcount(INSTANCES, Date.now() - 3 * HEARTBEAT_MS, "+inf"),
      ]);
      return { lanes: { verdict, people }, givenUp, instances: Math.max(1, instances) };
    },
    givenUp: async () => (await redis.hvals(GIVEN_UP)).map(toGivenUp),
    async ready() {
      if (closing) return "the process is stopping";
      try {
        await settled(redis);
        await redis.ping();
        return null;
      } catch (error) {
        return describeRedisFailure(error);
      }
    },
    leads: (ms) => scripts.lease(`${prefix}:leader`, instance, ms),
    isFresh: async () => (await redis.set(`${prefix}:there`, "1", "NX")) === "OK",
  };
}

/** The last of the four bands. */
const BACKGROUND = IMPORTANCES.length;

/** The more important first; the background gives way to all of it. */
function bandOf({ background, importance = "answer" }: Job): number {
  return background ? BACKGROUND : IMPORTANCES.indexOf(importance);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** As it is kept; versions before counted no times. */
function toGivenUp(kept: string): GivenUp {
  const entry = JSON.parse(kept) as Omit<GivenUp, "since" | "times"> & Partial<GivenUp>;
  return { since: entry.at, times: 1, ...entry };
}
