import { describe, expect, it } from "vitest";
import { type Plan, plan } from "../../src/plan/plan.ts";
import { planDuplicate } from "../../src/plan/post-mortem/duplicate.ts";
import { planMissing, planMoved, planRecheck } from "../../src/plan/post-mortem/elsewhere.ts";
import type { PostMortemInput } from "../../src/plan/post-mortem/input.ts";
import { known, neverKnown, unknown } from "../../src/policy/fact.ts";
import type { PostMortemIssue } from "../../src/policy/post-mortem/issue.ts";
import type { Comment } from "../../src/policy/snapshot/history.ts";
import { AUTHOR, at, MANAGER } from "../support/snapshot.ts";
import {
  COMPLETE,
  closed,
  command,
  FRESH,
  issue,
  KEY,
  made,
  plans,
  type Situation,
  words,
} from "./post-mortem-support.ts";

type Case = readonly [
  what: string,
  situation: Situation,
  issue: readonly string[],
  pullRequest: readonly string[],
];

describe("the plan for a post-mortem", () => {
  const rolledBack = { rolledBack: known({ at: at("10:45:00"), by: "jane", detail: "abc" }) };
  const byApp = {
    event: "labeled",
    label: "rolled-back",
    actor: null,
    byApp: true,
    at: at("10:45:00"),
  } as const;
  const verified = { verified: { at: at("10:50:00"), by: "jane", detail: "" } };
  const COMMENT = "upsert-status-comment";
  const BODY = "update-issue-body";
  const AGAIN = "look at post-mortem after";
  const cases: readonly Case[] = [
    ["as it was opened", {}, [], [COMMENT]],
    [
      "overdue",
      { observedAt: "2025-10-15T12:00:00Z" },
      ["add-label post-mortem:overdue", "comment reminder", AGAIN, "told ⏰ POST-MORTEM OVERDUE"],
      [COMMENT],
    ],
    ["closed unfinished", { issue: closed(FRESH) }, ["comment reopened", "open", AGAIN], [COMMENT]],
    ["closed and complete", { issue: closed(COMPLETE) }, [BODY, "closed, but young"], [COMMENT]],
    [
      "closed unfinished by a role that may",
      { issue: closed(FRESH), commands: [command("post-mortem", "/hotfix override post-mortem no time")] },
      [BODY, "comment answer", AGAIN, "closed, but young"],
      [COMMENT],
    ],
    [
      "rolled back",
      { after: rolledBack },
      [BODY, "add-label rolled-back", "told ⏪ HOTFIX ROLLED BACK"],
      [COMMENT],
    ],
    [
      "not rolled back any more",
      { issue: { labels: ["rolled-back"], labelEvents: [byApp] } },
      ["remove-label rolled-back"],
      [COMMENT],
    ],
    [
      "verified on the pull request: answered and told there",
      { after: verified, commands: [command("pull-request", "/hotfix verified")] },
      [BODY],
      ["comment answer", COMMENT, AGAIN, "told ✅ HOTFIX COMPLETE - P1"],
    ],
    [
      "verified here",
      { after: verified, commands: [command("post-mortem", "/hotfix verified")] },
      [BODY, "comment answer", AGAIN, "told ✅ HOTFIX COMPLETE - P1"],
      [COMMENT],
    ],
    [
      "a command of somebody whose rights could not be read: not answered, tried again",
      { commands: [command("post-mortem", "/hotfix verified", unknown("the permission of jane"))] },
      ["later", "could not be read"],
      [COMMENT],
    ],
    [
      "what was answered could not be read: no answer at all",
      { commands: [command("post-mortem", "/hotfix help")], input: { answers: null } },
      [],
      [COMMENT],
    ],
    [
      "the deployments could not be read",
      { after: { deployed: unknown("the deployments") } },
      ["later", "could not be read"],
      [COMMENT],
    ],
    [
      "deployed, and not verified",
      { after: { deployed: known({ at: at("10:35:00"), by: "john", detail: "production" }) } },
      [BODY, "comment verify", AGAIN],
      [COMMENT],
    ],
    [
      "nobody can tell what it is about",
      { input: { incident: null, after: null } },
      ["the post-mortem's hotfix can no longer be identified; only reminders are sent"],
      [],
    ],
    ["pushed without a pull request", { input: { incident: { ...made, pullRequest: null } } }, [], []],
  ];

  it.each(cases)("%s", (_, situation, own, there) => {
    const { issue: mine, pullRequest } = plans(situation);
    expect(words(mine)).toEqual(own);
    expect(words(pullRequest)).toEqual(there);
  });

  it("has others looked at in the background, where they are", () => {
    expect(planRecheck({ installationId: 1, owner: "kamiyo", repo: "reports" }, [57]).jobs).toEqual([
      {
        key: { installationId: 1, owner: "kamiyo", repo: "reports", kind: "post-mortem", number: 57 },
        hint: {},
        background: true,
      },
    ]);
  });

  it("of two that two instances have opened closes the newer, once, and links what people wrote in it", () => {
    const older = { number: 56, body: FRESH };
    const comment = (more: Partial<Comment>): Comment => ({
      id: 5,
      author: MANAGER,
      byApp: false,
      body: "",
      createdAt: at("10:50:00"),
      updatedAt: at("10:50:00"),
      url: "",
      ...more,
    });
    const noticed = comment({ byApp: true, body: "<!-- hotfix-guard:duplicate #56 -->" });
    const by = (more: Partial<PostMortemIssue>) => planDuplicate(KEY, issue(more), older);
    const said = "a second post-mortem of the same merge is closed: two instances worked without REDIS_URL";
    const closed = by({});
    expect(closed.actions).toMatchObject([
      { type: "post-answer", number: 57, marker: "<!-- hotfix-guard:duplicate #56 -->" },
      { type: "set-issue-state", number: 57, state: "closed", reason: "not_planned" },
    ]);
    expect(words(closed)).toEqual([...words(plan({ actions: closed.actions })), "over", said]);
    const link = { type: "post-answer", number: 56, marker: "<!-- hotfix-guard:duplicate of_#57 -->" };
    expect(by({ body: COMPLETE }).actions[0]).toMatchObject(link);
    expect(by({ comments: [comment({ body: "I saw it too" })] }).actions[0]).toMatchObject(link);
    expect(by({ comments: [noticed], state: "closed" }).actions).toEqual([]);
    // Somebody has reopened it: so it stays.
    expect(by({ comments: [noticed] }).actions).toEqual([]);
    expect(by({ state: "closed" }).actions).toEqual([]);
  });

  it("is nothing where it is gone or another's, and to look where it has moved", () => {
    const gone = "the post-mortem is gone: deleted, converted, or where the app cannot read";
    expect(words(planMissing(KEY, "gone"))).toEqual(["over", gone]);
    expect(words(planMissing(KEY, "foreign"))).toEqual(["over"]);
    const moved = planMoved(KEY, { ...KEY, repo: "reports" });
    expect(words(moved)).toEqual(["look at post-mortem", "over", "the post-mortem has moved"]);
    expect(moved.jobs[0]?.key).toMatchObject({ repo: "reports" });
  });
});

