import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { keyId } from "../../src/jobs/key.ts";
import { createMemoryQueue } from "../../src/jobs/memory-queue.ts";
import type { Attempt, Job, JobResult, Queue, QueueOptions, Worker } from "../../src/jobs/queue.ts";
import { createRedisQueue } from "../../src/jobs/redis/queue.ts";
import { HAS_REDIS, type RedisServer, startRedis } from "./redis-server.ts";

/** What any queue keeps, whatever it runs on. Each engine runs all of it. */

let server: RedisServer;
let apps = 0;
beforeAll(async () => {
  if (HAS_REDIS) server = await startRedis();
});
afterAll(async () => {
  if (HAS_REDIS) await server.stop();
});
const open: Queue[] = [];
afterEach(async () => {
  for (const queue of open.splice(0)) await queue.close(0);
});

const ENGINES: readonly (readonly [string, (options: QueueOptions) => Queue])[] = [
  ["in memory", createMemoryQueue],
  ["on Redis", (options) => createRedisQueue({ ...options, url: server.url, app: `app-${++apps}` })],
];

const log = { warn: vi.fn(), error: vi.fn() };

function job(number: number, more: Partial<Job> & { installation?: number; repo?: string } = {}): Job {
  const { installation = 5, repo = "payments", ...rest } = more;
  const key = { kind: "pull-request", installationId: installation, owner: "acme", repo, number } as const;
  return { key, hint: {}, ...rest };
}

/** A worker whose runs end when they are told to. */
function held() {
  const started: Job[] = [];
  const ends = new Map<string, (result: JobResult) => void>();
  const running = new Set<string>();
  let overlap = false;
  const worker: Worker = (one) => {
    const id = keyId(one.key);
    overlap ||= running.has(id);
    running.add(id);
    started.push(one);
    return new Promise((resolve) =>
      ends.set(id, (result) => {
        running.delete(id);
        resolve(result);
      }),
    );
  };
  const end = (one: Job, result: JobResult = {}) => ends.get(keyId(one.key))?.(result);
  return { started, worker, end, overlapped: () => overlap };
}

const soon = (look: () => void | Promise<void>) => vi.waitFor(look, { timeout: 10_000, interval: 10 });

