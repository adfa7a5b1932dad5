import { LRUCache } from "lru-cache";
import { atMost } from "./at-most.ts";
import { keyId, type ReconcileKey } from "./key.ts";

/** What can be under way for hours or days: an open hotfix, an open post-mortem. */
export type WatchedKey = Extract<ReconcileKey, { kind: "pull-request" | "post-mortem" }>;

/** How a look found it. */
export interface Seen {
  /** GitHub's `updated_at`. */
  readonly updatedAt: string;
  /**
   * When something is to be done although nothing changes, in milliseconds of GitHub's clock; `null`: never.
   */
  readonly dueAt: number | null;
  /** Of a pull request: it is a hotfix, or a rollback. Ordinary ones are seen as well. */
  readonly hotfix?: boolean;
  /** Of a post-mortem: its due time is over. */
  readonly overdue?: boolean;
  /** Of a post-mortem: it is closed for good, and only its action items are still under way. */
  readonly closed?: boolean;
  /** Of a young post-mortem: the commit that landed, whose checks concern it. */
  readonly landed?: string;
  /** Of a post-mortem: since when each action item that is not done is overdue, in milliseconds. */
  readonly itemsOverdueAt?: readonly number[];
}

/**
 * What is under way, as it was last seen, so that the sweep looks again only where something changed or is
 * due. It is in memory and only ever saves requests: what is not in it is looked at.
 */
export interface Watch {
  seen(key: WatchedKey, state: Seen): void;
  /** Nothing is to be done here any more, unless an event says so. */
  over(key: WatchedKey): void;
  /** Is a look worth it? `updatedAt`: as a listing has it. `now`: milliseconds of GitHub's clock. */
  wants(key: WatchedKey, updatedAt: string, now: number): boolean;
  /** What is due in an installation. */
  due(installationId: number, now: number): readonly WatchEntry[];
  /** An event told of a push to the repository, which had its time (milliseconds) as `pushed_at`. */
  pushed(repositoryId: number, at: number): void;
  /** The time of the last push that an event told of. */
  heardPush(repositoryId: number): number | undefined;
  /** The post-mortems of what landed as this commit. */
  landedAs(sha: string): readonly WatchedKey[];
  /** Learns what other instances have seen. */
  refresh(): Promise<void>;
  /** All that is under way, to be kept. */
  entries(): readonly WatchEntry[];
}

/** One of the list, as it can be kept. */
export type WatchEntry = Seen & { readonly key: WatchedKey };

/** More than this is not remembered: the least recently seen is looked at whenever a listing has it. */
const MAX_WATCHED = 20_000;

/** A list in memory, bounded: what falls off is looked at once more than it needs to be. */
export function createWatch(kept: readonly WatchEntry[] = []): Watch {
  const states = new LRUCache<string, WatchEntry>(atMost(MAX_WATCHED));
  const pushes = new LRUCache<number, number>(atMost(MAX_WATCHED));
  for (const one of kept.toReversed()) states.set(keyId(one.key), one);
  const isDue = ({ dueAt }: Seen, now: number): boolean => dueAt !== null && dueAt <= now;
  return {
    seen(key, state) {
      states.set(keyId(key), { ...state, key });
    },
    over(key) {
      states.delete(keyId(key));
    },
    wants(key, updatedAt, now) {
      const state = states.get(keyId(key));
      return (
        state === undefined || !(Date.parse(updatedAt) <= Date.parse(state.updatedAt)) || isDue(state, now)
      );
    },
    due: (installationId, now) =>
      [...states.values()].filter(
        (state) => state.key.installationId === installationId && isDue(state, now),
      ),
    pushed(repositoryId, at) {
      pushes.set(repositoryId, Math.max(at, pushes.get(repositoryId) ?? at));
    },
    landedAs: (sha) => [...states.values()].filter(({ landed }) => landed === sha).map(({ key }) => key),
    heardPush: (repositoryId) => pushes.get(repositoryId),
    refresh: async () => {},
    entries: () => [...states.values()],
  };
}
