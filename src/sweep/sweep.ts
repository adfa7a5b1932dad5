import { levelOf } from "../github/api/budget.ts";
import type { GitHubClient, GitHubClients } from "../github/api/client.ts";
import { type Installation, listInstallations } from "../github/collect/git/installations.ts";
import { keyName } from "../jobs/key.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Watch } from "../jobs/watch-list.ts";
import { concerning } from "../jobs/work.ts";
import type { Unfinished } from "./deliveries.ts";
import { lookAtInstallation } from "./look.ts";
import { createMemory, type Memory } from "./memory.ts";
import { createRecovery } from "./recovery.ts";

/** What the sweep looks through, and how often. */
export interface SweepOptions {
  readonly clients: Pick<GitHubClients, "asApp" | "forInstallation" | "serverTime">;
  readonly queue: Pick<Queue, "add" | "leads" | "losses" | "givenUp">;
  readonly watch: Pick<Watch, "wants" | "due" | "heardPush" | "refresh" | "entries" | "over">;
  readonly log: SweepLog;
  /** Milliseconds between sweeps; `null`: only the first. */
  readonly intervalMs: number | null;
}

interface SweepLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** A sweep that repeats itself until it is stopped. */
export interface Sweep {
  /** Sweeps once more, after one that is under way. Never rejects. */
  now(): Promise<void>;
  stop(): void;
}

/** A sweep that could not even begin, or that another instance has to do, is tried again after this time. */
const RETRY_MS = 30_000;
/** Between two looks at what did not arrive, and between two lists of the installations. */
const SOME_MINUTES_MS = 5 * 60_000;
/**
 * When what was given up is tried again: what failed; what GitHub did not tell for so long, after twice as
 * long each further time until it is that.
 */
const GIVEN_UP_MS = 30 * 60_000;
const UNREAD_MS = 5 * 60_000;
/** Installations that are looked at side by side. */
const PLACES = 4;
const MOST_NAMED = 20;

/**
 * Looks again without an event, now and at every interval: what was lost while the process was down or on the
 * way is found, and what is due by time is done. First at everything; then only at what changed, is due or
 * was pushed to without an event (`look.ts`). Never two at once.
 */
export function startSweep({ clients, queue, watch, log, intervalMs }: SweepOptions): Sweep {
  const memories = new Map<number, Memory>();
  const recovery = createRecovery(clients, log);
  let installations: readonly Installation[] = [];
  let listInstallationsAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let last: Promise<unknown> = Promise.resolve();
  const context = { clients, queue, watch, log, isStopped: () => stopped };

  /** False: it did not begin, since something fails or another instance sweeps. */
  async function sweep(): Promise<boolean> {
    if (stopped) return true;
    try {
      // Of several instances one sweeps; where it is gone, another one after a while.
      if (!(await queue.leads())) {
        memories.clear();
        // It concerns whoever does not sweep, too: which post-mortem a commit's checks are for.
        await watch.refresh();
        return false;
      }
      const lost = await queue.losses();
      if (lost === "all") memories.clear();
      recovery.noted(lost);
      await watch.refresh();
      await takeUpGivenUp(queue);
    } catch (err) {
      log.warn({ err }, "sweep: the queue cannot be reached, will be tried again");
      return false;
    }
    try {
      if (Date.now() >= listInstallationsAt) {
        installations = await listInstallations(await clients.asApp());
        listInstallationsAt = Date.now() + SOME_MINUTES_MS;
      }
    } catch (err) {
      log.warn({ err }, "sweep: the installations could not be listed, will be tried again");
      return false;
    }
    forgetOthers(installations, memories, watch);
    void recovery.run(lookAtUnfinished);
    await lookAtAll(installations, context, memories, recovery.unfinished);
    return true;
  }

  /** Those of which something is unfinished, once what is under way is over. */
  function lookAtUnfinished(): void {
    const wanted = new Set([...recovery.unfinished].map(({ installationId }) => installationId));
    const theirs = installations.filter(({ id }) => wanted.has(id));
    if (theirs.length > 0) last = last.then(() => lookAtAll(theirs, context, memories, recovery.unfinished));
  }

  const now = (): Promise<boolean> => {
    const next = last.then(sweep);
    last = next;
    return next;
  };
  async function go(): Promise<void> {
    const listed = await now();
    const next = listed ? intervalMs : Math.min(RETRY_MS, intervalMs ?? RETRY_MS);
    if (!stopped && next !== null) timer = setTimeout(() => void go(), next);
  }
  void go();
  return {
    now: async () => {
      await now();
    },
    stop() {
      stopped = true;
      recovery.stop();
      clearTimeout(timer);
    },
  };
}

