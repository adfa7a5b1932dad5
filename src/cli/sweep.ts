import { setTimeout as sleep } from "node:timers/promises";
import { openKept } from "../github/api/kept.ts";
import { describeFailure } from "../github/api/read.ts";
import type { Store } from "../jobs/store.ts";
import type { WatchEntry } from "../jobs/watch-list.ts";
import { keepMemories, loadMemories } from "../sweep/memory.ts";
import { sweepOnce } from "../sweep/sweep.ts";
import { CANNOT } from "./cannot.ts";
import { loadSettings } from "./settings.ts";
import { openRuns } from "./state.ts";

/** What Slack has not taken by then is left to the next run. */
const SLACK_MS = 60_000;
const WATCHED = "watched.json";

/**
 * `hotfix-guard sweep`: looks once at what is due and at what changed since the last run (the first time: at
 * everything) in all installations, without a server. Returns the exit status: 2 where settings cannot be
 * used, Redis cannot be reached or GitHub does not list the installations, 1 where one of them failed or a
 * job had to be given up; then the next run looks again as if this one had not been.
 */
export async function sweepCommand(): Promise<number> {
  const settings = loadSettings();
  if (settings === null) return CANNOT;
  const { environment, log } = settings;
  const { createApp, createWorker } = await import("../app.ts");
  const { store, close } = await openRuns(environment, log);
  const kept = await openKept(store);
  const memories = await loadMemories(store);
  let givenUp = 0;
  const { clients, queue, slack, watch } = await createApp(environment, {
    createWorker,
    log,
    store,
    kept,
    watched: await loadWatched(store),
    onRun(outcome) {
      if (outcome === "given-up") givenUp += 1;
    },
  });
  try {
    const unreachable = await queue.ready();
    if (unreachable !== null) {
      log.fatal(`No sweep: ${unreachable}`);
      return CANNOT;
    }
    const context = { clients, queue, watch, log: log.child({ name: "sweep" }) };
    await watch.refresh();
    const { installations, failed } = await sweepOnce(context, memories);
    await queue.idle();
    await Promise.race([slack?.idle(), sleep(SLACK_MS, null, { ref: false })]);
    slack?.close();
    await kept.keep();
    if (givenUp === 0) {
      await keepMemories(store, memories);
      await store.write(WATCHED, JSON.stringify(watch.entries()));
    }
    log.info({ installations, failed, givenUp }, "sweep done");
    return givenUp + failed === 0 ? 0 : 1;
  } catch (err) {
    if (!(err instanceof Error && "status" in err)) throw err;
    const { host } = new URL(environment.baseUrl);
    log.fatal(`No sweep: the installations could not be listed: ${describeFailure(err).reason} (${host})`);
    return CANNOT;
  } finally {
    // With Redis it has taken part in the work: what it has taken is ended, or left to the instances.
    await queue.close();
    close();
  }
}

async function loadWatched(store: Store): Promise<readonly WatchEntry[]> {
  try {
    const kept: unknown = JSON.parse((await store.read(WATCHED)) ?? "[]");
    return Array.isArray(kept) ? (kept as WatchEntry[]) : [];
  } catch {
    return [];
  }
}
