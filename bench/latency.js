// From the webhook to the verdict on GitHub, and to the webhook's answer; and the memory that many evaluations leave.
import { setTimeout as pause } from "node:timers/promises";
import { approve, caught, openHotfix, ROLES, startServer, startWorld } from "./world.js";

/** So many hotfixes, each in an account of its own: within an account GitHub's limits on writes make verdicts wait. */
const HOTFIXES = 20;
const EVALUATIONS = 200;

/** `{ latencies: [{ apiMs, ack, verdict }], startMs, memoryMb }`; `ack` and `verdict` are lists of milliseconds. */
export async function measureServer() {
  const world = await startWorld();
  const { sandbox } = world;
  try {
    const hotfixes = [];
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
      const latencies = [];
      for (const apiMs of [0, 50])
        latencies.push({ apiMs, ...(await measureLatency(world, server, hotfixes, apiMs)) });
      const memoryMb = await measureMemory(server, hotfixes);
      return { latencies, startMs, ...memoryMb };
    } finally {
      await server.stop();
    }
  } finally {
    await sandbox.close();
  }
}

/** Omar asks for changes everywhere, then takes it back: each turns the verdict. */
async function measureLatency(world, server, hotfixes, apiMs) {
  const { sandbox } = world;
  const reviews = new Map();
  const acts = [
    async ({ repo, number }) => {
      reviews.set(repo, (await sandbox.as("omar").review(repo, number, "CHANGES_REQUESTED", "Wait")).id);
    },
    ({ repo, number }) => sandbox.as("jane").dismissReview(repo, number, reviews.get(repo), "Looked at"),
  ];
  const ack = [];
  const verdict = [];
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
  return { ack, verdict };
}

async function written(sandbox, repo) {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await pause(2)) {
    const write = sandbox.requests.find(
      ({ method, path }) => method !== "GET" && path.startsWith(`/repos/${repo}/check-runs`),
    );
    if (write !== undefined) return write;
  }
  throw new Error(`the verdict on ${repo} did not change`);
}

async function measureMemory(server, hotfixes) {
  const runs = async () => (await server.metrics())("hotfix_job_runs_total");
  const until = (await runs()) + EVALUATIONS;
  const cpu = (await server.metrics())("process_cpu_seconds_total");
  const first = await runs();
  while ((await runs()) < until) {
    for (const { opened } of hotfixes) await server.deliver(opened);
    await server.idle();
  }
  const after = await server.metrics();
  return {
    memoryMb: after("process_resident_memory_bytes") / 2 ** 20,
    heapMb: after("nodejs_heap_size_used_bytes") / 2 ** 20,
    cpuMs: ((after("process_cpu_seconds_total") - cpu) * 1_000) / (after("hotfix_job_runs_total") - first),
  };
}
