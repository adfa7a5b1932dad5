import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { HAS_REDIS } from "./redis-server.ts";

/** What the tests themselves leave behind when they are killed. */

it.skipIf(!HAS_REDIS)("a Redis of a test that is killed ends with it", async () => {
  const test = spawn(process.execPath, [
    ...["--import", "tsx", "--input-type=module", "--eval"],
    'const { startRedis } = await import("./test/jobs/redis-server.ts"); console.log((await startRedis()).url);',
  ]);
  const [url] = (await once(createInterface(test.stdout), "line")) as [string];
  const answers = async () => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on("error", () => {});
    const answer = await client.ping().catch(() => "none");
    client.disconnect();
    return answer;
  };
  expect(await answers()).toBe("PONG");
  test.kill("SIGKILL");
  await expect.poll(answers, { timeout: 20_000 }).toBe("none");
});
