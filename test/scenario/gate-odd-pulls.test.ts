import { describe } from "vitest";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  EM,
  JANE,
  JOHN,
  ORDINARY,
  openOrdinary,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  until,
  writes,
} from "./support.ts";

const STRANGER = "stranger";

/** A fork of somebody without write access, with the hotfix on it; returns the fork's name. */
async function fork(s: Scenario, sha?: string): Promise<string> {
  const { sandbox } = s;
  sandbox.createUser(STRANGER);
  const name = await sandbox.createFork(REPO, STRANGER);
  const git = sandbox.git(name);
  const commit =
    sha ??
    (await git.commit(BRANCH, {
      message: DEPLOYMENT_MESSAGE,
      files: { [STRIPE]: STRIPE_FIXED },
      author: sandbox.person(STRANGER),
    }));
  await git.push(STRANGER, BRANCH, commit);
  return name;
}

async function openFromFork(s: Scenario, base = "main"): Promise<number> {
  const pull = { head: `${STRANGER}:${BRANCH}`, base, title: "HOTFIX: Fix it", body: null };
  return (await s.sandbox.as(STRANGER).openPullRequest(REPO, pull)).number;
}

describe.concurrent("forks are evaluated like any other", () => {
  scenario(
    "a fork's hotfix waits, is approved by label, and a push to the fork ends the approval",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const name = await fork(s);
      const number = await openFromFork(s);
      await s.expectGate(number, "action_required");
      s.later();
      await sandbox.as(JANE).addLabel(REPO, number, EM);
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
      s.later();
      await sandbox.git(name).commit(BRANCH, {
        message: "HOTFIX: More",
        files: { [STRIPE]: `${STRIPE_FIXED}\n` },
        author: sandbox.person(STRANGER),
      });
      await sandbox.git(name).push(STRANGER, BRANCH);
      const gate = await s.expectGate(number, "action_required");
      expect(gate.summary).toContain("it predates the latest push");
    },
  );

  scenario("a fork's head that went and came back needs a new approval", {}, async (s) => {
    const { sandbox } = s;
    const git = sandbox.git(await fork(s));
    const number = await openFromFork(s);
    const first = (await sandbox.pullRequest(REPO, number)).head.sha;
    await s.expectGate(number, "action_required");
    s.later();
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await sandbox.as(RITA).review(REPO, number, "APPROVED");
    await s.expectGate(number, "success");
    s.later();
    await git.commit(BRANCH, {
      message: "WIP",
      files: { [STRIPE]: "import os\n" },
      author: sandbox.person(STRANGER),
    });
    await git.push(STRANGER, BRANCH);
    s.later();
    await git.push(STRANGER, BRANCH, first, { force: true });
    await s.idle();
    await s.expectGate(number, "action_required", /^Waiting for approval: /);
  });

  scenario(
    "the fork is deleted: head.repo is null, GitHub closes the pull request, and no green is left",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const name = await fork(s);
      const number = await openFromFork(s);
      await toGreen(s, number);
      await sandbox.deleteRepository(name);
      expect(await sandbox.pullRequest(REPO, number)).toMatchObject({
        state: "closed",
        head: { repo: null },
      });
      await s.expectGate(number, "cancelled");
    },
  );

  scenario(
    "the fork is deleted after the merge: its post-mortem comes all the same",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const name = await fork(s);
      const number = await openFromFork(s);
      await toGreen(s, number);
      sandbox.knobs.deliveries.delayMs = 500;
      await sandbox.as(JOHN).merge(REPO, number);
      await sandbox.deleteRepository(name);
      await until(
        "the post-mortem",
        async () => (await sandbox.issues(REPO)).find(({ title }) => title.startsWith("Post-mortem")) ?? null,
      );
      expect((await sandbox.pullRequest(REPO, number)).head.repo).toBeNull();
    },
  );

  scenario(
    "251 commits: more than GitHub lists, so it fails at once and says what to do",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      const author = sandbox.person(JOHN);
      let parents = [git.head("main") as string];
      for (let i = 0; i < 251; i++) {
        const files = { [STRIPE]: `# ${i}\n` };
        parents = [
          await git.commit(BRANCH, { message: `WIP ${i}`, files, author, committer: author, parents }),
        ];
      }
      await git.push(JOHN, BRANCH);
      const { number } = await sandbox
        .as(JOHN)
        .openPullRequest(REPO, { head: BRANCH, title: "HOTFIX: Fix it" });
      const gate = await s.expectGate(number, "failure", /^Too large to check: .*there are 251/);
      // (What could still become known would be retried for ten minutes first.)
      expect(gate.summary.split("\n")[0]).toMatch(/`john-smith` .*: split the change.* at most 250 commits/);
      expect(gate.summary).not.toContain("tries again");
      await s.idle();
      const [comment] = await sandbox.comments(REPO, number);
      expect(comment?.body).toContain("split the change");
    },
  );

  scenario("the author's account is deleted: no user, and the gate goes on", {}, async (s, expect) => {
    const { sandbox } = s;
    sandbox.createUser("leaver", { email: "leaver@kamiyo.example" });
    sandbox.setPermission(REPO, "leaver", "write");
    const number = await s.openHotfix({ login: "leaver" });
    await s.expectGate(number, "action_required");
    sandbox.deleteUser("leaver");
    expect((await sandbox.pullRequest(REPO, number)).user).toBeNull();
    s.later();
    await sandbox.as(JANE).review(REPO, number, "APPROVED");
    await s.expectGate(number, "success");
  });
});

