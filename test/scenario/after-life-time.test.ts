import { describe } from "vitest";
import { bodyWith, botComments, merged, said } from "./after-life-support.ts";
import { JANE, JOHN, REPO, RITA, scenario, until } from "./support.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

describe("reminders", () => {
  scenario(
    "before and at the due time, each once however often the sweep runs; a late sweep posts only the newest, and tells the manager",
    { config: "version: 1\nroles:\n  engineering-manager: { users: [jane-doe] }\n" },
    async (s, expect) => {
      const { issue } = await merged(s);
      const { sandbox } = s;
      const reminders = async () =>
        (await botComments(s, issue)).filter((body) => body.includes("hotfix-guard:reminder"));
      await s.sweep();
      await s.idle();
      expect(await reminders()).toEqual([]);
      s.later(20 * HOUR + 60);
      await s.sweep();
      expect(await said(s, issue, "reminder before-14400")).toContain("Due in");
      await s.sweep();
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await reminders()).toHaveLength(1);
      s.later(4 * HOUR);
      await s.sweep();
      await said(s, issue, "reminder due");
      await until("the label", async () =>
        sandbox.labelsOf(REPO, issue).includes("post-mortem:overdue") ? true : null,
      );
      s.later(3 * DAY);
      await s.restartServer();
      await s.sweep();
      const late = await said(s, issue, "reminder overdue-3");
      expect(late).toContain("@jane-doe");
      expect(late).toContain("Root Cause");
      await s.sweep();
      await s.idle();
      expect(await reminders()).toHaveLength(3);
      s.later(30 * DAY);
      await s.restartServer();
      await s.sweep();
      await said(s, issue, "reminder overdue-7");
      s.later(DAY);
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await reminders()).toHaveLength(4);
    },
  );
});

describe("what happens after the merge", () => {
  scenario(
    "verification, a late review and a rollback come into the post-mortem; what people wrote stays",
    {},
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      const { sandbox } = s;
      const { body } = await sandbox.issue(REPO, issue);
      const written = (body ?? "")
        .replace("**What happened:**", "**What happened:** Nobody could pay.")
        .replace("Pull request opened |", "Pull request opened by hand |");
      await sandbox.as(JOHN).editIssue(REPO, issue, { body: written });
      s.later(60);
      await sandbox.as(JOHN).comment(REPO, pull, "/hotfix verified");
      await bodyWith(s, issue, "| Verified resolved | `john-smith` |");
      await said(s, pull, "Recorded: verified in production");
      s.later(60);
      await sandbox.as(RITA).review(REPO, pull, "APPROVED");
      await until("the late review", async () => {
        const now = (await sandbox.issue(REPO, issue)).body ?? "";
        return now.match(/Review: approved \| `rita/) ? now : null;
      });
      await sandbox.as(JANE).comment(REPO, issue, "/hotfix rollback");
      expect(await said(s, issue, "git revert")).toContain("run these commands");
      await s.idle();
      const now = (await sandbox.issue(REPO, issue)).body ?? "";
      expect(now).toContain("Nobody could pay.");
      expect(now).toContain("Pull request opened by hand |");
      expect(now).not.toContain("_TODO: time_ | Verified resolved");
      expect(now).toContain("Rollback requested");
      expect(now).toMatch(/"resolved_at": "20/);
      expect(now.match(/Verified resolved/g)?.length).toBe(2);
      sandbox.resetRequests();
      await s.sweep();
      await s.idle();
      expect(sandbox.requests.filter(({ method }) => method === "PATCH")).toEqual([]);
    },
  );
});
