import { describe } from "vitest";
import { botComments, filledIn, merged, said } from "./after-life-support.ts";
import { JANE, JOHN, REPO, type Scenario, scenario, until } from "./support.ts";

const DAY = 24 * 3_600;

/** A day so many days from now, as people write it. */
function dayIn(days: number): string {
  return new Date(Date.now() + days * DAY * 1_000).toISOString().slice(0, 10);
}

/** The scenario's clock, moved to so many seconds after the beginning of days. */
function calendar(s: Scenario) {
  let ahead = 0;
  return (day: string, seconds: number) => {
    const left = Math.ceil((Date.parse(`${day}T00:00:00Z`) - Date.now()) / 1_000) + seconds - ahead;
    ahead += left;
    s.later(left);
  };
}

const HOUR = 3_600;
const ROLES = "roles:\n  engineering-manager: { users: [jane-doe] }\n";

async function closedWith(s: Scenario, issue: number, items: string): Promise<void> {
  const { body } = await s.sandbox.issue(REPO, issue);
  const complete = filledIn(body ?? "").replace(/^- \[ \] Test secrets with umlauts.*$/m, items);
  await s.sandbox.as(JOHN).editIssue(REPO, issue, { body: complete });
  s.later(60);
  await s.sandbox.as(JOHN).closeIssue(REPO, issue);
  await until("its end on record", async () =>
    /"closed_at": "20/.test((await s.sandbox.issue(REPO, issue)).body ?? "") ? true : null,
  );
  await s.idle();
}

const told = async (s: Scenario, issue: number) =>
  (await botComments(s, issue)).filter((body) => body.includes("hotfix-guard:action-item"));

describe("action items of a closed post-mortem", () => {
  scenario(
    "are reminded of a day before and at their deadline, each once over sweeps and restarts; ticked ones no more",
    {},
    async (s, expect) => {
      const { issue } = await merged(s);
      const to = calendar(s);
      const first = dayIn(10);
      const second = dayIn(20);
      await closedWith(
        s,
        issue,
        [
          `- [ ] Alert on 5xx – @jane-doe – ${first}`,
          `- [ ] Runbook for webhooks – @nobody-here – ${second}`,
          `- [x] Rotate the secret – @john-smith – ${first}`,
          `- [ ] ~~Rewrite it – @john-smith – ${first}~~`,
          "- [ ] Ask around – @jane-doe – 10/11/2031",
        ].join("\n"),
      );
      await s.sweep();
      await s.idle();
      expect(await told(s, issue)).toEqual([]);
      to(first, HOUR - DAY);
      await s.sweep();
      const before = await said(s, issue, "/before-86400");
      expect(before).toContain(`@jane-doe \`Alert on 5xx – @jane-doe – ${first}\`: **due ${first}**`);
      for (const gone of ["Rotate", "Rewrite", "Runbook", "Ask around"]) expect(before).not.toContain(gone);
      await s.sweep();
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await told(s, issue)).toHaveLength(1);
      to(first, HOUR);
      await s.sweep();
      await said(s, issue, "/due");
      expect(await told(s, issue)).toHaveLength(2);
      // The other is done before its day.
      const { body, state } = await s.sandbox.issue(REPO, issue);
      expect(state).toBe("closed");
      const done = (body ?? "").replace("- [ ] Runbook", "- [x] Runbook");
      await s.sandbox.as(JANE).editIssue(REPO, issue, { body: done });
      await s.idle();
      to(second, HOUR);
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await told(s, issue)).toHaveLength(2);
    },
  );

  scenario(
    "that belong to nobody whom the repository knows call the post-mortem's assignees; found by a process that knows nothing, months later",
    {},
    async (s, expect) => {
      const { issue } = await merged(s);
      const day = dayIn(100);
      await closedWith(s, issue, `- [ ] Runbook – @torvalds – ${day}`);
      calendar(s)(day, HOUR);
      await s.restartServer();
      await s.sweep();
      const text = await said(s, issue, "/due");
      expect(text.replace(/`[^`]*`/g, "")).not.toContain("torvalds");
      expect(text).toMatch(/^- @|\* @john-smith/m);
    },
  );

  scenario(
    "cost no request where none is due, and with `remind: []` nothing is said",
    { config: `version: 1\n${ROLES}post_mortem: { action_items: { remind: [] } }\n` },
    async (s, expect) => {
      const { issue } = await merged(s);
      const to = calendar(s);
      const day = dayIn(5);
      await closedWith(s, issue, `- [ ] Runbook – @jane-doe – ${day}`);
      // What CI says is over then.
      to(dayIn(2), 0);
      await s.sweep();
      await s.idle();
      s.sandbox.resetRequests();
      to(day, HOUR);
      await s.sweep();
      await s.idle();
      expect(await told(s, issue)).toEqual([]);
      expect(s.sandbox.requests.filter(({ path }) => path.includes(`/issues/${issue}`))).toEqual([]);
    },
  );
});

describe("action items as issues", () => {
  scenario(
    "each becomes a sub-issue once, with its owner; people's text stays, and closing the issue ticks the item",
    { config: `version: 1\n${ROLES}post_mortem: { action_items: { as_issues: true } }\n` },
    async (s, expect) => {
      const { issue } = await merged(s);
      const day = dayIn(30);
      const item = `- [ ] Alert on 5xx – @john-smith – ${day}`;
      await closedWith(s, issue, `${item}\n  and a page for it\n- [x] Rotate – @john-smith – ${day}`);
      const own = async () =>
        (await s.sandbox.issues(REPO)).filter(({ body }) => body?.includes("hotfix-guard:action-item-of"));
      const [opened] = await until("the issue", async () => {
        const all = await own();
        return all.length > 0 ? all : null;
      });
      expect(opened?.title).toContain("Alert on 5xx");
      expect(opened?.assignees?.map(({ login }) => login)).toEqual(["john-smith"]);
      const linked = `- [ ] #${opened?.number} Alert on 5xx – @john-smith – ${day}\n  and a page for it`;
      await until("the link", async () =>
        (await s.sandbox.issue(REPO, issue)).body?.includes(linked) ? true : null,
      );
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await own()).toHaveLength(1);
      expect(await botComments(s, opened?.number ?? 0)).toEqual([]);
      await s.sandbox.as(JOHN).closeIssue(REPO, opened?.number ?? 0);
      await until("the tick", async () =>
        (await s.sandbox.issue(REPO, issue)).body?.includes(linked.replace("[ ]", "[x]")) ? true : null,
      );
      expect((await s.sandbox.issue(REPO, issue)).state).toBe("closed");
      calendar(s)(day, HOUR);
      await s.sweep();
      await s.idle();
      expect(await told(s, issue)).toEqual([]);
    },
  );
});
