import { setTimeout as sleep } from "node:timers/promises";
import { Queue as BullQueue } from "bullmq";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { keyId } from "../../src/jobs/key.ts";
import type { Attempt, Job, Worker } from "../../src/jobs/queue.ts";
import { shortcomings } from "../../src/jobs/redis/connection.ts";
import { createRedisQueue, type RedisQueue } from "../../src/jobs/redis/queue.ts";
import { HAS_REDIS, type RedisServer, startRedis } from "./redis-server.ts";

/** What may be wrong with Redis, or with what is in it, and what the queue makes of it. */

const JOB: Job = {
  key: { kind: "pull-request", installationId: 5, owner: "acme", repo: "payments", number: 1 },
  hint: { formerHeads: ["a"] },
};
const soon = (look: () => void | Promise<void>) => vi.waitFor(look, { timeout: 20_000, interval: 20 });

describe.skipIf(!HAS_REDIS)("the queue on a Redis", () => {
  let server: RedisServer;
  let apps = 0;
  const open: RedisQueue[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    for (const queue of open.splice(0)) await queue.close(0);
  });
  afterAll(() => server.stop());

  const log = { warn: vi.fn(), error: vi.fn() };
  function queueOf(worker: Worker, { url = server.url, app = `app-${++apps}`, lockMs = 30_000 } = {}) {
    const queue = createRedisQueue({ url, app, worker, log, lockMs });
    open.push(queue);
    return queue;
  }

  it("a run that finds nothing to do is no first try of the next one", async () => {
    const seen: Attempt[] = [];
    const queue = queueOf(async (_, attempt) => {
      seen.push(attempt);
      return {};
    });
    // As where two events come at once: the first run takes both, and the second has nothing left.
    const bull = new BullQueue("verdict", { connection: queue.redis, prefix: queue.prefix });
    await bull.add("job", { key: JOB.key });
    await queue.idle();
    expect(seen).toEqual([]);
    await sleep(300);
    await queue.add(JOB);
    await queue.idle();
    expect(seen.map(({ number, elapsedMs }) => [number, elapsedMs < 200])).toEqual([[0, true]]);
  });

  it("a job that ends each process that works on it is given up, kept and seen", async () => {
    const app = `app-${++apps}`;
    const dead = queueOf(() => new Promise(() => {}), { app, lockMs: 500 });
    await dead.add(JOB);
    await soon(async () => expect((await dead.state()).lanes.verdict.running).toBe(1));
    const bull = new BullQueue("verdict", { connection: server.client.duplicate(), prefix: dead.prefix });
    const [{ id } = {}] = await bull.getActive();
    // It has been taken over as often as it may be; whoever has it now is gone as well.
    await server.client.hset(`${dead.prefix}:verdict:${id}`, "stc", 10);
    await dead.close(0);
    await server.client.del(`${dead.prefix}:verdict:${id}:lock`);
    const runs: Job[] = [];
    const next = queueOf(
      async (job) => {
        runs.push(job);
        return {};
      },
      { app, lockMs: 500 },
    );
    await soon(async () => expect((await next.state()).givenUp).toBe(1));
    expect(runs).toEqual([]);
    const [given] = await next.givenUp();
    expect(given).toMatchObject({ job: JOB, reason: "each process that worked on it ended in the middle" });
    expect(log.error).toHaveBeenCalledWith(
      expect.objectContaining({ job: "acme/payments#1" }),
      expect.stringMatching(/given up/),
    );
    await next.add(given?.job as Job);
    await soon(() => expect(runs).toHaveLength(1));
    await next.idle();
    expect((await next.state()).givenUp).toBe(0);
    await bull.close();
  });

  it("the virtual clock starts anew before priorities are at their end, and nothing is lost by it", async () => {
    const seen: string[] = [];
    let go: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const queue = queueOf(async ({ key }) => {
      await held;
      seen.push(keyId(key));
      return {};
    });
    await soon(async () => expect(await queue.ready()).toBeNull());
    await queue.redis.hset(`${queue.prefix}:times:verdict`, "clock:0", 524_280, "clock:3", 524_280);
    const jobs = Array.from({ length: 40 }, (_, n): Job => {
      const key = { ...JOB.key, installationId: n % 2, number: n } as Job["key"];
      return { key, hint: {}, background: n % 4 < 2 };
    });
    for (const job of jobs) await queue.add(job);
    const places = await Promise.all(
      jobs.map(({ key }) => queue.redis.get(`${queue.prefix}:turn:${keyId(key)}`)),
    );
    const begunAnew = places.filter((place) => place !== null && Number(place) % 524_288 < 100);
    expect(begunAnew.length).toBeGreaterThan(5);
    go();
    await queue.idle();
    expect(seen.sort()).toEqual(jobs.map(({ key }) => keyId(key)).sort());
  });

  it.each([
    ["full", ["maxmemory", "1"], "Redis takes no writes: its memory or its disk is full"],
    ["a replica", null, "Redis takes no writes: it is a replica"],
  ] as const)("that is %s takes no job, and is not ready", async (_, config, reason) => {
    const redis = await startRedis();
    const queue = queueOf(async () => ({}), { url: redis.url });
    try {
      await soon(async () => expect(await queue.ready()).toBeNull());
      if (config === null) await redis.client.replicaof("127.0.0.1", "1");
      else await redis.client.config("SET", ...config);
      await expect(queue.add(JOB)).rejects.toThrow();
      expect(await queue.ready()).toBe(reason);
      if (config === null) await redis.client.replicaof("NO", "ONE");
      else await redis.client.config("SET", "maxmemory", "0");
      await soon(async () => expect(await queue.ready()).toBeNull());
      await queue.add(JOB);
    } finally {
      await queue.close(0);
      await redis.stop();
    }
  });

  it.each([
    ["wants a password and is given none", ""],
    ["is given the wrong password", ":wrong@"],
    ["is given a user that it does not know", "nobody:right@"],
  ])("that %s is not ready, and says why", async (_, who) => {
    const redis = await startRedis();
    await redis.client.config("SET", "requirepass", "right");
    const at = (user: string) => redis.url.replace("//", `//${user}`);
    try {
      const refused = queueOf(async () => ({}), { url: at(who) });
      await expect(refused.add(JOB)).rejects.toThrow();
      await soon(async () =>
        expect(await refused.ready()).toBe("Redis refuses the user or password of REDIS_URL"),
      );
      const taken = queueOf(async () => ({}), { url: at(":right@") });
      await taken.add(JOB);
      expect(await taken.ready()).toBeNull();
      const other = queueOf(async () => ({}), { url: `${at("default:right@")}/3` });
      await other.add(JOB);
      expect(await other.ready()).toBeNull();
      for (const queue of [refused, taken, other]) await queue.close(0);
    } finally {
      await redis.stop();
    }
  });

  it("that may forget jobs is named in the log, once, with what to do", async () => {
    const redis = await startRedis();
    await redis.client.config("SET", "maxmemory-policy", "allkeys-lru");
    await redis.client.config("SET", "appendonly", "no");
    log.warn.mockClear();
    const queue = queueOf(async () => ({}), { url: redis.url });
    const said = () => log.warn.mock.calls.map(([, message]) => message).filter((text) => /:/.test(text));
    try {
      await soon(() => expect(said()).toHaveLength(2));
      await redis.kill();
      await redis.restart();
      await soon(async () => expect(await queue.ready()).toBeNull());
      await sleep(300);
      expect(said()).toEqual([
        "Redis may forget jobs when its memory is full (maxmemory-policy allkeys-lru): set it to noeviction",
        "Redis forgets what it has just taken where it is started again: set appendonly to yes",
      ]);
    } finally {
      await queue.close(0);
      await redis.stop();
    }
  });

  it.each([
    ["redis_version:6.2.14\r\ncluster_enabled:0", ["Redis is version 6.2.14: use 7 or newer"]],
    ["redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n", []],
    // Valkey calls itself that as well, for old clients.
    ["redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.1", []],
    [
      "redis_version:8.0.0\r\ncluster_enabled:1\r\n",
      ["REDIS_URL is a node of a Redis Cluster: use one server, or one primary with replicas"],
    ],
    ["", []],
  ])("that says %j of itself: %j", (info, said) => {
    expect(shortcomings(info)).toEqual(said);
  });

  it("tells once what may be lost: all at first and after a restart of Redis, some after an instance's death", async () => {
    const redis = await startRedis();
    const queue = queueOf(async () => ({}), { url: redis.url });
    try {
      await soon(async () => expect(await queue.ready()).toBeNull());
      expect([await queue.losses(), await queue.losses()]).toEqual(["all", "nothing"]);
      await redis.client.zadd(`${queue.prefix}:instances`, 1, "somebody that says nothing any more");
      await soon(async () => expect((await queue.state()).instances).toBe(1));
      expect([await queue.losses(), await queue.losses()]).toEqual(["some", "nothing"]);
      await redis.kill();
      await redis.restart();
      await soon(async () => expect(await queue.ready()).toBeNull());
      expect([await queue.losses(), await queue.losses()]).toEqual(["all", "nothing"]);
      await redis.client.flushall();
      expect([await queue.losses(), await queue.losses()]).toEqual(["all", "nothing"]);
    } finally {
      await queue.close(0);
      await redis.stop();
    }
  });
});
