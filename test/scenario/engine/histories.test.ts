import fc from "fast-check";
import { afterAll, beforeAll, describe, type ExpectStatic, expect, it, vi } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { HAS_REDIS, type RedisServer, startRedis } from "../../jobs/redis-server.ts";
import { freshVerdict } from "./fresh.ts";
import { carryOutAct, foundOrganization, foundPlace, type History, history, type Place } from "./history.ts";
import { type Running, startApp, startStill } from "./in-process.ts";

/**
 * Issue 11: whatever people do, and whatever becomes of the deliveries, after one sweep each check says what
 * the pure policy says of what is there, each merged hotfix has one post-mortem, and a further sweep writes
 * nothing, nor do all events once more. `HISTORIES` sets how many; `SEED` and `REPLAY` (the path) repeat a
 * failure; a shorter one is looked for for two minutes, by `SHRINK=no` not at all.
 */

const IN_MEMORY = Number(process.env.HISTORIES ?? 40);
const ON_REDIS = Number(process.env.HISTORIES ?? 15);
/** So many share a sandbox and a process, each in a repository of its own. */
const TOGETHER = 20;
const SWEEP_MS = 301_000;
const SHRINK_MS = 120_000;

// It goes on by itself, since what Redis holds back for a moment is due by it.
beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now(), shouldAdvanceTime: true }));
afterAll(() => void vi.useRealTimers());

interface World {
  readonly sandbox: Sandbox;
  readonly app: Running;
  later(seconds?: number): void;
  close(): Promise<void>;
}

async function startWorld(env: Readonly<Record<string, string>>): Promise<World> {
  const { sandbox, later } = await startStill();
  foundOrganization(sandbox);
  const app = await startApp(sandbox, { env });
  return {
    sandbox,
    app,
    later,
    async close() {
      await app.stop();
      await sandbox.close();
    },
  };
}

async function comeAbout({ sandbox, app, later }: World, place: Place, told: History): Promise<void> {
  const { deliveries } = sandbox.knobs;
  let turn = 0;
  const again: string[] = [];
  const fate = () => told.fates[turn++ % told.fates.length] ?? 99;
  let last = 99;
  deliveries.reorder = told.reorder;
  deliveries.drop = () => {
    last = fate();
    return last < 20;
  };
  deliveries.double = ({ guid }) => {
    if (last < 50 && last >= 40) again.push(guid);
    return last < 50;
  };
  for (const act of told.acts) {
    later();
    await carryOutAct(place, act);
    if (act.quiet) await app.quiet();
    for (const guid of again.splice(0)) await sandbox.redeliver(guid);
  }
  await app.quiet();
  sandbox.knobs.deliveries = {};
}

/** What is lost is asked for again after five minutes, and looked for. */
async function sweep({ app, later }: World, afterMs = SWEEP_MS): Promise<void> {
  later(afterMs / 1_000);
  vi.setSystemTime(Date.now() + afterMs);
  await app.server.sweep();
  await app.quiet();
}

async function gateOn({ sandbox }: World, { repo }: Place, sha: string) {
  const run = (await sandbox.checkRuns(repo, sha)).filter(({ name }) => name === "hotfix-gate").at(-1);
  return run && { conclusion: run.conclusion, title: run.output.title, summary: run.output.summary };
}

