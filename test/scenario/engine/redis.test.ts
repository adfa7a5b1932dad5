import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../cli/program.ts";
import { HAS_REDIS, type RedisServer, redisAddress, startRedis } from "../../jobs/redis-server.ts";
import { EM, gateOf, JANE, JOHN, REPO, RITA } from "../support.ts";
import { balance } from "./balance.ts";
import { type Process, startWorld, until, type World } from "./support.ts";

/** Issue 11: two instances of the real program on one Redis, and what may happen to either. */

beforeAll(compile);

const HOTFIX = "HOTFIX: Fix Stripe webhook signature verification";
const gate = async ({ sandbox }: World, number: number) => (await gateOf(sandbox, REPO, number))?.conclusion;
const postMortems = async ({ sandbox }: World) =>
  (await sandbox.issues(REPO)).filter(({ title }) => title.startsWith("Post-mortem:"));
const statusComments = async ({ sandbox }: World, number: number) =>
  (await sandbox.comments(REPO, number)).filter(({ body }) => body?.includes("hotfix-guard:status"));

/** The settings of each line of the README that starts one of several instances. */
function linesOfTheReadme(): readonly Readonly<Record<string, string>>[] {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { start: string } };
  // What the test starts is what `npm start` does.
  expect(scripts.start).toMatch(/cli\/main\.js serve$/);
  const lines = readFileSync("README.md", "utf8").match(/^ *REDIS_URL=.* npm start(?: &)?$/gm) ?? [];
  return lines.map((line) =>
    Object.fromEntries([...line.matchAll(/(\w+)=(\S+)/g)].map(([, a, b]) => [a, b])),
  );
}

async function onRedis(body: (world: World, redis: RedisServer) => Promise<void>): Promise<void> {
  const [world, redis] = await Promise.all([startWorld(), startRedis()]);
  try {
    await body(world, redis);
  } finally {
    await world.close();
    await redis.stop();
  }
}

async function metric(app: Process, name: string): Promise<number> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  return Number(
    text
      .split("\n")
      .find((line) => line.startsWith(name))
      ?.split(" ")
      .at(-1),
  );
}

