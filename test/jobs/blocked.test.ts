import { spawn } from "node:child_process";
import { expect, it, vi } from "vitest";
import type { Job } from "../../src/jobs/queue.ts";
import { createRedisQueue } from "../../src/jobs/redis/queue.ts";
import { currentRun } from "../../src/jobs/run.ts";
import { compile, OUT } from "../cli/program.ts";
import { HAS_REDIS, startRedis } from "./redis-server.ts";

it.skipIf(!HAS_REDIS)(
  "an instance blocked for longer than its lock finds out before it writes; another has done the job, with all that it was for",
  { timeout: 60_000 },
  async () => {
    compile();
    const redis = await startRedis();
    const child = spawn(process.execPath, ["test/jobs/blocked.js", OUT, redis.url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (text) => {
      output += String(text);
    });
    const says = (words: string) =>
      vi.waitFor(() => expect(output).toContain(words), { timeout: 20_000, interval: 20 });
    const done: Job[] = [];
    try {
      await says("begun");
      const other = createRedisQueue({
        url: redis.url,
        app: "blocked",
        lockMs: 1_000,
        log: { warn: () => {}, error: () => {} },
        async worker(job) {
          if ((await currentRun.getStore()?.isMine()) === true) done.push(job);
          return {};
        },
      });
      await vi.waitFor(() => expect(done).toHaveLength(1), { timeout: 20_000, interval: 20 });
      await says("taken over");
      await other.idle();
      expect(done.map(({ hint }) => hint)).toEqual([{ formerHeads: ["a"] }]);
      await other.close(1_000);
    } finally {
      child.kill("SIGKILL");
      await redis.stop();
    }
  },
);
