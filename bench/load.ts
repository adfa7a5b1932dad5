// A thousand events of a hundred hotfixes in ten installations, as they come in an outage, to one process and
// to two on Redis; and the memory that a hundred thousand deliveries leave.
import { setPriority } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { Delivery, PullRequestJson, RequestLog, Sandbox } from "../src/sandbox/index.ts";
import { HAS_REDIS, startRedis } from "../test/jobs/redis-server.ts";
import { open, pushHotfix, setUp } from "./crowd.ts";
import { percentile, type Row } from "./row.ts";
import { APPROVED, type Server, startServer, startWorld, type World } from "./world.ts";

const API_MS = 300;
const INSTALLATIONS = 10;
const HOTFIXES = 10;
const EVENTS = 1_000;
const FEW = 10_000;
const MANY = Number(process.env.HOTFIX_LOAD_DELIVERIES ?? 100_000);
/** `HOTFIX_LOAD="two on Redis"`: that alone. */
const ONLY = process.env.HOTFIX_LOAD;

interface Hotfix {
  readonly repo: string;
  readonly pull: PullRequestJson;
  /** Of two one is approved in the end, the other one waits for changes. */
  readonly passes: boolean;
}

/** In memory, on Redis, and two on one Redis; each with a GitHub of its own. */
export async function measureLoad(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const isWanted = (what: string) => ONLY === undefined || ONLY === what;
  if (isWanted("in memory")) rows.push(...(await measureOn("in memory", [{}])));
  if (!HAS_REDIS) return rows;
  for (const [what, count] of [
    ["on Redis", 1],
    ["two on Redis", 2],
  ] as const) {
    if (!isWanted(what)) continue;
    const redis = await startRedis();
    try {
      rows.push(
        ...(await measureOn(
          what,
          Array.from({ length: count }, () => ({ REDIS_URL: redis.url })),
        )),
      );
    } finally {
      await redis.stop();
    }
  }
  return rows;
}

async function measureOn(
  what: string,
  envs: readonly Readonly<Record<string, string>>[],
): Promise<readonly Row[]> {
  const world = await startWorld();
  const { sandbox } = world;
  const servers: Server[] = [];
  try {
    const branches: (readonly [string, string])[] = [];
    for (let i = 0; i < INSTALLATIONS; i++) {
      const repo = `load-${i}/api`;
      await setUp(world, repo);
      for (let n = 0; n < HOTFIXES; n++) branches.push([repo, await pushHotfix(world, repo, n)]);
    }
    const readyMs: number[] = [];
    console.error(`  ${what}: ${branches.length} hotfixes are pushed`);
    for (const env of envs) {
      const started = performance.now();
      servers.push(await startServer(world, { env }));
      readyMs.push(performance.now() - started);
    }
    sandbox.resetRequests();
    sandbox.knobs.latencyMs = API_MS;
    giveWay(true);
    const { acks, failed, hotfixes, sent } = await play(world, servers, branches);
    await Promise.all(servers.map((server) => server.idle(250)));
    giveWay(false);
    sandbox.knobs.latencyMs = 0;
    const wrong = await wrongEnds(sandbox, hotfixes);
    const busiest = limitsOf([...sandbox.requests]);
    const runs = await Promise.all(
      servers.map(async (server) => (await server.metrics())("hotfix_job_runs_total")),
    );
    const rows: Row[] = [
      {
        what: `${what}: an event is answered, 99th percentile`,
        value: percentile(acks, 0.99),
        unit: "ms",
        aim: 50,
        more: `of ${acks.length}; median ${percentile(acks, 0.5).toFixed(1)} ms; in ${(sent / 1_000).toFixed(1)} s`,
      },
      { what: "    events that were not taken", value: failed, aim: 0 },
      {
        what: "    pull requests without their right end",
        value: wrong,
        aim: 0,
        more: `of ${hotfixes.length}: check, and one status comment; runs of jobs: ${runs.join(" + ")}`,
      },
      { what: "    most requests at once to an installation", value: busiest.atOnce, aim: 100 },
      { what: "    most that people read in a minute, of one", value: busiest.people, aim: 80 },
      { what: "    most points in a minute, of one", value: busiest.points, aim: 900 },
      { what: "    from start to ready, slower one", value: Math.max(...readyMs), unit: "ms", aim: 1_500 },
    ];
    rows.push(...(await measureMemory(world, servers, hotfixes)));
    return rows;
  } finally {
    for (const server of servers) await server.stop();
    await sandbox.close();
  }
}

