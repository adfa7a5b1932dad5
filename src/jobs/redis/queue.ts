import { randomUUID } from "node:crypto";
import { type Job as BullJob, Queue as BullQueue, Worker as BullWorker, UnrecoverableError } from "bullmq";
import type { Redis } from "ioredis";
import { CONCURRENCY, PEOPLE, placesFor } from "../bounds.ts";
import { keyId, keyName, type Lane, laneOf, type ReconcileKey } from "../key.ts";
import {
  attemptOf,
  IMPORTANCES,
  type Job,
  type JobResult,
  type LaneState,
  type Queue,
  type QueueOptions,
  withGivenUp,
} from "../queue.ts";
import { currentRun, type Run } from "../run.ts";
import type { Places } from "../turns.ts";
import { fieldsOf } from "../work.ts";
import {
  complainer,
  connectFast,
  connectPatient,
  describeRedisFailure,
  inspect,
  lastFailure,
  settled,
} from "./connection.ts";
import { createEnds, jobIn, NO_PLACE_MS, toGivenUp } from "./ends.ts";
import { createForesight } from "./foresight.ts";
import { namesOf, prefixOf } from "./names.ts";
import { BACKGROUND, createPlaces } from "./places.ts";
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
const HEARTBEAT_MS = 5_000;
/** Whoever sweeps and says nothing for so long is no more. */
const LEAD_MS = 30_000;
/** Whoever waits until nothing is to be done asks so often, and less often the longer it takes. */
const POLL_MS = 25;
const SELDOM_MS = 250;

interface Data {
  readonly key: ReconcileKey;
  /** Since when it waits for a place of its installation's, in milliseconds since the epoch. */
  readonly since?: number;
}

/**
 * The queue of any number of processes, BullMQ on Redis 7 or newer. A job there is but a key; what it is for
 * is noted beside it (`scripts.ts`), so that whatever merges or replaces jobs loses nothing. A job whose
 * process died is run by another one after the lock's time. A process that was blocked longer than that may
 * run beside it: so each write asks whether the run still has the job (`run.ts`).
 */
