import { setTimeout as sleep } from "node:timers/promises";
import { sweepOnce } from "../sweep/sweep.ts";
import { loadSettings } from "./settings.ts";

/** What Slack has not taken by then is given up. */
const SLACK_MS = 60_000;

/**
 * `hotfix-guard sweep`: looks once at all open hotfixes, recent merges and open post-mortems of all
 * installations, without a server. Returns the exit status: 1 where settings or GitHub fail, or a job had to
 * be given up.
 */
export async function sweepCommand(): Promise<number> {
  const settings = loadSettings();
  if (settings === null) return 1;
  const { environment, log } = settings;
  const { createApp, createWorker } = await import("../app.ts");
  let givenUp = 0;
  const { clients, queue, slack } = await createApp(environment, {
    createWorker,
    log,
    onRun(outcome) {
      if (outcome === "given-up") givenUp += 1;
    },
  });
  try {
    const installations = await sweepOnce({ clients, queue });
    await queue.idle();
    await Promise.race([slack?.idle(), sleep(SLACK_MS, null, { ref: false })]);
    slack?.close();
    log.info({ installations, givenUp }, "sweep done");
    return givenUp === 0 ? 0 : 1;
  } catch (err) {
    log.fatal({ err }, "the installations could not be listed");
    return 1;
  }
}
