import { describe } from "vitest";
import { onePostMortem, postMortems, untilBody } from "./after-landed-support.ts";
import { bodyWith, botComments, filledIn, merged, said } from "./after-life-support.ts";
import { JANE, JOHN, REPO, RITA, type Scenario, scenario, toGreen, until, writes } from "./support.ts";

/** What people do to the repository, to accounts and to the app (issue 4, "Bad input"). */

const HOUR = 3_600;
const NEW = "kamiyo/payments-api";

/** The status comment tells what the app could not do. */
async function statusComment({ sandbox }: Scenario, number: number): Promise<string> {
  const comments = await sandbox.comments(REPO, number);
  return comments.find(({ body }) => body?.includes("hotfix-guard:status"))?.body ?? "";
}

async function postMortemsIn({ sandbox }: Scenario, repo: string) {
  const all = await sandbox.issues(repo);
  return all.filter(({ title }) => title.startsWith("Post-mortem:"));
}

describe("the repository", () => {
  scenario("archived: nothing is tried again and again; unarchived, it goes on", {}, async (s, expect) => {
    const { issue } = await merged(s);
    await s.sandbox.archive(REPO, JANE);
    s.later(25 * HOUR);
    await s.sweep();
    await s.sweep();
    s.sandbox.resetRequests();
    await s.sweep();
    await s.sweep();
    expect(writes(s)).toEqual([]);
    expect(await botComments(s, issue)).toEqual([]);
    await s.sandbox.archive(REPO, JANE, false);
    await said(s, issue, "reminder due");
    await s.idle();
    expect(await botComments(s, issue)).toHaveLength(1);
    expect(await postMortems(s)).toHaveLength(1);
  });

  scenario(
    "archived right after the merge: the post-mortem is opened when it is unarchived",
    {},
    async (s, expect) => {
      const pull = await s.openHotfix();
      await toGreen(s, pull);
      await s.idle();
      await s.stopServer();
      await s.sandbox.as(JOHN).merge(REPO, pull);
      await s.sandbox.archive(REPO, JANE);
      await s.restartServer();
      await s.sweep();
      expect(await postMortems(s)).toEqual([]);
      await s.sandbox.archive(REPO, JANE, false);
      expect((await onePostMortem(s)).title).toContain(`(#${pull})`);
    },
  );

  scenario(
    "merged while the app was down for days: the post-mortem is opened when it is back, once",
    {},
    async (s, expect) => {
      const pull = await s.openHotfix();
      await toGreen(s, pull);
      await s.idle();
      await s.stopServer();
      await s.sandbox.as(JOHN).merge(REPO, pull);
      s.later(3 * 24 * HOUR);
      await s.restartServer();
      const { number, title } = await onePostMortem(s);
      expect(title).toContain(`(#${pull})`);
      await until("it is overdue", async () =>
        s.sandbox.labelsOf(REPO, number).includes("post-mortem:overdue") ? true : null,
      );
    },
  );

  scenario(
    "its issues switched on after the merge: the post-mortem is opened then",
    {},
    async (s, expect) => {
      const pull = await s.openHotfix();
      await toGreen(s, pull);
      await s.idle();
      s.sandbox.setRepository(REPO, { hasIssues: false });
      await s.sandbox.as(JOHN).merge(REPO, pull);
      await until("said so", async () =>
        (await statusComment(s, pull)).includes("issues are disabled") ? true : null,
      );
      s.sandbox.setRepository(REPO, { hasIssues: true });
      await s.restartServer();
      expect((await onePostMortem(s)).title).toContain(`(#${pull})`);
      await s.idle();
      expect(await statusComment(s, pull)).not.toContain("issues are disabled");
    },
  );

  scenario("renamed: it is the same hotfix and the same post-mortem", {}, async (s, expect) => {
    const { pull, issue } = await merged(s);
    await s.sandbox.renameRepository(REPO, JANE, "payments-api");
    await s.restartServer();
    await s.sandbox.as(JOHN).comment(NEW, pull, "/hotfix verified");
    await until("verified", async () => {
      const { body } = await s.sandbox.issue(NEW, issue);
      return body?.includes("| Verified resolved | `john-smith` |") ? true : null;
    });
    await s.sweep();
    await s.idle();
    const all = await s.sandbox.issues(NEW);
    expect(all.filter(({ title }) => title.startsWith("Post-mortem"))).toHaveLength(1);
    const { body } = await s.sandbox.issue(NEW, issue);
    expect(body).toContain(`hotfix-guard:post-mortem ${NEW}#${pull} `);
    s.later(25 * HOUR);
    await s.sweep();
    await until(
      "a reminder",
      async () =>
        (await s.sandbox.comments(NEW, issue)).some(({ body: text }) => text?.includes("reminder due")) ||
        null,
    );
  });

  scenario(
    "renamed a moment after the merge: old and new name are one repository, with one post-mortem",
    {},
    async (s, expect) => {
      const pull = await s.openHotfix();
      await toGreen(s, pull);
      await s.idle();
      s.sandbox.resetRequests();
      // Long enough for the rename to come between the look for a post-mortem and its opening.
      s.sandbox.knobs.latencyMs = 300;
      await s.sandbox.as(JOHN).merge(REPO, pull);
      await until("work on the merge", async () => (s.sandbox.requests.length > 0 ? true : null));
      await s.sandbox.renameRepository(REPO, JANE, "payments-api");
      await until("the post-mortem", async () => (await postMortemsIn(s, NEW)).length > 0 || null);
      s.sandbox.knobs.latencyMs = 0;
      await s.idle();
      await s.sweep();
      await s.idle();
      expect(await postMortemsIn(s, NEW)).toHaveLength(1);
      const opened = s.sandbox.requests.filter(
        ({ method, path, status }) => method === "POST" && /\/issues$/.test(path) && status === 201,
      );
      expect(opened).toHaveLength(1);
    },
  );

  scenario("its base branch renamed: it can be completed all the same", {}, async (s, expect) => {
    const { pull, issue } = await merged(s);
    await s.sandbox.renameBranch(REPO, JANE, "main", "trunk");
    await s.idle();
    await s.sandbox.as(JOHN).closeIssue(REPO, issue);
    await said(s, issue, "Reopened:");
    await s.idle();
    await s.sandbox.as(JOHN).comment(REPO, pull, "/hotfix verified");
    await said(s, pull, "Recorded: verified");
    await untilBody(s, issue, /Verified resolved \|? ?.*john-smith/);
    const { body } = await s.sandbox.issue(REPO, issue);
    await s.sandbox.as(JOHN).editIssue(REPO, issue, { body: filledIn(body ?? "") });
    await s.idle();
    s.later(60);
    await s.sandbox.as(JOHN).closeIssue(REPO, issue);
    await untilBody(s, issue, /"on_time": true/);
    await s.idle();
    expect((await s.sandbox.issue(REPO, issue)).state).toBe("closed");
    expect(await postMortems(s)).toHaveLength(1);
  });
});