describe.concurrent("pull requests of every make", () => {
  scenario("no body", {}, async (s) => {
    const number = await s.openHotfix({ body: null });
    await toGreen(s, number);
  });

  scenario("no change at all: nothing that passes", {}, async (s, expect) => {
    const number = await s.openHotfix({ files: {} });
    await until("a gate", async () => await s.gate(number));
    expect((await s.gate(number))?.conclusion).toMatch(/^(failure|action_required)$/);
  });

  scenario("no commits ahead any more: no green is left", {}, async (s, expect) => {
    const { sandbox } = s;
    const git = sandbox.git(REPO);
    const number = await s.openHotfix();
    await toGreen(s, number);
    const { head } = await sandbox.pullRequest(REPO, number);
    s.later();
    await git.push(JOHN, BRANCH, git.head("main"), { force: true });
    await s.idle();
    expect((await sandbox.checkRuns(REPO, head.sha)).map(({ conclusion }) => conclusion)).toEqual([
      "cancelled",
    ]);
    const now = (await sandbox.checkRuns(REPO, git.head("main") as string)).map(
      ({ conclusion }) => conclusion,
    );
    expect(now).not.toContain("success");
  });

  scenario(
    "binary files, a submodule, a symlink and a rename are counted and named",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      await git.commit(BRANCH, {
        message: DEPLOYMENT_MESSAGE,
        files: {
          [STRIPE]: STRIPE_FIXED,
          "src/payments/logo.png": Buffer.from([0x89, 0x50, 0, 1, 2, 0xff]),
          "vendor/lib": "0123456789012345678901234567890123456789",
          "docs/latest": "../README.md",
        },
        renames: { "src/reports/monthly.py": "src/reports/month.py" },
        modes: { "vendor/lib": "submodule", "docs/latest": "symlink" },
        author: sandbox.person(JOHN),
      });
      await git.push(JOHN, BRANCH);
      const { number } = await sandbox
        .as(JOHN)
        .openPullRequest(REPO, { head: BRANCH, title: "HOTFIX: Fix it" });
      const { summary } = await s.expectGate(number, "failure", /^Blocked: (scope|\d rules)$/);
      expect(summary).toMatch(/\b5 (of 10 )?files/);
      for (const path of ["vendor/lib", "docs/latest", "src/reports/month.py"])
        expect(summary).toContain(path);
    },
  );
});