describe.skipIf(!HAS_REDIS)("on Redis", () => {
  it("two instances, started by the README's lines, share the demo's story without a doubled comment or issue", () =>
    onRedis(async (world, redis) => {
      const { sandbox } = world;
      const both = await Promise.all(
        linesOfTheReadme().map(({ REDIS_URL, PORT, ...env }) => {
          expect([REDIS_URL, PORT]).toEqual(["redis://localhost:6379", expect.stringMatching(/^300[01]$/)]);
          // Its Redis is one of this test's own, and each finds a free port.
          return world.start({ ...env, REDIS_URL: redis.url });
        }),
      );
      expect(both).toHaveLength(2);
      const [first] = both as [Process, ...Process[]];
      const balancer = await balance(sandbox, both);
      // Each event twice, so that both have it at the same time.
      sandbox.knobs.deliveries.double = () => true;
      const number = await world.openPull("hotfix/stripe", HOTFIX);
      await until("the gate", async () => (await gate(world, number)) === "action_required");
      await sandbox.as(JOHN).addLabel(REPO, number, EM);
      await until("the author's label is taken off", () => !sandbox.labelsOf(REPO, number).includes(EM));
      world.later();
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      await sandbox.as(JANE).addLabel(REPO, number, EM);
      await until("the green", async () => (await gate(world, number)) === "success");
      await sandbox.as(JOHN).merge(REPO, number);
      await until("the post-mortem", async () => (await postMortems(world)).length > 0);
      await until(
        "all is quiet",
        async () => (await metric(first, 'hotfix_queue_jobs{state="waiting",lane="people"')) === 0,
      );
      expect(await postMortems(world)).toHaveLength(1);
      expect(await statusComments(world, number)).toHaveLength(1);
      expect(await metric(first, "hotfix_instances")).toBe(2);
      const runs = await Promise.all(both.map((one) => metric(one, 'hotfix_job_runs_total{outcome="done"}')));
      expect(Math.min(...runs)).toBeGreaterThan(0);
      balancer.close();
    }));

  it(
    "of two instances one is killed in the middle: the other ends its work",
    () =>
      onRedis(async (world, redis) => {
        const { sandbox } = world;
        const env = { REDIS_URL: redis.url, HOTFIX_SWEEP_INTERVAL: "off" };
        const first = await world.start(env);
        sandbox.knobs.latencyMs = 300;
        const number = await world.openPull("hotfix/stripe", HOTFIX);
        const ordinary = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
        await until("it works on it", () =>
          sandbox.requests.some(({ path }) => path.includes(`/pulls/${number}`)),
        );
        sandbox.setWebhookUrl(undefined);
        const second = await world.start(env);
        sandbox.setWebhookUrl(undefined);
        await first.end("SIGKILL");
        sandbox.knobs.latencyMs = 0;
        // Not by its sweep: whoever is killed keeps the lease of it for a while.
        await until("the hotfix", async () => (await gate(world, number)) === "action_required", 90_000);
        await until("the ordinary one", async () => (await gate(world, ordinary)) === "skipped", 90_000);
        await until("one comment", async () => (await statusComments(world, number)).length > 0, 90_000);
        expect(await statusComments(world, number)).toHaveLength(1);
        expect(await second.end("SIGTERM")).toBe(0);
      }),
    240_000,
  );

  it("Redis goes away and comes back: 503 meanwhile, on deliveries and at /readyz; what failed is asked for again", () =>
    onRedis(async (world, redis) => {
      const { sandbox } = world;
      const app = await world.start({ REDIS_URL: redis.url, HOTFIX_SWEEP_INTERVAL: "10s" });
      await until("ready", async () => (await fetch(`${app.url}/readyz`)).status === 200);
      await redis.kill();
      const number = await world.openPull("hotfix/stripe", HOTFIX);
      await sandbox.settle();
      const answers = sandbox.deliveries
        .filter(({ event }) => event === "pull_request")
        .map(({ statusCode }) => statusCode);
      expect(new Set(answers)).toEqual(new Set([503]));
      await until("not ready", async () => {
        const answer = await fetch(`${app.url}/readyz`);
        return answer.status === 503 && /Redis cannot be reached/.test(await answer.text());
      });
      expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
      await redis.restart();
      await until("ready again", async () => (await fetch(`${app.url}/readyz`)).status === 200);
      await until(
        "the hotfix, by the sweep",
        async () => (await gate(world, number)) === "action_required",
        60_000,
      );
      const more = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
      await until("an event", async () => (await gate(world, more)) === "skipped");
    }));

  it(
    "Redis fails over to its replica while jobs wait and run: the work goes on, nothing is doubled",
    () =>
      onRedis(async (world, redis) => {
        const { sandbox } = world;
        const replica = await startRedis();
        await replica.client.replicaof("127.0.0.1", Number(new URL(redis.url).port));
        await until("the replica has all of it", async () =>
          /master_link_status:up/.test(await replica.client.info("replication")),
        );
        const address = await redisAddress(redis);
        try {
          await world.start({ REDIS_URL: address.url });
          sandbox.knobs.latencyMs = 300;
          const number = await world.openPull("hotfix/stripe", HOTFIX);
          const ordinary = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
          await until("it works on it", () =>
            sandbox.requests.some(({ path }) => path.includes(`/pulls/${number}`)),
          );
          await replica.client.replicaof("NO", "ONE");
          address.pointTo(replica);
          await redis.kill();
          sandbox.knobs.latencyMs = 0;
          await until("the hotfix", async () => (await gate(world, number)) === "action_required", 90_000);
          await until("the ordinary one", async () => (await gate(world, ordinary)) === "skipped", 90_000);
          const more = await world.openPull("feature/other", "Sort", { "b.txt": "b" });
          await until("an event", async () => (await gate(world, more)) === "skipped", 60_000);
          await until("a comment", async () => (await statusComments(world, number)).length > 0, 90_000);
          expect(await statusComments(world, number)).toHaveLength(1);
        } finally {
          address.close();
          await replica.stop();
        }
      }),
    360_000,
  );

  it("Redis does not answer: deliveries are answered 503 within GitHub's 10 seconds, and work goes on once it does", () =>
    onRedis(async (world, redis) => {
      const { sandbox } = world;
      await world.start({ REDIS_URL: redis.url });
      const first = await world.openPull("hotfix/stripe", HOTFIX);
      await until("the gate", async () => (await gate(world, first)) === "action_required");
      redis.freeze();
      const ordinary = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
      await sandbox.settle();
      const last = sandbox.deliveries.findLast(({ event }) => event === "pull_request");
      expect(last?.statusCode).toBe(503);
      expect(last?.durationMs).toBeLessThan(8_000);
      redis.thaw();
      await sandbox.redeliver(last?.guid ?? "");
      await until("the check", async () => (await gate(world, ordinary)) === "skipped");
    }));

  it("Redis is slow: deliveries are taken within GitHub's 10 seconds, and all comes to its end", () =>
    onRedis(async (world, redis) => {
      const { sandbox } = world;
      const address = await redisAddress(redis);
      try {
        address.slow(400);
        const app = await world.start({ REDIS_URL: address.url });
        await until("ready", async () => (await fetch(`${app.url}/readyz`)).status === 200);
        const number = await world.openPull("hotfix/stripe", HOTFIX);
        const ordinary = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
        await sandbox.settle();
        for (const { statusCode, durationMs } of sandbox.deliveries.filter(
          ({ event }) => event === "pull_request",
        )) {
          expect(statusCode).toBe(200);
          expect(durationMs).toBeLessThan(10_000);
        }
        await until("the hotfix", async () => (await gate(world, number)) === "action_required", 60_000);
        await until("the ordinary one", async () => (await gate(world, ordinary)) === "skipped", 60_000);
        await until("a comment", async () => (await statusComments(world, number)).length > 0, 90_000);
        expect(await statusComments(world, number)).toHaveLength(1);
      } finally {
        address.close();
      }
    }));

  it("Redis is started again without what it had last taken: the next sweep finds all of it", () =>
    onRedis(async (world, redis) => {
      const { sandbox } = world;
      await world.start({ REDIS_URL: redis.url, HOTFIX_SWEEP_INTERVAL: "10s" });
      await until("it has swept", () =>
        sandbox.requests.some(({ path }) => path.startsWith("/installation/repositories")),
      );
      // What comes now came after this process began.
      await pause(3_000);
      await redis.client.config("SET", "appendonly", "no");
      sandbox.knobs.latencyMs = 1_500;
      const number = await world.openPull("hotfix/stripe", HOTFIX);
      const ordinary = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
      await sandbox.settle();
      expect(sandbox.deliveries.findLast(({ event }) => event === "pull_request")?.statusCode).toBe(200);
      await redis.kill();
      await redis.restart();
      expect(await redis.client.keys("*:verdict:*:lock")).toEqual([]);
      sandbox.knobs.latencyMs = 0;
      await until("the hotfix", async () => (await gate(world, number)) === "action_required", 60_000);
      await until("the ordinary one", async () => (await gate(world, ordinary)) === "skipped", 60_000);
      await until("a comment", async () => (await statusComments(world, number)).length > 0, 90_000);
      expect(await statusComments(world, number)).toHaveLength(1);
    }));

  it("Redis is emptied while jobs wait and run: the next sweep finds all of it", () =>
    onRedis(async (world, redis) => {
      const { sandbox } = world;
      await world.start({ REDIS_URL: redis.url, HOTFIX_SWEEP_INTERVAL: "10s" });
      sandbox.knobs.latencyMs = 400;
      const number = await world.openPull("hotfix/stripe", HOTFIX);
      const ordinary = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
      await until("it works on it", () =>
        sandbox.requests.some(({ path }) => path.includes(`/pulls/${number}`)),
      );
      await redis.client.flushall();
      sandbox.knobs.latencyMs = 0;
      await until("the hotfix", async () => (await gate(world, number)) === "action_required", 60_000);
      await until("the ordinary one", async () => (await gate(world, ordinary)) === "skipped", 60_000);
      const more = await world.openPull("feature/other", "Sort", { "b.txt": "b" });
      await until("an event", async () => (await gate(world, more)) === "skipped");
      await until("a comment", async () => (await statusComments(world, number)).length > 0, 90_000);
      expect(await statusComments(world, number)).toHaveLength(1);
    }));
});
