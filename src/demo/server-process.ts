import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { Sandbox } from "../sandbox/index.ts";

/** The real server in a process of its own, talking to the sandbox as it would to GitHub. */
export interface ServerProcess {
  readonly url: string;
  /** What it logged so far. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Starts `hotfix-guard serve` with environment variables only, `more` of them added; rejects when it ends or is not ready
 * within 15 s.
 */
export async function startServerProcess(
  sandbox: Sandbox,
  more: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("../cli/main.js", import.meta.url)), "serve"],
    {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        APP_ID: String(sandbox.app.id),
        PRIVATE_KEY: sandbox.app.privateKey,
        WEBHOOK_SECRET: sandbox.app.webhookSecret,
        GHE_HOST: sandbox.host,
        GHE_PROTOCOL: "http",
        HOST: "127.0.0.1",
        PORT: String(port),
        LOG_LEVEL: "info",
        ...more,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  await ready(child, url, () => output);
  sandbox.setWebhookUrl(`${url}/api/github/webhooks`);
  return { url, output: () => output, stop: () => stop(child) };
}

async function ready(child: ChildProcess, url: string, output: () => string): Promise<void> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    if (child.exitCode !== null)
      throw new Error(`the server ended with status ${child.exitCode}:\n${output()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error(`the server was not ready in time:\n${output()}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
