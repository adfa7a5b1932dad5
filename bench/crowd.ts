// Many hotfixes at once in one installation, as during an outage: how long verdicts take while comments are
// still to be written, and what becomes of the comments.
import { setTimeout as pause } from "node:timers/promises";
import type { Delivery, PullRequestJson, Sandbox } from "../src/sandbox/index.ts";
import { type Row, spread } from "./row.ts";
import { APPROVED, MESSAGE, type Server, startServer, startWorld, type World } from "./world.ts";

/** What GitHub takes to answer. */
const API_MS = 50;
const REPO = "kamiyo/api";
const CONFIG = `version: 1
roles:
  engineering-manager: { users: [jane] }
`;

/** Each crowd is met by a process of its own. */
export async function measureCrowds(): Promise<readonly Row[]> {
  const alone = await measureCrowd(1);
  const six = await measureCrowd(6);
  const { end, ...fifty } = await measureFifty();
  const hung = await measureCrowd(1, { hang: true });
  const { before, beside } = await measureNeighbor();
  const s = (ms: number): number => ms / 1_000;
  return [
    { what: "label → green, 1 hotfix", value: s(alone.green.slowest), unit: "s", aim: 1 },
    { what: "label → green, 6 at once: median", value: s(six.green.median), unit: "s", aim: 1.5 },
    { what: "label → green, 6 at once: slowest", value: s(six.green.slowest), unit: "s", aim: 2.5 },
    { what: "label → green, 50 at once: slowest", value: s(fifty.green.slowest), unit: "s", aim: 8 },
    { what: "opened → first verdict, 6 at once: slowest", value: s(six.first.slowest), unit: "s", aim: 2 },
    { what: "opened → first verdict, 50 at once: slowest", value: s(fifty.first.slowest), unit: "s" },
    {
      what: "label → green, 1 hotfix whose comments hang for 10 s",
      value: s(hung.green.slowest),
      unit: "s",
      aim: 1,
    },
    {
      what: "all that people read of 50 hotfixes, written after",
      value: s(end.ms),
      unit: "s",
      aim: 300,
      more: end.more,
    },
    { what: "    most of it in a minute", value: end.mostInAMinute, aim: 80 },
    { what: "    written twice, or missing", value: end.wrong, aim: 0 },
    { what: "    stale: written once more when asked to look again", value: end.stale, aim: 0 },
    {
      what: "verdict beside 1,000 waiting jobs of another installation",
      value: beside - before,
      unit: "ms more",
      aim: 200,
      more: `${Math.round(beside)} ms instead of ${Math.round(before)} ms`,
    },
  ];
}

type Times = Readonly<Record<"first" | "green", ReturnType<typeof spread>>>;

/** With all that is written after the last green. */
async function measureFifty(): Promise<Times & { readonly end: Awaited<ReturnType<typeof measureEnd>> }> {
  let end: Awaited<ReturnType<typeof measureEnd>> | undefined;
  const times = await measureCrowd(50, {
    after: async (...met) => {
      end = await measureEnd(...met);
    },
  });
  if (end === undefined) throw new Error("the end was not reached");
  return { ...times, end };
}

interface CrowdOptions {
  /** Writing a comment takes forever. */
  readonly hang?: boolean;
  /** Once all are green; `opened`: when, in milliseconds since the epoch. */
  after?(world: World, server: Server, pulls: readonly PullRequestJson[], opened: number): Promise<void>;
}

