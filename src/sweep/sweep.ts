import type { GitHubClients } from "../github/api/client.ts";
import {
  type Installation,
  type ListedRepository,
  listInstallations,
  listRepositories,
} from "../github/collect/git/installations.ts";
import { keyId, keyName } from "../jobs/key.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Watch, WatchedKey } from "../jobs/watch-list.ts";
import { expandInstallation } from "../reconcile/expand.ts";
import { redeliverLost } from "./deliveries.ts";
import { searchOpen } from "./search.ts";

/** What the sweep looks through, and how often. */
export interface SweepOptions {
  readonly clients: Pick<GitHubClients, "asApp" | "forInstallation">;
  readonly queue: Pick<Queue, "add">;
  readonly watch: Pick<Watch, "wants" | "due">;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /** Milliseconds between sweeps; `null`: only the first. */
  readonly intervalMs: number | null;
}

/** A sweep that repeats itself until it is stopped. */
export interface Sweep {
  /** Sweeps once more, after one that is under way. Never rejects. */
  now(): Promise<void>;
  stop(): void;
}

/** A sweep that could not even begin is tried again after this time. */
const RETRY_MS = 30_000;
/** Between two full looks. */
const FULL_MS = 3_600_000;
/** Where there is no search, a look costs some requests a repository: so much time is left for each. */
const LISTING_MS_PER_REPOSITORY = 3_000;
/** Installations that are looked at side by side. */
const PLACES = 4;

/** What is remembered of an installation; to lose it costs requests only. */
interface Memory {
  /** When the next full look is due, by the local clock. */
  fullAt: number;
  /** Where the app is installed, by lower-case `owner/repo`; `null`: not listed since the last full look. */
  repositories: ReadonlyMap<string, ListedRepository> | null;
  /** What the last search showed. */
  hits: ReadonlyMap<string, WatchedKey>;
}

/**
 * Looks again without an event, now and at every interval: what was lost while the process was down or on the
 * way is found, and what is due by time is done. First and hourly at everything; in between only at what is
 * due, and at what a search shows as changed. Never two at once.
 */
export function startSweep({ clients, queue, watch, log, intervalMs }: SweepOptions): Sweep {
  const memories = new Map<number, Memory>();
  let redeliverAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let last: Promise<unknown> = Promise.resolve();

  /** False: the installations could not be listed. */
  async function sweep(): Promise<boolean> {
    if (stopped) return true;
    let installations: readonly Installation[];
    try {
      installations = await listInstallations(await clients.asApp());
    } catch (err) {
      log.warn({ err }, "sweep: the installations could not be listed, will be tried again");
      return false;
    }
    for (const id of memories.keys()) if (!installations.some((one) => one.id === id)) memories.delete(id);
    void redeliver();
    await inTurn(installations, async (installation) => {
      try {
        await look(installation);
      } catch (err) {
        log.warn({ err, installation: installation.id }, "sweep: an installation could not be looked at");
      }
    });
    return true;
  }

  async function look({ id, account }: Installation): Promise<void> {
    const now = Date.now();
    const memory = memories.get(id) ?? { fullAt: now, repositories: null, hits: new Map() };
    memories.set(id, memory);
    if (memory.fullAt <= now) {
      memory.fullAt = now + FULL_MS;
      memory.repositories = null;
      queue.add({ key: { kind: "installation", installationId: id }, hint: {}, background: true });
      log.info({ installation: id }, "sweep: looking at everything again");
      return;
    }
    const client = await clients.forInstallation(id);
    const found = account === null ? null : await searchOpen(client, account);
    const keys = new Map<string, WatchedKey>();
    const add = (key: WatchedKey) => keys.set(keyId(key), key);
    if (found === null) {
      const repositories = await expandInstallation(client);
      memory.fullAt = now + Math.min(FULL_MS, repositories.length * LISTING_MS_PER_REPOSITORY);
      for (const job of repositories) queue.add(job);
    } else {
      // A public repository of the account may be found although the app is not installed on it.
      if (found.hits.length > 0)
        memory.repositories ??= new Map((await listRepositories(client)).map((one) => [nameOf(one), one]));
      const hits = found.hits.flatMap(({ key, updatedAt }) => {
        const there = memory.repositories?.get(nameOf(key));
        return there === undefined ? [] : [{ key: { ...key, ...idIn(there) }, updatedAt }];
      });
      const shown = new Map(hits.map(({ key }) => [keyId(key), key]));
      const githubNow = client.serverTime().getTime();
      for (const { key, updatedAt } of hits) if (watch.wants(key, updatedAt, githubNow)) add(key);
      // What was open and is not shown any more was merged, closed or taken away.
      if (found.complete) for (const [key, one] of memory.hits) if (!shown.has(key)) add(one);
      memory.hits = shown;
    }
    for (const key of watch.due(id, client.serverTime().getTime())) add(key);
    for (const key of keys.values()) queue.add({ key, hint: {}, background: true });
    if (keys.size > 0)
      log.info({ installation: id, keys: [...keys.values()].map(keyName) }, "sweep: looking again");
  }

  async function redeliver(): Promise<void> {
    if (Date.now() < redeliverAt) return;
    redeliverAt = Date.now() + FULL_MS;
    try {
      const count = await redeliverLost(await clients.asApp(), Date.now);
      if (count > 0) log.info({ count }, "sweep: asked GitHub to deliver again what had not arrived");
    } catch (err) {
      log.warn({ err }, "sweep: lost deliveries could not be asked for");
    }
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
      clearTimeout(timer);
    },
  };
}

/**
 * Queues a full look at every installation, and returns how many there are. Rejects where they cannot be
 * listed.
 */
export async function sweepOnce({
  clients,
  queue,
}: {
  readonly clients: Pick<GitHubClients, "asApp">;
  readonly queue: Pick<Queue, "add">;
}): Promise<number> {
  const installations = await listInstallations(await clients.asApp());
  for (const { id } of installations)
    queue.add({ key: { kind: "installation", installationId: id }, hint: {}, background: true });
  return installations.length;
}

function idIn({ id }: ListedRepository): { readonly repositoryId?: number } {
  return id === null ? {} : { repositoryId: id };
}

function nameOf({ owner, repo }: { readonly owner: string; readonly repo: string }): string {
  return `${owner}/${repo}`.toLowerCase();
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const place = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: PLACES }, place));
}
