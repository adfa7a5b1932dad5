import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import type { PostMortemInput } from "../../src/plan/post-mortem/input.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import type { StateChange } from "../../src/policy/post-mortem/decide.ts";
import { AUTHOR, at } from "../support/snapshot.ts";
import { COMPLETE, closed, command, FRESH, KEY, made, POLICY, plans, words } from "./post-mortem-support.ts";

const DUE = "2025-10-15T10:30:00Z";

function bodies({ actions }: Plan): readonly string[] {
  return actions.flatMap((action) => (action.type === "update-issue-body" ? [action.body] : []));
}

describe("when a post-mortem is looked at again", () => {
  it.each([
    ["a second before it is due", "2025-10-15T10:29:59.000Z", false],
    ["when it is due", DUE, true],
    ["a day later", "2025-10-16T10:30:00Z", true],
  ])("%s: overdue is %s", (_, observedAt, overdue) => {
    const { watch } = plans({ observedAt }).issue;
    expect(watch).toMatchObject({ key: KEY, seen: { overdue, closed: false, updatedAt: at("10:31:00") } });
  });

  it("closed and complete it is not overdue, and over once nothing is left of it", () => {
    const at = "2025-10-20T10:00:00Z";
    const ended = plans({ issue: closed(COMPLETE), observedAt: at }).issue;
    expect(ended.watch?.seen).toBe("over");
    const young = plans({ issue: closed(COMPLETE) }).issue;
    expect(young.watch?.seen).toMatchObject({ overdue: false, closed: true });
  });

  it("closed unfinished it is as overdue as an open one", () => {
    const { watch } = plans({ issue: closed(FRESH), observedAt: "2025-10-16T10:30:00Z" }).issue;
    expect(watch?.seen).toMatchObject({ overdue: true, closed: false });
  });

  it("left closed after it was reopened ten times: told, said in the log, still overdue, looked at later", () => {
    const byApp = (minute: number): StateChange => ({
      at: `2025-10-16T09:${minute}:00Z`,
      actor: null,
      byApp: true,
    });
    const reopenings = Array.from({ length: 10 }, (_, i) => byApp(10 + i));
    const closings = [{ at: "2025-10-16T09:30:00Z", actor: AUTHOR, byApp: false }];
    const { issue } = plans({
      issue: { ...closed(FRESH), closings, reopenings },
      observedAt: "2025-10-16T10:30:00Z",
    });
    expect(words(issue)).toEqual([
      "add-label post-mortem:overdue",
      "comment left-closed",
      "comment reminder",
      "look at post-mortem after",
      "look at post-mortem after",
      "told ⏰ POST-MORTEM OVERDUE",
      "the post-mortem was closed unfinished repeatedly: it stays closed",
    ]);
    const seen = issue.watch?.seen;
    expect(seen).toMatchObject({ overdue: true, closed: false });
    expect(seen === "over" ? null : seen?.dueAt).toBeLessThanOrEqual(Date.parse("2025-10-17T09:10:01Z"));
  });

  it("what is owed cannot be read when all is written: tried again, neither finished nor reopened", () => {
    const after = { reviewOwed: unknown("whether a review is owed: 502") };
    const { issue } = plans({ issue: closed(COMPLETE), after });
    expect([issue.retry, words(issue).filter((word) => /reopen|open/.test(word))]).toEqual(["later", []]);
  });

  it("its first deployment cannot be read: tried again", () => {
    const snapshot = { ...made.snapshot, deployedEarly: unknown("the deployments: 502") };
    const incident = { ...made, snapshot, policy: POLICY, pullRequest: null };
    expect(plans({ input: { incident } }).issue).toMatchObject({
      retry: "later",
      log: [{ fields: { reasons: ["the deployments: 502"] } }],
    });
  });
});