/** `count` hotfixes are opened at once, and approved a second later. */
async function measureCrowd(count: number, { hang = false, after }: CrowdOptions = {}): Promise<Times> {
  const world = await startWorld();
  const { sandbox, later } = world;
  try {
    await setUp(world, REPO);
    const heads: string[] = [];
    for (let i = 0; i < count; i++) heads.push(await pushHotfix(world, REPO, i));
    const server = await startServer(world);
    const checks = watchChecks(sandbox);
    if (hang) sandbox.knobs.fail({ method: "POST", path: /\/comments$/ }, { hang: true });
    sandbox.resetRequests();
    try {
      sandbox.setWebhookUrl(server.webhookUrl);
      sandbox.knobs.latencyMs = API_MS;
      const opened = Date.now();
      const pulls = await Promise.all(heads.map((head) => open(world, head)));
      await pause(1_000);
      later();
      await Promise.all(pulls.map(({ number }) => sandbox.as("rita").review(REPO, number, "APPROVED")));
      const approved = new Map<string, number>();
      for (const { number, head } of pulls) {
        await sandbox.as("jane").addLabel(REPO, number, APPROVED);
        approved.set(head.sha, Date.now());
      }
      const greens = await Promise.all(pulls.map(({ head }) => checks.until(head.sha, "success")));
      const first = pulls.map(({ head }) => checks.first(head.sha) - opened);
      const green = pulls.map(({ head }, i) => (greens[i] ?? Number.NaN) - (approved.get(head.sha) ?? 0));
      await after?.(world, server, pulls, opened);
      return { first: spread(first), green: spread(green) };
    } finally {
      await server.stop();
    }
  } finally {
    await sandbox.close();
  }
}

/** Once all is quiet: what people read on each, whether once, and whether it is the newest. */
async function measureEnd(
  { sandbox }: World,
  server: Server,
  pulls: readonly PullRequestJson[],
  opened: number,
) {
  await server.idle();
  const writes = sandbox.requests.filter(
    ({ method, path }) => method !== "GET" && /\/(?:issues|pulls|labels)\b/.test(path),
  );
  const times = writes.map(({ at }) => at);
  const kinds = writes.map(
    ({ method, path }) => `${method} ${/comments|labels|requested_reviewers/.exec(path)?.[0]}`,
  );
  const counts = [...new Set(kinds)].map((kind) => `${kinds.filter((one) => one === kind).length} × ${kind}`);
  let wrong = 0;
  for (const { number } of pulls) {
    const own = (await sandbox.comments(REPO, number)).filter(({ user }) => user?.type === "Bot");
    wrong += Math.abs(own.filter(({ body }) => body?.includes("hotfix-guard:status")).length - 1);
    const asks = sandbox.requests.filter(({ path }) => path.endsWith(`/pulls/${number}/requested_reviewers`));
    // Nobody is asked where the approval was there first.
    wrong += Math.max(0, asks.length - 1);
  }
  sandbox.resetRequests();
  for (const { number } of pulls) await sandbox.as("rita").addLabel(REPO, number, "ours");
  await pause(500);
  await server.idle();
  const stale = sandbox.requests.filter(
    ({ method, path }) => method !== "GET" && !path.endsWith("/access_tokens"),
  );
  return {
    ms: Math.max(...times) - opened,
    more: counts.join(", "),
    mostInAMinute: Math.max(
      ...times.map((at) => times.filter((one) => one >= at && one < at + 60_000).length),
    ),
    wrong,
    stale: stale.length,
  };
}

/** From the webhook to the check, without and with a thousand jobs of another installation in the queue. */
async function measureNeighbor() {
  const world = await startWorld();
  const { sandbox } = world;
  try {
    await setUp(world, "noisy/api");
    await setUp(world, REPO);
    const heads: string[] = [];
    for (let i = 0; i < 6; i++) heads.push(await pushHotfix(world, REPO, i));
    const noise = await caughtOpen(world, "noisy/api", await pushHotfix(world, "noisy/api", 0));
    const server = await startServer(world);
    const checks = watchChecks(sandbox);
    try {
      sandbox.knobs.latencyMs = API_MS;
      const time = async (head: string): Promise<number> => {
        const { delivery, sha } = await caughtOpen(world, REPO, head);
        const { sentAt } = await server.deliver(delivery);
        return (await checks.until(sha, null)) - sentAt;
      };
      const [first = "", ...others] = heads;
      // It reads what is kept from then on.
      await time(first);
      await server.idle();
      const quiet: number[] = [];
      for (const head of others.slice(0, 2)) quiet.push(await time(head));
      await server.idle();
      const numbers = Array.from({ length: 1_000 }, (_, i) => 10_000 + i);
      for (const number of numbers)
        await server.deliver({ ...noise.delivery, payload: withNumber(noise.delivery.payload, number) });
      const beside: number[] = [];
      for (const head of others.slice(2)) beside.push(await time(head));
      return { before: spread(quiet).median, beside: spread(beside).median };
    } finally {
      await server.stop();
    }
  } finally {
    await sandbox.close();
  }
}