/** What holds in the end. */
async function holds(world: World, place: Place, expect: ExpectStatic): Promise<void> {
  const { sandbox } = world;
  const { repo, pulls, rollbacks, valid } = place;
  const issues = await sandbox.issues(repo);
  for (const number of [...pulls.values(), ...rollbacks]) {
    const { state, merged_at, head } = await sandbox.pullRequest(repo, number);
    const own = issues.filter(({ body }) => body?.includes(`hotfix-guard:post-mortem ${repo}#${number} `));
    const mine = issues.filter(
      ({ title }) => title.startsWith("Post-mortem:") && title.endsWith(`(#${number})`),
    );
    expect(mine.length, `post-mortems of #${number}, ${own.length}`).toBe(
      merged_at && valid && !rollbacks.includes(number) ? 1 : Math.min(mine.length, merged_at ? 1 : 0),
    );
    if (state !== "open") continue;
    const { check, verdict } = await freshVerdict(sandbox, repo, number);
    const codes = verdict.findings.map(({ rule, code }) => `${rule}: ${code}`).join(", ");
    expect(await gateOn(world, place, head.sha), `the gate on #${number}; ${codes}`).toEqual({
      conclusion: check.conclusion,
      title: check.title,
      summary: check.summary,
    });
  }
}

/**
 * All that was ever told of the place, the last first. Without pushes where a pull request was closed without
 * a merge: to its branch, which nothing is open from any more, a push is news.
 */
async function guidsOf({ sandbox }: World, { repo, pulls }: Place): Promise<readonly string[]> {
  const all = await Promise.all([...pulls.values()].map((number) => sandbox.pullRequest(repo, number)));
  const givenUp = all.some(({ state, merged_at }) => state === "closed" && !merged_at);
  const { id } = (await sandbox.as("rita").request("GET", `/repos/${repo}`)) as { id: number };
  const mine = sandbox.deliveries.filter(
    ({ event, payload }) =>
      (payload as { repository?: { id?: number } }).repository?.id === id && !(givenUp && event === "push"),
  );
  return [...new Set(mine.map(({ guid }) => guid))].reverse();
}

async function property(
  runs: number,
  env: () => Readonly<Record<string, string>>,
  expect: ExpectStatic,
): Promise<void> {
  let world = null as World | null;
  let count = 0;
  const ends = fc.asyncProperty(history, async (told) => {
    if (count % TOGETHER === 0) {
      await world?.close();
      world = await startWorld(env());
    }
    count += 1;
    const here = world as World;
    // A new hour of GitHub's rate limit.
    here.sandbox.knobs.requestsLeft = 5_000;
    const place = await foundPlace(here.sandbox, count);
    await comeAbout(here, place, told);
    await sweep(here);
    await holds(here, place, expect);
    const before = here.app.asked.length;
    await sweep(here, 0);
    for (const guid of await guidsOf(here, place)) await here.sandbox.redeliver(guid);
    await here.app.quiet();
    const writes = here.app.asked
      .slice(before)
      .filter((line) => !/^GET |access_tokens$|\/attempts$/.test(line));
    expect(writes, "a further sweep, and all events once more").toEqual([]);
    expect(here.sandbox.unknownRoutes).toEqual([]);
    await here.sandbox.deleteRepository(place.repo);
    await here.app.quiet();
  });
  const { SEED, REPLAY = "", SHRINK } = process.env;
  const from = SEED === undefined ? {} : { seed: Number(SEED), path: REPLAY };
  try {
    await fc.assert(ends, { numRuns: runs, endOnFailure: true, ...from });
  } catch (error) {
    const [, seed, path = ""] = /seed: (-?\d+), path: "([\d:]+)"/.exec(String(error)) ?? [];
    if (SHRINK === "no" || seed === undefined) throw error;
    console.info(`looking for a shorter history than that of SEED=${seed} REPLAY=${path}`);
    await fc.assert(ends, { seed: Number(seed), path, interruptAfterTimeLimit: SHRINK_MS });
    throw error;
  } finally {
    await world?.close();
  }
}

describe("random histories", () => {
  it(`end in memory as the policy says, ${IN_MEMORY} of them`, { timeout: 7_200_000 }, () =>
    property(IN_MEMORY, () => ({}), expect),
  );
});

describe.skipIf(!HAS_REDIS)("random histories on Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  it(`end there as the policy says, ${ON_REDIS} of them`, { timeout: 7_200_000 }, () =>
    property(ON_REDIS, () => ({ REDIS_URL: redis.url }), expect),
  );
});
