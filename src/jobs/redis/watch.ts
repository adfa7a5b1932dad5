import type { Redis } from "ioredis";
import { keyId } from "../key.ts";
import type { Watch, WatchEntry } from "../watch-list.ts";
import { namesOf } from "./names.ts";

/**
 * A watch list that all instances write to: whoever sweeps knows what another has seen. What Redis does not
 * take is only looked at once more.
 */
export function shareWatch(watch: Watch, redis: Redis, prefix: string): Watch {
  const { watched: states, pushes } = namesOf(prefix);
  const quietly = (done: Promise<unknown>): void => void done.catch(() => {});
  return {
    ...watch,
    seen(key, state) {
      watch.seen(key, state);
      quietly(redis.hset(states, keyId(key), JSON.stringify({ ...state, key } satisfies WatchEntry)));
    },
    over(key) {
      watch.over(key);
      quietly(redis.hdel(states, keyId(key)));
    },
    pushed(repositoryId, at) {
      watch.pushed(repositoryId, at);
      quietly(redis.hset(pushes, repositoryId, at));
    },
    async refresh() {
      const [entries, told] = await Promise.all([redis.hgetall(states), redis.hgetall(pushes)]);
      for (const { key } of watch.entries()) if (!(keyId(key) in entries)) watch.over(key);
      for (const text of Object.values(entries)) {
        const { key, ...state } = JSON.parse(text) as WatchEntry;
        watch.seen(key, state);
      }
      for (const [repositoryId, at] of Object.entries(told)) watch.pushed(Number(repositoryId), Number(at));
    },
  };
}
