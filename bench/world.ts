// A GitHub on this machine with hotfixes on it, and the real server in a process of its own in front of it.
import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { startServerProcess } from "#built/demo/server-process";
import { startSandbox } from "#built/sandbox/index";
import { readManifest } from "../src/cli/manifest.ts";
import type { Delivery, Sandbox } from "../src/sandbox/index.ts";

const PEOPLE = ["john", "jane", "rita", "omar"];

/** Ways to say who may approve. Two people approve: Jane by the label, Rita by a review. */
export const ROLES = {
  "listed users": "{ users: [jane, rita] }",
  "repository permission": "{ permission: write }",
  team: "{ teams: [managers] }",
};

const config = (role: string): string => `version: 1
roles:
  engineering-manager: ${role}
severities:
  P1: { approvals: 2 }
`;

export const MESSAGE = `HOTFIX: Fix Stripe webhook signature verification

Fixes: #1
Severity: P1
Impact: Payment webhooks failing, revenue impact
Root Cause: Incorrect UTF-8 encoding of webhook secret
Solution: Added explicit encoding handling

Tested: Local + Staging, all webhook events processed
Approved-By: pending
Deployed-By: John Smith`;
const CODE = "# HOTFIX: Issue #1 - the secret is UTF-8 text\nkey = secret.encode()\n";
const LABELS = [
  "hotfix",
  ...["P0", "P1", "P2", "P3"].map((severity) => `severity:${severity}`),
  ...["on-call", "engineering-manager", "cto"].map((role) => `approved:${role}`),
  ...["post-mortem", "post-mortem:overdue", "rolled-back", "ours"],
];
export const APPROVED = "approved:engineering-manager";

export interface World {
  readonly sandbox: Sandbox;
  /** What comes now is strictly newer. */
  later(): void;
}

export interface OpenedHotfix {
  /** `owner/name`. */
  readonly repo: string;
  readonly number: number;
}

export interface Server {
  /** What `/metrics` says now: by the name of a metric, the sum over its labels. */
  metrics(): Promise<(name: string) => number>;
  /** Where the server takes deliveries, once it is wanted that the sandbox sends them by itself. */
  readonly webhookUrl: string;
  /** Signs and sends it as GitHub would; returns when it was sent and how long the answer took. */
  deliver(
    delivery: Pick<Delivery, "event" | "payload">,
  ): Promise<{ readonly sentAt: number; readonly ackMs: number }>;
  /** Until nothing waits or runs; looks that often, which costs the server some milliseconds each. */
  idle(everyMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  let aheadMs = 0;
  const sandbox = await startSandbox({
    ...(await readManifest()),
    clock: () => new Date(Date.now() + aheadMs),
  });
  for (const login of PEOPLE) {
    sandbox.createUser(login, { name: login, email: `${login}@kamiyo.example` });
  }
  return {
    sandbox,
    later: () => {
      aheadMs += 2_000;
    },
  };
}

/**
 * A hotfix of 3 commits and 5 files, in an account of its own and so with an installation and a throttle of
 * its own. A ruleset requires the check, unless `required` is false.
 */
export async function openHotfix(
  { sandbox }: World,
  owner: string,
  role: string,
  { required = true }: { readonly required?: boolean } = {},
): Promise<OpenedHotfix> {
  const repo = `${owner}/api`;
  sandbox.createOrganization(owner);
  sandbox.createTeam(owner, "managers");
  for (const login of ["jane", "rita"]) await sandbox.addTeamMember(owner, "managers", login);
  await sandbox.createRepository(repo, {
    files: {
      "README.md": "# Kamiyo\n",
      "src/payments/stripe.py": "key = secret\n",
      ".github/hotfix.yml": config(role),
    },
  });
  if (required)
    sandbox.protect(repo, "main", { requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }] });
  for (const login of PEOPLE) sandbox.setPermission(repo, login, "write");
  for (const name of LABELS) await sandbox.as("rita").request("POST", `/repos/${repo}/labels`, { name });
  await sandbox.as("rita").createIssue(repo, { title: "Webhooks are rejected" });
  const git = sandbox.git(repo);
  const branch = "hotfix/stripe-webhook";
  const author = sandbox.person("john");
  const commit = (message: string, ...names: readonly string[]) =>
    git.commit(branch, {
      message,
      author,
      committer: author,
      files: Object.fromEntries(names.map((name) => [`src/payments/${name}.py`, `${CODE}# ${name}\n`])),
    });
  await commit("HOTFIX: Encode the secret", "stripe", "keys");
  await commit("HOTFIX: Encode it for refunds too", "refunds", "payouts");
  await commit(MESSAGE, "webhooks");
  await git.push("john", branch);
  const title = "HOTFIX: Fix Stripe webhook signature verification";
  const { number } = await sandbox
    .as("john")
    .openPullRequest(repo, { head: branch, title, body: "- [x] Tested" });
  await sandbox.as("rita").addLabel(repo, number, "severity:P1");
  return { repo, number };
}

