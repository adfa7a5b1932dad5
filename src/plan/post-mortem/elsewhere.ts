import type { ReconcileKey, RepositoryKey } from "../../jobs/key.ts";
import type { WatchedKey } from "../../jobs/watch-list.ts";
import { issueName } from "../../policy/repository.ts";
import { type Plan, type PlannedJob, plan } from "../plan.ts";

/** Has post-mortems looked at: a push may concern them. */
export function planRecheck(there: RepositoryKey, numbers: readonly number[]): Plan {
  const jobs = numbers.map((number): PlannedJob => {
    return { key: { ...there, kind: "post-mortem", number }, hint: {}, background: true };
  });
  return plan({ jobs });
}

/**
 * Nothing is left to be done about it here: it is gone, or it is not the app's. The pull request that it is
 * known to be about is looked at, where people are told.
 */
export function planMissing(
  key: WatchedKey,
  state: "gone" | "foreign",
  about: ReconcileKey | null = null,
): Plan {
  const message = "the post-mortem is gone: deleted, converted, or where the app cannot read";
  return plan({
    watch: { key, seen: "over" },
    jobs: state === "gone" && about !== null ? [{ key: about, hint: {} }] : [],
    log: state === "gone" ? [{ level: "warn", fields: { post_mortem: key.number }, message }] : [],
  });
}

/** It is at another place now, where it is looked at. */
export function planMoved(key: WatchedKey, there: WatchedKey): Plan {
  const now = issueName(there, there.number);
  return plan({
    watch: { key, seen: "over" },
    jobs: [{ key: there, hint: {} }],
    log: [{ level: "info", fields: { post_mortem: key.number, now }, message: "the post-mortem has moved" }],
  });
}
