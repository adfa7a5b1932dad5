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
  redis.on("error", (error) => void failures.set(redis, error));
  redis.on("ready", () => void failures.delete(redis));
  return redis;
}

const failures = new WeakMap<Redis, Error>();

/** Why there is no connection: a command only says that there is none. `undefined`: there is one. */
export function lastFailure(redis: Redis): Error | undefined {
  return failures.get(redis);
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

/** What is wrong with a Redis for work that must not be lost, by its `INFO`, and how to put it right. */
export function shortcomings(info: string): readonly string[] {
  const of = (name: string) => new RegExp(`^${name}:([^\\r\\n]*)`, "m").exec(info)?.[1];
  const [version, policy] = [of("redis_version"), of("maxmemory_policy")];
  return [
    ...(version !== undefined && of("valkey_version") === undefined && Number.parseInt(version, 10) < OLDEST
      ? [`Redis is version ${version}: use ${OLDEST} or newer`]
      : []),
    ...(policy !== undefined && policy !== "noeviction"
      ? [`Redis may forget jobs when its memory is full (maxmemory-policy ${policy}): set it to noeviction`]
      : []),
    ...(of("aof_enabled") === "0"
      ? ["Redis forgets what it has just taken where it is started again: set appendonly to yes"]
      : []),
    ...(of("cluster_enabled") === "1" ? [CLUSTER] : []),
  ];
}

const OLDEST = 7;
const CLUSTER = "REDIS_URL is a node of a Redis Cluster: use one server, or one primary with replicas";

/** Says what is wrong with it once it is connected, each thing once. */
export function inspect(redis: Redis, log: QueueLog): void {
  const said = new Set<string>();
  redis.on("ready", () => {
    redis
      .info()
      .then((info) => {
        for (const one of shortcomings(info)) {
          if (!said.has(one)) log.warn({}, one);
          said.add(one);
        }
      })
      // What cannot be asked is not complained of; what fails is (`complainer`).
      .catch(() => undefined);
  });
}

/** Why it cannot be used, in plain words without an address. */
export function describeRedisFailure(error: unknown): string {
  const { message = "", code } = error as { readonly message?: string; readonly code?: string };
  if (/timed out/i.test(message)) return "Redis does not answer in time";
  if (/NOAUTH|WRONGPASS/.test(message)) return "Redis refuses the user or password of REDIS_URL";
  if (/READONLY/.test(message)) return "Redis takes no writes: it is a replica";
  if (/OOM|MISCONF/.test(message)) return "Redis takes no writes: its memory or its disk is full";
  if (/CLUSTERDOWN|MOVED|CROSSSLOT/.test(message)) return CLUSTER;
  if (/LOADING/.test(message)) return "Redis is still loading its data";
  return `Redis cannot be reached${code === undefined ? "" : `: ${code}`}`;
}