/** Rita reviews, Jane sets the label. */
export async function approve({ sandbox, later }: World, { repo, number }: OpenedHotfix): Promise<void> {
  later();
  await sandbox.as("rita").review(repo, number, "APPROVED");
  await sandbox.as("jane").addLabel(repo, number, APPROVED);
}

/** What `act` causes GitHub to send, undelivered: the last delivery of that event. */
export async function caught(
  { sandbox }: World,
  event: string,
  act: () => Promise<unknown>,
): Promise<Delivery> {
  let last: Delivery | undefined;
  sandbox.knobs.deliveries.drop = (delivery) => {
    if (delivery.event === event) last = delivery;
    return true;
  };
  await act();
  sandbox.knobs.deliveries.drop = undefined;
  if (last === undefined) throw new Error(`nothing was sent of ${event}`);
  return last;
}

/**
 * The server; the sweep finds nothing to do unless it is wanted, so that only what events cause is counted.
 */
export async function startServer(
  { sandbox }: World,
  {
    sweep = false,
    env = {},
  }: { readonly sweep?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Server> {
  const allow = sweep
    ? () => {}
    : sandbox.knobs.fail({ method: "GET", path: /^\/app\/installations$/ }, { status: 404 });
  const server = await startServerProcess(sandbox, {
    LOG_LEVEL: "warn",
    HOTFIX_SWEEP_INTERVAL: "off",
    ...env,
  });
  sandbox.setWebhookUrl(undefined);
  const metrics = async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return (name: string) =>
      text
        .split("\n")
        .filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)))
        .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  };
  return {
    metrics,
    webhookUrl: `${server.url}/api/github/webhooks`,
    async deliver({ event, payload }) {
      const body = JSON.stringify(payload);
      const signature = createHmac("sha256", sandbox.app.webhookSecret).update(body).digest("hex");
      const sentAt = Date.now();
      const { status, ackMs } = await send(`${server.url}/api/github/webhooks`, body, {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": randomUUID(),
        "x-hub-signature-256": `sha256=${signature}`,
      });
      if (status < 200 || status >= 300) throw new Error(`the webhook was answered ${status}`);
      return { sentAt, ackMs };
    },
    async idle(everyMs = 15) {
      for (let quiet = 0; quiet < 2; ) {
        await pause(everyMs);
        quiet = (await metrics())("hotfix_queue_jobs") === 0 ? quiet + 1 : 0;
      }
    },
    async stop() {
      allow();
      await server.stop();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly ackMs: number;
}

const waiting = new Map<number, (answer: Answer) => void>();
let sent = 0;
// At once: a thread begins with the priority that this one has (`giveWay`), and is not to wait with it.
const sender = startSender();

function startSender(): Worker {
  const worker = new Worker(new URL("./sender.js", import.meta.url));
  worker.on("message", ({ id, ...answer }: Answer & { readonly id: number }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  // After the listener, which would keep the process alive again.
  worker.unref();
  return worker;
}

/** Sends it from a thread of its own (`sender.js`); status 0: there was no answer. */
function send(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const id = ++sent;
  const length = String(Buffer.byteLength(body));
  sender.postMessage({ id, url, body, headers: { ...headers, "content-length": length } });
  return new Promise((resolve) => waiting.set(id, resolve));
}
