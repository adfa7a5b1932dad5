import type { GitHubClients } from "../github/client.ts";
import type { Queue } from "../queue/port.ts";
import { listInstallations } from "./listings.ts";

export interface SweepOptions {
  readonly clients: Pick<GitHubClients, "asApp">;
  readonly queue: Pick<Queue, "add">;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /** Milliseconds between sweeps; `null`: only the first. */
  readonly intervalMs: number | null;
}

/** A sweep that could not even begin is tried again after this time. */
const RETRY_MS = 30_000;

/**
 * Looks at everything again without an event, now and at every interval: what was lost while the process was down, or
 * on the way, is found. Returns how to stop it.
 */
export function startSweep({ clients, queue, log, intervalMs }: SweepOptions): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function sweep(): Promise<void> {
    let next = intervalMs;
    try {
      const installations = await sweepOnce({ clients, queue });
      log.info({ installations }, "sweep: looking at all installations again");
    } catch (err) {
      next = Math.min(RETRY_MS, intervalMs ?? RETRY_MS);
      log.warn({ err }, "sweep: the installations could not be listed, will be tried again");
    }
    if (!stopped && next !== null) timer = setTimeout(() => void sweep(), next);
  }

  void sweep();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Queues every installation, and returns how many there are. Rejects where they cannot be listed. */
export async function sweepOnce({
  clients,
  queue,
}: Pick<SweepOptions, "clients" | "queue">): Promise<number> {
  const ids = await listInstallations(await clients.asApp());
  for (const installationId of ids) {
    queue.add({ key: { kind: "installation", installationId }, hint: {}, background: true });
  }
  return ids.length;
}