function withNumber(payload: Delivery["payload"], number: number): Delivery["payload"] {
  return { ...payload, number, pull_request: { ...Object(payload.pull_request), number } };
}

export async function setUp({ sandbox }: World, repo: string) {
  const [owner = ""] = repo.split("/");
  sandbox.createOrganization(owner);
  const files = {
    "src/payments/stripe.py": "key = secret\n",
    ".github/hotfix.yml": CONFIG,
  };
  await sandbox.createRepository(repo, { files });
  for (const login of ["john", "jane", "rita"]) sandbox.setPermission(repo, login, "write");
  const labels = [
    "hotfix",
    "severity:P0",
    "severity:P1",
    "severity:P2",
    "severity:P3",
    "ours",
    "post-mortem",
  ];
  labels.push(APPROVED, "approved:on-call", "approved:cto", "post-mortem:overdue", "rolled-back");
  for (const name of labels) await sandbox.as("rita").request("POST", `/repos/${repo}/labels`, { name });
  await sandbox.as("rita").createIssue(repo, { title: "Webhooks are rejected" });
}

export async function pushHotfix({ sandbox }: World, repo: string, i: number): Promise<string> {
  const git = sandbox.git(repo);
  const author = sandbox.person("john");
  const head = `hotfix/stripe-webhook-${i}`;
  const files = {
    "src/payments/stripe.py": `# HOTFIX: Issue #1 - the secret is UTF-8 text\nkey = secret.encode()  # ${i}\n`,
  };
  const parents = [git.head("main") ?? ""];
  const sha = await git.commit(head, { message: MESSAGE, author, committer: author, files, parents });
  await git.push("john", head, sha);
  return head;
}

export function open({ sandbox }: World, head: string, repo = REPO): Promise<PullRequestJson> {
  const title = "HOTFIX: Fix Stripe webhook signature verification";
  return sandbox.as("john").openPullRequest(repo, { head, title, body: "- [x] Tested" });
}

/** Opens a pull request of that branch: the delivery that says so, undelivered, and the head. */
async function caughtOpen(
  world: World,
  repo: string,
  branch: string,
): Promise<{ readonly delivery: Delivery; readonly sha: string }> {
  const { number, head } = await open(world, branch, repo);
  const delivery = world.sandbox.deliveries.findLast(
    ({ event, payload }) =>
      event === "pull_request" && payload.number === number && Object(payload.repository).full_name === repo,
  );
  if (delivery === undefined) throw new Error(`nothing was sent of ${repo}#${number}`);
  return { delivery, sha: head.sha };
}

/** When which conclusion was written on which head, by the sandbox's answers. */
function watchChecks(sandbox: Sandbox) {
  const written: { readonly sha: string; readonly conclusion: string | null; readonly at: number }[] = [];
  const waiting = new Set<() => void>();
  sandbox.onExchange = ({ method, path, requestBody, status, responseBody }) => {
    if (method === "GET" || !path.includes("/check-runs") || status >= 300) return;
    const { conclusion } = JSON.parse(requestBody);
    const { head_sha: sha } = JSON.parse(responseBody);
    written.push({ sha, conclusion, at: Date.now() });
    for (const look of waiting) look();
  };
  const find = (sha: string, conclusion: string | null) =>
    written.find((one) => one.sha === sha && (conclusion === null || one.conclusion === conclusion))?.at;
  return {
    first: (sha: string): number => find(sha, null) ?? Number.NaN,
    /** When it was written; rejects where it is not within two minutes. */
    until(sha: string, conclusion: string | null): Promise<number> {
      return new Promise((resolve, reject) => {
        const look = () => {
          const at = find(sha, conclusion);
          if (at === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(at);
        };
        const timer = setTimeout(() => reject(new Error(`no ${conclusion ?? "check"} on ${sha}`)), 120_000);
        waiting.add(look);
        look();
      });
    },
  };
}
