import { describe } from "vitest";
import { BRANCH, EM, JANE, JOHN, REPO, RITA, type Scenario, scenario, toGreen, until } from "./support.ts";

const MALLORY = "mallory";

/** A stranger's fork with the same head, and so many pull requests from it. */
async function openFromFork({ sandbox }: Scenario, branches: number): Promise<readonly number[]> {
  sandbox.createUser(MALLORY);
  const fork = await sandbox.createFork(REPO, MALLORY);
  const head = sandbox.git(REPO).head(BRANCH) as string;
  const numbers: number[] = [];
  for (let n = 0; n < branches; n++) {
    await sandbox.git(fork).push(MALLORY, `copy-${n}`, head);
    const pull = { head: `${MALLORY}:copy-${n}`, title: `Copy ${n}` };
    numbers.push((await sandbox.as(MALLORY).openPullRequest(REPO, pull)).number);
  }
  return numbers;
}

describe.concurrent("one head, several pull requests", () => {
  scenario(
    "a back-merge does not speak for the same commits on their way to another production branch",
    { config: 'version: 1\nbranches: { base: [main, "release/*"] }\n' },
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      for (const branch of ["develop", "release/1"]) await git.push(RITA, branch, git.head("main"));
      const first = await s.openHotfix();
      await s.expectGate(first, "action_required");
      sandbox.setPermission(REPO, JANE, "admin");
      await sandbox.as(JANE).merge(REPO, first, "merge", { admin: true });
      // From here on both have a head that is in the default branch, of which GitHub names only the merged
      // pull request.
      const title = "HOTFIX: Fix Stripe webhook signature verification";
      const release = await sandbox
        .as(JOHN)
        .openPullRequest(REPO, { head: BRANCH, base: "release/1", title });
      await s.expectGate(release.number, "action_required");
      await sandbox.as(JOHN).openPullRequest(REPO, { head: BRANCH, base: "develop", title });
      // Both are in it, so the other one has been judged.
      const { summary } = await s.expectGate(release.number, "action_required", /^#/);
      expect(summary).toContain("not a hotfix");
    },
  );

  scenario("a stranger's copies of it have no say, and cost the hotfix nothing", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    const copies = await openFromFork(s, 12);
    await toGreen(s, number);
    await s.idle();
    sandbox.resetRequests();
    await sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
    await s.idle();
    const paths = sandbox.requests.map(({ path }) => path.split("?")[0]);
    expect(paths).toContain(`/repos/${REPO}/issues/${number}/timeline`);
    for (const copy of copies) expect(paths).not.toContain(`/repos/${REPO}/issues/${copy}/timeline`);
  });
});

describe.concurrent("between the reads", () => {
  scenario(
    "an approval that is taken back while the app still reads gives no green",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      await s.idle();
      s.later();
      let taken: Promise<void> | null = null;
      sandbox.onExchange = ({ method, path }) => {
        if (taken !== null || method !== "GET" || !path.includes("/collaborators")) return;
        sandbox.knobs.deliveries = { drop: () => true };
        taken = sandbox.as(JANE).removeLabel(REPO, number, EM);
      };
      await sandbox.as(JANE).addLabel(REPO, number, EM);
      await s.idle();
      expect(taken).not.toBeNull();
      await taken;
      expect(await s.gate(number)).toMatchObject({ conclusion: "action_required" });
    },
  );

  scenario("a pull request opened while its branch is looked at has the last word", {}, async (s) => {
    const { sandbox } = s;
    await s.idle();
    let opening: Promise<{ number: number }> | null = null;
    sandbox.onExchange = ({ method, path }) => {
      if (opening !== null || method !== "GET" || !path.startsWith(`/repos/${REPO}/pulls?`)) return;
      // Its own event came first, and was worked on before the branch's check is written.
      sandbox.knobs.deliveries = { drop: () => true };
      const pull = { head: BRANCH, title: "HOTFIX: Fix Stripe webhook signature verification" };
      opening = sandbox.as(JOHN).openPullRequest(REPO, pull);
    };
    await s.pushHotfix();
    await until("the pull request", async () => opening);
    const { number } = (await opening) as unknown as { number: number };
    await s.expectGate(number, "action_required", /^Waiting for/);
  });
});

describe.concurrent("comments", () => {
  scenario(
    "a flood of commands does not keep the gate from following what happens",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      sandbox.createUser(MALLORY);
      for (let n = 0; n < 20; n++) await sandbox.as(MALLORY).comment(REPO, number, "/hotfix help");
      s.later();
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      const started = Date.now();
      await s.expectGate(number, "success");
      // Twenty answers at three seconds each would be a minute.
      expect(Date.now() - started).toBeLessThan(25_000);
    },
  );
});

describe.concurrent("the app's own comments", () => {
  scenario("edited by somebody else do not keep a post-mortem from being opened", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await toGreen(s, number);
    await s.idle();
    const status = (await sandbox.comments(REPO, number)).find(({ body }) => body?.includes("guard:status"));
    // An issue that is not the post-mortem; nothing is delivered, so that nobody fixes the comment before the
    // merge.
    sandbox.knobs.deliveries = { drop: ({ event }) => event === "issue_comment" };
    const forged = `<!-- hotfix-guard:opened ${REPO}#1234 -->\n${status?.body}`;
    await sandbox.as(JOHN).editComment(REPO, status?.id as number, forged);
    await sandbox.as(JOHN).merge(REPO, number);
    const title = `Post-mortem: Fix Stripe webhook signature verification (#${number})`;
    const opened = async () => (await sandbox.issues(REPO)).find((issue) => issue.title === title) ?? null;
    expect((await until("the post-mortem", opened)).user?.login).toMatch(/\[bot\]$/);
  });
});

describe.concurrent("where the app's own record alone tells of a head's arrival", () => {
  const retryTimes = { quiet: 1_000, giveUp: 60_000 };
  scenario("an outage of GitHub does not end approvals", { retryTimes }, async (s) => {
    const { sandbox } = s;
    await s.pushHotfix();
    const [number = 0] = await openFromFork(s, 1);
    await sandbox.as(MALLORY).editPullRequest(REPO, number, { title: "HOTFIX: Fix it" });
    // By title it is a hotfix; its branch's name is let pass here.
    await s.expectGate(number, "failure", /^Blocked: branch-name$/);
    s.later();
    await sandbox.as(JANE).comment(REPO, number, "/hotfix override branch-name a fork");
    await s.expectGate(number, "action_required");
    const fix = sandbox.knobs.fail({ path: new RegExp(`/pulls/${number}$`) }, { status: 502 });
    // An event that names the head.
    await sandbox.as(RITA).addLabel(REPO, number, "payment");
    await s.expectGate(number, null);
    fix();
    await s.expectGate(number, "action_required");
  });
});