describe.each(ENGINES)("a queue %s", (name, create) => {
  const skip = name === "on Redis" && !HAS_REDIS;
  const test = it.skipIf(skip);
  const queueOf = (worker: Worker, concurrency?: number) => {
    const queue = create({ worker, log, ...(concurrency === undefined ? {} : { concurrency }) });
    open.push(queue);
    return queue;
  };

  test("tells how long the oldest waits for a place, also for one of its installation; a pause is none", async () => {
    const { worker, started } = held();
    const queue = queueOf(
      (one, attempt) =>
        one.key.installationId === 9 ? Promise.resolve({ retryAfterMs: 60_000 }) : worker(one, attempt),
      4,
    );
    await queue.add(job(1, { installation: 9 }));
    await soon(async () =>
      expect((await queue.state()).lanes.verdict).toMatchObject({ waiting: 1, running: 0 }),
    );
    await sleep(300);
    expect((await queue.state()).lanes.verdict.oldestMs).toBe(0);
    for (const number of [1, 2, 3, 4]) await queue.add(job(number, { repo: `repo-${number}` }));
    await soon(() => expect(started).toHaveLength(3));
    await sleep(1_300);
    await soon(async () => {
      const { oldestMs } = (await queue.state()).lanes.verdict;
      expect(oldestMs).toBeGreaterThan(1_000);
      expect(oldestMs).toBeLessThan(30_000);
    });
  });

  test("coalesces: what comes while a key waits or runs is one more run, which knows all", async () => {
    const { started, worker, end, overlapped } = held();
    const queue = queueOf(worker);
    await queue.add(job(1, { hint: { formerHeads: ["a"] } }));
    await soon(() => expect(started).toHaveLength(1));
    for (const head of ["b", "c", "d"]) await queue.add(job(1, { hint: { formerHeads: [head] } }));
    await sleep(100);
    expect(started).toHaveLength(1);
    end(job(1));
    await soon(() => expect(started).toHaveLength(2));
    expect(started[1]?.hint.formerHeads).toEqual(["b", "c", "d"]);
    end(job(1));
    await queue.idle();
    expect(started).toHaveLength(2);
    expect(overlapped()).toBe(false);
  });

  test("a run is told that all it is for came beside the one before, and no other is", async () => {
    const { started, worker, end } = held();
    const follows: unknown[] = [];
    const queue = queueOf((one, attempt) => {
      follows.push(attempt.follows);
      return worker(one, attempt);
    });
    const runs = (count: number) => soon(() => expect(started).toHaveLength(count));
    await queue.add(job(1));
    await runs(1);
    await queue.add(job(1));
    await queue.add(job(1));
    end(job(1));
    await runs(2);
    end(job(1));
    await queue.idle();
    await queue.add(job(1));
    await runs(3);
    expect(follows).toEqual([undefined, true, undefined]);
    // What waits for another try is no run.
    end(job(1), { retryAfterMs: 60_000 });
    await soon(async () => expect((await queue.state()).lanes.verdict).toMatchObject({ running: 0 }));
    await queue.add(job(1));
    await runs(4);
    // What is tried again knows what was left over.
    await queue.add(job(1));
    end(job(1), { retryAfterMs: 1 });
    await runs(5);
    end(job(1));
    await queue.idle();
    expect(follows).toEqual([undefined, true, undefined, undefined, undefined]);
  });

  test("a burst for a key that waits for a place is one run, with the newest name of its repository", async () => {
    const { started, worker, end } = held();
    const queue = queueOf(worker, 1);
    await queue.add(job(9));
    await soon(() => expect(started).toHaveLength(1));
    const under = (repo: string, n: number): Job => {
      const { key } = job(1, { repo });
      return { key: { ...key, repositoryId: 7 } as Job["key"], hint: { formerHeads: [`${n}`] } };
    };
    for (let n = 0; n < 50; n++) await queue.add(under(n < 25 ? "old" : "new", n));
    end(job(9));
    await soon(() => expect(started).toHaveLength(2));
    expect(started[1]?.hint.formerHeads).toHaveLength(50);
    expect(started[1]?.key).toMatchObject({ repo: "new" });
    end(under("new", 0));
    await queue.idle();
    expect(started).toHaveLength(2);
  });

  test("installations take turns, however much one of them wants", async () => {
    const { started, worker, end } = held();
    const queue = queueOf(worker, 1);
    await queue.add(job(0, { installation: 9 }));
    await soon(() => expect(started).toHaveLength(1));
    for (let n = 1; n <= 6; n++) await queue.add(job(n, { installation: 1, repo: "a" }));
    for (const installation of [2, 3]) await queue.add(job(1, { installation, repo: `b${installation}` }));
    const order: number[] = [];
    for (let n = 0; n < 9; n++) {
      await soon(() => expect(started).toHaveLength(n + 1));
      const one = started[n] as Job;
      order.push(one.key.installationId);
      end(one);
    }
    expect(order.slice(1, 4).sort()).toEqual([1, 2, 3]);
    expect(order.slice(4)).toEqual([1, 1, 1, 1, 1]);
    await queue.idle();
  });

  test("no installation takes all places", async () => {
    const { started, worker, end } = held();
    const queue = queueOf(worker, 4);
    for (let n = 1; n <= 20; n++) await queue.add(job(n, { repo: `r${n}` }));
    await soon(() => expect(started).toHaveLength(3));
    await queue.add(job(1, { installation: 6 }));
    await soon(() => expect(started).toHaveLength(4));
    expect(started[3]?.key.installationId).toBe(6);
    end(job(1, { installation: 6 }));
    for (let n = 0; n < 21; n++) {
      await soon(() => expect(started.length).toBeGreaterThan(n));
      end(started[n] as Job);
    }
    await queue.idle();
    expect(started).toHaveLength(21);
  });

  test("the background gives way to events, and takes half of the places", async () => {
    const { started, worker, end } = held();
    const queue = queueOf(worker, 4);
    for (let n = 1; n <= 8; n++) await queue.add(job(n, { background: true, repo: `r${n}` }));
    await soon(() => expect(started).toHaveLength(2));
    await sleep(100);
    expect(started).toHaveLength(2);
    // An event for a key that waits in the background makes an event of it.
    await queue.add(job(8, { repo: "r8" }));
    await soon(() => expect(started).toHaveLength(3));
    expect(keyId((started[2] as Job).key)).toBe(keyId(job(8, { repo: "r8" }).key));
    for (let n = 0; n < 8; n++) {
      await soon(() => expect(started.length).toBeGreaterThan(n));
      end(started[n] as Job);
    }
    await queue.idle();
    expect(started).toHaveLength(8);
  });

  describe("an event for what is of the background takes none of its places", () => {
    const [first, second, third] = [1, 2, 3].map((n) =>
      job(n, { background: true, repo: `r${n}`, installation: n }),
    ) as [Job, Job, Job];
    const event = (n: number) => job(n, { repo: `r${n}`, installation: n });

    test("although it waits for any place", async () => {
      const { started, worker, end } = held();
      const queue = queueOf(worker, 4);
      for (const one of [first, second, event(4), event(5)]) await queue.add(one);
      await soon(() => expect(started).toHaveLength(4));
      await queue.add(third);
      await sleep(100);
      await queue.add(event(3));
      end(event(4));
      await soon(() => expect(started).toHaveLength(5));
    });

    test("although something of the background comes after it, beside the same run", async () => {
      const { started, worker, end } = held();
      const queue = queueOf(worker, 1);
      await queue.add(event(3));
      await soon(() => expect(started).toHaveLength(1));
      for (const one of [first, second, event(3), third]) await queue.add(one);
      end(event(3));
      await soon(() => expect(started).toHaveLength(2));
      expect(started[1]?.key).toEqual(third.key);
    });

    test("and so leaves the background its places", async () => {
      const { started, worker, end } = held();
      const queue = queueOf(worker, 4);
      for (const one of [first, event(4), event(5), event(6)]) await queue.add(one);
      await soon(() => expect(started).toHaveLength(4));
      await queue.add(second);
      await sleep(100);
      await queue.add(event(2));
      end(event(4));
      await soon(() => expect(started).toHaveLength(5));
      await queue.add(third);
      end(event(5));
      await soon(() => expect(started).toHaveLength(6));
    });

    test.each<[string, (end: (one: Job, result: JobResult) => void) => void]>([
      ["is to be tried again", (end) => end(second, { retryAfterMs: 60_000 })],
      ["fails", (end) => end(second, { waitMs: -1 })],
      ["ends", (end) => end(second, {})],
    ])("although it comes beside a run that %s", async (_, settle) => {
      const { started, worker, end } = held();
      const queue = queueOf(async (one, attempt) => {
        const result = await worker(one, attempt);
        if (result.waitMs === -1) throw new Error("no");
        return result;
      }, 4);
      for (const one of [first, second]) await queue.add(one);
      await soon(() => expect(started).toHaveLength(2));
      // It takes the place that is left.
      await queue.add(third);
      await queue.add(event(2));
      settle(end);
      await soon(() =>
        expect(
          started
            .slice(2)
            .map(({ key }) => keyId(key))
            .sort(),
        ).toEqual([second, third].map(({ key }) => keyId(key)).sort()),
      );
    });
  });

  test("what people read has places of its own, by importance", async () => {
    const { started, worker, end } = held();
    const queue = queueOf(worker, 1);
    const people = (number: number, more: Partial<Job> = {}): Job => ({
      key: { ...job(number).key, kind: "conversation", number } as Job["key"],
      hint: {},
      ...more,
    });
    await queue.add(job(1));
    for (let n = 1; n <= 4; n++) await queue.add(people(n));
    await soon(() => expect(started).toHaveLength(5));
    await queue.add(people(5, { importance: "status" }));
    await queue.add(people(6, { importance: "call" }));
    await queue.add(people(7, { importance: "answer" }));
    await sleep(300);
    expect(started).toHaveLength(5);
    for (const one of started.slice(0, 5)) end(one);
    await soon(() => expect(started).toHaveLength(8));
    for (const one of started.slice(5)) end(one);
    await queue.idle();
  });

  test("what asks for it is tried again after its pause, sooner where an event comes, and knows how often", async () => {
    const seen: [Attempt["number"], readonly string[] | undefined, number][] = [];
    const queue = queueOf(async ({ hint }, { number, elapsedMs }) => {
      seen.push([number, hint.formerHeads, elapsedMs]);
      return number === 0 ? { retryAfterMs: 300 } : number === 1 ? { retryAfterMs: 60_000 } : {};
    });
    await queue.add(job(1, { hint: { formerHeads: ["a"] } }));
    await soon(() => expect(seen).toHaveLength(2));
    expect(seen[1]?.[2]).toBeGreaterThanOrEqual(290);
    await vi.waitFor(async () =>
      expect((await queue.state()).lanes.verdict).toMatchObject({ waiting: 1, running: 0 }),
    );
    await queue.add(job(1, { hint: { formerHeads: ["b"] } }));
    await soon(() => expect(seen).toHaveLength(3));
    await queue.idle();
    expect(seen.map(([number, heads]) => [number, heads])).toEqual([
      [0, ["a"]],
      [1, ["a"]],
      [2, ["a", "b"]],
    ]);
    await queue.add(job(1));
    await soon(() => expect(seen).toHaveLength(4));
    expect(seen[3]?.slice(0, 2)).toEqual([0, undefined]);
    await sleep(50);
  });

  test("what has to wait counts as no attempt", async () => {
    const numbers: number[] = [];
    const queue = queueOf(async (_, { number }) => {
      numbers.push(number);
      return numbers.length < 3 ? { waitMs: 50 } : {};
    });
    await queue.add(job(1));
    await queue.idle();
    expect(numbers).toEqual([0, 0, 0]);
  });

  test("a failure is tried again and harms nobody else", async () => {
    let fails = 1;
    const done: string[] = [];
    const queue = queueOf(async ({ key }) => {
      if (keyId(key).endsWith("#1") && fails-- > 0) throw new Error("GitHub is down");
      done.push(keyId(key));
      return {};
    });
    await queue.add(job(1));
    await queue.add(job(2));
    await queue.idle();
    expect(done.sort()).toEqual(["acme/payments#1", "acme/payments#2"]);
    expect((await queue.state()).givenUp).toBe(0);
  });

  test("what fails again and again is given up, kept and seen until it is done after all", async () => {
    let fails = true;
    let runs = 0;
    const queue = create({
      worker: async () => {
        runs += 1;
        if (fails) throw new Error("GitHub is down");
        return {};
      },
      log,
      firstPauseMs: 1,
    });
    open.push(queue);
    await queue.add(job(1, { hint: { formerHeads: ["a"] } }));
    await queue.idle();
    expect(runs).toBe(10);
    expect((await queue.state()).givenUp).toBe(1);
    const [given] = await queue.givenUp();
    expect(given).toMatchObject({ reason: "GitHub is down", job: { hint: { formerHeads: ["a"] } } });
    fails = false;
    await queue.add(given?.job as Job);
    await queue.idle();
    expect((await queue.state()).givenUp).toBe(0);
  });

  test("what says itself that it could not be done in time is kept as well, until it is done", async () => {
    let fails = true;
    const queue = queueOf(async () => (fails ? { gaveUp: true } : {}));
    await queue.add(job(1));
    await queue.idle();
    const [given] = await queue.givenUp();
    expect(given).toMatchObject({ reason: null, job: { key: job(1).key } });
    fails = false;
    await queue.add(given?.job as Job);
    await queue.idle();
    expect((await queue.state()).givenUp).toBe(0);
  });

  test("what was given up is not done by what comes for its key and knows less", async () => {
    const known: unknown[] = [];
    let fails = true;
    const queue = queueOf(async ({ hint }) => {
      known.push(hint.formerHeads ?? hint.labeledBy);
      return fails ? { gaveUp: true } : {};
    });
    await queue.add(job(1, { hint: { formerHeads: ["a"] } }));
    await queue.idle();
    fails = false;
    await queue.add(job(1, { hint: { labeledBy: "hotfix-guard[bot]" } }));
    await queue.idle();
    expect(known).toEqual([["a"], ["a"]]);
    expect((await queue.state()).givenUp).toBe(0);
  });

  test("what was given up and is taken up in the background is tried once, and counted", async () => {
    const tries: boolean[] = [];
    const queue = queueOf(async (_, { elapsedMs }) => {
      tries.push(elapsedMs >= 50);
      return elapsedMs >= 50 ? { gaveUp: true } : { retryAfterMs: 20 };
    });
    await queue.add(job(1));
    await queue.idle();
    const first = tries.length;
    expect(first).toBeGreaterThan(1);
    for (const times of [1, 2]) {
      const [given] = await queue.givenUp();
      expect(given?.times).toBe(times);
      await queue.add({ ...(given?.job as Job), background: true });
      await queue.idle();
    }
    expect(tries.slice(first)).toEqual([true, true]);
    // An event is tried as if it were the first.
    await queue.add(job(1));
    await queue.idle();
    expect(tries.slice(first + 2)[0]).toBe(false);
  });

  test("takes a thousand jobs", async () => {
    const done = new Set<string>();
    const queue = queueOf(async ({ key }) => {
      done.add(keyId(key));
      return {};
    });
    await Promise.all(
      Array.from({ length: 1_000 }, (_, n) =>
        queue.add(job(n, { installation: n % 10, repo: `r${n % 50}` })),
      ),
    );
    await queue.idle();
    expect(done.size).toBe(1_000);
  });

  test("closes: waits for what runs, begins nothing more", async () => {
    const { started, worker, end } = held();
    const queue = queueOf(worker, 1);
    await queue.add(job(1));
    await queue.add(job(2));
    await soon(() => expect(started).toHaveLength(1));
    let closed = false;
    const closing = queue.close(5_000).then(() => {
      closed = true;
    });
    await sleep(100);
    expect(closed).toBe(false);
    end(job(1));
    await closing;
    expect(started).toHaveLength(1);
    expect(await queue.ready()).toBe("the process is stopping");
  });
});
