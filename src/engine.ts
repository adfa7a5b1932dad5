import type { Logger } from "pino";
import type { Environment } from "./environment.ts";
import { createExclusively, type Exclusively } from "./github/api/exclusively.ts";
import type { SharedLimits } from "./github/api/lanes.ts";
import { createMemoryQueue } from "./jobs/memory-queue.ts";
import type { Queue, QueueOptions } from "./jobs/queue.ts";
import { createWatch, type Watch, type WatchEntry } from "./jobs/watch-list.ts";

/** What jobs run on: one process, or any number that share a Redis. */
export interface Engine {
  readonly queue: Queue;
  readonly watch: Watch;
  /** For what is created once. */
  readonly exclusively: Exclusively;
  /** Limits of writes that all instances keep to; absent: there is one instance. */
  readonly limits?: SharedLimits;
}

/** By `REDIS_URL`. Rejects nowhere: a Redis that cannot be reached shows at `/readyz` and in the log. */
export async function createEngine(
  { redisUrl, appId }: Pick<Environment, "redisUrl" | "appId">,
  options: Omit<QueueOptions, "log">,
  log: Logger,
  watched: readonly WatchEntry[] = [],
): Promise<Engine> {
  const queueOptions = { ...options, log: log.child({ name: "queue" }) };
  const watch = createWatch(watched);
  if (redisUrl === null)
    return { queue: createMemoryQueue(queueOptions), watch, exclusively: createExclusively() };
  // Who needs none of it does not load it.
  const [{ createRedisQueue }, { createSharedLimits }, { shareWatch }, { createExclusive }] =
    await Promise.all([
      import("./jobs/redis/queue.ts"),
      import("./jobs/redis/limits.ts"),
      import("./jobs/redis/watch.ts"),
      import("./jobs/redis/exclusive.ts"),
    ]);
  const queue = createRedisQueue({ ...queueOptions, url: redisUrl, app: String(appId) });
  const { redis, prefix } = queue;
  return {
    queue,
    watch: shareWatch(watch, redis, prefix),
    exclusively: createExclusively(createExclusive(redis, prefix)),
    limits: createSharedLimits(redis, prefix),
  };
}
