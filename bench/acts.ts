// What typical acts cost from the webhook until all is quiet: verdict, labels, comment, and whoever is
// called.
import { setTimeout as pause } from "node:timers/promises";
import type { RequestLog } from "../src/sandbox/index.ts";
import type { Row } from "./row.ts";
import { MESSAGE, startServer, startWorld, type World } from "./world.ts";

interface Aims {
  readonly requests?: number;
  readonly counted?: number;
  readonly writes?: number;
  readonly untilVerdict?: number;
}

const REPO = "kamiyo/api";
const CONFIG = `version: 1
roles:
  engineering-manager: { teams: [managers] }
  cto: { teams: [managers] }
severities:
  P1: { approvals: 2 }
`;
const TITLE = "HOTFIX: Fix Stripe webhook signature verification";

/** For each act: requests, those that count, and writes. */
export async function measureActs(): Promise<readonly Row[]> {
  const world = await startWorld();
  const { sandbox, later } = world;
  await setUp(world);
  const small = await push(world, "hotfix/stripe-webhook", 1, 2);
  const large = await push(world, "hotfix/stripe-webhook-again", 250, 300);
  const server = await startServer(world);
  const rows: Row[] = [];
  const measure = async (what: string, aims: Aims, act: () => Promise<unknown>) => {
    sandbox.resetRequests();
    await act();
    await pause(300);
    await server.idle();
    rows.push(
      ...rowsOf(
        what,
        aims,
        sandbox.requests.filter(({ installationToken }) => installationToken),
      ),
    );
    later();
  };
  try {
    sandbox.setWebhookUrl(server.webhookUrl);
    let number = 0;
    await measure(
      "first hotfix of a repository opened",
      { requests: 35, counted: 28, writes: 7 },
      async () => {
        ({ number } = await open(world, small));
      },
    );
    await measure("two approving reviews", { requests: 22, counted: 10, writes: 3 }, () =>
      Promise.all(["jane", "rita"].map((login) => sandbox.as(login).review(REPO, number, "APPROVED"))),
    );
    await measure("10 label events at once", { requests: 15, counted: 3, writes: 0 }, () =>
      Promise.all(
        Array.from({ length: 10 }, (_, i) => sandbox.as("john").addLabel(REPO, number, `ours-${i}`)),
      ),
    );
    // The aim is of the requests until the verdict, and writes follow it.
    await measure("250 commits and 300 files opened", { untilVerdict: 16 }, () => open(world, large));
    return rows;
  } finally {
    await server.stop();
    await sandbox.close();
  }
}

async function setUp({ sandbox }: World) {
  sandbox.createOrganization("kamiyo");
  sandbox.createTeam("kamiyo", "managers");
  for (const login of ["jane", "rita"]) await sandbox.addTeamMember("kamiyo", "managers", login);
  const files = { "src/payments/stripe.py": "key = secret\n", ".github/hotfix.yml": CONFIG };
  await sandbox.createRepository(REPO, { files });
  for (const login of ["john", "jane", "rita"]) sandbox.setPermission(REPO, login, "write");
  for (let i = 0; i < 10; i++)
    await sandbox.as("rita").request("POST", `/repos/${REPO}/labels`, { name: `ours-${i}` });
  await sandbox.as("rita").createIssue(REPO, { title: "Webhooks are rejected" });
}

async function push({ sandbox }: World, branch: string, commits: number, count: number) {
  const git = sandbox.git(REPO);
  const author = sandbox.person("john");
  const each = Math.ceil(count / commits);
  let parent = git.head("main");
  for (let i = 0; i < commits; i++) {
    const files: Record<string, string> = {};
    for (let j = i * each; j < Math.min((i + 1) * each, count); j++)
      files[`src/payments/stripe${j === 0 ? "" : j}.py`] =
        `# HOTFIX: Issue #1 - the secret is UTF-8 text\nkey = ${j}\n`;
    if (Object.keys(files).length === 0) files["src/payments/stripe.py"] = `# HOTFIX: Issue #1\nkey = ${i}\n`;
    parent = await git.commit(branch, {
      message: MESSAGE,
      author,
      committer: author,
      files,
      parents: parent === undefined ? [] : [parent],
    });
  }
  await git.push("john", branch, parent);
  return branch;
}

function open({ sandbox }: World, head: string) {
  return sandbox.as("john").openPullRequest(REPO, { head, title: TITLE, body: "- [x] Tested" });
}

function rowsOf(what: string, aims: Aims, requests: readonly RequestLog[]): readonly Row[] {
  const own = requests.filter(({ path }) => !path.endsWith("/access_tokens"));
  const verdict = own.findIndex(({ method, path }) => method !== "GET" && path.includes("/check-runs")) + 1;
  return [
    {
      what,
      value: own.length,
      unit: "requests",
      aim: aims.requests,
    },
    ...(verdict === 0 ? [] : [{ what: "    until the verdict", value: verdict, aim: aims.untilVerdict }]),
    {
      what: "    counted against the rate limit",
      value: own.filter(({ status }) => status !== 304).length,
      aim: aims.counted,
    },
    {
      what: "    writes",
      value: own.filter(({ method }) => method !== "GET").length,
      aim: aims.writes,
    },
  ];
}
