import type { WorkerContext } from "../app.ts";
import type { Worker } from "../jobs/queue.ts";
import { createMemory } from "../reconcile/context.ts";
import { createReconciler } from "../reconcile/reconcile.ts";
import { RETRY_TIMES, type RetryTimes } from "../reconcile/retry.ts";

/** Where checks and comments send people to read on. */
const DOCS_URL = "https://github.com/hotfix-guard/hotfix-guard/blob/main/docs";

/** The worker of the real app. */
export function createWorker(
  { clients, queue, log, metrics, watch, announce }: WorkerContext,
  retryTimes: RetryTimes = RETRY_TIMES,
): Worker {
  return createReconciler({
    clients,
    log,
    docsUrl: DOCS_URL,
    enqueue: queue.add,
    onVerdict: metrics.verdict,
    memory: createMemory(),
    watch,
    announce,
    retryTimes,
  });
}
