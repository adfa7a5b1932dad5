import type { Instance } from "../github/api/instance.ts";
import { remembered } from "../github/api/memory.ts";
import { keyId, type ReconcileKey } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";

/**
 * Without Redis nothing keeps two instances from writing the same thing side by side. Whoever looks again
 * finds both and takes the newer away; this has it looked at again soon after another instance was seen.
 */
export interface Doubles {
  /** Something was created by a job of that key. */
  created(key: ReconcileKey): void;
}

/** So long GitHub has to show what both have created. */
const WAIT_MS = 10_000;

const recentOf = remembered<ReconcileKey>("jobs that created");

/** Looks again, through `enqueue`, at what was created lately, whenever another instance shows. */
export function watchDoubles(
  instance: Instance,
  enqueue: (job: Job) => Promise<void>,
  waitMs = WAIT_MS,
): Doubles {
  const recent = recentOf(instance);
  let timer: NodeJS.Timeout | null = null;

  function look(): void {
    timer = null;
    const keys = [...recent.values()];
    recent.clear();
    // What the queue does not take now is found by the sweep.
    for (const key of keys) enqueue({ key, hint: {}, background: true }).catch(() => undefined);
  }
  function soon(): void {
    if (recent.size > 0 && timer === null) timer = setTimeout(look, waitMs).unref();
  }

  instance.onOther(soon);
  return {
    created(key) {
      recent.set(keyId(key), key);
      if (instance.other() !== null) soon();
    },
  };
}
