// What the sweep costs in an hour in which nothing happens, by the number of repositories: an issue is open
// in each, so that none is left out. Each size is an account of its own; time is the process's, which goes on
// a minute at a time.
import { createApp, createWorker } from "../src/app.ts";
import { readManifest } from "../src/cli/manifest.ts";
import { readEnvironment } from "../src/environment.ts";
import { Octokit } from "../src/github/api/octokit.ts";
import { createLog } from "../src/log.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { lookAtInstallation } from "../src/sweep/look.ts";
import { createMemory, type Memory } from "../src/sweep/memory.ts";
import type { Row } from "./row.ts";

/** `HOTFIX_SWEEP_SIZES=2000` measures that many. */
const SIZES = (process.env.HOTFIX_SWEEP_SIZES ?? "10,100,1000,5000").split(",").map(Number);

/** GitHub's hourly limit of an installation: 5,000, 50 more for each repository above 20, 12,500 at most. */
const limitOf = (repositories: number): number =>
  Math.min(12_500, 5_000 + 50 * Math.max(0, repositories - 20));

export async function measureSweep(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) {
    rows.push(...(await measureSize(size)));
    // The largest takes two minutes.
    console.error(`  ${size} repositories: measured`);
  }
  return rows;
}

async function measureSize(size: number): Promise<readonly Row[]> {
  const realNow = Date.now;
  let aheadMs = 0;
  Date.now = () => realNow() + aheadMs;
  const sandbox = await startSandbox({
    ...(await readManifest()),
    clock: () => new Date(Date.now()),
  });
  try {
    sandbox.createOrganization("acme");
    for (let n = 0; n < size; n++) {
      await sandbox.createRepository(`acme/r${n}`, { files: null });
      await sandbox.as("acme").createIssue(`acme/r${n}`, { title: "Something" });
    }
    // What was pushed long ago.
    aheadMs = 30 * 24 * 3_600_000;
    const reading = readEnvironment({
      APP_ID: String(sandbox.app.id),
      PRIVATE_KEY: sandbox.app.privateKey,
      WEBHOOK_SECRET: sandbox.app.webhookSecret,
      GHE_HOST: sandbox.host,
      GHE_PROTOCOL: "http",
      HOTFIX_STATE_DIR: "off",
    });
    if (!reading.ok) throw new Error("the settings of the bench are broken");
    const log = createLog({ level: "silent", format: "json" });
    const { clients, queue, watch } = await createApp(reading.environment, {
      createWorker,
      log,
      // Searches wait two seconds for each other otherwise.
      octokit: Octokit.defaults((options: object) => ({
        ...options,
        throttle: { enabled: false },
      })) as typeof Octokit,
    });
    const client = await clients.forInstallation(sandbox.installationId);
    const memory: Memory = createMemory();
    const look = async () => {
      const jobs = await lookAtInstallation({
        client,
        account: "acme",
        memory,
        watch,
        unfinished: [],
        now: Date.now(),
      });
      for (const job of jobs) await queue.add(job);
      await queue.idle();
    };
    const counted = () => sandbox.requests.filter(({ installationToken }) => installationToken);
    // Of the size's own; this GitHub's is 5,000 for all. Where they are used up the app waits for an hour.
    const newHour = () => {
      sandbox.knobs.requestsLeft = limitOf(size);
    };
    newHour();
    await look();
    const first = counted().length;
    sandbox.resetRequests();
    // Two hours, since what is spread over 80 minutes is not spread over one.
    for (let minute = 0; minute < 160; minute++) {
      aheadMs += 60_000;
      if (minute % 60 === 0) newHour();
      await look();
    }
    const all = counted();
    const isSearch = ({ path }: { readonly path: string }) => path.startsWith("/search/");
    const core = all.filter((one) => !isSearch(one));
    const anHour = (requests: number) => Math.round((requests * 60) / 160);
    // Those that GitHub counts: a 304 costs nothing.
    const costs = core.filter(({ status }) => status !== 304);
    const lists = core.filter(({ path }) => path.startsWith("/installation/repositories"));
    await queue.close(0);
    return [
      {
        what: `${size} repositories: requests an hour that count`,
        value: anHour(costs.length),
        aim: size,
        more: `of ${limitOf(size)}; ${anHour(core.length)} with those answered 304 (lists of repositories: ${anHour(lists.length)}); beside them ${anHour(all.length - core.length)} searches, which have a limit of their own; ${first} at the first look`,
      },
    ];
  } finally {
    Date.now = realNow;
    await sandbox.close();
  }
}
