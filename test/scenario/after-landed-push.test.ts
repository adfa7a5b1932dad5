import { describe } from "vitest";
import { ADMIN, addAdmin, labelsOf, onePostMortem, postMortems, pushToMain } from "./after-landed-support.ts";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  JOHN,
  openOrdinary,
  REPO,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  UNRELATED,
  until,
} from "./support.ts";

/** The push event of the newest change of `main`, once more, under another GUID. */
async function pushAgain({ sandbox }: Scenario): Promise<void> {
  const delivery = sandbox.deliveries.findLast(({ event, payload }) => {
    return event === "push" && (payload as { ref?: string }).ref === "refs/heads/main";
  });
  if (delivery === undefined) throw new Error("no push");
  await sandbox.redeliver(delivery.guid);
  await sandbox.deliver("push", delivery.payload);
}

describe.concurrent("pushed directly to the base branch", () => {
  scenario("Option A without a pull request: one post-mortem, marked", {}, async (s, expect) => {
    addAdmin(s);
    const head = await s.pushHotfix();
    await s.idle();
    const merge = await s.sandbox.git(REPO).mergeNoFf(ADMIN, "main", BRANCH);
    const issue = await onePostMortem(s);
    expect(issue.title).toBe(`Post-mortem: Fix Stripe webhook signature verification (${merge.slice(0, 7)})`);
    expect(labelsOf(issue)).toEqual(["post-mortem", "severity:P1"]);
    expect(issue.body).toContain(`<!-- hotfix-guard:post-mortem ${REPO}@${merge} -->`);
    expect(issue.body).toMatch(/Pushed directly to `main`: bypassed the gate/);
    expect(issue.body).toContain("Added explicit encoding handling");
    expect(issue.body).toContain(STRIPE);
    expect(issue.body).toMatch(/`approval`/);
    expect(issue.body).not.toMatch(/`branch-name`|Pull request opened/);
    expect(issue.assignees?.map(({ login }) => login)).toEqual([ADMIN]);

    // Doubled, late, after a restart, and with the branch gone: still one.
    await pushAgain(s);
    await s.sandbox.git(REPO).deleteBranch(JOHN, BRANCH);
    await s.restartServer();
    await pushToMain(s, "Sort the report", { "src/reports/monthly.py": UNRELATED["src/reports/monthly.py"] });
    await s.idle();
    expect((await onePostMortem(s)).number).toBe(issue.number);
    expect(head).not.toBe(merge);
  });

  scenario(
    "unseen: no word of a hotfix, and its branch deleted at once: found all the same",
    {},
    async (s, expect) => {
      addAdmin(s);
      await s.pushHotfix({ message: "Update" });
      await s.idle();
      await s.stopServer();
      s.later(60);
      const git = s.sandbox.git(REPO);
      await git.mergeNoFf(ADMIN, "main", BRANCH, { message: "Maintenance" });
      await git.deleteBranch(ADMIN, BRANCH);
      await s.restartServer();
      const issue = await onePostMortem(s);
      expect(issue.body).toMatch(/Pushed directly to `main`: bypassed the gate/);
      expect(issue.body).toContain(BRANCH);
    },
  );

  scenario("a forced push, for a commit of the same message that was no hotfix", {}, async (s, expect) => {
    addAdmin(s);
    const git = s.sandbox.git(REPO);
    const before = git.head("main") as string;
    await s.pushHotfix({ message: "Update" });
    await pushToMain(s, "Update", { "README.md": "Nothing to see" }, ADMIN);
    await s.idle();
    expect(await postMortems(s)).toEqual([]);
    s.later(60);
    const author = s.sandbox.person(JOHN);
    const merge = await git.commit("main", {
      message: `Merge branch '${BRANCH}'`,
      files: { [STRIPE]: STRIPE_FIXED },
      author,
      parents: [before, git.head(BRANCH) as string],
    });
    await git.push(ADMIN, "main", merge, { force: true });
    expect((await onePostMortem(s)).body).toContain(`${REPO}@${merge}`);
  });

  scenario("commits without a branch: what is missing is listed", {}, async (s, expect) => {
    addAdmin(s);
    await pushToMain(s, "HOTFIX: Fix payments\n\nFixes: #1234\nSeverity: P0\nImpact: [Brief impact]", {
      [STRIPE]: STRIPE_FIXED,
      ...UNRELATED,
    });
    const issue = await onePostMortem(s);
    const { body } = issue;
    expect(labelsOf(issue)).toContain("severity:P0");
    expect(body).toMatch(/Missing from the commit message: `Impact`, `Root Cause`, `Solution`, `Tested`/);
    expect(body).toMatch(/`scope`/);
  });

  scenario(
    "a push that closes its pull request as merged has that one's post-mortem",
    {},
    async (s, expect) => {
      addAdmin(s);
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later();
      await s.sandbox.git(REPO).mergeNoFf(ADMIN, "main", BRANCH);
      const issue = await onePostMortem(s);
      expect(issue.title).toBe(`Post-mortem: Fix Stripe webhook signature verification (#${number})`);
      expect(issue.body).toContain("Merged without a valid approval");
      await pushAgain(s);
      expect((await onePostMortem(s)).number).toBe(issue.number);
    },
  );

  scenario("what is no hotfix, and what is made of it, gets none", {}, async (s, expect) => {
    addAdmin(s);
    const git = s.sandbox.git(REPO);
    await pushToMain(s, "Sort the report by day", {
      "src/reports/monthly.py": UNRELATED["src/reports/monthly.py"],
    });
    // The next hotfix begins at this tip.
    await git.push(JOHN, "hotfix/next", git.head("main"));
    await s.idle();
    const number = await openOrdinary(s, { files: { "src/ui/button.css": "a\n" }, branch: "feature/css" });
    await s.expectGate(number, "skipped");
    await s.sandbox.as(JOHN).merge(REPO, number);
    await s.restartServer();
    await pushToMain(s, "More", { "src/ui/button.css": "b\n" });
    await s.idle();
    expect(await postMortems(s)).toEqual([]);
  });

  scenario(
    "a pushed revert is a rollback whatever its title; a new fix is a hotfix again",
    {},
    async (s, expect) => {
      addAdmin(s);
      const before = s.sandbox.git(REPO).show("main", STRIPE) as string;
      await pushToMain(s);
      const first = await onePostMortem(s);
      s.later();
      await pushToMain(s, "HOTFIX: Take it back", { [STRIPE]: before });
      await s.idle();
      expect((await onePostMortem(s)).number).toBe(first.number);
      s.later();
      await pushToMain(s, DEPLOYMENT_MESSAGE, { [STRIPE]: `${STRIPE_FIXED}# again\n` });
      await until("another post-mortem", async () => ((await postMortems(s)).length === 2 ? true : null));
    },
  );

  scenario("on a server that does not tell of pushes: by the event", {}, async (s, expect) => {
    addAdmin(s);
    s.sandbox.knobs.fail({ path: /\/activity$/ }, { status: 404 });
    const sha = await pushToMain(s);
    const issue = await onePostMortem(s);
    expect(issue.title).toContain(`(${sha.slice(0, 7)})`);
    s.later(3_600);
    await s.restartServer();
    await pushAgain(s);
    expect((await onePostMortem(s)).number).toBe(issue.number);
  });

  scenario("while the app was down", {}, async (s, expect) => {
    addAdmin(s);
    await s.idle();
    await s.stopServer();
    const sha = await pushToMain(s);
    await pushToMain(s, "Other work", { "src/ui/button.css": "b\n" });
    await s.restartServer();
    expect((await onePostMortem(s)).title).toContain(`(${sha.slice(0, 7)})`);
  });
});
