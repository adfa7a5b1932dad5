import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ReconcileHint } from "../../src/jobs/hint.ts";
import { keyId } from "../../src/jobs/key.ts";
import { createMemoryQueue } from "../../src/jobs/memory-queue.ts";
import type { Attempt, Job, JobResult, Queue, RunOutcome, Worker } from "../../src/jobs/queue.ts";

beforeEach(() => {
  // Not setImmediate: it takes no time.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function job(
  number: number,
  { repo = "payments", hint = {}, background = false, installation = 5 }: JobOptions = {},
): Job {
  const key = { kind: "pull-request", installationId: installation, owner: "acme", repo, number } as const;
  return { key, hint, ...(background ? { background } : {}) };
}
interface JobOptions {
  repo?: string;
  hint?: ReconcileHint;
  background?: boolean;
  installation?: number;
}

async function size(queue: Queue) {
  const { verdict, people } = (await queue.state()).lanes;
  return { waiting: verdict.waiting + people.waiting, running: verdict.running + people.running };
}

/** The same repository under another name. */
function renamed({ key, hint }: Job, repo: string): Job {
  return { key: { ...key, repositoryId: 7, repo } as Job["key"], hint };
}

function setUp(worker: Worker, concurrency?: number) {
  const log = { warn: vi.fn(), error: vi.fn() };
  const outcomes: RunOutcome[] = [];
  const queue = createMemoryQueue({
    worker,
    log,
    onRun: (outcome) => outcomes.push(outcome),
    ...(concurrency === undefined ? {} : { concurrency }),
  });
  return { queue, log, outcomes };
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const tick = () => vi.advanceTimersByTimeAsync(0);

/** A worker whose runs end when the test says so. */
function held() {
  const started: Job[] = [];
  const ends = new Map<string, () => void>();
  const worker: Worker = (one) =>
    new Promise<JobResult>((resolve) => {
      started.push(one);
      ends.set(keyId(one.key), () => resolve({}));
    });
  return { started, worker, end: (one: Job) => ends.get(keyId(one.key))?.() };
}

describe("the queue in memory", () => {
  it("takes a repository for the same whatever its name: no job of it beside another, and the newest name is used", async () => {
    const { started, worker, end } = held();
    const { queue } = setUp(worker);
    queue.add(renamed(job(1), "payments"));
    await tick();
    queue.add(renamed(job(1), "payments-api"));
    await tick();
    expect(started).toHaveLength(1);
    end(started[0] as Job);
    await tick();
    expect(started.map(({ key }) => key.kind !== "installation" && key.repo)).toEqual([
      "payments",
      "payments-api",
    ]);
  });

  it("tells a run that all it is for came while the one before was under way, and of no other", async () => {
    const { started, worker, end } = held();
    const follows: unknown[] = [];
    const { queue } = setUp((one, attempt) => {
      follows.push(attempt.follows);
      return worker(one, attempt);
    });
    queue.add(job(1));
    await tick();
    queue.add(job(1));
    end(started[0] as Job);
    await tick();
    end(started[1] as Job);
    await tick();
    queue.add(job(1));
    await tick();
    expect(follows).toEqual([undefined, true, undefined]);
    // Of what came meanwhile some more comes while it waits for its turn.
    queue.add(job(1));
    end(started[2] as Job);
    queue.add(job(1));
    await tick();
    expect(follows).toHaveLength(4);
  });

  it("works on a burst twice at most: what runs, and once more for what came meanwhile", async () => {
    const { started, worker, end } = held();
    const { queue } = setUp(worker);
    queue.add(job(1, { hint: { notBefore: "1" } }));
    await tick();
    for (let n = 2; n <= 50; n += 1)
      queue.add(job(1, { hint: { notBefore: String(n), formerHeads: [`h${n}`] } }));
    await tick();
    expect(started).toHaveLength(1);
    expect(await size(queue)).toEqual({ waiting: 0, running: 1 });
    end(job(1));
    await tick();
    expect(started).toHaveLength(2);
    expect(started[1]?.hint.formerHeads).toHaveLength(49);
    end(job(1));
    await queue.idle();
    expect(started).toHaveLength(2);
    expect(await size(queue)).toEqual({ waiting: 0, running: 0 });
  });

  it("does not begin a job before whoever adds it has answered", async () => {
    const worker = vi.fn(async () => ({}));
    const { queue } = setUp(worker);
    queue.add(job(1));
    expect(worker).not.toHaveBeenCalled();
    await queue.idle();
    expect(worker).toHaveBeenCalledOnce();
  });

  it("never runs more jobs side by side than it may, nor more of one repository or installation than leaves room", async () => {
    const { started, worker } = held();
    const { queue } = setUp(worker, 8);
    for (let n = 0; n < 20; n += 1) queue.add(job(n, { repo: "noisy" }));
    await tick();
    expect(started).toHaveLength(4);
    for (let n = 0; n < 5; n += 1) queue.add(job(n, { repo: `other-${n}` }));
    await tick();
    expect(started).toHaveLength(6);
    for (let n = 0; n < 5; n += 1) queue.add(job(n, { repo: `theirs-${n}`, installation: 6 }));
    await tick();
    expect(started).toHaveLength(8);
    expect(await size(queue)).toEqual({ waiting: 22, running: 8 });
  });

  it("lets an installation pass that has a thousand jobs waiting, in as many repositories", async () => {
    const { started, worker, end } = held();
    const { queue } = setUp(worker, 4);
    for (let n = 0; n < 1_000; n += 1) queue.add(job(n, { repo: `r${n}` }));
    await tick();
    queue.add(job(1, { installation: 6, repo: "theirs" }));
    await tick();
    expect(started.at(-1)?.key).toMatchObject({ installationId: 6 });
    queue.add(job(1, { installation: 7, repo: "others" }));
    // All places are taken; the next one that is free is theirs, or that of whoever has had it before.
    for (const one of started.slice(0, 2)) end(one);
    await tick();
    expect(started.slice(4).map(({ key }) => key.installationId)).toContain(7);
  });

  it("lets repositories take turns", async () => {
    const order: string[] = [];
    const { queue } = setUp(async ({ key }) => {
      order.push(keyId(key));
      await sleep(1);
      return {};
    }, 1);
    for (let n = 1; n <= 4; n += 1) queue.add(job(n, { repo: "a" }));
    queue.add(job(1, { repo: "b" }));
    queue.add(job(1, { repo: "c" }));
    await vi.runAllTimersAsync();
    expect(order).toEqual(["acme/a#1", "acme/b#1", "acme/c#1", "acme/a#2", "acme/a#3", "acme/a#4"]);
  });

  it("lets events pass the background, which still goes on", async () => {
    const order: number[] = [];
    const { queue } = setUp(async ({ key }) => {
      if (key.kind === "pull-request") order.push(key.number);
      await sleep(1);
      return {};
    }, 1);
    for (let n = 101; n <= 104; n += 1) queue.add(job(n, { background: true }));
    for (let n = 1; n <= 6; n += 1) queue.add(job(n));
    // An event on what waits in the background takes it along.
    queue.add(job(104));
    await vi.runAllTimersAsync();
    expect(order).toEqual([1, 2, 3, 101, 4, 5, 6, 102, 104, 103]);
  });

  const people = (number: number, more: Partial<Job> = {}): Job => ({
    key: { kind: "conversation", installationId: 5, owner: "acme", repo: "payments", number },
    hint: {},
    ...more,
  });

  it("verdicts have places of their own: what people read never holds one up, nor is it held up by them", async () => {
    const { started, worker } = held();
    const { queue } = setUp(worker, 1);
    for (let n = 0; n < 20; n += 1) queue.add(people(n));
    await tick();
    expect(started).toHaveLength(4);
    queue.add(job(1));
    await tick();
    expect(started.at(-1)).toEqual(job(1));
    queue.add(job(2));
    const elsewhere = { installationId: 6, owner: "acme", repo: "web" };
    queue.add(people(99, { key: { ...elsewhere, kind: "conversation", number: 99 } }));
    await tick();
    expect(started).toHaveLength(6);
    expect(started.at(-1)?.key).toMatchObject({ installationId: 6 });
  });

  it("goes by importance among what people read, and merges into the more important", async () => {
    const { started, worker, end } = held();
    const { queue } = setUp(worker);
    for (let n = 1; n <= 4; n += 1) queue.add(people(n));
    await tick();
    queue.add(people(5, { importance: "status" }));
    queue.add(people(6, { importance: "call" }));
    queue.add(people(7, { importance: "status" }));
    queue.add(people(8, { importance: "answer" }));
    queue.add(people(7, { importance: "answer" }));
    queue.add(people(8, { importance: "status" }));
    for (let n = 1; n <= 4; n += 1) {
      end(people(n));
      await tick();
    }
    expect(started.slice(4).map(({ key }) => key.kind === "conversation" && key.number)).toEqual([
      8, 7, 6, 5,
    ]);
  });

  it("gives the background half of the places", async () => {
    const { started, worker } = held();
    const { queue } = setUp(worker, 8);
    for (let n = 0; n < 20; n += 1) queue.add(job(n, { repo: `r${n}`, background: true }));
    await tick();
    expect(started).toHaveLength(4);
    queue.add(job(99, { repo: "urgent" }));
    await tick();
    expect(started.at(-1)?.key).toMatchObject({ repo: "urgent" });
  });

  it("tries again after the time the worker names, with the hint and how long it has been trying", async () => {
    const seen: [ReconcileHint, Attempt][] = [];
    const { queue, outcomes } = setUp(async ({ hint }, attempt) => {
      seen.push([hint, attempt]);
      return attempt.number < 2 ? { retryAfterMs: 3_000 } : {};
    });
    queue.add(job(1, { hint: { headSha: "a" } }));
    await tick();
    expect(await size(queue)).toEqual({ waiting: 1, running: 0 });
    await vi.runAllTimersAsync();
    expect(seen).toEqual([
      [{ headSha: "a" }, { number: 0, elapsedMs: 0 }],
      [{ headSha: "a" }, { number: 1, elapsedMs: 3_000 }],
      [{ headSha: "a" }, { number: 2, elapsedMs: 6_000 }],
    ]);
    expect(outcomes).toEqual(["retry", "retry", "done"]);
    // Done: the next one begins anew.
    queue.add(job(1));
    await tick();
    expect(seen.at(-1)).toEqual([{}, { number: 0, elapsedMs: 0 }]);
    await queue.close(0);
  });

  it("is woken from a pause by an event, at once, and keeps what it knew", async () => {
    const seen: [ReconcileHint, number][] = [];
    const { queue } = setUp(async ({ hint }, { number }) => {
      seen.push([hint, number]);
      return number === 0 ? { retryAfterMs: 60_000 } : {};
    });
    queue.add(job(1, { hint: { formerHeads: ["a"] } }));
    await vi.advanceTimersByTimeAsync(10);
    queue.add(job(1, { hint: { formerHeads: ["b"] } }));
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual([
      [{ formerHeads: ["a"] }, 0],
      [{ formerHeads: ["a", "b"] }, 1],
    ]);
    await vi.runAllTimersAsync();
    expect(seen).toHaveLength(2);
  });

  it("tries a failed job again with growing pauses, then gives it up with a log line", async () => {
    const times: number[] = [];
    const start = performance.now();
    const { queue, log, outcomes } = setUp(async () => {
      times.push(Math.round(performance.now() - start));
      throw new Error("GitHub is down");
    });
    queue.add(job(1));
    await vi.runAllTimersAsync();
    const pauses = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((s) => s * 1_000));
    expect(outcomes.at(-1)).toBe("given-up");
    expect(log.warn).toHaveBeenCalledTimes(9);
    expect(log.error).toHaveBeenCalledOnce();
    expect(log.error.mock.calls[0]?.[0]).toMatchObject({ job: "acme/payments#1", attempt: 9 });
    expect(await size(queue)).toEqual({ waiting: 0, running: 0 });
  });

  it("a worker that throws at once, or something that is no error, harms nobody else", async () => {
    const done: string[] = [];
    const { queue } = setUp((one) => {
      if (one.key.kind === "pull-request" && one.key.number === 1) throw "no error";
      done.push(keyId(one.key));
      return Promise.resolve({});
    });
    queue.add(job(1));
    queue.add(job(2));
    await tick();
    expect(done).toEqual(["acme/payments#2"]);
    await queue.close(0);
  });

  it("closes: waits for what runs, drops what waits, takes no more", async () => {
    const { started, worker, end } = held();
    const { queue } = setUp(worker, 1);
    queue.add(job(1));
    queue.add(job(2));
    await tick();
    let closed = false;
    void queue.close(10_000).then(() => {
      closed = true;
    });
    queue.add(job(3));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(closed).toBe(false);
    end(job(1));
    await tick();
    expect(closed).toBe(true);
    expect(started).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("closes after the time-out where a job hangs, and leaves no timer behind when that ends", async () => {
    const worker: Worker = async () => {
      await sleep(60_000);
      throw new Error("late");
    };
    const { queue } = setUp(worker);
    queue.add(job(1));
    await tick();
    const closing = queue.close(10_000);
    await vi.advanceTimersByTimeAsync(10_000);
    await closing;
    await vi.advanceTimersByTimeAsync(50_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(await size(queue)).toEqual({ waiting: 0, running: 0 });
  });

  it("never two of one key side by side; every add is followed by a run that starts after it; all comes to an end", async () => {
    const step = fc.oneof(
      fc.record({
        number: fc.integer({ min: 1, max: 3 }),
        repo: fc.constantFrom("a", "b"),
        background: fc.boolean(),
      }),
      fc.record({ advance: fc.integer({ min: 0, max: 3_000 }) }),
    );
    const behavior = fc.record({
      ms: fc.integer({ min: 0, max: 2_000 }),
      result: fc.constantFrom("done", "retry", "throw", "throw at once"),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.infiniteStream(behavior),
        fc.integer({ min: 1, max: 3 }),
        async (steps, behaviors, concurrency) => {
          const runningKeys = new Set<string>();
          const pending = new Map<string, number>();
          let overlap = false;
          let most = 0;
          let clumsy = 20;
          const worker: Worker = async ({ key }) => {
            const id = keyId(key);
            overlap ||= runningKeys.has(id);
            runningKeys.add(id);
            most = Math.max(most, runningKeys.size);
            pending.delete(id);
            const { ms, result } = behaviors.next().value;
            clumsy -= 1;
            try {
              if (result === "throw at once" && clumsy > 0) throw new Error("at once");
              await sleep(ms);
              if (result === "throw" && clumsy > 0) throw new Error("later");
              return result === "retry" && clumsy > 0 ? { retryAfterMs: ms } : {};
            } finally {
              runningKeys.delete(id);
            }
          };
          const { queue } = setUp(worker, concurrency);
          for (const one of steps) {
            if ("advance" in one) await vi.advanceTimersByTimeAsync(one.advance);
            else {
              const added = job(one.number, one);
              pending.set(keyId(added.key), 1);
              queue.add(added);
            }
          }
          await vi.runAllTimersAsync();
          await queue.idle();
          expect(overlap).toBe(false);
          expect(most).toBeLessThanOrEqual(concurrency);
          expect([...pending.keys()]).toEqual([]);
          expect(await size(queue)).toEqual({ waiting: 0, running: 0 });
        },
      ),
      { numRuns: 200 },
    );
  });
});
