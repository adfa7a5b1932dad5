import { describe } from "vitest";
import {
  BRANCH,
  EM,
  JANE,
  JOHN,
  ORDINARY,
  openOrdinary,
  REPO,
  RITA,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  UNRELATED,
  until,
  writes,
} from "./support.ts";

/** Design, section 2: the table of conclusions. */
describe.concurrent("conclusions of hotfix-gate", () => {
  scenario("not a hotfix: skipped, and merged without further ado", {}, async (s, expect) => {
    const number = await openOrdinary(s);
    await s.expectGate(number, "skipped", /^Not a hotfix$/);
    expect(await s.sandbox.comments(REPO, number)).toEqual([]);
    await s.sandbox.as(JOHN).merge(REPO, number);
  });

  scenario(
    "report_on: hotfixes: no check on an ordinary pull request, and one that is there is kept true",
    { config: "version: 1\nreport_on: hotfixes\n" },
    async (s, expect) => {
      const { sandbox } = s;
      const number = await openOrdinary(s);
      expect(await s.gate(number)).toBeNull();
      await sandbox.as(JOHN).addLabel(REPO, number, "hotfix");
      await s.expectGate(number, "failure");
      await sandbox.as(JOHN).removeLabel(REPO, number, "hotfix");
      await s.expectGate(number, "skipped", /^Not a hotfix$/);
    },
  );

  scenario("a rule at level error is violated: failure", {}, async (s, expect) => {
    const number = await s.openHotfix({ files: { [STRIPE]: STRIPE_FIXED, ...UNRELATED } });
    const gate = await s.expectGate(number, "failure", /^Blocked: scope$/);
    expect(gate.summary).toContain("docs/rules/scope.md");
    await expect(s.sandbox.as(JOHN).merge(REPO, number)).rejects.toMatchObject({ status: 405 });
  });

  scenario("nothing violated, approval and review missing: action_required", {}, async (s, expect) => {
    const number = await s.openHotfix();
    const gate = await s.expectGate(number, "action_required", /^Waiting for approval: engineering-manager/);
    expect(gate.summary).toContain("`jane-doe`");
    await expect(s.sandbox.as(JOHN).merge(REPO, number)).rejects.toMatchObject({ status: 405 });
  });

  scenario("approved, review missing: action_required, and the title says what is missing", {}, async (s) => {
    const number = await s.openHotfix();
    s.later();
    await s.sandbox.as(JANE).addLabel(REPO, number, EM);
    await s.expectGate(number, "action_required", /^Waiting for review$/);
  });

  scenario(
    "nobody but the author holds the role: the gate says so and how to fix it",
    {
      config: `version: 1\nroles:\n  engineering-manager: { users: [${JOHN}] }\n  cto: { users: [${JOHN}] }\n`,
    },
    async (s, expect) => {
      const number = await s.openHotfix();
      const gate = await s.expectGate(
        number,
        "action_required",
        /^Waiting for approval: no eligible approver$/,
      );
      expect(gate.summary).toMatch(/an administrator adds someone to the role/);
    },
  );

  scenario("all satisfied: success, and the merge goes through", {}, async (s) => {
    const number = await s.openHotfix();
    await toGreen(s, number);
    await s.sandbox.as(JOHN).merge(REPO, number);
  });

  scenario(
    "mode: observe: neutral, showing what it would have been, and the merge goes through",
    { config: 'version: 1\nmode: observe\ncomponents: { payments: ["src/payments/**"] }\n' },
    async (s, expect) => {
      const number = await s.openHotfix({ files: { [STRIPE]: STRIPE_FIXED, ...UNRELATED } });
      const gate = await s.expectGate(number, "neutral", /^Would be: Blocked: scope$/);
      expect(gate.summary).toContain("nothing is blocked");
      await s.sandbox.as(JOHN).merge(REPO, number);
    },
  );

  scenario(
    "configuration invalid: failure with file, line, column and key, on ordinary pull requests too",
    { config: "version: 1\nroles:\n  cto: {}\napprovall: { self: true }\n" },
    async (s, expect) => {
      const hotfix = await s.openHotfix();
      const ordinary = await openOrdinary(s);
      for (const number of [hotfix, ordinary]) {
        const gate = await s.expectGate(number, "failure", /^Configuration invalid: 1 error$/);
        expect(gate.summary).toMatch(/\.github\/hotfix\.yml.*4.*1.*approvall.*approval/s);
      }
    },
  );

  scenario(
    "configuration invalid: the pull request that fixes it alone passes, and then the others are looked at again",
    { config: "version: 1\nmood: observe\n" },
    async (s) => {
      const hotfix = await s.openHotfix();
      await s.expectGate(hotfix, "failure", /^Configuration invalid/);
      const fixing = await openOrdinary(s, { files: { ".github/hotfix.yml": "version: 1\n" } });
      await s.expectGate(fixing, "skipped");
      await s.sandbox.as(JOHN).merge(REPO, fixing);
      await s.expectGate(hotfix, "action_required");
    },
  );

  scenario(
    "a pull request that changes the configuration is told whether the new one is valid; the old one decides",
    {},
    async (s, expect) => {
      const number = await openOrdinary(s, { files: { ".github/hotfix.yml": "version: 1\nmode: obsrve\n" } });
      const gate = await s.expectGate(number, "skipped");
      expect(gate.summary).toMatch(/observe/);
      const hotfix = await s.openHotfix({
        files: { [STRIPE]: STRIPE_FIXED, ".github/hotfix.yml": "version: 1\nmode: observe\n" },
      });
      await s.expectGate(hotfix, "action_required");
    },
  );

  scenario(
    "a hotfix branch without a pull request never passes; a pull request opened on it updates the run",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const sha = await s.pushHotfix();
      const [run] = await until("a check on the branch", async () => {
        const runs = await sandbox.checkRuns(REPO, sha);
        return runs.length > 0 ? runs : null;
      });
      expect(run).toMatchObject({ conclusion: "action_required", output: { title: "Open a pull request" } });
      await expect(sandbox.git(REPO).push(JOHN, "main", sha)).rejects.toThrow(/protected branch/i);
      const { number } = await sandbox
        .as(JOHN)
        .openPullRequest(REPO, { head: BRANCH, title: "HOTFIX: Fix it" });
      await s.expectGate(number, "action_required", /^Waiting for approval: /);
      expect((await sandbox.checkRuns(REPO, sha)).map(({ id }) => id)).toEqual([run?.id]);
    },
  );

  scenario("a former head with success becomes cancelled after a push", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await toGreen(s, number);
    const former = (await sandbox.pullRequest(REPO, number)).head.sha;
    s.later();
    const git = sandbox.git(REPO);
    await git.commit(BRANCH, { message: "HOTFIX: Name the key", files: { [STRIPE]: `${STRIPE_FIXED}\n` } });
    await git.push(JOHN, BRANCH);
    await s.expectGate(number, "action_required");
    await s.idle();
    expect((await sandbox.checkRuns(REPO, former)).map(({ conclusion }) => conclusion)).toEqual([
      "cancelled",
    ]);
    await expect(git.push(JOHN, "main", former)).rejects.toThrow(/protected branch/i);
  });

  scenario("base changed: the green goes, and approvals have to be given again", {}, async (s, expect) => {
    const { sandbox } = s;
    const git = sandbox.git(REPO);
    await git.push(RITA, "release", git.head("main"));
    const number = await s.openHotfix({ base: "release" });
    await s.expectGate(number, "failure", /^Blocked: base-branch$/);
    s.later();
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await sandbox.as(JANE).review(REPO, number, "APPROVED");
    await s.idle();
    s.later();
    await sandbox.as(JOHN).editPullRequest(REPO, number, { base: "main" });
    const gate = await s.expectGate(number, "action_required", /^Waiting for approval: /);
    expect(gate.summary).toContain("it predates the change of the base branch");
    await s.idle();
    expect(sandbox.labelsOf(REPO, number)).not.toContain(EM);
  });

  scenario("a green whose base changed passes no more", {}, async (s, expect) => {
    const { sandbox } = s;
    const git = sandbox.git(REPO);
    await git.push(RITA, "develop", git.head("main"));
    const number = await s.openHotfix();
    await toGreen(s, number);
    s.later();
    await sandbox.as(JOHN).editPullRequest(REPO, number, { base: "develop" });
    await s.expectGate(number, "failure", /base-branch/);
    const { head } = await sandbox.pullRequest(REPO, number);
    expect(
      (await sandbox.checkRuns(REPO, head.sha)).filter(({ conclusion }) => conclusion === "success"),
    ).toEqual([]);
  });

  scenario("closed unmerged: its green is cancelled; reopened: it asks again", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    s.later();
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await sandbox.as(RITA).review(REPO, number, "APPROVED");
    await s.expectGate(number, "success");
    s.later();
    await sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed" });
    await s.expectGate(number, "cancelled");
    s.later();
    await sandbox.as(JOHN).editPullRequest(REPO, number, { state: "open" });
    const gate = await s.expectGate(number, "action_required", /^Waiting for approval: /);
    expect(gate.summary).toContain("it predates the reopening");
    await s.idle();
    expect(sandbox.labelsOf(REPO, number)).not.toContain(EM);
    s.later();
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await s.expectGate(number, "success");
  });

  scenario("drafts are evaluated too", {}, async (s, expect) => {
    await s.pushHotfix();
    const { number } = await s.sandbox
      .as(JOHN)
      .openPullRequest(REPO, { head: BRANCH, title: "HOTFIX: Fix it", draft: true });
    const gate = await s.expectGate(number, "action_required");
    expect(gate.summary).toContain("draft");
    await s.sandbox.as(JOHN).editPullRequest(REPO, number, { draft: false });
    await until("the note about the draft goes", async () => {
      const now = await s.gate(number);
      return now?.summary.includes("draft") ? null : now;
    });
  });

  scenario(
    "a label makes a hotfix of an ordinary pull request, and its removal takes that back",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await openOrdinary(s);
      await s.expectGate(number, "skipped");
      await sandbox.as(RITA).addLabel(REPO, number, "hotfix");
      await s.expectGate(number, "failure", /^Blocked: \d+ rules$/);
      await s.idle();
      await sandbox.as(RITA).removeLabel(REPO, number, "hotfix");
      await s.expectGate(number, "skipped");
      await s.idle();
      const comments = await sandbox.comments(REPO, number);
      expect(comments.map(({ body }) => body)).toEqual([
        expect.stringContaining("this is no longer a hotfix"),
      ]);
    },
  );

  scenario("a title makes a hotfix of an ordinary pull request, and back", {}, async (s) => {
    const { sandbox } = s;
    const number = await openOrdinary(s);
    await s.expectGate(number, "skipped");
    await sandbox.as(JOHN).editPullRequest(REPO, number, { title: "HOTFIX: now" });
    await s.expectGate(number, "failure");
    await sandbox.as(JOHN).editPullRequest(REPO, number, { title: ORDINARY.title });
    await s.expectGate(number, "skipped");
  });

  scenario(
    "another app's check of the same name neither passes the merge nor confuses ours",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      const { head } = await sandbox.pullRequest(REPO, number);
      const other = { name: "hotfix-gate", head_sha: head.sha, status: "completed", conclusion: "success" };
      const foreign = await sandbox.otherAppCheckRun(REPO, other);
      await until(
        "our check",
        async () =>
          (await sandbox.checkRuns(REPO, head.sha)).find(
            ({ id, conclusion }) => id !== foreign.id && conclusion === "action_required",
          ) ?? null,
      );
      await expect(sandbox.as(JOHN).merge(REPO, number)).rejects.toMatchObject({ status: 405 });
      s.later();
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      await sandbox.otherAppCheckRun(REPO, { ...other, conclusion: "failure" });
      await until(
        "our success",
        async () =>
          (await sandbox.checkRuns(REPO, head.sha)).find(
            ({ app, conclusion }) => app?.id === sandbox.app.id && conclusion === "success",
          ) ?? null,
      );
      await sandbox.as(JOHN).merge(REPO, number);
      const kept = (await sandbox.checkRuns(REPO, head.sha)).find(({ id }) => id === foreign.id);
      expect(kept?.conclusion).toBe("success");
    },
  );
});

