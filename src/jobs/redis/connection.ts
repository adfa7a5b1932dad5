import { Redis } from "ioredis";
import type { QueueLog } from "../queue.ts";

/** A command without an answer after so long has failed: GitHub waits 10 s for its own. */
const COMMAND_MS = 3_000;
const LONGEST_RECONNECT_MS = 2_000;
/** A connection that is down complains at each try. */
const SAY_AGAIN_MS = 30_000;

/** For whoever waits for an answer: fails at once where Redis cannot be reached. */
export function connectFast(url: string, log: QueueLog): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_MS,
    connectTimeout: COMMAND_MS,
    retryStrategy,
  });
  redis.on("error", complainer(log));
  return redis;
}

/** Waits for a connection that is just being made; one that is lost is not waited for. */
export async function settled(redis: Redis): Promise<void> {
  if (!["wait", "connecting", "connect"].includes(redis.status)) return;
  const waiting = settling.get(redis) ?? settle(redis);
  settling.set(redis, waiting);
  await waiting;
  settling.delete(redis);
}

const settling = new WeakMap<Redis, Promise<void>>();

function settle(redis: Redis): Promise<void> {
  return new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      redis.off("ready", done).off("close", done);
      resolve();
    };
    const timer = setTimeout(done, COMMAND_MS);
    redis.once("ready", done).once("close", done);
  });
}

/** For workers: waits as long as it takes. */
export function connectPatient(url: string, log: QueueLog): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, connectTimeout: COMMAND_MS, retryStrategy });
  redis.on("error", complainer(log));
  return redis;
}

function retryStrategy(times: number): number {
  return Math.min(100 * times, LONGEST_RECONNECT_MS);
}

/** Says what is wrong with Redis, now and then. */
export function complainer(log: QueueLog): (error: Error) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    if (performance.now() - saidAt < SAY_AGAIN_MS) return;
    saidAt = performance.now();
    log.warn({ reason: message }, "Redis cannot be reached or does not answer as it should");
  };
}

/** Why it cannot be used, in plain words without an address. */
export function describeRedisFailure(error: unknown): string {
  const { message = "", code } = error as { readonly message?: string; readonly code?: string };
  if (/timed out/i.test(message)) return "Redis does not answer in time";
  if (/NOAUTH|WRONGPASS/.test(message)) return "Redis refuses the user or password of REDIS_URL";
  if (/READONLY/.test(message)) return "Redis takes no writes: it is a replica";
  if (/OOM|MISCONF/.test(message)) return "Redis takes no writes: its memory or its disk is full";
  if (/LOADING/.test(message)) return "Redis is still loading its data";
  return `Redis cannot be reached${code === undefined ? "" : `: ${code}`}`;
}
