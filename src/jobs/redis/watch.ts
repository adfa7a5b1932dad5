import type { Redis } from "ioredis";
import { keyId } from "../key.ts";
import type { Watch, WatchEntry, WatchedKey } from "../watch-list.ts";
import { settled } from "./connection.ts";
import { namesOf } from "./names.ts";

/**
 * A watch list that all instances write to: whoever sweeps knows what another has seen. What Redis does not
 * take is only looked at once more.
 */
export function shareWatch(watch: Watch, redis: Redis, prefix: string): Watch {
  const { watched: states, pushes } = namesOf(prefix);
  const quietly = (done: Promise<unknown>): void => void done.catch(() => {});
  /** What is noted while the list is on its way is newer than it. */
  const newer = new Set<string>();
  let asking = 0;
  const note = (key: WatchedKey) => {
    if (asking > 0) newer.add(keyId(key));
  };
  return {
    ...watch,
    seen(key, state) {
      watch.seen(key, state);
      note(key);
      quietly(redis.hset(states, keyId(key), JSON.stringify({ ...state, key } satisfies WatchEntry)));
    },
    over(key) {
      watch.over(key);
      note(key);
      quietly(redis.hdel(states, keyId(key)));
    },
    pushed(repositoryId, at) {
      watch.pushed(repositoryId, at);
      quietly(redis.hset(pushes, repositoryId, at));
    },
    async refresh() {
      asking += 1;
      try {
        await settled(redis);
        const [entries, told] = await Promise.all([redis.hgetall(states), redis.hgetall(pushes)]);
        for (const { key } of watch.entries())
          if (!(keyId(key) in entries) && !newer.has(keyId(key))) watch.over(key);
        for (const [id, text] of Object.entries(entries)) {
          const { key, ...state } = JSON.parse(text) as WatchEntry;
          if (!newer.has(id)) watch.seen(key, state);
        }
        for (const [repositoryId, at] of Object.entries(told)) watch.pushed(Number(repositoryId), Number(at));
      } finally {
        asking -= 1;
        if (asking === 0) newer.clear();
      }
    },
  };
}
