import { describe, type ExpectStatic } from "vitest";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  JANE,
  JOHN,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  until,
} from "../support.ts";

const MALLORY = "mallory";
const TITLE = "HOTFIX: Fix Stripe webhook signature verification";
const CONFIG = `version: 1
branches: { base: [main, "release-*"] }
roles: { engineering-manager: { teams: [engineering-managers] } }
components: { payments: ["src/payments/**"] }
`;

/** A second production branch, as protected as the first, and one that is none. */
async function branches({ sandbox }: Scenario): Promise<void> {
  const git = sandbox.git(REPO);
  for (const branch of ["release-1", "develop"]) await git.push(RITA, branch, git.head("main"));
  sandbox.protect(REPO, "release-1", { requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }] });
  sandbox.createUser(MALLORY);
}

/** Opened by somebody, from the hotfix's branch or a copy of its commit in a fork. */
async function open(
  { sandbox }: Scenario,
  login: string,
  base: string,
  { fork = false, title = TITLE }: { readonly fork?: boolean; readonly title?: string } = {},
): Promise<number> {
  if (!fork) return (await sandbox.as(login).openPullRequest(REPO, { head: BRANCH, base, title })).number;
  const copy = await sandbox.createFork(REPO, login).catch(() => `${login}/api`);
  await sandbox.git(copy).push(login, "copy", sandbox.git(REPO).head(BRANCH));
  return (await sandbox.as(login).openPullRequest(REPO, { head: `${login}:copy`, base, title })).number;
}

/** Does it merge, for somebody who may? */
async function merges({ sandbox }: Scenario, number: number): Promise<boolean> {
  return sandbox
    .as(RITA)
    .merge(REPO, number)
    .then(() => true)
    .catch(() => false);
}

type Body = (s: Scenario, expect: ExpectStatic, number: number) => Promise<void>;

/** Rows of attack and honest twin: each starts with an approved, green hotfix to main. */
function greenTable(rows: readonly (readonly [name: string, body: Body])[]): void {
  for (const [name, body] of rows)
    scenario(name, { config: CONFIG }, async (s, expect) => {
      await branches(s);
      const number = await s.openHotfix();
      await toGreen(s, number);
      await body(s, expect, number);
    });
}

