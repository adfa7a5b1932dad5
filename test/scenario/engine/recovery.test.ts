import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../cli/program.ts";
import { HAS_REDIS, startRedis } from "../../jobs/redis-server.ts";
import { gateOf, JANE, JOHN, REPO } from "../support.ts";
import { startSlack, startWorld, until, type World } from "./support.ts";

/**
 * Issue 11: the real program as a process of its own, ended in the middle; the next one ends all as if
 * nothing had happened.
 */

beforeAll(compile);

const redis = HAS_REDIS ? startRedis() : Promise.reject(new Error("no Redis"));
redis.catch(() => {});
afterAll(async () => {
  if (HAS_REDIS) await (await redis).stop();
});

async function inWorld(body: (world: World) => Promise<void>): Promise<void> {
  const world = await startWorld();
  try {
    await body(world);
  } finally {
    await world.close();
  }
}

const gate = async ({ sandbox }: World, number: number) => (await gateOf(sandbox, REPO, number))?.conclusion;
const postMortems = async ({ sandbox }: World) =>
  (await sandbox.issues(REPO)).filter(({ title }) => title.startsWith("Post-mortem:"));
const HOTFIX = "HOTFIX: Fix Stripe webhook signature verification";

/** A hotfix is being evaluated, and the app was told to end and says so. */
async function endedWhileItRuns(world: World) {
  const { sandbox } = world;
  const app = await world.start();
  sandbox.knobs.latencyMs = 150;
  const number = await world.openPull("hotfix/stripe", HOTFIX);
  await until("the evaluation runs", () =>
    sandbox.requests.some(({ path }) => path.includes(`/pulls/${number}`)),
  );
  const ended = app.end("SIGTERM");
  await until("it says that it stops", () => /stopping when the running jobs/.test(app.program.output()));
  return { app, number, ended };
}

describe("SIGTERM", () => {
  it("ends what runs, takes no more, exits with 0; what came meanwhile is delivered again", () =>
    inWorld(async (world) => {
      const { sandbox } = world;
      const { number, ended } = await endedWhileItRuns(world);
      const ordinary = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
      await sandbox.settle();
      expect(await ended).toBe(0);
      sandbox.knobs.latencyMs = 0;
      expect(await gate(world, number)).toBe("action_required");
      expect(await gate(world, ordinary)).toBeUndefined();
      sandbox.setWebhookUrl(undefined);
      await world.start();
      await until("the ordinary one has its check", async () => (await gate(world, ordinary)) === "skipped");
    }));

  it("sent twice at once, as npm does with what a terminal sends to both: ends what runs, and exits with 0", () =>
    inWorld(async (world) => {
      const { app, number, ended } = await endedWhileItRuns(world);
      void app.end("SIGTERM");
      expect(await ended).toBe(0);
      expect(await gate(world, number)).toBe("action_required");
    }));

  it("in the middle of a sweep ends it, and exits with 0 at once", () =>
    inWorld(async (world) => {
      const { sandbox } = world;
      sandbox.knobs.fail({ method: "GET", path: /^\/(?:installation|search)\// }, { hang: true });
      const app = await world.start();
      await until("it sweeps", () => sandbox.requests.some(({ path }) => path.startsWith("/search/")));
      const started = performance.now();
      expect(await app.end("SIGTERM")).toBe(0);
      expect(performance.now() - started).toBeLessThan(8_000);
    }));

  it("gives up a job that hangs after 20 seconds, and exits with 0", () =>
    inWorld(async (world) => {
      const app = await world.start();
      // Each try hangs for 10 s, and there are more of them than fit.
      world.sandbox.knobs.latencyMs = 8_000;
      await world.openPull("hotfix/stripe", HOTFIX);
      await world.sandbox.settle();
      await until("a job runs", async () => {
        const metrics = await (await fetch(`${app.url}/metrics`)).text();
        return /^hotfix_queue_jobs\{[^}]*state="running"[^}]*\} [1-9]/m.test(metrics);
      });
      const start = performance.now();
      expect(await app.end("SIGTERM")).toBe(0);
      expect(performance.now() - start).toBeLessThan(23_000);
    }));
});