/**
 * This GitHub, which is elsewhere otherwise, lets the servers and the sender have the processor. To be a
 * nuisance again is for root alone; others measure what comes after with less of it.
 */
function giveWay(does: boolean): void {
  try {
    setPriority(0, does ? 10 : 0);
  } catch {}
}

/** People act, and what GitHub sends of it goes to the instances in turn. */
async function play(
  world: World,
  servers: readonly Server[],
  branches: readonly (readonly [string, string])[],
) {
  const { sandbox } = world;
  const acks: number[] = [];
  const answers: Promise<unknown>[] = [];
  let failed = 0;
  let count = 0;
  sandbox.knobs.deliveries.drop = (delivery) => {
    const server = servers[count++ % servers.length];
    const answer = server?.deliver(delivery).then(
      ({ ackMs }) => acks.push(ackMs),
      () => {
        failed += 1;
      },
    );
    answers.push(Promise.resolve(answer));
    return true;
  };
  const started = performance.now();
  const hotfixes = await Promise.all(
    branches.map(async ([repo, branch], i): Promise<Hotfix> => {
      // As in a wave: a tenth of a second between two.
      await pause(i * 100);
      const pull = await open(world, branch, repo);
      const { number } = pull;
      const passes = i % 2 === 0;
      await sandbox.as("rita").comment(repo, number, "I look at it");
      await sandbox.as("rita").addLabel(repo, number, "ours");
      await sandbox.as("john").editPullRequest(repo, number, { body: "- [x] Tested\n\nOn staging too" });
      await sandbox.as("rita").removeLabel(repo, number, "ours");
      // In the second of the push an approval would not count.
      await pause(2_500);
      await sandbox.as("rita").review(repo, number, passes ? "APPROVED" : "CHANGES_REQUESTED", "Seen");
      await sandbox.as("jane").addLabel(repo, number, APPROVED);
      return { repo, pull, passes };
    }),
  );
  // What does not matter, until there are so many.
  for (let i = 0; count < EVENTS; i++) {
    const { repo, pull } = hotfixes[i % hotfixes.length] as Hotfix;
    const act = Math.floor(i / hotfixes.length) % 2 === 0 ? "addLabel" : "removeLabel";
    await Promise.all([sandbox.as("rita")[act](repo, pull.number, "ours"), pause(20)]);
  }
  const sent = performance.now() - started;
  console.error(`  ${count} events sent`);
  // The app's own writes are heard of too.
  for (let seen = -1; seen !== answers.length; ) {
    seen = answers.length;
    await Promise.all(answers);
    await Promise.all(servers.map((server) => server.idle(250)));
  }
  sandbox.knobs.deliveries.drop = undefined;
  return { acks, failed, hotfixes, sent };
}

async function wrongEnds(sandbox: Sandbox, hotfixes: readonly Hotfix[]): Promise<number> {
  let wrong = 0;
  for (const { repo, pull, passes } of hotfixes) {
    const gates = (await sandbox.checkRuns(repo, pull.head.sha)).filter(({ name }) => name === "hotfix-gate");
    const newest = gates.toSorted((a, b) => b.id - a.id)[0]?.conclusion ?? null;
    const comments = await sandbox.comments(repo, pull.number);
    const own = comments.filter(({ body }) => body?.includes("hotfix-guard:status"));
    const isRight = newest !== null && (newest === "success") === passes && own.length === 1;
    if (!isRight) {
      wrong += 1;
      console.error(
        `  ${repo}#${pull.number}: ${newest} instead of ${passes ? "success" : "another one"}, ${own.length} comments`,
      );
    }
  }
  return wrong;
}