describe.concurrent("a green hotfix to main", () => {
  greenTable([
    [
      "opened against release-1 by a stranger, from its own branch: merges nowhere until that is closed",
      async (s, expect, number) => {
        const other = await open(s, MALLORY, "release-1");
        const { summary } = await s.expectGate(number, "action_required", /^#/);
        expect(summary).toContain(`Opened by someone without write access: [#${other}]`);
        expect(summary).toContain("Close it if it isn't meant");
        expect(await merges(s, other)).toBe(false);
        await s.sandbox.as(RITA).editPullRequest(REPO, other, { state: "closed" });
        await s.expectGate(number, "success");
        expect(await merges(s, number)).toBe(true);
      },
    ],
    [
      "copied to a fork and opened against release-1 under an ordinary name: as a hotfix it is not approved there",
      async (s, expect, number) => {
        const other = await open(s, MALLORY, "release-1", { fork: true, title: "Sync" });
        await s.expectGate(number, "failure", new RegExp(`^#${other}`));
        expect(await merges(s, other)).toBe(false);
      },
    ],
    [
      "copied to a fork and opened against main: nobody is held up",
      async (s, expect, number) => {
        const other = await open(s, MALLORY, "main", { fork: true });
        await s.idle();
        const { conclusion } = await s.expectGate(number, "success");
        expect(conclusion).toBe("success");
        await s.expectGate(other, "success");
        expect(await merges(s, number)).toBe(true);
      },
    ],
    [
      "opened against develop by a stranger, as a hotfix: nobody is held up",
      async (s, expect, number) => {
        await open(s, MALLORY, "develop");
        await s.idle();
        await s.expectGate(number, "success");
        expect(await merges(s, number)).toBe(true);
      },
    ],
    [
      "opened against develop, whose base is then changed to release-1: it was not judged for that",
      async (s, expect, number) => {
        const other = await open(s, JOHN, "develop", { title: "Sync" });
        await s.idle();
        await s.sandbox.as(JOHN).editPullRequest(REPO, other, { base: "release-1" });
        await s.expectGate(number, "action_required", /^#/);
        expect(await merges(s, other)).toBe(false);
      },
    ],
    [
      "opened against release-1 while events are lost: the next sweep takes the green",
      async (s, expect, number) => {
        await s.idle();
        s.sandbox.knobs.deliveries = { drop: () => true };
        const other = await open(s, MALLORY, "release-1", { fork: true, title: "Sync" });
        await s.restartServer();
        await s.expectGate(number, "failure", new RegExp(`^#${other}`));
        expect(await merges(s, other)).toBe(false);
      },
    ],
    [
      "opened against a branch that the configuration makes a production branch afterwards",
      async (s, _expect, number) => {
        const git = s.sandbox.git(REPO);
        await git.push(RITA, "eu/main", git.head("main"));
        const other = await open(s, MALLORY, "eu/main", { fork: true, title: "Sync" });
        await s.expectGate(number, "success");
        s.sandbox.protect(REPO, "main", null);
        const files = { ".github/hotfix.yml": CONFIG.replace('"release-*"', '"release-*", "eu/*"') };
        await git.commit("main", { message: "The EU has production too", files });
        await git.push(RITA, "main");
        await s.expectGate(number, "failure", new RegExp(`^#${other}`));
      },
    ],
    [
      "and an approved one to release-1 of the same head: both merge",
      async (s, expect, number) => {
        const other = await open(s, JOHN, "release-1");
        await s.expectGate(other, "action_required", /^#/);
        s.later();
        await s.sandbox.as(JANE).review(REPO, other, "APPROVED");
        await s.expectGate(other, "success");
        expect(await merges(s, other)).toBe(true);
        await s.expectGate(number, "success");
        expect(await merges(s, number)).toBe(true);
      },
    ],
  ]);
});

describe.concurrent("an unapproved hotfix", () => {
  scenario(
    "of somebody who has lost write access is not skipped by an ordinary pull request to develop",
    { config: CONFIG },
    async (s, expect) => {
      await branches(s);
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.sandbox.setPermission(REPO, JOHN, null);
      const head = s.sandbox.git(REPO).head(BRANCH);
      await s.sandbox.git(REPO).push(RITA, "feature/sync", head);
      const pull = { head: "feature/sync", base: "develop", title: "Sync" };
      const { number: other } = await s.sandbox.as(RITA).openPullRequest(REPO, pull);
      await s.idle();
      await s.expectGate(other, "action_required");
      expect(await merges(s, number)).toBe(false);
      s.later();
      await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
      expect(await merges(s, number)).toBe(true);
    },
  );

  scenario(
    "opened while an ordinary pull request of its head is read is not skipped by what was read before",
    { config: CONFIG },
    async (s, expect) => {
      const { sandbox } = s;
      await branches(s);
      await sandbox.git(REPO).push(RITA, "feature/sync", await s.pushHotfix({ branch: "wip" }));
      let opening: Promise<number> | null = null;
      const head = sandbox.git(REPO).head("feature/sync") as string;
      await s.idle();
      sandbox.onExchange = ({ method, path }) => {
        if (opening !== null || method !== "GET" || !path.includes(`...${head}`)) return;
        sandbox.knobs.deliveries = { drop: () => true };
        // Opened before the last of what is read is answered.
        sandbox.knobs.latencyMs = 500;
        opening = sandbox
          .git(REPO)
          .push(JOHN, BRANCH, head)
          .then(() => open(s, JOHN, "main"));
      };
      const pull = { head: "feature/sync", base: "develop", title: "Sync" };
      const { number } = await sandbox.as(RITA).openPullRequest(REPO, pull);
      const hotfix = await until("the hotfix", async () => opening);
      await s.expectGate(number, "action_required");
      expect(await merges(s, (await hotfix) as number)).toBe(false);
    },
  );
});

/** Is the app's newest check on the commit green? */
async function isGreen({ sandbox }: Scenario, sha: string): Promise<boolean> {
  const runs = await sandbox.checkRuns(REPO, sha);
  return runs.filter(({ name }) => name === "hotfix-gate").at(-1)?.conclusion === "success";
}

/** Nothing is delivered until `again` is called. */
function deaf({ sandbox }: Scenario): { again(): void } {
  sandbox.knobs.deliveries = { drop: () => true };
  return {
    again() {
      sandbox.knobs.deliveries = {};
    },
  };
}

describe.concurrent("an old green", () => {
  /** A commit on the branch's tip, pushed. */
  const push = ({ sandbox }: Scenario, n: number, branch = BRANCH) => {
    const git = sandbox.git(REPO);
    const files = { "src/payments/stripe.py": `# HOTFIX: Issue #1234, number ${n}\n` };
    const parents = [git.head(branch) as string];
    const author = sandbox.person(JOHN);
    return git
      .commit(branch, { message: `Number ${n}`, files, parents, author, committer: author })
      .then((sha) => git.push(JOHN, branch, sha));
  };

  scenario("under 70 pushes of which no event came is cancelled, with all others", {}, async (s, expect) => {
    const number = await s.openHotfix();
    await toGreen(s, number);
    const green = s.sandbox.git(REPO).head(BRANCH) as string;
    await s.idle();
    const events = deaf(s);
    for (let n = 0; n < 70; n++) await push(s, n);
    events.again();
    await s.sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
    await until("its cancellation", async () => ((await isGreen(s, green)) ? null : true));
    await expect(s.sandbox.git(REPO).push(RITA, "main", green)).rejects.toThrow();
  });

  scenario(
    "of a branch that was deleted and made anew again and again is cancelled",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      const number = await s.openHotfix();
      await toGreen(s, number);
      const green = git.head(BRANCH) as string;
      await s.idle();
      const events = deaf(s);
      for (let n = 0; n < 24; n++) {
        await git.deleteBranch(JOHN, BRANCH);
        const sha = await git.commit(`other-${n}`, {
          message: `HOTFIX: ${n}`,
          files: { "src/payments/stripe.py": `# ${n}\n` },
          parents: [git.head("main") as string],
        });
        await git.push(JOHN, BRANCH, sha);
      }
      const pull = { head: BRANCH, title: TITLE };
      const { number: next } = await sandbox.as(JOHN).openPullRequest(REPO, pull);
      await sandbox.as(JOHN).editPullRequest(REPO, next, { state: "closed" });
      await sandbox.as(JOHN).editPullRequest(REPO, next, { state: "open" });
      events.again();
      await sandbox.as(RITA).comment(REPO, next, "/hotfix recheck");
      await until("its cancellation", async () => ((await isGreen(s, green)) ? null : true));
      expect(await merges(s, next)).toBe(false);
    },
  );

  scenario("of what was called a hotfix, and is not any more, is cancelled", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix({ branch: "urgent/stripe" });
    await s.expectGate(number, "failure", /branch-name/);
    s.later();
    await sandbox.as(JANE).comment(REPO, number, "/hotfix override branch-name it is called so elsewhere");
    await toGreen(s, number);
    const green = sandbox.git(REPO).head("urgent/stripe") as string;
    await s.idle();
    const events = deaf(s);
    await push(s, 1, "urgent/stripe");
    await sandbox.as(JOHN).editPullRequest(REPO, number, { title: "Tidy up" });
    events.again();
    await sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
    await until("its cancellation", async () => ((await isGreen(s, green)) ? null : true));
    expect(await isGreen(s, green)).toBe(false);
  });

  scenario("of what has landed on develop alone is cancelled", {}, async (s, expect) => {
    const number = await s.openHotfix();
    await toGreen(s, number);
    await s.idle();
    await branches(s);
    const green = s.sandbox.git(REPO).head(BRANCH) as string;
    const aside = await open(s, JOHN, "develop");
    await s.expectGate(aside, "failure");
    expect(await merges(s, aside)).toBe(true);
    await s.expectGate(number, "success");
    await s.idle();
    await push(s, 1);
    await until("its cancellation", async () => ((await isGreen(s, green)) ? null : true));
    await expect(s.sandbox.git(REPO).push(RITA, "main", green)).rejects.toThrow();
  });

  scenario(
    "of a hotfix that has landed stays, and so does that of another open one",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      const first = await s.openHotfix();
      await toGreen(s, first);
      const landed = git.head(BRANCH) as string;
      await sandbox.as(JOHN).merge(REPO, first, "squash");
      await s.idle();
      // The branch's name again, first where another hotfix is, then further.
      const files = { [STRIPE]: `${STRIPE_FIXED}# HOTFIX: Issue #1234, again\n` };
      const other = await s.openHotfix({ branch: "hotfix/other", title: "HOTFIX: Another", files });
      await toGreen(s, other);
      const held = git.head("hotfix/other") as string;
      await git.push(JOHN, BRANCH, held, { force: true });
      const next = await s.openHotfix({ files: { "src/payments/stripe.py": "# HOTFIX: Issue #1234\n" } });
      await s.expectGate(next, "action_required");
      await s.idle();
      expect(await isGreen(s, landed)).toBe(true);
      expect(await isGreen(s, held)).toBe(true);
    },
  );
});

