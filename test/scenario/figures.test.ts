import { describe, expect, test } from "vitest";
import { createMemoryQueue } from "../../src/jobs/memory-queue.ts";
import type { Worker } from "../../src/jobs/queue.ts";
import type { RequestLog } from "../../src/sandbox/index.ts";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  JANE,
  JOHN,
  openOrdinary,
  REPO,
  RITA,
  type Scenario,
  scenario,
} from "./support.ts";

/**
 * What typical acts may cost (docs/performance.md has the same table, `npm run bench` measures it in a
 * process of its own). Requests, those of them that count against the rate limit (no 304), and writes; no
 * time.
 */

const TEAMS = `version: 1
roles:
  engineering-manager: { teams: [managers] }
  cto: { teams: [managers] }
severities:
  P1: { approvals: 2 }
`;
const USERS = TEAMS.replaceAll("teams: [managers]", `users: [${JANE}, ${RITA}]`);

const isRead = ({ method }: RequestLog) => method === "GET";
const isCheck = ({ method, path }: RequestLog) => method !== "GET" && path.includes("/check-runs");

/** Of the sweep, which looks at the installation when the server starts. */
const SWEEP = /^\/(?:installation\/repositories|search\/issues)|\/issues\?creator=/;

/** What was asked in the name of the installation since `resetRequests`, but for its token. */
function asked({ sandbox }: Scenario): readonly RequestLog[] {
  return sandbox.requests.filter(({ installationToken, path }) => installationToken && !SWEEP.test(path));
}

function figures(all: readonly RequestLog[]) {
  return {
    requests: all.length,
    counted: all.filter(({ status }) => status !== 304).length,
    writes: all.filter((request) => !isRead(request)).length,
  };
}

/** Up to the first check that is written, that one included. */
function untilVerdict(all: readonly RequestLog[]): readonly RequestLog[] {
  return all.slice(0, all.findIndex(isCheck) + 1);
}

