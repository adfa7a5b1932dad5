import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Attempt, Job } from "../../src/jobs/queue.ts";
import { createExclusive } from "../../src/jobs/redis/exclusive.ts";
import { createSharedLimits } from "../../src/jobs/redis/limits.ts";
import { createRedisQueue } from "../../src/jobs/redis/queue.ts";
import { HAS_REDIS, type RedisServer, startRedis } from "./redis-server.ts";

/** What instances share besides jobs: limits of writes, and what only one of them may do at a time. */

describe.skipIf(!HAS_REDIS)("what instances share through Redis", () => {
  let server: RedisServer;
  const connections: Redis[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const one of connections) one.disconnect();
    await server.stop();
  });
  let prefixes = 0;
  const freshPrefix = () => `shared-${++prefixes}`;
  function connection(): Redis {
    const redis = new Redis(server.url, { maxRetriesPerRequest: 1, retryStrategy: () => 50 });
    redis.on("error", () => {});
    connections.push(redis);
    return redis;
  }

  describe("limits of writes", () => {
    const instances = (prefix: string) => [0, 1].map(() => createSharedLimits(connection(), prefix));

    it("what people read: one write in 760 ms, whoever asks", async () => {
      const both = instances(freshPrefix());
      const turns = [];
      for (let n = 0; n < 6; n++) turns.push(await both[n % 2]?.turn("5", "people"));
      const waits = turns.map((turn) => turn?.waitMs ?? -1);
      for (const [n, ms] of waits.entries()) {
        expect(ms).toBeLessThanOrEqual(760 * n);
        expect(ms).toBeGreaterThan(760 * n - 700);
      }
      // Another installation, and the other lane, have turns of their own.
      expect((await both[0]?.turn("6", "people"))?.waitMs).toBe(0);
      expect((await both[0]?.turn("5", "verdict"))?.waitMs).toBe(0);
    });

    it("verdicts: 180 at once, then three a second", async () => {
      const both = instances(freshPrefix());
      let waited = 0;
      for (let n = 0; n < 180; n++) waited += (await both[n % 2]?.turn("5", "verdict"))?.waitMs ?? 0;
      expect(waited).toBe(0);
      const more = await Promise.all(Array.from({ length: 12 }, (_, n) => both[n % 2]?.turn("5", "verdict")));
      const last = Math.max(...more.map((turn) => turn?.waitMs ?? 0));
      expect(last).toBeGreaterThan(1_000);
      expect(last).toBeLessThanOrEqual(12 * 334);
    });

    it("five hundred an hour of what people read, together", async () => {
      const both = instances(freshPrefix());
      const all = await Promise.all(Array.from({ length: 520 }, (_, n) => both[n % 2]?.turn("5", "people")));
      expect(all.filter((turn) => turn?.full)).toHaveLength(20);
      expect((await both[0]?.turn("5", "verdict"))?.full).toBe(false);
    });

    it("a pause that GitHub asked one of them for is kept by the other", async () => {
      const [one, other] = instances(freshPrefix());
      await one?.pause("5", "people", 400);
      const { pausedMs = 0 } = (await other?.turn("5", "people")) ?? {};
      expect(pausedMs).toBeGreaterThan(100);
      expect(pausedMs).toBeLessThanOrEqual(400);
      expect((await other?.turn("5", "verdict"))?.pausedMs).toBe(0);
      await sleep(420);
      expect((await other?.turn("5", "people"))?.pausedMs).toBe(0);
    });
  });

  describe("one at a time", () => {
    it("nobody begins before the other has ended, and one key does not wait for another", async () => {
      const prefix = freshPrefix();
      const both = [0, 1].map(() => createExclusive(connection(), prefix));
      let inside = 0;
      let most = 0;
      const work = async (n: number) => {
        const end = await both[n % 2]?.("issue 7");
        inside += 1;
        most = Math.max(most, inside);
        await sleep(5);
        inside -= 1;
        await end?.();
      };
      await Promise.all(Array.from({ length: 8 }, (_, n) => work(n)));
      expect(most).toBe(1);
      const end = await both[0]?.("issue 7");
      await (await both[1]?.("issue 8"))?.();
      await end?.();
    });

    it("whoever died is waited for until its lease is over", async () => {
      const prefix = freshPrefix();
      const redis = connection();
      await redis.set(`${prefix}:alone:issue 7`, "somebody", "PX", 400);
      const started = performance.now();
      await (await createExclusive(redis, prefix)("issue 7"))();
      expect(performance.now() - started).toBeGreaterThan(300);
      expect(await redis.exists(`${prefix}:alone:issue 7`)).toBe(0);
    });

    it("where Redis cannot be reached that is said, and nothing is held", async () => {
      const alone = await startRedis();
      const redis = new Redis(alone.url, {
        maxRetriesPerRequest: 0,
        enableOfflineQueue: false,
        retryStrategy: null,
      });
      redis.on("error", () => {});
      await vi.waitFor(() => expect(redis.status).toBe("ready"));
      await alone.kill();
      await vi.waitFor(() => expect(redis.status).toBe("end"));
      await expect(createExclusive(redis, freshPrefix())("issue 7")).rejects.toThrow();
      await alone.stop();
    });
  });

  it("what came beside a run of another instance is no news of this one's: it follows nothing here", async () => {
    const seen: (readonly [string, true | undefined])[] = [];
    let end: () => void = () => {};
    const of = (name: string, isHeld: boolean) =>
      createRedisQueue({
        url: server.url,
        app: "two",
        log: { warn() {}, error() {} },
        worker: async (_: Job, { follows }: Attempt) => {
          seen.push([name, follows]);
          if (isHeld)
            await new Promise<void>((resolve) => {
              end = resolve;
            });
          return {};
        },
      });
    const key = {
      kind: "pull-request",
      installationId: 5,
      owner: "acme",
      repo: "payments",
      number: 1,
    } as const;
    const first = of("first", true);
    await first.add({ key, hint: {} });
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 10_000 });
    const second = of("second", false);
    await second.add({ key, hint: {} });
    const closed = first.close(5_000);
    await sleep(50);
    end();
    await closed;
    await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 10_000 });
    expect(seen).toEqual([
      ["first", undefined],
      ["second", undefined],
    ]);
    await second.close(0);
  });
});
