// How soon a visitor of the playground sees a page: the first after the start, and the long ones of a hotfix.
import { spawn } from "node:child_process";
import { get } from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Row, spreadRow } from "./row.ts";

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
/** Milliseconds until the whole page is there. */
const AIM = 200;
const TIMES = 10;
const PULL = "/kamiyo/api/pull/1235";

/** The real program, as a user starts it; BROWSER stands for a machine without one. */
export async function measurePlayground(): Promise<readonly Row[]> {
  const began = performance.now();
  const program = spawn(process.execPath, [MAIN, "demo", "--open"], {
    env: { PATH: process.env.PATH, BROWSER: "/bin/false" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const url = await address(program.stdout);
    const started = performance.now() - began;
    const first = await timeOf(url);
    await fetch(`${url}/act/tour`, { method: "POST", headers: { origin: url }, body: new URLSearchParams() });
    while (!(await textOf(`${url}${PULL}`)).includes("Blocked")) await pause(100);
    const rows: Row[] = [
      { what: "the playground, from the command to its address", value: started, unit: "ms" },
      { what: "its first page after the start", value: first, unit: "ms", aim: AIM },
    ];
    for (const [what, path] of [
      ["a pull request", PULL],
      ["its check", `${PULL}/checks`],
    ] as const) {
      const times: number[] = [];
      for (let i = 0; i < TIMES; i++) times.push(await timeOf(`${url}${path}`));
      rows.push({ what, ...spreadRow(times), aim: AIM });
    }
    return rows;
  } finally {
    program.kill("SIGINT");
  }
}

async function timeOf(url: string): Promise<number> {
  const start = performance.now();
  await textOf(url);
  return performance.now() - start;
}

/** By `node:http`: the first `fetch` of a process is busy with itself. */
function textOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = get(url, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
    });
    call.on("error", reject);
  });
}

async function address(output: AsyncIterable<Buffer | string>): Promise<string> {
  let text = "";
  for await (const chunk of output) {
    text += String(chunk);
    const [, url] = /The playground is at (\S+)/.exec(text) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`the playground did not start: ${text}`);
}