describe("what is done at the issue itself", () => {
  const comments = ({ actions }: Plan) =>
    actions.flatMap((action) => (action.type === "post-answer" ? [action.body] : [])).join("\n");
  const override = command("post-mortem", "/hotfix override post-mortem no time");
  const LABEL = "post-mortem:overdue";

  it("somebody who may has overridden it while it was open: it is closed", () => {
    const { actions } = plans({ commands: [override] }).issue;
    expect(actions).toContainEqual(
      expect.objectContaining({
        type: "set-issue-state",
        state: "closed",
        from: { state: "open", bodies: expect.arrayContaining([FRESH]) },
      }),
    );
  });

  it("closed for good it loses the label that says it is overdue", () => {
    expect(words(plans({ issue: { ...closed(COMPLETE), labels: [LABEL] } }).issue)).toContain(
      `remove-label ${LABEL}`,
    );
    expect(words(plans({ issue: { ...closed(FRESH), labels: [LABEL] } }).issue).join()).not.toContain(
      "label",
    );
  });

  it("what is told is told as long as the issue is what it was, before and after its own new body", () => {
    const { actions } = plans({ issue: closed(FRESH.replace("## Timeline", "## Timeline\n")) }).issue;
    const told = actions.filter(({ type }) => type === "post-answer" || type === "set-issue-state");
    expect(told).toHaveLength(2);
    for (const action of told) expect(action).toMatchObject({ from: { state: "closed" } });
  });

  it("a reminder calls those who are assigned, and the managers a day later", () => {
    const policy = {
      ...POLICY,
      roles: {
        ...POLICY.roles,
        "engineering-manager": { teams: [], users: ["carol"], permission: "admin" as const },
      },
    };
    const reminder = (observedAt: string) =>
      comments(plans({ issue: { assignees: ["john"] }, observedAt, input: { policy } }).issue);
    expect(reminder("2025-10-15T07:00:00Z")).toContain("@john");
    expect(reminder("2025-10-15T07:00:00Z")).not.toContain("@carol");
    expect(reminder("2025-10-16T12:00:00Z")).toContain("@carol");
  });

  it("reopened, it says who closed it last, where that is known", () => {
    const by = (actor: typeof AUTHOR | null) => {
      const first = { at: at("10:35:00"), actor: { login: "rita", type: "User" } as const, byApp: false };
      const last = { at: at("10:40:00"), actor, byApp: false };
      return comments(plans({ issue: { ...closed(FRESH), closings: [first, last] } }).issue);
    };
    expect(by(AUTHOR)).toContain("was closed by `john`");
    expect(by(null)).toContain("was closed but");
  });

  it("asks to verify what was deployed so and so long ago, and nothing that was verified", () => {
    const deployed = { deployed: known({ at: at("10:35:00"), by: "john", detail: "production" }) };
    const since = comments(plans({ after: deployed, observedAt: at("10:55:00") }).issue);
    expect(since).toContain("was deployed to `production` 20 min ago");
    const verified = { ...deployed, verified: { at: at("10:50:00"), by: "jane", detail: "" } };
    expect(comments(plans({ after: verified, observedAt: at("10:55:00") }).issue)).not.toContain(
      "Check production",
    );
    const lost = plans({ input: { incident: null, after: null }, observedAt: at("10:55:00") }).issue;
    expect(comments(lost)).toBe("");
  });
});

describe("a post-mortem of which nobody can tell what it is about", () => {
  const alone = { incident: null, after: null } as const;
  /** The day it is due, by the watch. */
  const overdueAt = (body: string, observedAt: string): boolean | undefined => {
    const seen = plans({ issue: { body }, observedAt, input: alone }).issue.watch?.seen;
    return seen === "over" ? undefined : seen?.overdue;
  };
  /** Opened at 10:31; merged an hour before, or deployed two hours before from its branch. */
  const MERGED = FRESH.replace(/"merged_at": "[^"]*"/, '"merged_at": "2025-10-14T09:30:00.000Z"');
  const EARLY = MERGED.replace(/"deployed_at": [^,\n]*/, '"deployed_at": "2025-10-14T08:30:00.000Z"').replace(
    /"deployed_early": \w*/,
    '"deployed_early": true',
  );

  it.each([
    ["since its merge", MERGED, "2025-10-15T09:30:00Z", "2025-10-15T09:29:00Z"],
    [
      "since it was deployed, where it was deployed early",
      EARLY,
      "2025-10-15T08:30:00Z",
      "2025-10-15T08:29:00Z",
    ],
    [
      "since it was opened, without its data",
      "Written anew.",
      "2025-10-15T10:31:00Z",
      "2025-10-15T10:30:59Z",
    ],
    [
      "since it was opened, with data that is no time",
      FRESH.replace(/"merged_at": "[^"]*"/, '"merged_at": "soon"'),
      "2025-10-15T10:31:00Z",
      "2025-10-15T10:30:59Z",
    ],
  ])("is due %s", (_, body, due, before) => {
    expect([overdueAt(body, before), overdueAt(body, due)]).toEqual([false, true]);
  });
});

