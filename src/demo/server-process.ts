import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Sandbox } from "../sandbox/index.ts";
import { freePort } from "./free-port.ts";

/** The real server in a process of its own, talking to the sandbox as it would to GitHub. */
export interface ServerProcess {
  readonly url: string;
  /** What it logged so far. */
  output(): string;
  /** Whether it runs no more, whoever ended it. */
  ended(): boolean;
  stop(): Promise<void>;
}

/**
 * Starts `hotfix-guard serve` with environment variables only, `more` of them added; rejects when it ends or
 * is not ready within 15 s.
 */
export async function startServerProcess(
  sandbox: Sandbox,
  more: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { child, output } = start("serve", sandbox, { HOST: "127.0.0.1", PORT: String(port), ...more });
  await ready(child, url, output);
  sandbox.setWebhookUrl(`${url}/api/github/webhooks`);
  return { url, output, ended: () => hasEnded(child), stop: () => stop(child) };
}

/**
 * `hotfix-guard sweep`, as a scheduler runs it: looks once at everything; rejects with what it logged where
 * that fails.
 */
export async function runSweep(sandbox: Sandbox): Promise<void> {
  const { child, output } = start("sweep", sandbox, {});
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`hotfix-guard sweep ended with status ${status}:\n${output()}`);
}

/** A command of the app's, with what it prints so far. */
function start(
  command: string,
  sandbox: Sandbox,
  more: Readonly<Record<string, string>>,
): { readonly child: ChildProcess; output(): string } {
  const main = fileURLToPath(new URL("../cli/main.js", import.meta.url));
  const child = spawn(process.execPath, [main, command], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      APP_ID: String(sandbox.app.id),
      PRIVATE_KEY: sandbox.app.privateKey,
      WEBHOOK_SECRET: sandbox.app.webhookSecret,
      GHE_HOST: sandbox.host,
      GHE_PROTOCOL: "http",
      LOG_LEVEL: "info",
      HOTFIX_STATE_DIR: "off",
      ...more,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Nobody would end it afterwards.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  return { child, output: () => output };
}

async function ready(child: ChildProcess, url: string, output: () => string): Promise<void> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    if (hasEnded(child))
      throw new Error(`the server ended with status ${child.exitCode ?? child.signalCode}:\n${output()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error(`the server was not ready in time:\n${output()}`);
}

/** By itself, or by a signal. */
const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
