import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, it } from "vitest";
import { setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import { HAS_REDIS, type RedisServer, startRedis } from "../../jobs/redis-server.ts";
import { endpointOf, FAULTS, type Fault, failing } from "./faults.ts";
import { type Running, startApp, startStill } from "./in-process.ts";
import { ACTS, outcome } from "./life.ts";

/**
 * Issue 11: each endpoint that a hotfix's life uses, as it is found by living one, with each fault for as
 * long as the app tries, which then gives up: no wrong pass, no crash, and when the fault goes gate, labels
 * and post-mortem are as they would be without it. An endpoint that is new in the app is in the matrix by
 * itself.
 *
 * What GitHub denies in so many words ("not found") is believed until the next event, or the hourly look at
 * everything.
 *
 * By default each endpoint meets one fault, another one each day; on Redis a third of them. `FAULTS=all`:
 * each meets each, on both. `FAULTS_SEED=n`: those of the n-th day. `FAULTS_ONLY=text`: those that have it in
 * their name.
 */

const ALL = process.env.FAULTS === "all";
const SEED = Number(process.env.FAULTS_SEED ?? Math.floor(Date.now() / 86_400_000));
const ONLY = process.env.FAULTS_ONLY;
const ON_REDIS_ONE_IN = 3;

const TIMES = { quiet: 300, giveUp: 1_200 };
/** Longer than anything is tried that is given up. */
const LONGEST_MS = 8_000;
/** Most of a life is waiting. */
const SIDE_BY_SIDE = 10;

type Engine = "memory" | "redis";
let redis: Promise<RedisServer> | null = null;
afterAll(async () => (await redis)?.stop());

interface Life {
  /** What the app asked in each act. */
  readonly asked: readonly (readonly string[])[];
  /** What people saw after each. */
  readonly seen: readonly object[];
  /** How often a check passed before anybody had approved. */
  readonly wrongPasses: number;
  /** It took a look at everything to recover. */
  readonly late: boolean;
}

/** From its opening to its end; with a fault no further than the act that meets it. */
async function live(engine: Engine, one: Case | null, model?: Life): Promise<Life> {
  if (engine === "redis") redis ??= startRedis();
  const env = engine === "redis" ? { REDIS_URL: (await redis)?.url ?? "" } : {};
  const { sandbox, later } = await startStill();
  let isOn = false;
  let isApproved = false;
  let wrongPasses = 0;
  let late = false;
  let app: Running | null = null;
  const start = () =>
    startApp(sandbox, {
      env,
      // What a limit holds back is tried every minute.
      quietMs: 200_000,
      retryTimes: TIMES,
      ...(one === null ? {} : { through: failing(one.endpoint, one.fault, () => isOn) }),
    });
  try {
    await setUpKamiyo(sandbox);
    app = await start();
    await app.quiet();
    sandbox.onExchange = ({ method, path, requestBody }) => {
      const passes = method !== "GET" && /check-runs/.test(path) && requestBody.includes('"success"');
      if (passes && !isApproved) wrongPasses += 1;
    };
    const asked: (readonly string[])[] = [];
    const seen: object[] = [];
    const last = one?.act ?? ACTS.length - 1;
    for (const [i, { name, act }] of ACTS.slice(0, last + 1).entries()) {
      later();
      const before = app.asked.length;
      isOn = one?.act === i;
      isApproved ||= name === "approved";
      await act(sandbox);
      // What a limit holds back is never given up: it is still being tried when the fault goes.
      if (isOn) await Promise.race([app.quiet().catch(() => {}), pause(LONGEST_MS)]);
      else await app.quiet();
      asked.push(app.asked.slice(before));
      if (isOn) {
        isOn = false;
        await app.server.sweep();
        await app.quiet();
        // As the sweep does some minutes later (`test/sweep/sweep.test.ts`).
        for (const { job } of await app.server.queue.givenUp()) await app.server.queue.add(job);
        await app.quiet();
        late = !isSame(essence(await outcome(sandbox)), model?.seen[i]);
        if (late) {
          // Looks at everything, as the hourly look does.
          await app.stop();
          app = await start();
          await app.server.sweep();
          await app.quiet();
        }
      }
      if ((await fetch(`${app.server.url}/healthz`)).status !== 200) throw new Error("it does not answer");
      seen.push(essence(await outcome(sandbox)));
    }
    return { asked, seen, wrongPasses, late };
  } finally {
    await app?.stop();
    await sandbox.close();
  }
}

/** What a text could not tell at the time, people read as that: words are left out. */
function essence(all: object): object {
  const { checks, labels, issues } = all as {
    checks: readonly (readonly unknown[])[];
    labels: readonly string[];
    issues: readonly { title: string; state: string; labels: readonly string[] }[];
  };
  return { checks, labels, issues: issues.map(({ title, state, labels: of }) => [title, state, of]) };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

interface Case {
  /** One that uses the endpoint; they take turns. */
  readonly act: number;
  readonly endpoint: string;
  readonly fault: Fault;
}

/** The whole matrix, of which each day has a diagonal. */
function casesOf({ asked }: Life, engine: Engine): readonly Case[] {
  const used = asked.map((lines) => new Set(lines.map(endpointOf)));
  const endpoints = [...new Set(used.flatMap((those) => [...those]))].sort();
  const isMet = (i: number, j: number) =>
    ALL ||
    ((i + j + SEED) % FAULTS.length === 0 && (engine === "memory" || (i + SEED) % ON_REDIS_ONE_IN === 0));
  return endpoints.flatMap((endpoint, i) => {
    const acts = used.flatMap((those, act) => (those.has(endpoint) ? [act] : []));
    return FAULTS.flatMap((fault, j): readonly Case[] => {
      const one = { act: acts[(j + SEED) % acts.length] ?? 0, endpoint, fault };
      const isWanted = ONLY === undefined ? isMet(i, j) : nameOf(one).includes(ONLY);
      return isWanted ? [one] : [];
    });
  });
}

const nameOf = ({ act, endpoint, fault }: Case): string =>
  `${endpoint}: ${fault.name}, while ${ACTS[act]?.name}`;

const undisturbed = live("memory", null);

for (const engine of ["memory", "redis"] as const)
  describe.skipIf(engine === "redis" && !HAS_REDIS)(`the fault matrix, jobs in ${engine}`, () => {
    it("no wrong pass, no crash, and all as if nothing had happened once it is over", {
      timeout: 7_200_000,
    }, async ({ expect }) => {
      const model = await undisturbed;
      const cases = casesOf(model, engine);
      const waiting = [...cases];
      let recovered = 0;
      const late: string[] = [];
      const work = async () => {
        for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
          const life = await live(engine, one, model).catch((error: Error) => error);
          const seen = life instanceof Error ? life.message : life.seen[one.act];
          if (isSame(seen, model.seen[one.act])) recovered += 1;
          else console.info(`${engine}: ${nameOf(one)}: ${JSON.stringify(seen)}`);
          expect.soft(seen, nameOf(one)).toEqual(model.seen[one.act]);
          if (life instanceof Error) continue;
          expect.soft(life.wrongPasses, nameOf(one)).toBe(0);
          if (life.late) late.push(nameOf(one));
        }
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
      const endpoints = new Set(cases.map(({ endpoint }) => endpoint)).size;
      console.info(
        `${engine}: ${recovered} of ${cases.length} faults of ${endpoints} endpoints recovered, seed ${SEED}; ` +
          `${late.length} at a look at everything: ${late.join("; ")}`,
      );
      expect(cases.length).toBeGreaterThan(0);
    });
  });