export function createRedisQueue(options: RedisQueueOptions): RedisQueue {
  const { url, app, worker, log, concurrency = CONCURRENCY, lockMs = LOCK_MS, firstPauseMs, onRun } = options;
  const prefix = prefixOf(app);
  const instance = randomUUID();
  const redis = connectFast(url, log);
  inspect(redis, log);
  const workerConnection = connectPatient(url, log);
  const scripts = scriptsOf(redis);
  const complain = complainer(log);
  const names = namesOf(prefix);
  const all: Readonly<Record<Lane, Places>> = { verdict: placesFor(concurrency), people: PEOPLE };
  const places = createPlaces(all);
  const foresight = createForesight();
  const { finish, again, abandoned, givenUpOf } = createEnds({ redis, names, log, firstPauseMs, put });
  const queues = { verdict: queueOf("verdict"), people: queueOf("people") };
  let closing = false;
  let leading = false;
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
      concurrency: all[lane].all,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: MOST_STALLS,
    });
    bull.on("error", complain);
    bull.on("failed", (job, error) => {
      // Given up by BullMQ itself: what is given up here has been kept by then.
      if (job !== undefined && error.name === "UnrecoverableError" && error.message !== GIVEN)
        void abandoned(job.data.key).catch(complain);
    });
    return bull;
  }

  async function add(job: Job): Promise<void> {
    const id = keyId(job.key);
    const lane = laneOf(job.key);
    const flow = String(job.key.installationId);
    const keys = { ...names.of(id), times: names.times(lane) };
    await settled(redis);
    const band = bandOf(job);
    const guess = foresight.guess(lane, band, flow);
    const guessed = band * BAND + guess;
    // In this order on one connection: what it is for is there before anybody can begin with it.
    const [{ priority, place }, added] = await Promise.all([
      scripts.push(keys, JSON.stringify(job), band, flow, guess),
      put(lane, job.key, { priority: guessed }),
    ]);
    if (place !== "kept") foresight.given(lane, flow, priority);
    if (place === "new" && priority === guessed) return;
    if (place === "kept" && Math.floor(priority / BAND) === band) return;
    // What was put for after a run, or in place of a pause, has the place that was guessed.
    const there = place === "new" ? added : await put(lane, job.key, { priority });
    // One that waits keeps its place in the line, and BullMQ takes another one only if it is told to.
    await there.changePriority({ priority }).catch(() => {});
  }

  function put(
    lane: Lane,
    key: ReconcileKey,
    { since, ...options }: { readonly priority: number; readonly delay?: number; readonly since?: number },
  ) {
    return queues[lane].add(
      "job",
      { key, ...(since === undefined ? {} : { since }) },
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
    // What was raised says so only here: its options stay as they were.
    const priority = bull.priority || 1;
    foresight.begun(lane, priority);
    const release = places.take(lane, key, priority);
    if (release === null) {
      await again(lane, key, priority, NO_PLACE_MS, waitsSince(bull));
      return;
    }
    try {
      const lock = names.lock(lane, bull.id);
      const isMine = async () => (await redis.get(lock).catch(() => null)) === token;
      await work(lane, id, priority, { isMine });
    } finally {
      release();
    }
  }

  async function work(lane: Lane, id: string, priority: number, run: Run): Promise<void> {
    const keys = { ...names.of(id), times: names.times(lane) };
    const now = Date.now();
    const [{ entries, number, since, follows }, given] = await Promise.all([
      scripts.take(keys, priority, now, instance),
      givenUpOf(id),
    ]);
    const own = jobIn(entries);
    // A run before this one has seen all of it.
    if (own === null) return;
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
    const outcome = await finish({ lane, job, priority, attempt, given, result, failure });
    onRun?.(outcome, performance.now() - started, job);
    if (outcome === "given-up") throw new UnrecoverableError(GIVEN);
  }

  async function heartbeat(): Promise<void> {
    try {
      await scripts.beat(names.instances, names.gone, instance, 4 * HEARTBEAT_MS);
      if (leading && !closing) leading = await scripts.lease(names.leader, instance, LEAD_MS);
    } catch (error) {
      complain(error as Error);
    }
  }

  async function laneState(lane: Lane): Promise<LaneState> {
    const queue = queues[lane];
    const {
      waiting = 0,
      prioritized = 0,
      delayed = 0,
      active = 0,
    } = await queue.getJobCounts("waiting", "prioritized", "delayed", "active");
    const ready = waiting + prioritized + delayed === 0 ? [] : await oldestOf(queue);
    return {
      waiting: waiting + prioritized + delayed,
      running: active,
      oldestMs: ready.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...ready)),
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
      for (let quiet = 0, pause = POLL_MS; quiet < 2 && !closing; await sleep(pause)) {
        const idle = await isIdle();
        quiet = idle ? quiet + 1 : 0;
        pause = idle ? POLL_MS : Math.min(pause * 1.2, SELDOM_MS);
      }
    },
    async close(timeoutMs = 10_000) {
      closing = true;
      clearInterval(beat);
      const all = Object.values(workers);
      await Promise.race([Promise.all(all.map((one) => one.close())), sleep(timeoutMs)]).catch(complain);
      await Promise.race([redis.zrem(names.instances, instance), sleep(500)]).catch(() => {});
      await Promise.race([scripts.release(names.leader, instance), sleep(500)]).catch(() => {});
      await Promise.race([Promise.allSettled(all.map((one) => one.close(true))), sleep(500)]);
      redis.disconnect();
      workerConnection.disconnect();
    },
    async state() {
      await settled(redis);
      const [verdict, people, givenUp, instances] = await Promise.all([
        laneState("verdict"),
        laneState("people"),
        redis.hlen(names.givenUp),
        redis.zcard(names.instances),
      ]);
      return { lanes: { verdict, people }, givenUp, instances: Math.max(1, instances) };
    },
    async givenUp() {
      await settled(redis);
      return (await redis.hvals(names.givenUp)).map(toGivenUp);
    },
    async ready() {
      if (closing) return "the process is stopping";
      try {
        await settled(redis);
        // One that is full or a replica answers a ping all the same.
        await redis.set(names.ready, "1", "PX", 60_000);
        return null;
      } catch (error) {
        return describeRedisFailure(lastFailure(redis) ?? error);
      }
    },
    async leads() {
      await settled(redis);
      leading = await scripts.lease(names.leader, instance, LEAD_MS);
      return leading;
    },
    async losses() {
      await settled(redis);
      const run = /^run_id:(\S+)/m.exec(await redis.info("server"))?.[1] ?? "";
      const before = await redis.set(names.there, run, "GET");
      const isGone = (await redis.del(names.gone)) > 0;
      if (before === run) return isGone ? "some" : "nothing";
      // What was seen may have asked for work that is lost.
      await redis.del(names.watched, names.pushes);
      return "all";
    },
  };
}

/** Why BullMQ is told that a job failed for good. */
const GIVEN = "given up";

/** The more important first; the background gives way to all of it. */
function bandOf({ background, importance = "answer" }: Job): number {
  return background ? BACKGROUND : IMPORTANCES.indexOf(importance);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Since when it has waited for nothing but a place, in milliseconds since the epoch. */
function waitsSince({ data, timestamp, opts }: BullJob<Data>): number {
  return data.since ?? timestamp + (opts.delay ?? 0);
}

/** So many of a lane are looked at for the oldest: the next in turn, and those that wait for a place. */
const LOOKED_AT = 100;

/** Since when those wait that nothing but a place is wanting for; pauses before another try are none. */
async function oldestOf(queue: BullQueue<Data>): Promise<readonly number[]> {
  const [ready, delayed] = await Promise.all([
    queue.getPrioritized(0, LOOKED_AT - 1),
    queue.getDelayed(0, LOOKED_AT - 1),
  ]);
  return [...ready, ...delayed.filter(({ data }) => data.since !== undefined)].map(waitsSince);
}
