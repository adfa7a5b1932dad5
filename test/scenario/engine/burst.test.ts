import { expect, it } from "vitest";
import { setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import { HAS_REDIS, startRedis } from "../../jobs/redis-server.ts";
import { JOHN, REPO, RITA } from "../support.ts";
import { startApp, startStill } from "./in-process.ts";
import { ACTS, PULL } from "./life.ts";

/** Issue 11: ten labels at once are evaluated once, whatever jobs are kept in. */

const LABELS = Array.from({ length: 10 }, (_, i) => `ours-${i}`);

async function costOf(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { sandbox, later } = await startStill();
  await setUpKamiyo(sandbox);
  for (const name of LABELS) await sandbox.as(RITA).request("POST", `/repos/${REPO}/labels`, { name });
  const app = await startApp(sandbox, { env });
  try {
    for (const { act } of ACTS.slice(0, 2)) {
      later();
      await act(sandbox);
      await app.quiet();
    }
    later();
    const before = app.asked.length;
    sandbox.knobs.latencyMs = 200;
    await Promise.all(LABELS.map((label) => sandbox.as(JOHN).addLabel(REPO, PULL, label)));
    await app.quiet();
    return app.asked.slice(before);
  } finally {
    await app.stop();
    await sandbox.close();
  }
}

it.skipIf(!HAS_REDIS)("ten labels at once cost on Redis what they cost in memory", async () => {
  const redis = await startRedis();
  try {
    const [memory, shared] = [await costOf({}), await costOf({ REDIS_URL: redis.url })];
    expect(memory.length).toBeLessThanOrEqual(15);
    expect(shared.length, shared.join("\n")).toBeLessThanOrEqual(memory.length + 1);
    expect([...memory, ...shared].filter((line) => !line.startsWith("GET "))).toEqual([]);
  } finally {
    await redis.stop();
  }
});