describe.concurrent("two open pull requests with one head", () => {
  scenario(
    "the worse verdict decides, a section each; once one is closed the other decides",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      await git.push(RITA, "develop", git.head("main"));
      const good = await s.openHotfix();
      await s.expectGate(good, "action_required");
      const bad = (
        await sandbox.as(JOHN).openPullRequest(REPO, { head: BRANCH, base: "develop", title: "HOTFIX: Too" })
      ).number;
      const gate = await s.expectGate(good, "failure", new RegExp(`^#${bad}: Blocked: base-branch$`));
      expect(gate.summary).toMatch(new RegExp(`## .*#${bad}.*## .*#${good}`, "s"));
      s.later();
      await sandbox.as(JANE).review(REPO, good, "APPROVED");
      await s.idle();
      await s.expectGate(good, "failure");
      const { head } = await sandbox.pullRequest(REPO, good);
      expect(await sandbox.checkRuns(REPO, head.sha)).toHaveLength(1);
      await sandbox.as(JOHN).editPullRequest(REPO, bad, { state: "closed" });
      await s.expectGate(good, "success", /^Ready: P1$/);
    },
  );

  scenario(
    "a stranger's pull request with the same commit has no vote, and is named",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      await git.push(RITA, "develop", git.head("main"));
      const number = await s.openHotfix();
      await toGreen(s, number);
      await fork(s, git.head(BRANCH));
      const strange = await openFromFork(s, "develop");
      const gate = await until("the stranger's pull request is named", async () => {
        const now = await s.gate(number);
        return now?.summary.includes("Not counted here") ? now : null;
      });
      expect(gate.conclusion).toBe("success");
      expect(gate.summary).toContain(`#${strange}`);
      await sandbox.as(JOHN).merge(REPO, number);
    },
  );
});

describe.concurrent("merge groups", () => {
  const conclusionOf = (s: Scenario, sha: string) =>
    until(
      "a gate on the group",
      async () => (await s.sandbox.checkRuns(REPO, sha)).at(-1)?.conclusion ?? null,
    );

  scenario(
    "of an ordinary pull request and an approved hotfix: success, and both are merged",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const hotfix = await s.openHotfix();
      const ordinary = await openOrdinary(s);
      await toGreen(s, hotfix);
      const sha = await sandbox.enqueue(REPO, [ordinary, hotfix], JOHN);
      expect(await conclusionOf(s, sha)).toBe("success");
      for (const number of [ordinary, hotfix])
        expect((await sandbox.pullRequest(REPO, number)).merged).toBe(true);
    },
  );

  scenario("is evaluated again: an approval taken off unseen keeps the group out", {}, async (s, expect) => {
    const { sandbox } = s;
    const hotfix = await s.openHotfix();
    const ordinary = await openOrdinary(s);
    await s.expectGate(hotfix, "action_required");
    s.later();
    await sandbox.as(JANE).addLabel(REPO, hotfix, EM);
    await sandbox.as(RITA).review(REPO, hotfix, "APPROVED");
    await s.expectGate(hotfix, "success");
    sandbox.knobs.deliveries.drop = ({ action }) => action === "unlabeled";
    await sandbox.as(RITA).removeLabel(REPO, hotfix, EM);
    const sha = await sandbox.enqueue(REPO, [ordinary, hotfix], JOHN);
    expect(await conclusionOf(s, sha)).toBe("action_required");
    await s.idle();
    expect((await sandbox.pullRequest(REPO, hotfix)).merged).toBe(false);
  });

  scenario(
    "an approval withdrawn while the group waits takes back the group's green",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      // Something else is still waited for.
      sandbox.protect(REPO, "main", { requiredChecks: [{ context: "hotfix-gate" }, { context: "build" }] });
      const hotfix = await s.openHotfix();
      const ordinary = await openOrdinary(s);
      await toGreen(s, hotfix);
      const sha = await sandbox.enqueue(REPO, [ordinary, hotfix], JOHN);
      expect(await conclusionOf(s, sha)).toBe("success");
      await sandbox.as(JANE).review(REPO, hotfix, "CHANGES_REQUESTED");
      await until("the group's gate is not green any more", async () => {
        const conclusion = (await sandbox.checkRuns(REPO, sha)).at(-1)?.conclusion;
        return conclusion !== "success" ? conclusion : null;
      });
      await s.idle();
      expect((await sandbox.pullRequest(REPO, hotfix)).merged).toBe(false);
    },
  );

  scenario(
    "of ordinary pull requests gets its check with report_on: hotfixes too",
    { config: "version: 1\nreport_on: hotfixes\n" },
    async (s, expect) => {
      const one = await openOrdinary(s);
      const two = await openOrdinary(s, { branch: "feature/two", files: { "src/two.py": "C = 1\n" } });
      const sha = await s.sandbox.enqueue(REPO, [one, two], JOHN);
      expect(await conclusionOf(s, sha)).toBe("skipped");
    },
  );
});