/** Which things were read, as often as they were. */
function kinds(all: readonly RequestLog[]): readonly string[] {
  const named = (path: string) =>
    path
      .replace(/^\/repos\/[^/]+\/[^/]+\//, "")
      .replace(/\?.*/, "")
      .replaceAll(/[0-9a-f]{40}/g, "{sha}");
  return all.filter(isRead).map(({ path }) => named(path));
}

async function setUp(s: Scenario): Promise<void> {
  const { sandbox } = s;
  sandbox.createTeam("kamiyo", "managers");
  for (const login of [JANE, RITA]) {
    await sandbox.addTeamMember("kamiyo", "managers", login);
    sandbox.setPermission(REPO, login, "write");
  }
  await s.idle();
  await restartCold(s);
}

/** The server anew, with nothing in its memory; its sweep finds nothing to do. */
async function restartCold(s: Scenario): Promise<void> {
  s.sandbox.knobs.fail({ method: "GET", path: /^\/app\/installations$/ }, { status: 404 });
  await s.restartServer();
}

async function reviewed({ sandbox, later }: Scenario, number: number): Promise<void> {
  later();
  await Promise.all([JANE, RITA].map((login) => sandbox.as(login).review(REPO, number, "APPROVED")));
}

describe.concurrent("what it costs", () => {
  scenario(
    "an evaluation in a process that knows nothing yet, and again",
    { config: USERS },
    async (s, expect) => {
      const { sandbox } = s;
      await setUp(s);
      await s.stopServer();
      const number = await s.openHotfix();
      await sandbox.as(RITA).addLabel(REPO, number, "severity:P1");
      await reviewed(s, number);
      await s.restartServer();
      sandbox.resetRequests();
      await sandbox.as(JOHN).addLabel(REPO, number, "ours");
      await s.expectGate(number, "success");
      const cold = untilVerdict(asked(s));
      // With the token eleven; where classic protection protects the base, `branches/main` is one more.
      expect(kinds(cold).toSorted()).toEqual([
        "activity",
        "collaborators",
        "commits/{sha}/check-runs",
        "commits/{sha}/pulls",
        "compare/main...{sha}",
        "contents/.github%2Fhotfix.yml",
        "issues/1234",
        `issues/${number}/timeline`,
        `pulls/${number}`,
        "rules/branches/main",
      ]);
      await s.idle();
      // After the app's own writes, and after nothing but what people did.
      for (const _ of ["written", "quiet"]) {
        sandbox.resetRequests();
        await sandbox.as(JOHN).addLabel(REPO, number, "ours-too");
        await s.idle();
        const warm = figures(asked(s));
        expect([warm.requests <= 10, warm]).toEqual([
          true,
          expect.objectContaining({ counted: 2, writes: 0 }),
        ]);
        await sandbox.as(JOHN).removeLabel(REPO, number, "ours-too");
        await s.idle();
      }
    },
  );

  scenario("the first hotfix of a repository", { config: TEAMS }, async (s, expect) => {
    const { sandbox } = s;
    await setUp(s);
    sandbox.knobs.deliveries = { drop: () => true };
    await s.pushHotfix();
    sandbox.knobs.deliveries = {};
    await s.idle();
    sandbox.resetRequests();
    const title = "HOTFIX: Fix Stripe webhook signature verification";
    const { number } = await sandbox.as(JOHN).openPullRequest(REPO, { head: BRANCH, title, body: "" });
    await s.expectGate(number, "action_required");
    await s.idle();
    const { requests, counted, writes } = figures(asked(s));
    expect([requests <= 35, counted <= 28, writes <= 7]).toEqual([true, true, true]);
    expect(asked(s).filter(({ status }) => status >= 400 && status !== 404)).toEqual([]);
  });

  scenario("two approving reviews, then ten labels at once", { config: TEAMS }, async (s, expect) => {
    const { sandbox } = s;
    await setUp(s);
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await s.idle();
    sandbox.resetRequests();
    // The second comes while the first is evaluated.
    sandbox.knobs.deliveries = { delayMs: 500 };
    await reviewed(s, number);
    sandbox.knobs.latencyMs = 200;
    await s.expectGate(number, "success");
    await s.idle();
    const reviews = figures(asked(s));
    expect(reviews.writes).toBe(3);
    // Two people, of whom two lists tell.
    expect([reviews.requests <= 22, reviews.counted <= 10, reviews]).toEqual([true, true, reviews]);

    const labels = Array.from({ length: 10 }, (_, i) => `ours-${i}`);
    sandbox.knobs.latencyMs = 0;
    for (const name of labels) await sandbox.as(RITA).request("POST", `/repos/${REPO}/labels`, { name });
    await s.idle();
    sandbox.resetRequests();
    await Promise.all(labels.map((label) => sandbox.as(JOHN).addLabel(REPO, number, label)));
    sandbox.knobs.latencyMs = 300;
    await s.idle();
    const burst = figures(asked(s));
    expect([burst.requests <= 15, burst.counted <= 3, burst.writes, burst]).toEqual([true, true, 0, burst]);
  });

  scenario("a change as large as one list shows, until the verdict", { config: TEAMS }, async (s, expect) => {
    const { sandbox } = s;
    await setUp(s);
    // So that it is known already which of the two configuration files there is.
    await openOrdinary(s);
    await s.idle();
    sandbox.knobs.deliveries = { drop: () => true };
    const git = sandbox.git(REPO);
    const author = sandbox.person(JOHN);
    let parent = git.head("main") as string;
    for (let i = 0; i < 250; i++) {
      const names = i < 50 ? [2 * i, 2 * i + 1] : [50 + i];
      parent = await git.commit(BRANCH, {
        message: i === 0 ? DEPLOYMENT_MESSAGE : "More of it",
        author,
        committer: author,
        parents: [parent],
        files: Object.fromEntries(names.map((name) => [`src/payments/part_${name}.py`, `x = ${name}\n`])),
      });
    }
    await git.push(JOHN, BRANCH, parent);
    sandbox.knobs.deliveries = {};
    await s.idle();
    sandbox.resetRequests();
    const title = "HOTFIX: Fix Stripe webhook signature verification";
    const { number } = await sandbox.as(JOHN).openPullRequest(REPO, { head: BRANCH, title, body: "" });
    await s.expectGate(number, "failure");
    const read = untilVerdict(asked(s));
    const { commits, changed_files } = await sandbox.pullRequest(REPO, number);
    expect({ commits, changed_files }).toEqual({ commits: 250, changed_files: 300 });
    expect([read.length <= 16, kinds(read)]).toEqual([true, kinds(read)]);
  });

  scenario(
    "a label before green: the check is written before a label, a comment or anything else",
    { config: USERS },
    async (s, expect) => {
      const { sandbox } = s;
      await setUp(s);
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await s.idle();
      sandbox.resetRequests();
      await reviewed(s, number);
      await s.expectGate(number, "success");
      await s.idle();
      const [first, ...rest] = asked(s).filter((request) => !isRead(request));
      expect([first !== undefined && isCheck(first), rest.some(isCheck)]).toEqual([true, false]);
    },
  );
});

describe("a thousand waiting jobs of one installation", () => {
  test("hold up no verdict of another: it is the next to run", async () => {
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const worker: Worker = ({ key }) => {
      started.push(key.installationId);
      return new Promise((resolve) => ends.push(() => resolve({})));
    };
    const silent = { warn: () => {}, error: () => {} };
    const queue = createMemoryQueue({ worker, log: silent });
    const job = (installationId: number, number: number) => ({
      key: {
        kind: "pull-request",
        installationId,
        repositoryId: 10_000 * installationId + number,
        owner: "a",
        repo: `r${number}`,
        number,
      } as const,
      hint: {},
    });
    for (let number = 1; number <= 1_000; number++) await queue.add(job(1, number));
    await new Promise((resolve) => setImmediate(resolve));
    const before = started.length;
    await queue.add(job(2, 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(started.slice(before)).toEqual([2]);
    // And where all places are taken, one of the first that are free.
    for (let number = 2; number <= 10; number++) await queue.add(job(2, number));
    await new Promise((resolve) => setImmediate(resolve));
    await queue.add(job(3, 1));
    for (const end of ends.slice(0, 3)) end();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(started).toContain(3);
    await queue.close(0);
  });
});
