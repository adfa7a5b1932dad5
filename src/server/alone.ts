import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Instance, OwnCreation } from "../github/api/instance.ts";
import type { Store } from "../jobs/store.ts";

const NAME = "instance.json";
const BEAT_MS = 10_000;
/** So long after the other was seen last it is taken for gone. */
const GONE_MS = 60_000;

const WARNING =
  "another instance works for the same app without REDIS_URL: comments and issues may be doubled. Stop one, or set REDIS_URL for both";

/** Tells whether another process works for the same app, where none should. */
export interface Alone {
  /** `null`: nobody else does; otherwise what is wrong, in plain words. */
  warning(): string | null;
  /** GitHub tells of something that the app has created; `look` is called where it was another instance. */
  heard(own: OwnCreation, look: () => void): void;
  stop(): void;
}

/** What it looks at, and how often. */
export interface AloneOptions {
  readonly beatMs?: number;
  /** Who finds traces of others on GitHub; absent: only the folder tells. */
  readonly instance?: Instance | undefined;
  readonly answerMs?: number;
}

/** GitHub's event may be faster than its answer, which names what this process has created. */
const ANSWER_MS = 5_000;

/**
 * Two instances by mistake. Those on one machine share the state folder: each leaves its mark there every ten
 * seconds, and finds the other's. Others show by what they write on GitHub (`Instance`). A process that was
 * killed renews no mark and writes nothing, and so is none.
 */
export function watchAlone(
  store: Store,
  log: Pick<Logger, "error">,
  { beatMs = BEAT_MS, instance, answerMs = ANSWER_MS }: AloneOptions = {},
): Alone {
  const own = randomUUID();
  let seenAt = Number.NEGATIVE_INFINITY;
  let marked = false;
  let saidOther = "";
  const saidOnGitHub = new Set<string>();

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

  instance?.onOther(({ instance: other, at }) => {
    const name = other ?? "unknown";
    if (saidOnGitHub.has(name)) return;
    saidOnGitHub.add(name);
    log.error({ other: name, own: instance.id, at: new Date(at).toISOString() }, WARNING);
  });

  void beat();
  const timer = setInterval(() => void beat(), beatMs);
  timer.unref();
  return {
    warning() {
      const isNear = performance.now() - seenAt < Math.max(GONE_MS, 3 * beatMs);
      return isNear || (instance?.other() ?? null) !== null ? WARNING : null;
    },
    heard(own, look) {
      setTimeout(() => {
        if (instance !== undefined && !instance.isOwn(own)) look();
      }, answerMs).unref();
    },
    stop: () => clearInterval(timer),
  };
}