describe.concurrent("re-runs", () => {
  const answered = (s: Scenario, number: number, conclusion: string) =>
    until("the re-run is answered", async () => {
      const { head } = await s.sandbox.pullRequest(REPO, number);
      const run = (await s.sandbox.checkRuns(REPO, head.sha)).at(-1);
      return run?.status === "completed" && run.conclusion === conclusion ? run : null;
    });

  for (const [what, from] of [
    ["a pull request of the repository", "here"],
    ["a fork's pull request, which the event does not name", "fork"],
  ] as const)
    scenario(`check_run and check_suite, ${what}: decided anew`, {}, async (s, expect) => {
      const { sandbox } = s;
      if (from === "fork") await fork(s);
      const number = from === "fork" ? await openFromFork(s) : await s.openHotfix();
      await s.expectGate(number, "action_required");
      await s.idle();
      sandbox.knobs.deliveries.drop = ({ event }) =>
        event === "pull_request" || event === "pull_request_review";
      s.later();
      await sandbox.as(JANE).addLabel(REPO, number, EM);
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      const { head } = await sandbox.pullRequest(REPO, number);
      const [run] = await sandbox.checkRuns(REPO, head.sha);
      await sandbox.as(JOHN).requestRerun(REPO, run?.id as number);
      await answered(s, number, "success");
      await s.idle();
      await sandbox.as(RITA).removeLabel(REPO, number, EM);
      await sandbox.as(JOHN).requestSuiteRerun(REPO, head.sha);
      await answered(s, number, "action_required");
      const rerequested = sandbox.deliveries.filter(({ action }) => action === "rerequested");
      expect(new Set(rerequested.map(({ event }) => event))).toEqual(new Set(["check_run", "check_suite"]));
    });

  scenario("of the check on a hotfix branch without a pull request: answered", {}, async (s, expect) => {
    const { sandbox } = s;
    const sha = await s.pushHotfix();
    const runs = () => sandbox.checkRuns(REPO, sha);
    const run = await until("the check", async () => (await runs())[0] ?? null);
    await s.idle();
    sandbox.resetRequests();
    await sandbox.as(JOHN).requestRerun(REPO, run.id);
    await until("an answer", async () => writes(s)[0] ?? null);
    expect((await runs()).map(({ conclusion }) => conclusion)).toEqual(["action_required"]);
  });

  scenario("of an unchanged result: answered, since GitHub waits for it", {}, async (s) => {
    const { sandbox } = s;
    const number = await openOrdinary(s, { branch: ORDINARY.branch });
    await s.expectGate(number, "skipped");
    const { head } = await sandbox.pullRequest(REPO, number);
    const [run] = await sandbox.checkRuns(REPO, head.sha);
    await sandbox.as(JOHN).requestRerun(REPO, run?.id as number);
    await answered(s, number, "skipped");
  });
});
