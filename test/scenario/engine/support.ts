import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../../src/demo/free-port.ts";
import { setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { type Program, start } from "../../cli/program.ts";
import { DEPLOYMENT_MESSAGE, JOHN, MANIFEST, REPO, STRIPE, STRIPE_FIXED } from "../support.ts";

/** The program itself, as an operator runs it, in front of a sandbox; `compile()` has to have run. */
export interface Process {
  readonly url: string;
  readonly program: Program;
  /** Sends the signal, and resolves with the exit status; `null`: the signal ended it. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

export interface World {
  readonly sandbox: Sandbox;
  later(seconds?: number): void;
  start(env?: Readonly<Record<string, string>>): Promise<Process>;
  /** Another command than `serve`; resolves with its exit status and output. */
  run(
    command: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<{ status: number | null; output: string }>;
  openPull(branch: string, title: string, files?: Readonly<Record<string, string>>): Promise<number>;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  let aheadMs = 0;
  const sandbox = await startSandbox({
    permissions: MANIFEST.default_permissions,
    events: MANIFEST.default_events,
    clock: () => new Date(Date.now() + aheadMs),
  });
  await setUpKamiyo(sandbox);
  const programs: Program[] = [];
  const settings = {
    APP_ID: String(sandbox.app.id),
    PRIVATE_KEY: sandbox.app.privateKey,
    WEBHOOK_SECRET: sandbox.app.webhookSecret,
    GHE_HOST: sandbox.host,
    GHE_PROTOCOL: "http",
    LOG_FORMAT: "json",
    NODE_ENV: "production",
    HOTFIX_SWEEP_INTERVAL: "off",
  };
  return {
    sandbox,
    later(seconds = 2) {
      aheadMs += seconds * 1_000;
    },
    async start(env = {}) {
      const port = await freePort();
      const program = start(["serve"], { ...settings, PORT: String(port), ...env });
      programs.push(program);
      await program.says(/listens on/);
      const url = `http://127.0.0.1:${port}`;
      sandbox.setWebhookUrl(`${url}/api/github/webhooks`);
      return {
        url,
        program,
        end(signal) {
          program.process.kill(signal);
          return program.exit;
        },
      };
    },
    async run(command, env = {}) {
      const program = start([command], { ...settings, ...env });
      programs.push(program);
      return { status: await program.exit, output: program.output() };
    },
    async openPull(branch, title, files = { [STRIPE]: STRIPE_FIXED }) {
      const git = sandbox.git(REPO);
      const author = sandbox.person(JOHN);
      const parents = [git.head("main") as string];
      const message = title.startsWith("HOTFIX") ? DEPLOYMENT_MESSAGE : title;
      await git.commit(branch, { message, files, author, committer: author, parents });
      await git.push(JOHN, branch);
      return (await sandbox.as(JOHN).openPullRequest(REPO, { head: branch, title, body: "- [x] Tested" }))
        .number;
    },
    async close() {
      for (const { process } of programs) process.kill("SIGKILL");
      await sandbox.close();
    },
  };
}

/** A webhook of Slack that answers with the status it has at the time, and keeps what it took. */
export async function startSlack(status: number) {
  const slack = { status, texts: [] as string[], refused: 0, url: "", close: () => void server.close() };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("end", () => {
      if (slack.status === 200) slack.texts.push((JSON.parse(body) as { text: string }).text);
      else slack.refused += 1;
      response.writeHead(slack.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  slack.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return slack;
}

/** Waits until it is true, for half a minute. */
export async function until(
  what: string,
  look: () => Promise<boolean> | boolean,
  ms = 30_000,
): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await pause(50)) if (await look()) return;
  throw new Error(`in vain: ${what}`);
}
