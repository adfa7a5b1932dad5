import type { Logger } from "pino";
import type { GitHubClients } from "../github/client.ts";
import type { Queue, Worker } from "../queue/port.ts";
import { createMemory } from "./context.ts";
import { createReconciler } from "./reconcile.ts";

/** Where the pages for users are, unless the operator says otherwise. */
export const DOCS_URL = "https://github.com/hotfix-guard/hotfix-guard/blob/main/docs";

/** The worker of a running server. */
export function createWorker({
  clients,
  queue,
  log,
  metrics,
}: {
  readonly clients: GitHubClients;
  readonly queue: Pick<Queue, "add">;
  readonly log: Logger;
  readonly metrics: { verdict(outcome: string): void };
}): Worker {
  return createReconciler({
    clients,
    log,
    docsUrl: DOCS_URL,
    enqueue: (job) => queue.add(job),
    onVerdict: (outcome) => metrics.verdict(outcome),
    memory: createMemory(),
  });
}
