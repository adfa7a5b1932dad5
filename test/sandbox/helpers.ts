import { createHmac, createSign } from "node:crypto";
import { createServer } from "node:http";
import { Octokit } from "@octokit/rest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";

export const permissions = {
  checks: "write",
  contents: "read",
  issues: "write",
  members: "read",
  merge_queues: "read",
  metadata: "read",
  pull_requests: "write",
} as const;

export const events = [
  "check_run",
  "check_suite",
  "issue_comment",
  "issues",
  "label",
  "member",
  "membership",
  "merge_group",
  "pull_request",
  "pull_request_review",
  "push",
  "repository",
  "team",
];

export interface Received {
  event: string;
  guid: string;
  payload: Record<string, unknown> & { action?: string };
}

/** A webhook endpoint that refuses what is not signed right. */
export async function receiver(secret: string, answer: () => number = () => 200) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const expected = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    if (request.headers["x-hub-signature-256"] !== expected) {
      response.writeHead(400).end();
      return;
    }
    received.push({
      event: String(request.headers["x-github-event"]),
      guid: String(request.headers["x-github-delivery"]),
      payload: JSON.parse(body.toString()) as Received["payload"],
    });
    response.writeHead(answer()).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const close = () => new Promise<void>((done) => server.close(() => done()));
  return { url: `http://127.0.0.1:${port}/`, received, close };
}

/** The app's JWT, made by hand. */
export function jwt(
  sandbox: Sandbox,
  changes: { iss?: unknown; lifetime?: number; key?: string; now?: number } = {},
): string {
  const now = changes.now ?? Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iat: now - 30, exp: now + (changes.lifetime ?? 500), iss: changes.iss ?? sandbox.app.id };
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  const signature = createSign("RSA-SHA256")
    .update(text)
    .sign(changes.key ?? sandbox.app.privateKey, "base64url");
  return `${text}.${signature}`;
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export function client(sandbox: Sandbox, auth?: string): Octokit {
  return new Octokit({ baseUrl: `${sandbox.url}/api/v3`, log: quiet, ...(auth ? { auth } : {}) });
}

export async function installationToken(sandbox: Sandbox, now?: Date): Promise<string> {
  const { data } = await client(
    sandbox,
    jwt(sandbox, now ? { now: Math.floor(now.getTime() / 1000) } : {}),
  ).apps.createInstallationAccessToken({
    installation_id: sandbox.installationId,
  });
  return data.token;
}

export const repo = { owner: "acme", repo: "shop" };
export const shop = "acme/shop";

/** An organization with a repository, people in roles, and the app's client. */
export async function world(options: Partial<SandboxOptions> = {}) {
  const sandbox = await startSandbox({ permissions, events, ...options });
  sandbox.createOrganization("acme");
  for (const login of ["dev", "lead", "helper", "stranger"])
    sandbox.createUser(login, { name: `The ${login}` });
  await sandbox.createRepository(shop, {
    files: { "README.md": "# Shop\n", "src/pay.ts": "export const a = 1;\n" },
  });
  sandbox.setPermission(shop, "dev", "write");
  sandbox.setPermission(shop, "helper", "triage");
  sandbox.setPermission(shop, "lead", "admin");
  const app = client(sandbox, await installationToken(sandbox, options.clock?.()));
  const dev = sandbox.as("dev");
  return { sandbox, app, dev, git: sandbox.git(shop) };
}

/** A pull request with one commit from a new branch. */
export async function pullRequest(
  sandbox: Sandbox,
  branch = "hotfix/pay",
  files: Record<string, string> = { "src/pay.ts": "export const a = 2;\n" },
) {
  const git = sandbox.git(shop);
  const sha = await git.commit(branch, { message: "HOTFIX: fix pay", files, author: sandbox.person("dev") });
  await git.push("dev", branch);
  const pull = await sandbox
    .as("dev")
    .openPullRequest(shop, { head: branch, title: "HOTFIX: fix pay", body: "Text" });
  return { sha, pull };
}
