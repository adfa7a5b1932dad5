import { describe } from "vitest";
import { bodyWith, botComments, filledIn, merged, said } from "./after-life-support.ts";
import { DEPLOYMENT_MESSAGE, EM, JANE, JOHN, REPO, RITA, scenario, until } from "./support.ts";

describe("closing a post-mortem", () => {
  scenario(
    "an incomplete one is opened again, with one comment listing what is missing; complete, it ends with a last word",
    {},
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      const { sandbox } = s;
      s.later();
      await sandbox.as(JOHN).closeIssue(REPO, issue);
      await until("opened again", async () => {
        const now = await sandbox.issue(REPO, issue);
        return now.state === "open" && (await botComments(s, issue)).length > 0 ? now : null;
      });
      await s.idle();
      const [comment, ...more] = await botComments(s, issue);
      expect(more).toEqual([]);
      expect(comment).toContain("Root Cause");
      expect(comment).toContain("/hotfix override post-mortem");
      const { body } = await sandbox.issue(REPO, issue);
      await sandbox.as(JOHN).editIssue(REPO, issue, { body: filledIn(body ?? "") });
      s.later();
      await sandbox.as(JOHN).closeIssue(REPO, issue);
      await until("a last word", async () =>
        (await botComments(s, pull)).some((text) => text.includes("is complete, closed")) ? true : null,
      );
      await s.idle();
      const done = await sandbox.issue(REPO, issue);
      expect(done.state).toBe("closed");
      expect(done.body).toMatch(/"closed_at": "20/);
      expect(done.body).toContain('"on_time": true');
      expect(await botComments(s, issue)).toHaveLength(1);
      expect(
        (await sandbox.issues(REPO)).filter(({ title }) => title.startsWith("Post-mortem")),
      ).toHaveLength(1);
    },
  );

  scenario(
    "/hotfix override post-mortem: refused to others, and by a role that may it closes unfinished, on record",
    {},
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      const { sandbox } = s;
      await sandbox.as(RITA).comment(REPO, issue, "/hotfix override post-mortem nothing to learn");
      await until("refused", async () =>
        (await botComments(s, issue)).some((text) => text.includes("stays open")) ? true : null,
      );
      expect((await sandbox.issue(REPO, issue)).state).toBe("open");
      s.later();
      await sandbox.as(JANE).comment(REPO, issue, "/hotfix override post-mortem same incident as last week");
      await until("closed", async () =>
        (await botComments(s, pull)).some((text) => text.includes("closed unfinished")) ? true : null,
      );
      await s.idle();
      const done = await sandbox.issue(REPO, issue);
      expect(done.state).toBe("closed");
      expect(done.body).toContain('"complete": false');
      const comments = await botComments(s, issue);
      expect(comments).toHaveLength(2);
      expect(comments[1]).toContain("`jane-doe`");
    },
  );

  scenario(
    "a P0 merged without a review stays open until another engineer has approved it, and then needs no tick by hand",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const pull = await s.openHotfix({
        message: DEPLOYMENT_MESSAGE.replace("Severity: P1", "Severity: P0"),
      });
      await s.expectGate(pull, "action_required");
      s.later();
      await sandbox.as(JANE).addLabel(REPO, pull, EM);
      await s.expectGate(pull, "success");
      await sandbox.as(JOHN).merge(REPO, pull);
      const { number: issue, body } = await until("a post-mortem", async () => {
        const all = await sandbox.issues(REPO);
        return all.find(({ title }) => title.startsWith("Post-mortem:")) ?? null;
      });
      expect(body).toContain("- [ ] **Outstanding review:**");
      await s.idle();
      const now = (await sandbox.issue(REPO, issue)).body ?? "";
      await sandbox.as(JOHN).editIssue(REPO, issue, { body: filledIn(now) });
      s.later();
      await sandbox.as(JOHN).closeIssue(REPO, issue);
      expect(await said(s, issue, "Reopened:")).toContain("Outstanding review");
      await s.idle();
      s.later();
      await sandbox.as(RITA).review(REPO, pull, "APPROVED");
      await bodyWith(s, issue, "- [x] **Outstanding review:**");
      await s.idle();
      s.later();
      await sandbox.lockIssue(REPO, issue, JANE);
      await sandbox.as(JOHN).closeIssue(REPO, issue);
      await said(s, pull, "is complete, closed");
      expect((await sandbox.issue(REPO, issue)).state).toBe("closed");
    },
  );
});