/** Design, section 1.7. */
describe.concurrent("quiet", () => {
  scenario(
    "an event that changes nothing causes no write, and there is one status comment ever",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      await toGreen(s, number);
      await s.idle();
      sandbox.resetRequests();
      await sandbox.as(RITA).comment(REPO, number, "I am looking at it.");
      await sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
      await sandbox.as(RITA).addLabel(REPO, number, "payment");
      for (const { guid, event } of [...sandbox.deliveries])
        if (["pull_request", "push", "pull_request_review"].includes(event)) await sandbox.redeliver(guid);
      await s.idle();
      expect(writes(s)).toEqual([]);
      const { head } = await sandbox.pullRequest(REPO, number);
      expect(await sandbox.checkRuns(REPO, head.sha)).toHaveLength(1);
      const own = (await sandbox.comments(REPO, number)).filter(({ user }) => user?.type === "Bot");
      expect(own).toHaveLength(1);
    },
  );

  scenario(
    "on an ordinary pull request: no comment and no label, whatever is said on it",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await openOrdinary(s);
      await s.expectGate(number, "skipped");
      sandbox.resetRequests();
      for (const body of [
        "/hotfix help",
        "/hotfix nonsense",
        "/hotfix recheck",
        "/hotfix override scope because",
      ])
        await sandbox.as(RITA).comment(REPO, number, body);
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.idle();
      expect(writes(s)).toEqual([]);
      expect(sandbox.labelsOf(REPO, number)).toEqual([]);
    },
  );
});
