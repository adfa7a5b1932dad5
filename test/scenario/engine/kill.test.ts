import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, it } from "vitest";
import { setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { HAS_REDIS, type RedisServer, redisAddress, startRedis } from "../../jobs/redis-server.ts";
import { type Running, startApp, startStill } from "./in-process.ts";
import { ACTS, seen } from "./life.ts";
import { atMostAtOnce, tell } from "./progress.ts";

/**
 * Issue 11: the process dies at a request of a hotfix's life, before GitHub hears of it or after GitHub has
 * done it; the next one ends all as if nothing had happened. `KILLS=all`: at every request, on both engines.
 */

const ALL = process.env.KILLS === "all";
/** Of reads, else only some. */
const EVERY = 12;

type Engine = "memory" | "redis";
/**
 * Of all acts together. On Redis most of the time is spent waiting: a dead process keeps its jobs for half a
 * minute, and its sweep.
 */
const SIDE_BY_SIDE: Readonly<Record<Engine, number>> = { memory: 8, redis: 40 };
const places = {
  memory: atMostAtOnce(SIDE_BY_SIDE.memory),
  redis: atMostAtOnce(SIDE_BY_SIDE.redis),
};
/** Far longer than anything takes, on a machine that has other work too. */
const QUIET_MS = 400_000;

let redis: Promise<RedisServer> | null = null;
afterAll(async () => (await redis)?.stop());

interface Death {
  readonly act: number;
  /** Of the requests of that act, from 1. */
  readonly request: number;
  readonly when: "before" | "after";
}

interface Life {
  /** What the app asked in each act. */
  readonly asked: readonly (readonly string[])[];
  /** What people saw after each. */
  readonly seen: readonly object[];
  readonly died: boolean;
}

/** A new process, and its recovery and sweep. */
async function start(sandbox: Sandbox, engine: Engine): Promise<Running> {
  if (engine === "memory") {
    const app = await startApp(sandbox, { quietMs: QUIET_MS });
    await app.server.sweep();
    await app.quiet();
    return app;
  }
  redis ??= startRedis();
  const address = await redisAddress(await redis);
  const app = await startApp(sandbox, {
    env: { REDIS_URL: address.url },
    onDeath: address.cut,
    quietMs: QUIET_MS,
  });
  // Whoever died has the lease of the sweep for half a minute.
  const hasSwept = () => app.asked.some((line) => line.includes("/app/installations"));
  for (; !hasSwept(); await pause(500)) await app.server.sweep();
  await app.quiet();
  return { ...app, stop: () => app.stop().then(address.close) };
}

/** From its opening to its end, with at most one death; no further than `last`. */
async function live(engine: Engine, death: Death | null, last = ACTS.length - 1): Promise<Life> {
  const { sandbox, later } = await startStill();
  let app: Running | null = null;
  try {
    await setUpKamiyo(sandbox);
    app = await start(sandbox, engine);
    const asked: (readonly string[])[] = [];
    const all: object[] = [];
    let died = false;
    for (const [i, { act }] of ACTS.slice(0, last + 1).entries()) {
      later();
      const before = app.asked.length;
      if (death?.act === i) app.dieAt(death.request, death.when);
      await act(sandbox);
      await app.quiet();
      asked.push(app.asked.slice(before));
      if (app.isDead()) {
        died = true;
        app = await start(sandbox, engine);
      }
      all.push(await seen(sandbox));
    }
    return { asked, seen: all, died };
  } finally {
    await app?.stop();
    await sandbox.close();
  }
}

const isRead = (line: string): boolean => line.startsWith("GET ");

function deathsIn(asked: readonly string[], act: number, engine: Engine): readonly Death[] {
  return asked.flatMap((line, i): readonly Death[] => {
    if (!ALL && isRead(line) && (engine === "redis" || i % EVERY !== 0)) return [];
    const at = { act, request: i + 1 };
    if (engine === "redis" && !ALL) return [{ ...at, when: "after" }];
    return [
      { ...at, when: "before" },
      { ...at, when: "after" },
    ];
  });
}

/** Dies once in each of so many lives; returns how often it did. */
async function dieAtAll(
  engine: Engine,
  model: Life,
  act: number,
  same: (one: object, model: object, what: string) => void,
): Promise<number> {
  let died = 0;
  const die = async (death: Death) => {
    const request = model.asked[act]?.[death.request - 1] ?? "";
    const what = `${death.when} ${death.request}: ${request}`;
    // What is the same to the letter goes on in the same way: the rest is lived after writes alone.
    const life = await live(engine, death, isRead(request) ? act : undefined).catch((error: Error) => error);
    tell(`${engine}, ${ACTS[act]?.name}, ${what}`);
    if (life instanceof Error) return same(life, {}, what);
    if (life.died) died += 1;
    for (const [i, one] of life.seen.entries())
      if (i >= act) same(one, model.seen[i] ?? {}, `${what}; seen when ${ACTS[i]?.name}`);
  };
  const deaths = deathsIn(model.asked[act] ?? [], act, engine);
  await Promise.all(deaths.map((death) => places[engine](() => die(death))));
  return died;
}

const undisturbed = live("memory", null);

for (const engine of ["memory", "redis"] as const)
  describe.skipIf(engine === "redis" && !HAS_REDIS)(
    `killed at a request, jobs in ${engine}`,
    { concurrent: true },
    () => {
      for (const [act, { name }] of ACTS.entries())
        it(`while the hotfix is ${name}: it ends as if nothing had happened`, { timeout: 3_600_000 }, async ({
          expect,
        }) => {
          const model = await undisturbed;
          const started = performance.now();
          const died = await dieAtAll(engine, model, act, (one, other, what) =>
            expect.soft(one, what).toEqual(other),
          );
          console.info(
            `${engine}: killed ${died} times while ${name}, of ${(model.asked[act]?.length ?? 0) * 2}, ` +
              `in ${Math.round((performance.now() - started) / 1_000)} s`,
          );
          expect(died > 0 || deathsIn(model.asked[act] ?? [], act, engine).length === 0).toBe(true);
        });
    },
  );