/**
 * The most of any installation: requests at once; what people read, and points (a read 1, a write 5), in a
 * minute.
 */
function limitsOf(all: readonly RequestLog[]) {
  const most = { atOnce: 0, people: 0, points: 0 };
  for (let i = 0; i < INSTALLATIONS; i++) {
    const mine = all
      .filter(({ path, installationToken }) => installationToken && path.includes(`/load-${i}/`))
      .toSorted((a, b) => a.at - b.at);
    const isWrite = ({ method }: RequestLog) => method !== "GET";
    const isForPeople = (one: RequestLog) => isWrite(one) && /\/(?:issues|pulls|labels)\b/.test(one.path);
    for (const [n, { at }] of mine.entries()) {
      const running = mine.slice(0, n + 1).filter((one) => one.at + one.durationMs > at);
      const minute = mine.slice(0, n + 1).filter((one) => one.at > at - 60_000);
      most.atOnce = Math.max(most.atOnce, running.length);
      most.people = Math.max(most.people, minute.filter(isForPeople).length);
      most.points = Math.max(
        most.points,
        minute.reduce((sum, one) => sum + (isWrite(one) ? 5 : 1), 0),
      );
    }
  }
  return most;
}

/**
 * Deliveries that change nothing, signed, queued and evaluated as all are: of ten eight are labels on
 * hotfixes, one an edit of one, one what a writer says on one. What comes while an evaluation runs is one
 * more evaluation.
 */
async function measureMemory(
  world: World,
  servers: readonly Server[],
  hotfixes: readonly Hotfix[],
): Promise<readonly Row[]> {
  const { sandbox } = world;
  const caught: Delivery[] = [];
  sandbox.knobs.deliveries.drop = (delivery) => {
    caught.push(delivery);
    return true;
  };
  for (const { repo, pull } of hotfixes) {
    const { number } = pull;
    await sandbox.as("rita").addLabel(repo, number, "ours");
    for (let i = 0; i < 4; i++) {
      await sandbox.as("rita").removeLabel(repo, number, "ours");
      await sandbox.as("rita").addLabel(repo, number, "ours");
    }
    await sandbox.as("john").editPullRequest(repo, number, { body: `- [x] Tested\n\nOn staging, ${number}` });
    await sandbox.as("rita").comment(repo, number, "Still looking");
  }
  sandbox.knobs.deliveries.drop = undefined;
  const sum = async (name: string): Promise<number> => {
    const all = await Promise.all(servers.map(async (server) => (await server.metrics())(name)));
    return all.reduce((total, one) => total + one, 0);
  };
  const before = await sum("hotfix_job_runs_total");
  let sent = 0;
  const sendUntil = async (end: number): Promise<number> => {
    const work = async () => {
      while (sent < end) {
        const delivery = caught[sent % caught.length];
        const server = servers[sent++ % servers.length];
        if (delivery !== undefined) await server?.deliver(delivery);
        if (sent % 10_000 === 0) sandbox.resetRequests();
      }
    };
    await Promise.all(Array.from({ length: 20 }, work));
    await Promise.all(servers.map((server) => server.idle(250)));
    await pause(3_000);
    return (await sum("process_resident_memory_bytes")) / 2 ** 20;
  };
  const few = await sendUntil(FEW);
  const many = await sendUntil(MANY);
  const runs = (await sum("hotfix_job_runs_total")) - before;
  return [
    {
      what: `    memory after ${MANY} deliveries, of that after ${FEW}`,
      value: many / few,
      unit: "×",
      aim: 1.2,
      more: `${Math.round(many)} MB, ${Math.round(few)} MB of all; ${runs} runs of jobs`,
    },
  ];
}