describe("accounts", () => {
  scenario("the author's is deleted: the post-mortem goes on without", {}, async (s, expect) => {
    const { issue } = await merged(s);
    s.sandbox.deleteUser(JOHN);
    s.later(25 * HOUR);
    await s.sweep();
    const reminder = await said(s, issue, "reminder due");
    expect(reminder).toContain("@jane-doe");
    s.later(60);
    await s.sandbox.as(JANE).closeIssue(REPO, issue);
    await said(s, issue, "Reopened:");
    await s.restartServer();
    await s.sweep();
    expect(await postMortems(s)).toHaveLength(1);
    expect(await botComments(s, issue)).toHaveLength(2);
  });

  scenario("the approver leaves: the approval of then stays one", {}, async (s, expect) => {
    const { pull, issue } = await merged(s);
    await s.sandbox.removeTeamMember("kamiyo", "engineering-managers", JANE);
    s.sandbox.setPermission(REPO, JANE, null);
    await s.sandbox.as(RITA).comment(REPO, pull, "/hotfix verified");
    const body = await bodyWith(s, issue, "| Verified resolved | `rita-lopez` |");
    expect(body).toContain("`jane-doe` as `engineering-manager`");
    expect(body).not.toContain("Merged without a valid approval");
  });
});

describe("the app", () => {
  scenario("uninstalled, and installed again: it finds the post-mortem", {}, async (s, expect) => {
    const { pull, issue } = await merged(s);
    await s.sandbox.uninstall("kamiyo");
    s.later(25 * HOUR);
    await s.sweep();
    await s.sandbox.as(JOHN).comment(REPO, pull, "/hotfix verified");
    await s.idle();
    expect(await botComments(s, issue)).toEqual([]);
    await s.sandbox.install("kamiyo");
    await said(s, issue, "reminder due");
    await bodyWith(s, issue, "| Verified resolved | `john-smith` |");
    await s.idle();
    expect(await postMortems(s)).toHaveLength(1);
  });
});
