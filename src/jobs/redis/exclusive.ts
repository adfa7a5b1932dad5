import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { scriptsOf } from "./scripts.ts";

/** A process that died holds nothing for longer. */
const LEASE_MS = 15_000;
const RENEW_MS = 5_000;
const ASK_AGAIN_MS = 50;

/**
 * Waits until no other instance does the same, and resolves with what ends that. Rejects where Redis cannot
 * be reached.
 */
export function createExclusive(redis: Redis, prefix: string): (key: string) => Promise<() => Promise<void>> {
  const scripts = scriptsOf(redis);
  return async (key) => {
    const name = `${prefix}:alone:${key}`;
    const owner = randomUUID();
    while (!(await scripts.lease(name, owner, LEASE_MS)))
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    const renewal = setInterval(() => void scripts.lease(name, owner, LEASE_MS).catch(() => {}), RENEW_MS);
    return () => {
      clearInterval(renewal);
      return scripts.release(name, owner).catch(() => {});
    };
  };
}