/**
 * Looks once at every installation, with what the last run remembered. Returns how many there are, and how
 * many could not be looked at. Rejects where they cannot be listed.
 */
export async function sweepOnce(
  options: Omit<SweepOptions, "intervalMs">,
  memories: Map<number, Memory>,
): Promise<{ readonly installations: number; readonly failed: number }> {
  const installations = await listInstallations(await options.clients.asApp());
  forgetOthers(installations, memories, options.watch);
  const failed = await lookAtAll(installations, options, memories, new Set());
  return { installations: installations.length, failed };
}

/** Where the app is not installed any more, or suspended, nothing of it is under way. */
function forgetOthers(
  installations: readonly Installation[],
  memories: Map<number, Memory>,
  watch: Pick<Watch, "entries" | "over">,
): void {
  const there = new Set(installations.map(({ id }) => id));
  for (const id of memories.keys()) if (!there.has(id)) memories.delete(id);
  for (const { key } of watch.entries()) if (!there.has(key.installationId)) watch.over(key);
}

/**
 * Does the look at the installation have to wait? Where half of the hour's requests are used up it is looked
 * at every five minutes; where a tenth is left not at all, since what is left is for gates.
 */
function waits(client: GitHubClient, memory: Memory, log: SweepLog): boolean {
  const budget = client.budget?.();
  const level = levelOf(budget, client.serverTime().getTime());
  if (level === "ample") return false;
  if (level === "half") {
    if (Date.now() < memory.slowUntil) return true;
    memory.slowUntil = Date.now() + SOME_MINUTES_MS;
    return false;
  }
  const until = new Date(budget?.resetAt ?? 0).toISOString();
  const fields = { installation: client.installationId, remaining: budget?.remaining, until };
  if (memory.saidUntil !== until) log.warn(fields, "sweep: waits for the rate limit; only gates are served");
  memory.saidUntil = until;
  return true;
}

/** What was given up is tried again after a while, in the background. */
async function takeUpGivenUp(queue: Pick<Queue, "add" | "givenUp">): Promise<void> {
  for (const { job, at, reason, times } of await queue.givenUp()) {
    const pause = reason === null ? Math.min(UNREAD_MS * 2 ** (times - 1), GIVEN_UP_MS) : GIVEN_UP_MS;
    if (at <= Date.now() - pause) await queue.add({ ...job, background: true });
  }
}

/**
 * A failure of one installation does not stop the others. What is unfinished of one is so until it was looked
 * at. Returns how many failed.
 */
async function lookAtAll(
  installations: readonly Installation[],
  {
    clients,
    queue,
    watch,
    log,
    isStopped,
  }: Omit<SweepOptions, "intervalMs"> & { readonly isStopped?: () => boolean },
  memories: Map<number, Memory>,
  unfinished: Set<Unfinished>,
): Promise<number> {
  let failed = 0;
  const lookAt = async ({ id, account }: Installation): Promise<void> => {
    // The queue takes no more: the next process looks at it.
    if (isStopped?.()) return;
    // As it was, where anything fails: then what was found is found again.
    const memory = structuredClone(memories.get(id) ?? createMemory());
    try {
      const client = await clients.forInstallation(id);
      if (waits(client, memory, log)) {
        memories.set(id, memory);
        return;
      }
      const left = [...unfinished].filter(({ installationId }) => installationId === id);
      const jobs = await lookAtInstallation({
        client,
        account,
        memory,
        watch,
        unfinished: left,
        now: Date.now(),
      });
      for (const job of jobs) await queue.add(job);
      memories.set(id, memory);
      for (const one of left) unfinished.delete(one);
      const keys = jobs.slice(0, MOST_NAMED).map(({ key }) => keyName(key));
      if (jobs.length > 0) log.info({ installation: id, count: jobs.length, keys }, "sweep: looking again");
    } catch (err) {
      failed += 1;
      log.warn({ err, installation: id }, "sweep: an installation could not be looked at");
    }
  };
  await inTurn(installations, (one) => concerning({ installation: one.id }, () => lookAt(one)));
  return failed;
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const place = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: PLACES }, place));
}