describe("action items of a closed post-mortem", () => {
  const closings = [{ at: at("12:00:00"), actor: AUTHOR, byApp: false }];
  const there = (assignable: PostMortemInput["assignable"], observedAt = "2026-12-01T08:00:00Z") =>
    plans({
      issue: {
        state: "closed",
        body: COMPLETE.replace("- [x] Test", "- [ ] Test"),
        closings,
        assignees: ["rita"],
      },
      observedAt,
      ...(assignable === undefined ? {} : { input: { assignable } }),
    }).issue;
  const comments = ({ actions }: Plan) =>
    actions.flatMap((action) => (action.type === "post-answer" ? [action.body] : []));

  it("are reminded of, and watched until then", () => {
    const before = there(undefined, "2025-10-16T10:00:00Z");
    expect(comments(before)).toEqual([]);
    expect(before.watch?.seen).toMatchObject({
      closed: true,
      dueAt: Date.parse("2026-11-30T00:00:00Z"),
      itemsOverdueAt: [Date.parse("2026-12-02T12:00:00Z")],
    });
    const [said = ""] = comments(there({ john: known(true) }));
    expect(said).toContain("@john `Test the secrets");
    expect(said).toContain("**due 2026-12-01**");
  });

  it("whose owner the repository does not know call the post-mortem's assignees", () => {
    const plan = there({ john: known(false) });
    expect(comments(plan)[0]).toContain("@rita `Test");
    expect(plan.retry).toBe(null);
  });

  it("wait where that could not be read", () => {
    const plan = there({ john: unknown("whether john can be assigned: GitHub answered 502") });
    expect([comments(plan), plan.retry]).toEqual([[], "later"]);
  });
});

describe("CI on the commit that landed", () => {
  const failed = (more = {}) => ({
    name: "test",
    at: at("10:40:00"),
    url: "https://github.example/kamiyo/api/runs/1",
    passedAt: null,
    ...more,
  });
  const comments = ({ actions }: Plan) =>
    actions.flatMap((action) => (action.type === "post-answer" ? [action.body] : []));
  const bodies = ({ actions }: Plan) =>
    actions.flatMap((action) => (action.type === "update-issue-body" ? [action.body] : []));

  it("failed: in the timeline, and its people are told", () => {
    const { issue: plan } = plans({ after: { failedChecks: known([failed()]) } });
    expect(bodies(plan)[0]).toContain(
      "CI failed on the commit that landed: `test` ([details](https://github.example/kamiyo/api/runs/1))",
    );
    expect(comments(plan)[0]).toMatch(/^@john .*CI failed after the merge/);
    expect(plan.watch?.seen).toMatchObject({ landed: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });

  it("told before, or passed since: in the timeline alone", () => {
    const told = { body: "<!-- hotfix-guard:ci-failed abc -->", byApp: true };
    const when = { createdAt: at("10:45:00"), updatedAt: at("10:45:00"), url: "" };
    const again = plans({
      issue: { comments: [{ id: 1, author: null, ...told, ...when }] },
      after: { failedChecks: known([failed({ name: "lint" })]) },
    });
    const passed = plans({ after: { failedChecks: known([failed({ passedAt: at("10:50:00") })]) } });
    expect([comments(again.issue), comments(passed.issue)]).toEqual([[], []]);
    expect(bodies(again.issue)[0]).toContain("`lint`");
    expect(bodies(passed.issue)[0]).toContain("CI passed after all: `test`");
  });

  it("foreign names are data", () => {
    const name = "x | @jane\n## y `z` <!-- a -->";
    const { issue: plan } = plans({ after: { failedChecks: known([failed({ name })]) } });
    expect(comments(plan)[0]?.replace(/`+[^`].*?`+/g, "")).not.toMatch(/@jane|<!-- a/);
    const [row = ""] =
      bodies(plan)[0]
        ?.split("\n")
        .filter((line) => line.includes("CI failed")) ?? [];
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(4);
  });

  it("could not be read: tried again", () => {
    expect(plans({ after: { failedChecks: unknown("the checks: 502") } }).issue.retry).toBe("later");
    const invalid = neverKnown("whether a review is owed: the configuration is not valid", "fix it");
    expect(plans({ after: { reviewOwed: invalid } }).issue.retry).toBe(null);
  });
});