describe("SIGKILL", () => {
  it("in the middle of evaluations: hotfix and ordinary pull request get their checks from the next process", () =>
    inWorld(async (world) => {
      const { sandbox } = world;
      const app = await world.start();
      sandbox.knobs.latencyMs = 300;
      const number = await world.openPull("hotfix/stripe", HOTFIX);
      const ordinary = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
      await until("both are taken", () =>
        [number, ordinary].every((one) =>
          sandbox.deliveries.some(
            ({ event, payload, statusCode }) =>
              event === "pull_request" && payload.number === one && statusCode === 200,
          ),
        ),
      );
      await app.end("SIGKILL");
      sandbox.knobs.latencyMs = 0;
      expect([await gate(world, number), await gate(world, ordinary)]).toEqual([undefined, undefined]);
      await world.start();
      await until("the hotfix", async () => (await gate(world, number)) === "action_required");
      await until("the ordinary one", async () => (await gate(world, ordinary)) === "skipped");
    }));

  it("right after the merge's event: one post-mortem; a second process opens none", () =>
    inWorld(async (world) => {
      const { sandbox } = world;
      let app = await world.start();
      const number = await world.openPull("hotfix/stripe", HOTFIX);
      await until("the gate", async () => (await gate(world, number)) === "action_required");
      world.later();
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      await until("the green", async () => (await gate(world, number)) === "success");
      await sandbox.as(JOHN).merge(REPO, number);
      await app.end("SIGKILL");
      app = await world.start();
      await until("the post-mortem", async () => (await postMortems(world)).length > 0);
      await app.end("SIGKILL");
      await world.start();
      await until("it has looked", () =>
        sandbox.requests.some(({ path }) => path.startsWith("/installation")),
      );
      expect(await postMortems(world)).toHaveLength(1);
    }));

  it("while a stranger's acts are held: the last of them is known to the next process", () =>
    inWorld(async (world) => {
      const { sandbox } = world;
      const app = await world.start();
      sandbox.createUser("mallory");
      sandbox.setPermission(REPO, "mallory", "read");
      const number = await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
      await until("the check", async () => (await gate(world, number)) === "skipped");
      const { deliveries } = sandbox;
      const last = deliveries.findLast(({ event }) => event === "pull_request")?.payload as unknown as {
        readonly pull_request: object;
      };
      // As GitHub tells it of somebody without write access, on what they opened.
      const user = { id: 666, login: "mallory", type: "User" };
      const by = { ...last.pull_request, user, author_association: "NONE" };
      for (let n = 0; n < 7; n++)
        await sandbox.deliver("pull_request", {
          ...last,
          action: "edited",
          sender: user,
          pull_request: by,
        } as never);
      sandbox.knobs.deliveries.drop = () => true;
      await sandbox.as(JOHN).editPullRequest(REPO, number, { title: "HOTFIX: Sort the report" });
      await app.end("SIGKILL");
      sandbox.knobs.deliveries.drop = undefined;
      await world.start();
      await until("it is a hotfix", async () => (await gate(world, number)) === "failure");
    }));

  it("while a Slack alert waits for its retry: the next process sends it, once", () =>
    inWorld(async (world) => {
      const slack = await startSlack(503);
      const folder = mkdtempSync(join(tmpdir(), "hotfix-guard-state-"));
      const env = { HOTFIX_SLACK_WEBHOOK_URL: slack.url, HOTFIX_STATE_DIR: folder };
      try {
        const app = await world.start(env);
        await world.openPull("hotfix/stripe", HOTFIX);
        await until("Slack has refused", () => slack.refused > 0);
        await app.end("SIGKILL");
        slack.status = 200;
        const next = await world.start(env);
        await until("the alert", () => slack.texts.length > 0);
        expect(await next.end("SIGTERM")).toBe(0);
        await (await world.start(env)).end("SIGTERM");
        expect(slack.texts).toEqual([expect.stringMatching(/^🚨 HOTFIX ALERT/)]);
        const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((one) =>
          one.endsWith(".json"),
        );
        expect(files.map((one) => statSync(join(folder, one)).mode & 0o077)).toEqual(files.map(() => 0));
      } finally {
        slack.close();
      }
    }));
});

describe.each([
  ["a folder", true, async () => ({ HOTFIX_STATE_DIR: mkdtempSync(join(tmpdir(), "hotfix-guard-state-")) })],
  ["Redis", HAS_REDIS, async () => ({ HOTFIX_STATE_DIR: "off", REDIS_URL: (await redis).url })],
] as const)("hotfix-guard sweep, with %s", (_, can, settings) => {
  it.skipIf(!can)(
    "asks three questions where nothing happened since the last run, and none in full that it can ask again",
    () =>
      inWorld(async (world) => {
        const { sandbox } = world;
        const env = await settings();
        await world.openPull("feature/report", "Sort the report", { "a.txt": "a" });
        const number = await world.openPull("hotfix/stripe", HOTFIX);
        for (let run = 0; run < 3; run++) expect((await world.run("sweep", env)).status).toBe(0);
        expect(await gate(world, number)).toBe("action_required");
        sandbox.resetRequests();
        expect((await world.run("sweep", env)).status).toBe(0);
        expect(sandbox.requests.map(({ path, status }) => [path.replace(/\?.*/, ""), status])).toEqual([
          ["/app/installations", 200],
          ["/app", 200],
          ["/search/issues", 304],
          ["/search/issues", 304],
          ["/installation/repositories", 304],
        ]);
        // All of a hotfix's life between two runs: no event is ever delivered here.
        world.later();
        await sandbox.as(JANE).review(REPO, number, "APPROVED");
        expect((await world.run("sweep", env)).status).toBe(0);
        await sandbox.as(JOHN).merge(REPO, number);
        expect((await world.run("sweep", env)).status).toBe(0);
        expect(await postMortems(world)).toHaveLength(1);
      }),
  );
});
