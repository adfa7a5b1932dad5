import { keyId, keyName, laneOf } from "./key.ts";
import { type Attempt, type Job, type JobResult, mergeJobs, type Queue, type Worker } from "./queue.ts";
import { createTurns, type Places } from "./turns.ts";

/** How one run came out. `given-up`: it threw so often that the job was dropped. */
export type RunOutcome = "done" | "retry" | "failed" | "given-up";

/** Where the queue tells what it gives up and what it waits for; a pino logger is one. */
export interface QueueLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a queue in memory needs; `concurrency` and `onRun` may be left out. */
export interface MemoryQueueOptions {
  readonly worker: Worker;
  readonly log: QueueLog;
  /** How many jobs that write verdicts run side by side; those for people have places of their own. */
  readonly concurrency?: number;
  /** Called after every run, for metrics. */
  readonly onRun?: (outcome: RunOutcome, durationMs: number) => void;
}

const CONCURRENCY = 20;
/**
 * Most of the time such a job waits for its turn to write: few of one installation, so that what they write
 * is new.
 */
const PEOPLE: Places = { all: 48, ofInstallation: 4, ofRepository: 4, ofBackground: 24 };
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** After so many failures in a row without a new event between them, a job is dropped: about four minutes. */
const MAX_FAILURES = 10;

/** What is known of one key. It exists while the key waits, runs or pauses. */
interface Entry {
  readonly id: string;
  /** What the next run is for; `null`: nothing new. */
  next: Job | null;
  state: "ready" | "running" | "pausing";
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
  onRun,
}: MemoryQueueOptions): Queue {
  const entries = new Map<string, Entry>();
  const lanes = { verdict: createTurns(placesFor(concurrency)), people: createTurns(PEOPLE) };
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
        state: "ready",
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
    if (entry.state === "pausing") makeReady(entry, entry.next);
    else if (entry.state === "ready" && before !== null) lanes[laneOf(job.key)].move(id, before, entry.next);
  }

  function makeReady(entry: Entry, job: Job): void {
    clearTimeout(entry.timer);
    entry.state = "ready";
    lanes[laneOf(job.key)].push(entry.id, job);
    // Not at once: whoever adds is answering GitHub, and a burst is one run.
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
    const job = entry?.next;
    if (entry === undefined || !job) return;
    entry.next = null;
    entry.state = "running";
    const started = performance.now();
    if (entry.attempts === 0) entry.since = started;
    const attempt: Attempt = { number: entry.attempts, elapsedMs: Math.round(started - entry.since) };
    let result: JobResult | undefined;
    try {
      result = await worker(job, attempt);
    } catch (err) {
      entry.failures += 1;
      const fields = { err, job: keyName(job.key), attempt: attempt.number };
      if (entry.failures < MAX_FAILURES || entry.next !== null)
        log.warn(fields, "job failed, will be tried again");
      else
        log.error(fields, "job failed too often and is given up; the next event or sweep takes it up again");
    }
    onRun?.(finish(entry, job, result), performance.now() - started);
  }

  /** `result` is undefined where the worker threw. */
  function finish(entry: Entry, job: Job, result: JobResult | undefined): RunOutcome {
    if (result?.waitMs !== undefined && !closed) {
      entry.next = entry.next === null ? job : mergeJobs(job, entry.next);
      pauseFor(entry, entry.next, result.waitMs);
      return "retry";
    }
    const pause = result === undefined ? failurePause(entry.failures) : result.retryAfterMs;
    const newEvent = entry.next;
    const givenUp = result === undefined && entry.failures >= MAX_FAILURES && newEvent === null;
    if (pause === undefined || givenUp || closed) {
      entry.attempts = 0;
      entry.failures = 0;
      if (newEvent !== null && !closed) makeReady(entry, newEvent);
      else entries.delete(entry.id);
      return givenUp ? "given-up" : "done";
    }
    entry.attempts += 1;
    entry.next = newEvent === null ? job : mergeJobs(job, newEvent);
    if (newEvent !== null) makeReady(entry, entry.next);
    else pauseFor(entry, entry.next, pause);
    return result === undefined ? "failed" : "retry";
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

  return { add, idle, close, size: () => ({ waiting: entries.size - running, running }) };
}

/** Three quarters of the places at most for one installation, and of these for one repository. */
function placesFor(all: number): Places {
  const some = (of: number, share: number) => Math.max(1, Math.floor(of * share));
  const ofInstallation = some(all, 3 / 4);
  return {
    all,
    ofInstallation,
    ofRepository: some(ofInstallation, 3 / 4),
    ofBackground: some(all, 1 / 2),
  };
}

function failurePause(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
}
