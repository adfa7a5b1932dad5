// `npm run bench`: what an evaluation costs, against the sandbox and the real server in a process of its own. It prints each
// figure, what it should be and whether it is; it never fails, since a busy machine proves nothing.
import { execFile } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { measureActs } from "./acts.js";
import { measureCrowds } from "./crowd.js";
import { measureServer } from "./latency.js";
import { measurePauses } from "./pauses.js";
import { measurePure } from "./pure.js";
import { measureRequests } from "./requests.js";

const run = promisify(execFile);
const cores = cpus();
console.log(`Node ${process.version}, ${cores.length} × ${cores[0]?.model.trim() ?? "unknown processor"}`);
console.log(`load ${loadavg()[0]?.toFixed(1)} before the start\n`);

// `npm run bench -- crowd`: that section alone.
const only = process.argv[2];

await section("Requests to GitHub of one evaluation: 3 commits, 5 files, 2 approvals", requests);
await section("Requests to GitHub of typical acts, until all is quiet; roles by team", acts);
await section("Many hotfixes at once in one installation, GitHub takes 50 ms", measureCrowds);
await section("Time and memory of the server", server);
await section("The evaluation alone, without GitHub (processor time; the clock beside it)", pure);
await section("The longest pauses that hostile input makes (processor time)", pauses);
await section("The command line", commandLine);
console.log(`\nload ${loadavg()[0]?.toFixed(1)} at the end`);

async function section(title, measure) {
  if (only !== undefined && !measure.name.toLowerCase().includes(only)) return;
  console.log(`\n${title}`);
  try {
    for (const row of await measure()) print(row);
  } catch (error) {
    console.log(`  could not be measured: ${error instanceof Error ? error.stack : error}`);
  }
}

/** `aim`: the most that `value` should be. */
function print({ what, value, unit = "", more = "", aim }) {
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(1);
  const evaluated = aim === undefined ? "" : `aim ≤ ${aim}`.padEnd(10) + (value <= aim ? "met" : "NOT MET");
  console.log(`  ${what.padEnd(58)}${`${shown} ${unit}`.padStart(10)}   ${evaluated.padEnd(18)} ${more}`);
}

async function requests() {
  return (await measureRequests()).flatMap(({ roles, what, aims, ...found }) => {
    const { token, reads, counted, notModified, writes, once } = found;
    const name = `${roles}: ${what}`;
    const beside = once.length === 0 ? "" : `; once: ${once.join(", ")}`;
    return [
      {
        what: name,
        value: token + reads,
        unit: "reads",
        aim: aims.requests,
        more: `${token > 0 ? "1 token + " : ""}${counted} answered in full + ${notModified} × 304${beside}`,
      },
      { what: "    counted against the rate limit", value: token + counted, aim: aims.counted },
      { what: "    writes", value: writes.length, aim: aims.writes, more: writes.join(", ") },
    ];
  });
}

async function acts() {
  return (await measureActs()).flatMap(({ what, aims, requests, counted, writes, untilVerdict }) => [
    {
      what,
      value: requests,
      unit: "requests",
      aim: aims.requests,
      more: untilVerdict > 0 ? `${untilVerdict} of them until the verdict` : "",
    },
    { what: "    counted against the rate limit", value: counted, aim: aims.counted },
    { what: "    writes", value: writes, aim: aims.writes },
  ]);
}

async function server() {
  const { latencies, startMs, memoryMb, heapMb, cpuMs } = await measureServer();
  const rows = latencies.flatMap(({ apiMs, ack, verdict }) => [
    { what: `webhook to its answer, GitHub takes ${apiMs} ms`, ...spread(ack), aim: 50 },
    { what: `webhook to verdict on GitHub, GitHub takes ${apiMs} ms`, ...spread(verdict) },
  ]);
  return [
    ...rows,
    { what: "from start to ready", value: startMs, unit: "ms" },
    { what: "processor time of an evaluation", value: cpuMs, unit: "ms" },
    {
      what: "memory after 200 evaluations",
      value: memoryMb,
      unit: "MB",
      aim: 150,
      more: `${Math.round(heapMb)} MB of it in use`,
    },
  ];
}

function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return {
    value: sorted[sorted.length >> 1] ?? Number.NaN,
    unit: "ms",
    more: `median of ${sorted.length}; slowest ${(sorted.at(-1) ?? Number.NaN).toFixed(1)} ms`,
  };
}

async function pure() {
  return (await measurePure()).map(({ what, commits, files, ms, cpu, aim }) => ({
    what: `${commits} commits, ${files} files: ${what}`,
    value: cpu,
    unit: "ms",
    more: `${ms.toFixed(1)} ms`,
    ...(aim === null ? {} : { aim }),
  }));
}

async function pauses() {
  return (await measurePauses()).map(({ what, ms, aim }) => ({ what, value: ms, unit: "ms", aim }));
}

async function commandLine() {
  const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
  const file = fileURLToPath(new URL("../fixtures/hotfix.yml", import.meta.url));
  const rows = [];
  for (const args of [["--help"], ["validate", file]]) {
    const times = [];
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      await run(process.execPath, [main, ...args]);
      times.push(performance.now() - start);
    }
    rows.push({ what: `hotfix-guard ${args[0]}`, ...spread(times) });
  }
  return rows;
}
