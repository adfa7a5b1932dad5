import { describe } from "vitest";
import { postMortems } from "./after-landed-support.ts";
import { bodyWith, botComments, merged, said } from "./after-life-support.ts";
import { JANE, JOHN, REPO, type Scenario, scenario, until, writes } from "./support.ts";

/**
 * What people do to the post-mortem issue (issue 4, "Bad input"): a sensible state, no loop of comments,
 * never a second one.
 */

const HOUR = 3_600;

/** A new process and two sweeps; what the app wrote meanwhile. */
async function afterAnotherLook(s: Scenario): Promise<readonly string[]> {
  await s.idle();
  s.sandbox.resetRequests();
  await s.restartServer();
  await s.sweep();
  await s.sweep();
  return writes(s);
}

const stateOf = async ({ sandbox }: Scenario, issue: number) => (await sandbox.issue(REPO, issue)).state;
const untilState = (s: Scenario, issue: number, state: string) =>
  until(`#${issue} ${state}`, async () => ((await stateOf(s, issue)) === state ? true : null));

describe("the post-mortem issue", () => {
  scenario("converted to a discussion: it is let go", {}, async (s, expect) => {
    const { issue } = await merged(s);
    await s.sandbox.convertToDiscussion(REPO, issue, JOHN);
    await s.idle();
    s.later(30 * HOUR);
    expect(await afterAnotherLook(s)).toEqual([]);
    expect(await stateOf(s, issue)).toBe("closed");
    expect(await botComments(s, issue)).toEqual([]);
  });

  scenario("locked: the app goes on, and says what is due once it is unlocked", {}, async (s, expect) => {
    const { issue } = await merged(s);
    await s.sandbox.lockIssue(REPO, issue, JANE);
    s.later(60);
    await s.sandbox.as(JOHN).closeIssue(REPO, issue);
    await untilState(s, issue, "open");
    s.later(25 * HOUR);
    await s.sweep();
    await until("overdue", async () =>
      s.sandbox.labelsOf(REPO, issue).includes("post-mortem:overdue") ? true : null,
    );
    expect(await botComments(s, issue)).toEqual([]);
    await s.sandbox.lockIssue(REPO, issue, JANE, false);
    await said(s, issue, "reminder due");
    await afterAnotherLook(s);
    expect(await botComments(s, issue)).toHaveLength(1);
  });

  scenario(
    "emptied, and closed as not planned: opened again, with all that is missing; not filled again",
    {},
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      await s.sandbox.as(JOHN).editIssue(REPO, issue, { body: "" });
      const body = await bodyWith(s, issue, `hotfix-guard:post-mortem ${REPO}#${pull}`);
      expect(body).not.toContain("## Root Cause");
      await s.idle();
      s.later(60);
      await s.sandbox.as(JOHN).closeIssue(REPO, issue, "not_planned");
      expect(await said(s, issue, "Reopened:")).toMatch(/Root Cause/);
      await untilState(s, issue, "open");
      await afterAnotherLook(s);
      expect(await botComments(s, issue)).toHaveLength(1);
      expect(await postMortems(s)).toHaveLength(1);
    },
  );

  scenario(
    "its labels deleted in the repository: taken off is taken off, and it goes on without",
    {},
    async (s, expect) => {
      const { issue } = await merged(s);
      s.later(25 * HOUR);
      await s.sweep();
      const overdue = () => s.sandbox.labelsOf(REPO, issue).includes("post-mortem:overdue") || null;
      await until("overdue", async () => overdue());
      await s.idle();
      for (const label of ["post-mortem", "post-mortem:overdue"])
        await s.sandbox.as(JANE).deleteLabel(REPO, label);
      await afterAnotherLook(s);
      expect(s.sandbox.labelsOf(REPO, issue)).toEqual(["severity:P1"]);
      await s.sandbox.as(JOHN).closeIssue(REPO, issue);
      await said(s, issue, "Reopened:");
      expect(await postMortems(s)).toHaveLength(1);
    },
  );

  scenario("filled up to GitHub's limit: nothing is cut, and it goes on without", {}, async (s, expect) => {
    const { pull, issue } = await merged(s);
    const { body } = await s.sandbox.issue(REPO, issue);
    const full = (body ?? "").padEnd(65_536, "We wrote much. ");
    await s.sandbox.as(JOHN).editIssue(REPO, issue, { body: full });
    await s.sandbox.as(JOHN).comment(REPO, pull, "/hotfix verified");
    await said(s, pull, "Recorded: verified");
    s.later(60);
    await s.sandbox.as(JOHN).closeIssue(REPO, issue);
    await said(s, issue, "Reopened:");
    await untilState(s, issue, "open");
    expect(await afterAnotherLook(s)).toEqual([]);
    expect((await s.sandbox.issue(REPO, issue)).body).toBe(full);
    expect(await botComments(s, issue)).toHaveLength(1);
  });

  scenario("transferred to where the app is not: it is let go", {}, async (s, expect) => {
    await s.sandbox.createRepository("kamiyo/private-notes", { installed: false, private: true });
    s.sandbox.setPermission("kamiyo/private-notes", JOHN, "write");
    const { issue } = await merged(s);
    await s.sandbox.transferIssue(REPO, issue, JOHN, "kamiyo/private-notes");
    await s.idle();
    s.later(30 * HOUR);
    expect(await afterAnotherLook(s)).toEqual([]);
    expect(await postMortems(s)).toEqual([]);
  });

  scenario("issues switched off, and on again: it goes on where it was", {}, async (s, expect) => {
    const { issue } = await merged(s);
    s.sandbox.setRepository(REPO, { hasIssues: false });
    s.later(25 * HOUR);
    // Told on the pull request, once.
    expect((await afterAnotherLook(s)).filter((write) => write.startsWith("POST"))).toHaveLength(1);
    expect(await afterAnotherLook(s)).toEqual([]);
    s.sandbox.setRepository(REPO, { hasIssues: true });
    await s.restartServer();
    await said(s, issue, "reminder due");
    await s.idle();
    expect(await postMortems(s)).toHaveLength(1);
  });
});
