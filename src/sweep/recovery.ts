import type { GitHubClients } from "../github/api/client.ts";
import type { Losses } from "../jobs/queue.ts";
import { createRedelivery, type Unfinished } from "./deliveries.ts";

/** What was taken in and not done, and what did not arrive. */
export interface Recovery {
  /** What is still to be looked at; whoever has done so takes it out. */
  readonly unfinished: Set<Unfinished>;
  /** The queue has told what it lost. */
  noted(lost: Losses): void;
  /**
   * At most every five minutes: reads what an earlier process, or a queue that has lost it, had taken in
   * lately, calls `look` where there is any, and has what did not arrive delivered again. Never rejects.
   */
  run(look: () => void): Promise<void>;
  stop(): void;
}

interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const EVERY_MS = 5 * 60_000;

/** Of this process; it asks nothing yet. */
export function createRecovery(clients: Pick<GitHubClients, "asApp" | "serverTime">, log: Log): Recovery {
  const now = () => clients.serverTime().getTime();
  const redelivery = createRedelivery(clients.asApp, now);
  const unfinished = new Set<Unfinished>();
  let runAt = 0;
  let isKnown = false;
  /** When the queue had all that it was given, at last, by GitHub's clock; and before it lost something. */
  let wellAt: number | null = null;
  let since: number | null = null;

  return {
    unfinished,
    noted(lost) {
      if (lost !== "nothing" && wellAt !== null) {
        since = Math.min(since ?? wellAt, wellAt);
        isKnown = false;
        runAt = 0;
      }
      wellAt = now();
    },
    async run(look) {
      if (Date.now() < runAt) return;
      runAt = Date.now() + EVERY_MS;
      try {
        if (!isKnown) {
          for (const one of await redelivery.unfinished(since)) unfinished.add(one);
          isKnown = true;
          since = null;
          if (unfinished.size > 0) look();
        }
        const count = await redelivery.lost();
        if (count > 0) log.info({ count }, "sweep: requested redelivery of missed webhooks");
      } catch (err) {
        log.warn({ err }, "sweep: missed webhooks could not be listed");
      }
    },
    stop: redelivery.stop,
  };
}
