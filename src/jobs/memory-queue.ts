import { LRUCache } from "lru-cache";
import { CONCURRENCY, FIRST_PAUSE_MS, failurePause, MAX_FAILURES, PEOPLE, placesFor } from "./bounds.ts";
import { keyId, keyName, type Lane, laneOf } from "./key.ts";
import {
  attemptOf,
  type GivenUp,
  giveUp,
  type Job,
  type JobResult,
  type LaneState,
  mergeJobs,
  type Queue,
  type QueueOptions,
  type RunOutcome,
  withGivenUp,
} from "./queue.ts";
import { createTurns } from "./turns.ts";
import { fieldsOf } from "./work.ts";

/** More are seen in the log only. */
const MOST_GIVEN_UP = 1_000;

/** What is known of one key. It exists while the key waits, runs or pauses. */
interface Entry {
  readonly id: string;
  /** What the next run is for; `null`: nothing new. */
  next: Job | null;
  readonly lane: Lane;
  state: "ready" | "running" | "pausing";
  /** All of `next` came while the run before was under way. */
  follows: boolean;
  /** Since when it waits for a place. */
  readyAt: number;
  timer: NodeJS.Timeout | undefined;
  /** Runs that did not come to an end, and when the first of them began. */
  attempts: number;
  since: number;
  /** Throws in a row since the last event. */
  failures: number;
}

/**
 * The queue of one process. It is lost with it; the sweep repairs that. Verdicts go before what people read,
 * and installations take turns (`turns.ts`).
 */
