// `npm run bench`: what an evaluation costs, against the sandbox and the real server in a process of its own.
// It prints each figure, what it should be and whether it is; it never fails, since a busy machine proves
// nothing.
import { cpus, loadavg } from "node:os";
import { measureActs } from "./acts.ts";
import { measureCommandLine } from "./command-line.ts";
import { measureCrowds } from "./crowd.ts";
import { measureServer } from "./latency.ts";
import { measureLoad } from "./load.ts";
import { measurePauses } from "./pauses.ts";
import { measurePlayground } from "./playground.ts";
import { measurePure } from "./pure.ts";
import { measureReports } from "./reports.ts";
import { measureRequests } from "./requests.ts";
import type { Row } from "./row.ts";
import { measureSweep } from "./sweep.ts";

/** Name of the section → title, and what measures it. */
const SECTIONS: Readonly<Record<string, readonly [string, () => readonly Row[] | Promise<readonly Row[]>]>> =
  {
    requests: ["Requests to GitHub of one evaluation: 3 commits, 5 files, 2 approvals", measureRequests],
    acts: ["Requests to GitHub of typical acts, until all is quiet; roles by team", measureActs],
    crowd: ["Many hotfixes at once in one installation, GitHub takes 50 ms", measureCrowds],
    load: ["1,000 events of 100 pull requests in 10 installations, GitHub takes 300 ms", measureLoad],
    server: ["Time and memory of the server", measureServer],
    pure: ["The evaluation alone, without GitHub (processor time; the clock beside it)", measurePure],
    pauses: ["The longest pauses that hostile input makes (processor time)", measurePauses],
    cli: ["The command line", measureCommandLine],
    reports: ["Requests to GitHub of the commands that read a history", measureReports],
    sweep: ["The sweep: requests in an hour in which nothing happens", measureSweep],
    playground: ["The playground: until a page is there", measurePlayground],
  };

const cores = cpus();
console.log(`Node ${process.version}, ${cores.length} × ${cores[0]?.model.trim() ?? "unknown processor"}`);
console.log(`load ${loadavg()[0]?.toFixed(1)} before the start`);

// `npm run bench -- crowd pure`: those sections alone.
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  console.error(`\nNo section "${unknown.join('", "')}". There are: ${Object.keys(SECTIONS).join(", ")}`);
  process.exitCode = 2;
} else {
  for (const [name, [title, measure]] of Object.entries(SECTIONS))
    if (wanted.length === 0 || wanted.includes(name)) await section(title, measure);
  console.log(`\nload ${loadavg()[0]?.toFixed(1)} at the end`);
}

async function section(title: string, measure: () => readonly Row[] | Promise<readonly Row[]>) {
  console.log(`\n${title}`);
  try {
    for (const row of await measure()) print(row);
  } catch (error) {
    console.log(`  could not be measured: ${error instanceof Error ? error.stack : error}`);
  }
}

function print({ what, value, unit = "", more = "", aim }: Row) {
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(1);
  const evaluated = aim === undefined ? "" : `aim ≤ ${aim}`.padEnd(11) + (value <= aim ? "met" : "NOT MET");
  console.log(`  ${what.padEnd(58)}${`${shown} ${unit}`.padStart(10)}   ${evaluated.padEnd(18)} ${more}`);
}
