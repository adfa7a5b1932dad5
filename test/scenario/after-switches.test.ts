import { describe } from "vitest";
import { addAdmin, labelsOf, pushToMain, untilBody } from "./after-landed-support.ts";
import { bodyWith, botComments, filledIn, merged, said } from "./after-life-support.ts";
import {
  DEPLOYMENT_MESSAGE,
  EM,
  JANE,
  JOHN,
  REPO,
  type Scenario,
  STRIPE,
  scenario,
  until,
} from "./support.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const ROLES = "version: 1\nroles:\n  engineering-manager: { users: [jane-doe] }\n";

async function label(s: Scenario, issue: number, name: string, on: boolean): Promise<void> {
  await until(`${name} ${on ? "on" : "off"} #${issue}`, async () =>
    s.sandbox.labelsOf(REPO, issue).includes(name) === on ? true : null,
  );
}

describe.concurrent("what the app does after the merge is switched off", () => {
  scenario(
    "`remind: []`: silence, also after the due time; a label `post-mortem:overdue` taken off stays off",
    { config: `${ROLES}post_mortem: { remind: [] }\n` },
    async (s, expect) => {
      const { issue } = await merged(s);
      s.later(20 * HOUR + 60);
      await s.sweep();
      await s.restartServer();
      s.later(4 * HOUR);
      await s.sweep();
      await label(s, issue, "post-mortem:overdue", true);
      expect(await botComments(s, issue)).toEqual([]);
      await s.sandbox.as(JANE).removeLabel(REPO, issue, "post-mortem:overdue");
      await s.restartServer();
      s.later(DAY);
      await s.sweep();
      expect(await botComments(s, issue)).toEqual([]);
      expect(s.sandbox.labelsOf(REPO, issue)).not.toContain("post-mortem:overdue");
    },
  );

  scenario(
    "`mode: observe`: the manager is not called when it is overdue for a day",
    {
      config: `${ROLES}mode: observe\nobserve: [post-mortem]\npost_mortem: { remind: [0h], assign: [author] }\n`,
    },
    async (s, expect) => {
      const pull = await s.openHotfix();
      await s.expectGate(pull, "neutral");
      await s.sandbox.as(JOHN).merge(REPO, pull);
      const issue = await until("a post-mortem", async () => {
        const all = await s.sandbox.issues(REPO);
        return all.find(({ title }) => title.startsWith("Post-mortem:"))?.number ?? null;
      });
      await s.idle();
      s.later(2 * DAY + 60);
      await s.sweep();
      const reminder = await said(s, issue, "reminder overdue-1");
      expect(reminder).not.toContain("@jane-doe");
      expect(reminder).not.toContain("This now goes to");
    },
  );

  scenario(
    "`reopen: false`: closed unfinished it stays closed, on record",
    { config: `${ROLES}post_mortem: { reopen: false }\n` },
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      await s.sandbox.as(JOHN).closeIssue(REPO, issue);
      await said(s, pull, "was closed unfinished (logged)");
      await bodyWith(s, issue, '"complete": false');
      await s.idle();
      expect((await s.sandbox.issue(REPO, issue)).state).toBe("closed");
      expect(await botComments(s, issue)).toEqual([]);
    },
  );

  scenario(
    "`status_comment: false`: no last word on the pull request",
    { config: `${ROLES}communication: { status_comment: false }\n` },
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      s.later();
      const { body } = await s.sandbox.issue(REPO, issue);
      await s.sandbox.as(JOHN).editIssue(REPO, issue, { body: filledIn(body ?? "") });
      await s.sandbox.as(JOHN).closeIssue(REPO, issue);
      await bodyWith(s, issue, '"on_time": true');
      await s.idle();
      expect(await botComments(s, pull)).toEqual([]);
    },
  );

  scenario(
    "`review: none`: a P0 owes no review; a part without its marks is left alone; a label `rolled-back` taken off stays off",
    { config: `${ROLES}severities: { P0: { review: none } }\n` },
    async (s, expect) => {
      addAdmin(s);
      const { sandbox } = s;
      const before = sandbox.git(REPO).show("main", STRIPE) as string;
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
      expect(body).not.toContain("Outstanding review");
      await s.idle();
      const now = (await sandbox.issue(REPO, issue)).body ?? "";
      const own = now.replace(/<!-- hotfix-guard:(?:begin|end) timeline.*-->\n/g, "");
      expect(own.length).toBeLessThan(now.length);
      await sandbox.as(JOHN).editIssue(REPO, issue, { body: own });
      await sandbox.as(JOHN).comment(REPO, pull, "/hotfix verified");
      await untilBody(s, issue, /"resolved_at": "20/);
      await s.idle();
      expect((await sandbox.issue(REPO, issue)).body).toContain("_TODO: time_ | Verified resolved |");
      s.later();
      await pushToMain(s, 'Revert "HOTFIX"', { [STRIPE]: before });
      await label(s, issue, "rolled-back", true);
      await untilBody(s, issue, /\*\*Rolled back/);
      await s.idle();
      await sandbox.as(JANE).removeLabel(REPO, issue, "rolled-back");
      await s.idle();
      s.later(60);
      await sandbox.as(JOHN).comment(REPO, issue, "It was only half of it.");
      await s.sweep();
      await s.idle();
      expect(labelsOf(await sandbox.issue(REPO, issue))).not.toContain("rolled-back");
    },
  );
});
