import type { Redis } from "ioredis";
import type { Store } from "../store.ts";

/** What nobody has written for a week is of no use to the next one. */
const KEPT_S = 7 * 24 * 3_600;

/** Texts in Redis, for runs that share no folder. Where Redis does not take them nothing is kept. */
export function createRedisStore(redis: Redis, prefix: string): Store {
  const of = (name: string) => `${prefix}:kept:${name}`;
  return {
    read: (name) => redis.get(of(name)).catch(() => null),
    async write(name, text) {
      await redis.set(of(name), text, "EX", KEPT_S).catch(() => null);
    },
  };
}
