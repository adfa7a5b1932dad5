import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../cli/program.ts";
import { HAS_REDIS, startRedis } from "../../jobs/redis-server.ts";
import { EM, gateOf, JANE, JOHN, REPO, RITA } from "../support.ts";
import { type Process, startWorld, until } from "./support.ts";

/** Issue 11: what is seen from outside of instances on one Redis, and `hotfix-guard sweep` beside them. */

beforeAll(compile);

const HOTFIX = "HOTFIX: Fix Stripe webhook signature verification";

/** The lines of one metric, without its name. */
async function metric({ url }: Process, name: string): Promise<readonly string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text
    .split("\n")
    .filter((line) => line.startsWith(name) && !/^\w/.test(line.slice(name.length)));
  return lines.map((line) => line.slice(name.length).trim());
}

describe.skipIf(!HAS_REDIS)("two instances on one Redis", () => {
  it("both tell at their first look how many they are and what is under way, whoever has seen it begin or end", async () => {
    const [world, redis] = await Promise.all([startWorld(), startRedis()]);
    try {
      const { sandbox } = world;
      const env = { REDIS_URL: redis.url };
      const other = await world.start(env);
      // Events go to the one that was started last.
      const first = await world.start(env);
      for (const one of [first, other]) expect(await metric(one, "hotfix_instances")).toEqual(["2"]);
      // Which is seen too, and is none.
      const ordinary = await world.openPull("feature/stripe", "Read the secret");
      await until(
        "the ordinary one's check",
        async () => (await gateOf(sandbox, REPO, ordinary))?.conclusion === "skipped",
      );
      const number = await world.openPull("hotfix/stripe", HOTFIX);
      const gate = async () => (await gateOf(sandbox, REPO, number))?.conclusion;
      const open = async (what: string) =>
        Promise.all([first, other].map(async (one) => (await metric(one, `hotfix_open{what="${what}"}`))[0]));
      await until("the gate", async () => (await gate()) === "action_required");
      await until("one is open, for both", async () =>
        (await open("hotfix")).every((count) => count === "1"),
      );
      world.later();
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      await sandbox.as(JANE).addLabel(REPO, number, EM);
      await until("the green", async () => (await gate()) === "success", 60_000);
      await sandbox.as(JOHN).merge(REPO, number);
      await until("a post-mortem, for both", async () =>
        (await open("post-mortem")).every((count) => count === "1"),
      );
      await until("no hotfix, for both", async () => (await open("hotfix")).every((count) => count === "0"));
      // Both begin by their sweep, or leave it to the other one: nobody waits for a connection in vain.
      for (const { program } of [first, other])
        expect(program.output()).not.toMatch(/queue cannot be reached|isn't writeable/);
    } finally {
      await world.close();
      await redis.stop();
    }
  }, 180_000);

  it("`hotfix-guard sweep` looks once and ends, with instances and without", async () => {
    const [world, redis] = await Promise.all([startWorld(), startRedis()]);
    try {
      const { sandbox } = world;
      const env = { REDIS_URL: redis.url };
      sandbox.setWebhookUrl(undefined);
      const number = await world.openPull("hotfix/stripe", HOTFIX);
      const alone = await world.run("sweep", env);
      expect(alone.output).toMatch(/"sweep done"/);
      expect(alone.status).toBe(0);
      expect((await gateOf(sandbox, REPO, number))?.conclusion).toBe("action_required");
      const app = await world.start(env);
      expect((await world.run("sweep", env)).status).toBe(0);
      expect(await metric(app, "hotfix_instances")).toEqual(["1"]);
      await redis.kill();
      const without = await world.run("sweep", env);
      expect(without.output).toMatch(/No sweep: Redis cannot be reached/);
      expect(without.status).toBe(2);
      // What is not known is not said; that nobody can reach the queue is.
      await until("it is seen", async () => (await metric(app, "hotfix_instances"))[0] === "0");
      expect(await metric(app, "hotfix_queue_given_up")).toEqual([]);
      expect(await metric(app, "hotfix_queue_oldest_seconds")).toEqual([]);
    } finally {
      await world.close();
      await redis.stop();
    }
  }, 180_000);

  it("one that starts while Redis is away tells so, and answers who scrapes it", async () => {
    const [world, redis] = await Promise.all([startWorld(), startRedis()]);
    try {
      await redis.kill();
      const app = await world.start({ REDIS_URL: redis.url });
      const started = performance.now();
      expect(await metric(app, "hotfix_instances")).toEqual(["0"]);
      // Prometheus waits for ten seconds.
      expect(performance.now() - started).toBeLessThan(8_000);
    } finally {
      await world.close();
      await redis.stop();
    }
  }, 60_000);
});
