import { packageRoot } from "../package.ts";
import { openBrowser } from "../playground/open-browser.ts";
import { type Playground, startPlayground } from "../playground/playground.ts";
import { readManifest } from "./manifest.ts";
import type { Output } from "./output.ts";

/** The options of `hotfix-guard demo`, as commander gives them. */
export interface DemoOptions {
  readonly open?: boolean;
  /** As typed. */
  readonly port?: string;
}

/** It was called in a way that it cannot work. */
const CANNOT = 2;

/**
 * `hotfix-guard demo --open`: the demo's GitHub as a page in the browser, until Ctrl-C. Returns the exit
 * status: 2 where it cannot be served.
 */
export async function demoOpenCommand(
  { open = false, port: typed = "0" }: DemoOptions,
  out: Output,
): Promise<number> {
  if (!open) {
    out.stderr("--port needs --open.\n");
    return CANNOT;
  }
  const port = Number(typed);
  if (!/^\d{1,5}$/.test(typed) || port > 65_535) {
    out.stderr(`--port must be a number from 1 to 65535, not "${typed}".\n`);
    return CANNOT;
  }
  let stopped = false;
  // From the start on: nothing is to be left behind, whenever somebody gives up.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => {
        stopped = true;
        resolve();
      });
  });
  const playground = await start(port).catch((error: NodeJS.ErrnoException) => {
    if (!stopped) out.stderr(`${reason(error, port)}\n`);
    return null;
  });
  if (playground === null) return stopped ? 0 : CANNOT;
  if (!stopped) {
    out.stdout(`The playground is at ${playground.url}\nCtrl-C ends it.\n`);
    const problem = await openBrowser(playground.url);
    if (problem !== null)
      out.stderr(`No browser could be opened (${problem}). Open the address above by hand.\n`);
    await ended;
  }
  await playground.close();
  out.stdout("\nThe playground has ended.\n");
  return 0;
}

async function start(port: number): Promise<Playground> {
  return startPlayground({ manifest: await readManifest(), root: packageRoot(), port });
}

/** Why it cannot be served, in a line. */
function reason({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === "EADDRINUSE")
    return `Port ${port} is taken. Choose another one with --port, or leave it out for any that is free.`;
  if (code === "EACCES") return `Port ${port} may not be used. Choose one above 1023 with --port.`;
  return `The playground cannot be started: ${message.split("\n")[0]}`;
}
