// From the webhook to the verdict on GitHub, and to the webhook's answer; and the memory that many
// evaluations leave.
import { setTimeout as pause } from "node:timers/promises";
import type { Delivery, RequestLog, Sandbox } from "../src/sandbox/index.ts";
import { type Row, spreadRow } from "./row.ts";
import {
  approve,
  caught,
  type OpenedHotfix,
  openHotfix,
  ROLES,
  type Server,
  startServer,
  startWorld,
  type World,
} from "./world.ts";

type Opened = OpenedHotfix & { readonly opened: Delivery };

/**
 * So many hotfixes, each in an account of its own: within an account GitHub's limits on writes make verdicts
 * wait.
 */
const HOTFIXES = 20;
const EVALUATIONS = 200;

/** From the webhook to its answer and to the verdict; the start; the memory. */
export async function measureServer(): Promise<readonly Row[]> {
  const world = await startWorld();
  const { sandbox } = world;
  try {
    const hotfixes: Opened[] = [];
    for (let i = 0; i < HOTFIXES; i++) {
      const hotfix = await openHotfix(world, `kamiyo-${i}`, ROLES.team);
      hotfixes.push({ ...hotfix, opened: await caught(world, "pull_request", () => approve(world, hotfix)) });
    }
    const before = Date.now();
    const server = await startServer(world);
    const startMs = Date.now() - before;
    try {
      for (const { opened } of hotfixes) await server.deliver(opened);
      await server.idle();
      const rows: Row[] = [];
      for (const apiMs of [0, 50]) rows.push(...(await measureLatency(world, server, hotfixes, apiMs)));
      rows.push({ what: "from start to ready", value: startMs, unit: "ms" });
      rows.push(...(await measureMemory(server, hotfixes)));
      return rows;
    } finally {
      await server.stop();
    }
  } finally {
    await sandbox.close();
  }
}

/** Omar asks for changes everywhere, then takes it back: each turns the verdict. */
async function measureLatency(world: World, server: Server, hotfixes: readonly Opened[], apiMs: number) {
  const { sandbox } = world;
  const reviews = new Map<string, number>();
  const acts: readonly ((hotfix: Opened) => Promise<void>)[] = [
    async ({ repo, number }) => {
      reviews.set(repo, (await sandbox.as("omar").review(repo, number, "CHANGES_REQUESTED", "Wait")).id);
    },
    ({ repo, number }) => sandbox.as("jane").dismissReview(repo, number, reviews.get(repo) ?? 0, "Looked at"),
  ];
  const ack: number[] = [];
  const verdict: number[] = [];
  for (const act of acts) {
    for (const hotfix of hotfixes) {
      const delivery = await caught(world, "pull_request_review", () => act(hotfix));
      sandbox.resetRequests();
      sandbox.knobs.latencyMs = apiMs;
      const { sentAt, ackMs } = await server.deliver(delivery);
      ack.push(ackMs);
      const write = await written(sandbox, hotfix.repo);
      verdict.push(write.at + write.durationMs - sentAt);
    }
    sandbox.knobs.latencyMs = 0;
    // The comments, of which GitHub takes one in three seconds.
    await server.idle();
  }
  return [
    { what: `webhook to its answer, GitHub takes ${apiMs} ms`, ...spreadRow(ack), aim: 50 },
    {
      what: `webhook to verdict on GitHub, GitHub takes ${apiMs} ms`,
      ...spreadRow(verdict),
      ...(apiMs === 50 ? { aim: 260 } : {}),
    },
  ];
}

async function written(sandbox: Sandbox, repo: string): Promise<RequestLog> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await pause(2)) {
    const write = sandbox.requests.find(
      ({ method, path }) => method !== "GET" && path.startsWith(`/repos/${repo}/check-runs`),
    );
    if (write !== undefined) return write;
  }
  throw new Error(`the verdict on ${repo} did not change`);
}

async function measureMemory(server: Server, hotfixes: readonly Opened[]): Promise<readonly Row[]> {
  const runs = async () => (await server.metrics())("hotfix_job_runs_total");
  const until = (await runs()) + EVALUATIONS;
  const cpu = (await server.metrics())("process_cpu_seconds_total");
  const first = await runs();
  while ((await runs()) < until) {
    for (const { opened } of hotfixes) await server.deliver(opened);
    await server.idle();
  }
  const after = await server.metrics();
  const cpuMs = (after("process_cpu_seconds_total") - cpu) * 1_000;
  const heapMb = after("nodejs_heap_size_used_bytes") / 2 ** 20;
  return [
    {
      what: "processor time of an evaluation",
      value: cpuMs / (after("hotfix_job_runs_total") - first),
      unit: "ms",
    },
    {
      what: `memory after ${EVALUATIONS} evaluations`,
      value: after("process_resident_memory_bytes") / 2 ** 20,
      unit: "MB",
      aim: 150,
      more: `${Math.round(heapMb)} MB of it in use`,
    },
  ];
}