export function createMemoryQueue({
  worker,
  log,
  concurrency = CONCURRENCY,
  firstPauseMs = FIRST_PAUSE_MS,
  onRun,
}: QueueOptions): Queue {
  const entries = new Map<string, Entry>();
  const lanes = { verdict: createTurns(placesFor(concurrency)), people: createTurns(PEOPLE) };
  const givenUp = new LRUCache<string, GivenUp>({ max: MOST_GIVEN_UP });
  let waiters: (() => void)[] = [];
  let running = 0;
  let closed = false;
  let pumping = false;

  async function add(job: Job): Promise<void> {
    if (closed) return;
    const id = keyId(job.key);
    const entry = entries.get(id);
    if (entry === undefined) {
      const fresh: Entry = {
        id,
        next: job,
        lane: laneOf(job.key),
        state: "ready",
        follows: false,
        readyAt: 0,
        timer: undefined,
        attempts: 0,
        since: 0,
        failures: 0,
      };
      entries.set(id, fresh);
      makeReady(fresh, job);
      return;
    }
    const before = entry.next;
    entry.next = before === null ? job : mergeJobs(before, job);
    entry.failures = 0;
    entry.follows = entry.state === "running";
    if (entry.state === "pausing") makeReady(entry, entry.next);
    else if (entry.state === "ready" && before !== null) {
      lanes[laneOf(job.key)].move(id, before, entry.next);
      // There may be a place for it now.
      pumpSoon();
    }
  }

  function makeReady(entry: Entry, job: Job): void {
    clearTimeout(entry.timer);
    entry.state = "ready";
    entry.readyAt = performance.now();
    lanes[laneOf(job.key)].push(entry.id, job);
    pumpSoon();
  }

  /** Not at once: whoever adds is answering GitHub, and a burst is one run. */
  function pumpSoon(): void {
    if (!pumping) setImmediate(pump);
    pumping = true;
  }

  function pump(): void {
    pumping = false;
    while (!closed) {
      const turn = lanes.verdict.take() ?? lanes.people.take();
      if (turn === undefined) return;
      const entry = entries.get(turn.id);
      running += 1;
      void run(entry).finally(() => {
        running -= 1;
        turn.release();
        pump();
        settle();
      });
    }
  }

  async function run(entry: Entry | undefined): Promise<void> {
    if (entry === undefined || entry.next === null) return;
    const given = givenUp.get(entry.id);
    const own = entry.next;
    const job = withGivenUp(own, given);
    const follows = entry.follows && entry.attempts === 0;
    entry.next = null;
    entry.follows = false;
    entry.state = "running";
    const started = performance.now();
    if (entry.attempts === 0) entry.since = started;
    const elapsedMs = Math.round(started - entry.since);
    const attempt = attemptOf(
      { number: entry.attempts, elapsedMs, ...(follows ? { follows } : {}) },
      own,
      given,
    );
    let result: JobResult | undefined;
    try {
      result = await worker(job, attempt);
    } catch (err) {
      entry.failures += 1;
      const fields = { err, ...fieldsOf(job), job: keyName(job.key), attempt: attempt.number };
      if (entry.failures < MAX_FAILURES || entry.next !== null)
        log.warn(fields, "job failed, will be tried again");
      else
        log.error(fields, "job failed too often and is given up; the next event or sweep takes it up again");
      if (entry.failures >= MAX_FAILURES && entry.next === null)
        givenUp.set(entry.id, giveUp(job, attempt, given, err ?? "unknown"));
    }
    if (result?.gaveUp) givenUp.set(entry.id, giveUp(job, attempt, given));
    const outcome = finish(entry, job, result);
    onRun?.(outcome, performance.now() - started, job);
  }

  /** `result` is undefined where the worker threw. */
  function finish(entry: Entry, job: Job, result: JobResult | undefined): RunOutcome {
    if (result?.waitMs !== undefined && !closed) {
      entry.next = entry.next === null ? job : mergeJobs(job, entry.next);
      pauseFor(entry, entry.next, result.waitMs);
      return "retry";
    }
    const pause = result === undefined ? failurePause(entry.failures, firstPauseMs) : result.retryAfterMs;
    const newEvent = entry.next;
    const isGivenUp = result === undefined && entry.failures >= MAX_FAILURES && newEvent === null;
    if (pause === undefined || isGivenUp || closed) {
      entry.attempts = 0;
      entry.failures = 0;
      if (result !== undefined && !result.gaveUp) givenUp.delete(entry.id);
      if (newEvent !== null && !closed) makeReady(entry, newEvent);
      else entries.delete(entry.id);
      return isGivenUp ? "given-up" : "done";
    }
    entry.attempts += 1;
    entry.next = newEvent === null ? job : mergeJobs(job, newEvent);
    if (newEvent !== null) makeReady(entry, entry.next);
    else pauseFor(entry, entry.next, pause);
    return result === undefined ? "failed" : "retry";
  }

  function stateOf(lane: Lane): LaneState {
    const mine = [...entries.values()].filter((entry) => entry.lane === lane);
    const ready = mine.filter(({ state }) => state === "ready").map(({ readyAt }) => readyAt);
    const active = mine.filter(({ state }) => state === "running").length;
    return {
      waiting: mine.length - active,
      running: active,
      oldestMs: ready.length === 0 ? 0 : performance.now() - Math.min(...ready),
    };
  }

  function pauseFor(entry: Entry, job: Job, ms: number): void {
    entry.state = "pausing";
    entry.timer = setTimeout(() => makeReady(entry, job), ms);
  }

  function settle(): void {
    if (running > 0 || entries.size > 0) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  function idle(): Promise<void> {
    return new Promise((resolve) => {
      waiters.push(resolve);
      settle();
    });
  }

  async function close(timeoutMs = 10_000): Promise<void> {
    closed = true;
    for (const entry of entries.values()) {
      clearTimeout(entry.timer);
      if (entry.state !== "running") entries.delete(entry.id);
    }
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([idle(), timeout]);
    clearTimeout(timer);
  }

  return {
    engine: "memory",
    add,
    idle,
    close,
    state: async () => ({
      lanes: { verdict: stateOf("verdict"), people: stateOf("people") },
      givenUp: givenUp.size,
      instances: 1,
    }),
    givenUp: async () => [...givenUp.values()],
    ready: async () => (closed ? "the process is stopping" : null),
    leads: async () => true,
    losses: async () => "nothing",
  };
}
