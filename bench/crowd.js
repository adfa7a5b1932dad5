// Many hotfixes at once in one installation, as during an outage: how long verdicts take while comments are still to be written, and
// what becomes of the comments.
import { setTimeout as pause } from "node:timers/promises";
import { APPROVED, MESSAGE, startServer, startWorld } from "./world.js";

/** What GitHub takes to answer. */
const API_MS = 50;
const REPO = "kamiyo/api";
const CONFIG = `version: 1
roles:
  engineering-manager: { users: [jane] }
`;

/** Rows for `print`; each crowd is met by a process of its own. */
export async function measureCrowds() {
  const alone = await measureCrowd(1);
  const six = await measureCrowd(6);
  const fifty = await measureCrowd(50, { toTheEnd: true });
  const hung = await measureCrowd(1, { hang: true });
  const { before, beside } = await measureNeighbor();
  const s = (ms) => ms / 1_000;
  const { end } = fifty;
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

/** `count` hotfixes are opened at once, and approved a second later. */
async function measureCrowd(count, { hang = false, toTheEnd = false } = {}) {
  const world = await startWorld();
  const { sandbox, later } = world;
  try {
    await setUp(world, REPO);
    const heads = [];
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
      const approved = new Map();
      for (const { number, head } of pulls) {
        await sandbox.as("jane").addLabel(REPO, number, APPROVED);
        approved.set(head.sha, Date.now());
      }
      const greens = await Promise.all(pulls.map(({ head }) => checks.until(head.sha, "success")));
      const first = pulls.map(({ head }) => checks.first(head.sha) - opened);
      const green = pulls.map(({ head }, i) => greens[i] - approved.get(head.sha));
      const times = { first: spread(first), green: spread(green) };
      return toTheEnd ? { ...times, end: await measureEnd(world, server, pulls, opened) } : times;
    } finally {
      await server.stop();
    }
  } finally {
    await sandbox.close();
  }
}

/** Once all is quiet: what people read on each, whether once, and whether it is the newest. */
async function measureEnd({ sandbox }, server, pulls, opened) {
  await server.idle();
  const writes = sandbox.requests.filter(
    ({ method, path }) => method !== "GET" && /\/(?:issues|pulls|labels)\b/.test(path),
  );
  const times = writes.map(({ at }) => at);
  const kinds = writes.map(
    ({ method, path }) => `${method} ${/comments|labels|requested_reviewers/.exec(path)?.[0]}`,
  );
  const counts = Object.entries(Object.groupBy?.(kinds, (kind) => kind) ?? groupBy(kinds));
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
    more: counts.map(([kind, { length }]) => `${length} × ${kind}`).join(", "),
    mostInAMinute: Math.max(
      ...times.map((at) => times.filter((one) => one >= at && one < at + 60_000).length),
    ),
    wrong,
    stale: stale.length,
  };
}

function groupBy(kinds) {
  const groups = {};
  for (const kind of kinds) groups[kind] = [...(groups[kind] ?? []), kind];
  return groups;
}

/** From the webhook to the check, without and with a thousand jobs of another installation in the queue. */
async function measureNeighbor() {
  const world = await startWorld();
  const { sandbox } = world;
  try {
    await setUp(world, "noisy/api");
    await setUp(world, REPO);
    const heads = [];
    for (let i = 0; i < 6; i++) heads.push(await pushHotfix(world, REPO, i));
    const noise = await caughtOpen(world, "noisy/api");
    const server = await startServer(world);
    const checks = watchChecks(sandbox);
    try {
      sandbox.knobs.latencyMs = API_MS;
      const time = async (head) => {
        const delivery = await caughtOpen(world, REPO, head);
        const { sentAt } = await server.deliver(delivery);
        return (await checks.until(delivery.payload.pull_request.head.sha, null)) - sentAt;
      };
      // The first reads what is kept from then on.
      await time(heads[0]);
      await server.idle();
      const quiet = [];
      for (const head of heads.slice(1, 3)) quiet.push(await time(head));
      await server.idle();
      const numbers = Array.from({ length: 1_000 }, (_, i) => 10_000 + i);
      for (const number of numbers)
        await server.deliver({ ...noise, payload: withNumber(noise.payload, number) });
      const beside = [];
      for (const head of heads.slice(3)) beside.push(await time(head));
      return { before: spread(quiet).median, beside: spread(beside).median };
    } finally {
      await server.stop();
    }
  } finally {
    await sandbox.close();
  }
}

function withNumber(payload, number) {
  return { ...payload, number, pull_request: { ...payload.pull_request, number } };
}

async function setUp({ sandbox }, repo) {
  const owner = repo.split("/")[0];
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

async function pushHotfix({ sandbox }, repo, i) {
  const git = sandbox.git(repo);
  const author = sandbox.person("john");
  const head = `hotfix/stripe-webhook-${i}`;
  const files = {
    "src/payments/stripe.py": `# HOTFIX: Issue #1 - the secret is UTF-8 text\nkey = secret.encode()  # ${i}\n`,
  };
  const parents = [git.head("main")];
  const sha = await git.commit(head, { message: MESSAGE, author, committer: author, files, parents });
  await git.push("john", head, sha);
  return head;
}

function open({ sandbox }, head, repo = REPO) {
  const title = "HOTFIX: Fix Stripe webhook signature verification";
  return sandbox.as("john").openPullRequest(repo, { head, title, body: "- [x] Tested" });
}

/** The delivery of an opened pull request, undelivered. */
async function caughtOpen(world, repo, head) {
  const { sandbox } = world;
  const branch = head ?? (await pushHotfix(world, repo, 0));
  const { number } = await open(world, branch, repo);
  return sandbox.deliveries.findLast(
    ({ event, payload }) =>
      event === "pull_request" && payload.number === number && payload.repository.full_name === repo,
  );
}

/** When which conclusion was written on which head, by the sandbox's answers. */
function watchChecks(sandbox) {
  const written = [];
  const heads = new Map();
  const waiting = new Set();
  sandbox.onExchange = ({ method, path, requestBody, status, responseBody }) => {
    if (method === "GET" || !path.includes("/check-runs") || status >= 300) return;
    const { conclusion } = JSON.parse(requestBody);
    const { id, head_sha: sha } = JSON.parse(responseBody);
    heads.set(id, sha);
    written.push({ sha, conclusion, at: Date.now() });
    for (const look of waiting) look();
  };
  const find = (sha, conclusion) =>
    written.find((one) => one.sha === sha && (conclusion === null || one.conclusion === conclusion))?.at;
  return {
    first: (sha) => find(sha, null) ?? Number.NaN,
    /** When it was written; rejects where it is not within two minutes. */
    until(sha, conclusion) {
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

function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, slowest: sorted.at(-1) ?? Number.NaN };
}
