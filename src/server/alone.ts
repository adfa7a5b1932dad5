import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Store } from "../jobs/store.ts";

const NAME = "instance.json";
const BEAT_MS = 10_000;
/** So long after the other was seen last it is taken for gone. */
const GONE_MS = 60_000;

const WARNING =
  "another instance works for the same app without REDIS_URL: comments and issues may be doubled. Stop one, or set REDIS_URL for both";

/** Tells whether another process works on the same state folder. */
export interface Alone {
  /** `null`: nobody else does; otherwise what is wrong, in plain words. */
  warning(): string | null;
  stop(): void;
}

/**
 * Two instances by mistake: each leaves its mark in the state folder every ten seconds, and finds the other's
 * there. A process that was killed leaves a mark that nobody renews, and so is none. Sees only those that
 * share the folder.
 */
export function watchAlone(store: Store, log: Pick<Logger, "error">, beatMs = BEAT_MS): Alone {
  const own = randomUUID();
  let seenAt = Number.NEGATIVE_INFINITY;
  let marked = false;
  let saidOther = "";

  async function beat(): Promise<void> {
    const other = await store.read(NAME);
    // What was there before the first mark may be a dead one's.
    if (marked && other !== null && other !== own) {
      seenAt = performance.now();
      if (saidOther !== other) log.error({ other, own }, WARNING);
      saidOther = other;
    }
    await store.write(NAME, own);
    marked = true;
  }

  void beat();
  const timer = setInterval(() => void beat(), beatMs);
  timer.unref();
  return {
    warning: () => (performance.now() - seenAt < Math.max(GONE_MS, 3 * beatMs) ? WARNING : null),
    stop: () => clearInterval(timer),
  };
}
