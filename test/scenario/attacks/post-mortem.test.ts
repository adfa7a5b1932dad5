import { describe, type ExpectStatic } from "vitest";
import { ADMIN, addAdmin, onePostMortem, postMortems, pushToMain } from "../after-landed-support.ts";
import { botComments, filledIn, merged, said } from "../after-life-support.ts";
import { JANE, JOHN, REPO, RITA, type Scenario, scenario, toGreen, until } from "../support.ts";

/**
 * A post-mortem is shaken off (issue 8, item 7), each way beside its honest twin. Harm is silence: not
 * overdue, not reminded, nobody told; and its brother, telling again and again.
 */

const HOUR = 3_600;
const CONFIG = `version: 1
roles:
  on-call: { users: [${RITA}] }
  engineering-manager: { teams: [engineering-managers] }
`;
/** Elsewhere; the app is not there. */
const NOTES = "kamiyo/private-notes";

async function restarted(s: Scenario, hours = 0): Promise<void> {
  await s.idle();
  await s.stopServer();
  s.later(hours * HOUR);
  await s.restartServer();
  await s.sweep();
}

const status = async (s: Scenario, pull: number): Promise<string> =>
  (await botComments(s, pull)).find((body) => body.includes("hotfix-guard:status")) ?? "";

/** The notices of a lost post-mortem on the pull request. */
const lost = async (s: Scenario, pull: number): Promise<readonly string[]> =>
  (await botComments(s, pull)).filter((body) => body.includes("hotfix-guard:lost"));

/** Told once to those who can act, with the status comment; not again after a restart and two looks. */
async function toldOnce(s: Scenario, expect: ExpectStatic, pull: number, what: RegExp): Promise<void> {
  await said(s, pull, "hotfix-guard:lost");
  await restarted(s);
  await s.sweep();
  const notices = await lost(s, pull);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain("@kamiyo/engineering-managers");
  expect(notices[0]).toMatch(what);
  expect(await status(s, pull)).toMatch(what);
}

/** By hand, as the browser would, with any reason. */
async function close(s: Scenario, login: string, issue: number, reason: string): Promise<void> {
  await s.sandbox
    .as(login)
    .request("PATCH", `/repos/${REPO}/issues/${issue}`, { state: "closed", state_reason: reason });
}

const stateOf = async ({ sandbox }: Scenario, issue: number) => (await sandbox.issue(REPO, issue)).state;