describe("what else is written", () => {
  const WITH_ITEMS_AS_ISSUES = {
    ...POLICY,
    post_mortem: {
      ...POLICY.post_mortem,
      action_items: { ...POLICY.post_mortem.action_items, as_issues: true },
    },
  };
  const linked = COMPLETE.replace("- [x] Test the secrets", "- [ ] #71 Test the secrets");
  const actionIssues = {
    repository: "kamiyo/api",
    issues: { "71": { known: true, value: { closed: true, assigned: true, scheduled: true, due: null } } },
  } as const;

  it("ticks an item whose issue is closed, where items become issues", () => {
    const situation = { issue: { body: linked, actionIssues } };
    const [body = ""] = bodies(plans({ ...situation, input: { policy: WITH_ITEMS_AS_ISSUES } }).issue);
    expect(body).toContain("- [x] #71 Test the secrets");
    expect(bodies(plans(situation).issue).join()).not.toContain("- [x] #71");
  });

  it("does not rewrite a body for its line ends", () => {
    expect(bodies(plans({ issue: { body: FRESH.replaceAll("\n", "\r\n") } }).issue)).toEqual([]);
  });

  it("in a form of the repository's own no section is missed", () => {
    const template = { ...POLICY, post_mortem: { ...POLICY.post_mortem, template: ".github/pm.md" } };
    const issue = closed("## What happened\n\nIt broke, and is mended.");
    expect(words(plans({ issue }).issue)).toContain("comment reopened");
    expect(words(plans({ issue, input: { policy: template } }).issue)).not.toContain("comment reopened");
  });

  it("takes away comments that say a thing twice, here and on the pull request", () => {
    const twice = [7, 8].map((id) => ({
      id,
      author: null,
      byApp: true,
      body: "x\n\n<!-- hotfix-guard:reminder 0 -->",
      url: "",
      createdAt: at("10:50:00"),
      updatedAt: at("10:50:00"),
    }));
    const { issue, pullRequest } = plans({ issue: { comments: twice }, input: { incident: doubled([9]) } });
    const deleted = ({ actions }: Plan) => actions.filter(({ type }) => type === "delete-comment");
    expect(deleted(issue)).toMatchObject([{ number: 57, commentId: 8 }]);
    expect(deleted(pullRequest)).toMatchObject([{ number: 42, commentId: 9 }]);
  });

  it.each<[string, Partial<NonNullable<PostMortemInput["incident"]>>]>([
    ["where comments are not wanted", { policy: { ...POLICY, communication: { status_comment: false } } }],
    ["where the one that is there could not be read", { pullRequest: unreadComment() }],
    ["of an open pull request", { snapshot: opened() }],
    ["of what is no hotfix any more", { verdict: { ...made.verdict, kind: "ordinary" } as never }],
  ])("writes no status comment %s", (_, more) => {
    const incident = { ...made, policy: POLICY, pullRequest: readComment(), ...more };
    expect(plans({ input: { incident } }).pullRequest.actions).toEqual([]);
  });

  it("says in the status comment how it ended", () => {
    const said = ({ actions }: Plan) =>
      actions.flatMap((action) => (action.type === "upsert-status-comment" ? [action.body] : [])).join();
    expect(said(plans({ issue: closed(COMPLETE) }).pullRequest)).not.toBe(said(plans({}).pullRequest));
    expect(said(plans({}).pullRequest)).toContain("https://github.example/kamiyo/api/issues/57");
  });
});

function readComment(): NonNullable<NonNullable<PostMortemInput["incident"]>["pullRequest"]> {
  const answers = { known: true, value: new Set<string>() } as const;
  return { number: 42, collected: { statusComment: { known: true, value: null }, answers } };
}

function unreadComment() {
  const { number, collected } = readComment();
  return { number, collected: { ...collected, statusComment: unknown("the comments: 502") } };
}

function doubled(ids: readonly number[]): NonNullable<PostMortemInput["incident"]> {
  const { number, collected } = readComment();
  return { ...made, policy: POLICY, pullRequest: { number, collected: { ...collected, doubled: ids } } };
}

function opened() {
  const pullRequest = { ...made.snapshot.pullRequest, state: "open", merged: null } as const;
  return { ...made.snapshot, pullRequest };
}
