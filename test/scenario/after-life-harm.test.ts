import { describe } from "vitest";
import { bodyWith, botComments, merged, said } from "./after-life-support.ts";
import { JOHN, openOrdinary, REPO, RITA, scenario, toGreen, until, writes } from "./support.ts";

const ELSEWHERE = `version: 1
post_mortem: { repository: kamiyo/incidents }
roles:
  engineering-manager: { users: [jane-doe] }
`;

describe("whatever people do to a post-mortem", () => {
  scenario(
    "the whole body replaced: marker and metrics come back, nothing else is touched, and there is no second one",
    {},
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      const { sandbox } = s;
      await sandbox.as(JOHN).editIssue(REPO, issue, { body: "We were tired." });
      const body = await bodyWith(s, issue, `hotfix-guard:post-mortem ${REPO}#${pull}`);
      expect(body).toContain("We were tired.");
      expect(body).toContain('"merged_at"');
      expect(body).not.toContain("## Root Cause");
      await sandbox.as(RITA).comment(REPO, pull, "/hotfix recheck");
      await s.sweep();
      await s.idle();
      expect(
        (await sandbox.issues(REPO)).filter(({ title }) => title.startsWith("Post-mortem")),
      ).toHaveLength(1);
    },
  );

  scenario(
    "the marker made another's: what the merged commit remembers counts, and its own marker comes back",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const ordinary = await openOrdinary(s);
      await s.expectGate(ordinary, "skipped");
      await sandbox.as(JOHN).merge(REPO, ordinary);
      const { pull, issue } = await merged(s);
      const own = `<!-- hotfix-guard:post-mortem ${REPO}#${pull} -->`;
      for (const other of [`@${"0".repeat(40)}`, "@refs/heads/hotfix/none", `#${ordinary}`]) {
        const { body } = await sandbox.issue(REPO, issue);
        const forged = (body ?? "").replaceAll(own, `<!-- hotfix-guard:post-mortem ${REPO}${other} -->`);
        expect(forged).not.toContain(own);
        await sandbox.as(JOHN).editIssue(REPO, issue, { body: forged });
        await bodyWith(s, issue, own);
      }
    },
  );

  scenario("deleted: no second one, no comment, a line in the log", {}, async (s, expect) => {
    const { pull, issue } = await merged(s);
    const { sandbox } = s;
    await sandbox.deleteIssue(REPO, issue, JOHN);
    await s.idle();
    sandbox.resetRequests();
    await sandbox.as(RITA).comment(REPO, pull, "/hotfix recheck");
    await s.sweep();
    await s.idle();
    expect(writes(s)).toEqual([]);
    expect((await sandbox.issues(REPO)).filter(({ title }) => title.startsWith("Post-mortem"))).toEqual([]);
  });

  scenario("transferred: the app goes on with it at its new place", {}, async (s, expect) => {
    const { sandbox } = s;
    await sandbox.createRepository("kamiyo/incidents");
    sandbox.setPermission("kamiyo/incidents", JOHN, "write");
    const { pull, issue } = await merged(s);
    const there = await sandbox.transferIssue(REPO, issue, JOHN, "kamiyo/incidents");
    await s.idle();
    s.later();
    await sandbox.as(JOHN).closeIssue("kamiyo/incidents", there);
    await until("opened again", async () => {
      const now = await sandbox.issue("kamiyo/incidents", there);
      return now.state === "open" ? now : null;
    });
    await sandbox.as(RITA).comment(REPO, pull, "/hotfix recheck");
    await s.idle();
    expect((await sandbox.issues(REPO)).filter(({ title }) => title.startsWith("Post-mortem"))).toEqual([]);
  });

  scenario("a bot that keeps closing is left alone after three times a day", {}, async (s, expect) => {
    const { sandbox } = s;
    const { issue } = await merged(s);
    sandbox.createUser("stale[bot]", { type: "Bot" });
    sandbox.setPermission(REPO, "stale[bot]", "write");
    for (const times of [1, 2, 3]) {
      s.later(60);
      await sandbox.as("stale[bot]").closeIssue(REPO, issue);
      await until(`opened again ${times}`, async () => {
        const now = await sandbox.issue(REPO, issue);
        return now.state === "open" &&
          (await botComments(s, issue)).filter((b) => b.includes("Reopened:")).length === times
          ? now
          : null;
      });
      await s.idle();
    }
    s.later(60);
    await sandbox.as("stale[bot]").closeIssue(REPO, issue);
    await s.idle();
    expect((await sandbox.issue(REPO, issue)).state).toBe("closed");
    expect((await botComments(s, issue)).filter((body) => body.includes("Reopened:"))).toHaveLength(3);
  });
});

describe("post_mortem.repository", () => {
  scenario(
    "opens it there; where the app may not, it opens it here and says so",
    { config: ELSEWHERE },
    async (s, expect) => {
      const { sandbox } = s;
      const { issue } = await merged(s);
      const { body } = await sandbox.issue(REPO, issue);
      expect(body).toContain("The configuration wants post-mortems in kamiyo/incidents");
      expect(body).toContain("where the app could not open this one: kamiyo/incidents doesn't exist");
    },
  );

  scenario("in another repository it has the same life", { config: ELSEWHERE }, async (s, expect) => {
    const { sandbox } = s;
    await sandbox.createRepository("kamiyo/incidents");
    sandbox.setPermission("kamiyo/incidents", JOHN, "write");
    const pull = await s.openHotfix();
    await toGreen(s, pull);
    await sandbox.as(JOHN).merge(REPO, pull);
    const issue = await until(
      "a post-mortem",
      async () => (await sandbox.issues("kamiyo/incidents"))[0] ?? null,
    );
    s.later(60);
    await sandbox.as(JOHN).comment(REPO, pull, "/hotfix verified");
    await said(s, pull, "Recorded: verified");
    await until("verified", async () => {
      const { body } = await sandbox.issue("kamiyo/incidents", issue.number);
      return body?.includes("| Verified resolved | `john-smith` |") ? body : null;
    });
    expect((await sandbox.issues(REPO)).filter(({ title }) => title.startsWith("Post-mortem"))).toEqual([]);
  });
});