describe.concurrent("closed unfinished", () => {
  scenario(
    "a dozen times by somebody with triage, for whatever reason: overdue, reminded, told once, and opened again the next day",
    { config: CONFIG, throttle: false },
    async (s, expect) => {
      const { issue } = await merged(s);
      const { sandbox } = s;
      sandbox.createUser("mallory");
      sandbox.setPermission(REPO, "mallory", "triage");
      const reasons = ["completed", "not_planned", "duplicate"];
      for (let i = 0; i < 11; i++) {
        s.later();
        await close(s, "mallory", issue, reasons[i % 3] as string);
        await s.idle();
      }
      expect(await stateOf(s, issue)).toBe("closed");
      const told = async () => (await botComments(s, issue)).filter((body) => body.includes("left-closed"));
      expect(await told()).toHaveLength(1);
      expect((await told())[0]).toContain("@kamiyo/engineering-managers");
      await restarted(s, 23);
      s.later(50 * 60);
      await s.sweep();
      await restarted(s, 1);
      await said(s, issue, "reminder ");
      const reopened = await until("opened again", async () =>
        (await stateOf(s, issue)) === "open" ? true : null,
      );
      expect(reopened).toBe(true);
      await restarted(s, 3);
      expect(sandbox.labelsOf(REPO, issue)).toContain("post-mortem:overdue");
      expect(await told()).toHaveLength(1);
    },
  );

  scenario(
    "honest twin: complete, it stays closed and nobody hears of it",
    { config: CONFIG },
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      const { body } = await s.sandbox.issue(REPO, issue);
      await s.sandbox.as(JOHN).editIssue(REPO, issue, { body: filledIn(body ?? "") });
      s.later();
      await s.sandbox.as(JOHN).closeIssue(REPO, issue);
      await said(s, pull, "is complete, closed");
      await restarted(s, 30);
      expect(await stateOf(s, issue)).toBe("closed");
      expect(await botComments(s, issue)).toEqual([]);
      expect(await lost(s, pull)).toEqual([]);
    },
  );

  const texts: readonly (readonly [string, (body: string) => string])[] = [
    ["placeholders without their marks", (body) => body.replace(/_(TODO: [^_]*)_/g, "$1")],
    ["placeholders in bold", (body) => body.replace(/_(TODO: [^_]*)_/g, "**$1**")],
    ["placeholders in quotation marks", (body) => body.replace(/_(TODO: [^_]*)_/g, "“$1”")],
    [
      "None everywhere",
      (body) =>
        filledIn(body)
          .replaceAll("known now", "None")
          .replace(/(?<=## Root Cause\n)[^#]*/, "\nNone\n\n"),
    ],
  ];
  for (const [name, edit] of texts)
    scenario(`with ${name}: opened again`, { config: CONFIG }, async (s, expect) => {
      const { issue } = await merged(s);
      const { body } = await s.sandbox.issue(REPO, issue);
      await s.sandbox.as(JOHN).editIssue(REPO, issue, { body: edit(body ?? "") });
      s.later();
      await s.sandbox.as(JOHN).closeIssue(REPO, issue);
      const text = await said(s, issue, "hotfix-guard:reopened");
      expect(text).toContain("Root Cause");
      await until("open", async () => ((await stateOf(s, issue)) === "open" ? true : null));
    });
});

describe.concurrent("made look like something else", () => {
  const DIGEST = { title: "Hotfix digest", body: "<!-- hotfix-guard:digest-issue weekly -->" };
  const NOTHING = { title: "Notes", body: "nothing" };
  const rows: readonly (readonly [
    name: string,
    open: (s: Scenario) => Promise<number>,
    edit: { title: string; body: string },
  ])[] = [
    ["the digest's issue", async (s) => (await merged(s)).issue, DIGEST],
    [
      "an action item's issue",
      async (s) => (await merged(s)).issue,
      { title: "Follow-up", body: `<!-- hotfix-guard:action-item-of ${REPO}#1 x -->` },
    ],
    ["another pull request's", async (s) => (await merged(s)).issue, marked(1)],
    ["nothing at all, of a direct push", ofPush, NOTHING],
    ["the digest's issue, of a direct push", ofPush, DIGEST],
  ];
  function marked(number: number) {
    return { title: "Notes", body: `<!-- hotfix-guard:post-mortem ${REPO}#${number} -->` };
  }
  async function ofPush(s: Scenario): Promise<number> {
    await pushToMain(s);
    return (await onePostMortem(s)).number;
  }
  for (const [name, open, edit] of rows)
    scenario(
      `${name}: still overdue, and reminded`,
      { config: CONFIG, throttle: false },
      async (s, expect) => {
        addAdmin(s);
        const issue = await open(s);
        await s.sandbox.as(ADMIN).editIssue(REPO, issue, edit);
        await restarted(s, 25);
        await said(s, issue, "Due now");
        expect(s.sandbox.labelsOf(REPO, issue)).toContain("post-mortem:overdue");
      },
    );

  scenario(
    "honest twin: the digest's own issue is nothing that is due",
    { config: `${CONFIG}digest: { to: issue }\n`, throttle: false },
    async (s, expect) => {
      const { issue } = await merged(s);
      await restarted(s, 8 * 24);
      const digest = await until("the digest", async () => {
        const all = await s.sandbox.issues(REPO);
        return all.find(({ title }) => title === DIGEST.title) ?? null;
      });
      await s.sandbox.as(JOHN).editIssue(REPO, digest.number, { title: "Our digest" });
      await restarted(s, 25);
      expect(s.sandbox.labelsOf(REPO, digest.number)).toEqual([]);
      expect(s.sandbox.labelsOf(REPO, issue)).toContain("post-mortem:overdue");
    },
  );
});

describe.concurrent("taken away", () => {
  const ways: readonly (readonly [string, (s: Scenario, issue: number) => Promise<unknown>])[] = [
    ["deleted", (s, issue) => s.sandbox.deleteIssue(REPO, issue, JANE)],
    ["converted to a discussion", (s, issue) => s.sandbox.convertToDiscussion(REPO, issue, JOHN)],
    [
      "transferred to where the app is not",
      async (s, issue) => {
        await s.sandbox.createRepository(NOTES, { installed: false, private: true });
        s.sandbox.setPermission(NOTES, JOHN, "write");
        await s.sandbox.transferIssue(REPO, issue, JOHN, NOTES);
      },
    ],
    [
      "issues turned off",
      async (s) => {
        s.sandbox.setRepository(REPO, { hasIssues: false });
        await s.restartServer();
      },
    ],
    [
      "deleted while the app is down",
      async (s, issue) => {
        await s.stopServer();
        await s.sandbox.deleteIssue(REPO, issue, JANE);
        await s.restartServer();
      },
    ],
  ];
  for (const [name, act] of ways)
    scenario(`${name}: told once, where people look`, { config: CONFIG }, async (s, expect) => {
      const { pull, issue } = await merged(s);
      s.sandbox.setPermission(REPO, JANE, "admin");
      await act(s, issue);
      await toldOnce(s, expect, pull, new RegExp(`The post-mortem \`${REPO}#${issue}\` is gone`));
      expect(await status(s, pull)).not.toContain("private-notes");
    });

  scenario(
    "honest twin: issues turned on again, and all is as it was",
    { config: CONFIG },
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      s.sandbox.setRepository(REPO, { hasIssues: false });
      await restarted(s);
      await said(s, pull, "hotfix-guard:lost");
      s.sandbox.setRepository(REPO, { hasIssues: true });
      await s.sandbox.as(JOHN).comment(REPO, pull, "/hotfix recheck");
      await until("as it was", async () => ((await status(s, pull)).includes("is gone") ? null : true));
      expect(await status(s, pull)).toContain(`#${issue}`);
      expect(await postMortems(s)).toHaveLength(1);
    },
  );

  scenario(
    "cannot be opened: told once, and opened once it can be",
    { config: CONFIG },
    async (s, expect) => {
      const pull = await s.openHotfix();
      await toGreen(s, pull);
      s.sandbox.setRepository(REPO, { hasIssues: false });
      await s.sandbox.as(JOHN).merge(REPO, pull);
      await toldOnce(s, expect, pull, /could not open the post-mortem/);
      s.sandbox.setRepository(REPO, { hasIssues: true });
      await s.sandbox.as(JOHN).comment(REPO, pull, "/hotfix recheck");
      await until("a post-mortem", async () => ((await postMortems(s)).length === 1 ? true : null));
    },
  );

  scenario(
    "its repository archived: told once, on the pull request",
    { config: `${CONFIG}post_mortem: { repository: kamiyo/post-mortems }\n` },
    async (s, expect) => {
      await s.sandbox.createRepository("kamiyo/post-mortems", { installed: true });
      const pull = await s.openHotfix();
      await toGreen(s, pull);
      await s.sandbox.as(JOHN).merge(REPO, pull);
      await until("a post-mortem", async () =>
        (await s.sandbox.issues("kamiyo/post-mortems")).length > 0 ? true : null,
      );
      await s.idle();
      await s.sandbox.archive("kamiyo/post-mortems", JANE);
      s.later(25 * HOUR);
      await restarted(s);
      await s.sandbox.as(JOHN).comment(REPO, pull, "/hotfix recheck");
      await said(s, pull, "hotfix-guard:lost");
      await restarted(s);
      const notices = await lost(s, pull);
      expect(notices).toHaveLength(1);
      expect(notices[0]).toMatch(/@kamiyo\/engineering-managers .*its repository is archived/);
    },
  );
});