describe.concurrent("an old green, after a time without the app", () => {
  scenario("of a hotfix that was closed meanwhile is cancelled", {}, async (s, expect) => {
    const number = await s.openHotfix();
    await toGreen(s, number);
    const green = s.sandbox.git(REPO).head(BRANCH) as string;
    await s.idle();
    await s.stopServer();
    await s.sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed" });
    await s.restartServer();
    await until("its cancellation", async () => ((await isGreen(s, green)) ? null : true));
    await expect(s.sandbox.git(REPO).push(RITA, "main", green)).rejects.toThrow();
  });
});

describe.concurrent("a merge group", () => {
  /** A hotfix of two commits in the queue, approved; with it what meddling has opened for that. */
  async function queue(
    s: Scenario,
    meddle: (first: string, head: string) => Promise<readonly number[]>,
  ): Promise<string> {
    const { sandbox } = s;
    const git = sandbox.git(REPO);
    sandbox.createUser(MALLORY);
    const author = sandbox.person(JOHN);
    const first = await s.pushHotfix();
    const head = await git.commit("more", {
      message: "Say why",
      files: { [STRIPE]: `${STRIPE_FIXED}# HOTFIX: Issue #1234, and why\n` },
      parents: [first],
      author,
      committer: author,
    });
    await git.push(JOHN, BRANCH, head);
    const { number } = await sandbox.as(JOHN).openPullRequest(REPO, { head: BRANCH, title: TITLE });
    await toGreen(s, number);
    const others = await meddle(first, head);
    await s.idle();
    await s.expectGate(number, "success");
    // Another required check keeps the group waiting.
    const required = ["hotfix-gate", "ci"].map((context) => ({ context }));
    sandbox.protect(REPO, "main", { requiredChecks: required });
    return sandbox.enqueue(REPO, [number, ...others], JOHN);
  }
  const passes = ({ sandbox }: Scenario, group: string) =>
    until(
      "the group's verdict",
      async () => (await sandbox.checkRuns(REPO, group)).at(-1)?.conclusion ?? null,
    );

  for (const which of ["its head", "a commit on the way"] as const)
    scenario(`is not held up by a stranger who opens ${which} as a hotfix`, {}, async (s, expect) => {
      const group = await queue(s, async (first, head) => {
        const fork = await s.sandbox.createFork(REPO, MALLORY);
        await s.sandbox.git(fork).push(MALLORY, "hotfix/mine", which === "its head" ? head : first);
        await s.sandbox.as(MALLORY).openPullRequest(REPO, { head: `${MALLORY}:hotfix/mine`, title: TITLE });
        return [];
      });
      expect(await passes(s, group)).toBe("success");
    });

  scenario("is red for an unapproved hotfix of a stranger that is queued with it", {}, async (s, expect) => {
    const { sandbox } = s;
    const group = await queue(s, async () => {
      const fork = await sandbox.createFork(REPO, MALLORY);
      const git = sandbox.git(fork);
      const files = { "src/reports/monthly.py": "# HOTFIX: Issue #1234\n" };
      await git.commit("hotfix/mine", { message: TITLE, files, author: sandbox.person(MALLORY) });
      await git.push(MALLORY, "hotfix/mine");
      const pull = { head: `${MALLORY}:hotfix/mine`, title: TITLE };
      return [(await sandbox.as(MALLORY).openPullRequest(REPO, pull)).number];
    });
    expect(await passes(s, group)).toBe("failure");
  });

  /** What a colleague's pull request, ahead in the queue, changes. */
  const THEIRS = { "src/auth/session.py": "def check(token):\n    return verify(token, strict=True)\n" };

  // Squashed, the commit ahead is another one than the branch's, whose revert then undoes nothing.
  for (const [method, conclusion] of [
    ["merge", "failure"],
    ["squash", "success"],
    ["rebase", "failure"],
  ] as const)
    scenario(
      `of the commit ahead and a branch with that commit and its revert: ${conclusion} where the queue makes a ${method}`,
      {},
      async (s, expect) => {
        const { sandbox } = s;
        const git = sandbox.git(REPO);
        const person = (login: string) => ({
          author: sandbox.person(login),
          committer: sandbox.person(login),
        });
        const base = git.head("main") as string;
        const theirs = await git.commit("feature/strict", {
          message: "Check strictly",
          files: THEIRS,
          parents: [base],
          // His own: a colleague's would be refused before it comes to a queue.
          ...person(JOHN),
        });
        await git.push(RITA, "feature/strict", theirs);
        const ahead = (
          await sandbox.as(RITA).openPullRequest(REPO, { head: "feature/strict", title: "Check strictly" })
        ).number;
        const undone = await git.commit("undo", {
          message: "Not here",
          files: { "src/auth/session.py": null },
          parents: [theirs],
          ...person(JOHN),
        });
        const fix = await git.commit("fix", {
          message: DEPLOYMENT_MESSAGE,
          files: { [STRIPE]: STRIPE_FIXED },
          parents: [undone],
          ...person(JOHN),
        });
        await git.push(JOHN, BRANCH, fix);
        const { number } = await sandbox
          .as(JOHN)
          .openPullRequest(REPO, { head: BRANCH, title: TITLE, body: "- [x] Tested" });
        await s.expectGate(number, "action_required");
        s.later();
        await sandbox.as(JANE).review(REPO, number, "APPROVED");
        await s.expectGate(number, "success");
        await s.expectGate(ahead, "skipped");
        const group = await sandbox.enqueue(REPO, [ahead, number], JOHN, { method });
        expect(await passes(s, group)).toBe(conclusion);
        await s.idle();
        expect((await sandbox.pullRequest(REPO, number)).merged).toBe(conclusion === "success");
        const landed = git.show("main", "src/auth/session.py");
        expect(landed).toBe(conclusion === "success" ? THEIRS["src/auth/session.py"] : undefined);
      },
    );

  for (const method of ["merge", "squash", "rebase"] as const)
    scenario(`passes an honest hotfix behind another pull request (${method})`, {}, async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      const hotfix = await s.openHotfix();
      const author = sandbox.person(RITA);
      const theirs = await git.commit("feature/note", {
        message: "Note",
        files: THEIRS,
        parents: [git.head("main") as string],
        author,
        committer: author,
      });
      await git.push(RITA, "feature/note", theirs);
      const ahead = (await sandbox.as(RITA).openPullRequest(REPO, { head: "feature/note", title: "Note" }))
        .number;
      await toGreen(s, hotfix);
      const group = await sandbox.enqueue(REPO, [ahead, hotfix], JOHN, { method });
      expect(await passes(s, group)).toBe("success");
    });
});
