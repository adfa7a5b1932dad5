import type { ApplicationFunction } from "probot";
import type { Queue } from "./queue/port.ts";
import { keyId } from "./reconcile/key.ts";
import { concernsOf } from "./webhooks/concerns.ts";
import type { Delivery } from "./webhooks/endpoint.ts";

export interface AppOptions {
  readonly queue: Pick<Queue, "add">;
  readonly appId: number;
}

interface DebugLog {
  debug(fields: object, message: string): void;
}

/** Makes jobs of a delivery, and does nothing else before GitHub has its answer. Never throws. */
export function takeIn(
  delivery: Delivery,
  { queue, appId, log }: AppOptions & { readonly log: DebugLog },
): void {
  const { id, name, payload } = delivery;
  const jobs = concernsOf(name, payload, { appId });
  log.debug({ delivery: id, event: name, jobs: jobs.map(({ key }) => keyId(key)) }, "event received");
  for (const job of jobs) queue.add(job);
}

/**
 * The same as a Probot application, for a Probot server of one's own. Our server does without: Probot makes a client
 * for every event, and answers 500 where it cannot.
 */
export function hotfixGuard(options: AppOptions): ApplicationFunction {
  return (app) => {
    app.onAny((event) => takeIn(event, { ...options, log: app.log }));
  };
}
