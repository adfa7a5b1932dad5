import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import type { PostMortemInput } from "../../src/plan/post-mortem/input.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import type { PostMortemIssue } from "../../src/policy/post-mortem/issue.ts";
import { AUTHOR, at } from "../support/snapshot.ts";
import { COMPLETE, closed, POLICY, plans } from "./post-mortem-support.ts";

const policy = {
  ...POLICY,
  post_mortem: {
    ...POLICY.post_mortem,
    action_items: { ...POLICY.post_mortem.action_items, as_issues: true },
  },
};
const [ITEM = ""] = COMPLETE.match(/^- \[x\] Test the secrets.*$/m) ?? [];
const OPEN = ITEM.replace("[x]", "[ ]");

/** A complete post-mortem with these items, as the app leaves it once it is closed. */
function ended(...items: readonly string[]): string {
  const body = COMPLETE.replace(ITEM, items.join("\n"));
  const { actions } = plans({ issue: closed(body), input: { policy } }).issue;
  return actions.flatMap((action) => (action.type === "update-issue-body" ? [action.body] : []))[0] ?? "";
}

const YES = { john: known(true), jane: known(true) };

function planned(
  body: string,
  {
    assignable = YES,
    issue = {},
    settings = policy,
  }: {
    assignable?: PostMortemInput["assignable"] & {};
    issue?: Partial<PostMortemIssue>;
    settings?: typeof policy;
  } = {},
): Plan {
  return plans({ issue: { ...closed(body), ...issue }, input: { policy: settings, assignable } }).issue;
}

const opened = ({ actions }: Plan) =>
  actions.flatMap((action) => (action.type === "open-action-issues" ? [action] : []));

describe("action items that become issues", () => {
  it("are opened once the post-mortem is closed, complete, and written as it ended", () => {
    const body = ended(OPEN, ITEM);
    const [action] = opened(planned(body));
    expect(action).toMatchObject({ number: 57, from: body, since: at("10:31:00") });
    expect(action?.items).toMatchObject([
      {
        line: body.split("\n").indexOf(OPEN),
        marker: expect.stringMatching(/^<!-- hotfix-guard:action-item-of kamiyo\/api#57 .+ -->$/),
        title: expect.stringContaining("Test the secrets"),
        assignees: ["john"],
      },
    ]);
    expect(action?.items[0]?.body).toContain("https://github.example/kamiyo/api/issues/57");
  });

  it("whatever ends its lines have", () => {
    expect(opened(planned(ended(OPEN).replaceAll("\n", "\r\n")))).toHaveLength(1);
  });

  it("are looked at again after the body was brought up to date, and after some were opened", () => {
    const before = plans({ issue: closed(COMPLETE.replace(ITEM, OPEN)), input: { policy } }).issue;
    expect(before.actions.map(({ type }) => type)).toEqual(["update-issue-body"]);
    expect(before.jobs).toMatchObject([{ key: { number: 57 }, after: { type: "update-issue-body" } }]);
    expect(planned(ended(OPEN)).jobs).toMatchObject([{ after: { type: "open-action-issues" } }]);
    // Nothing is left to be opened.
    const done = plans({ issue: closed(COMPLETE), input: { policy } }).issue;
    expect(done.jobs).toEqual([]);
  });

  it.each<[string, Plan]>([
    ["where that is not configured", planned(ended(OPEN), { settings: POLICY as typeof policy })],
    ["of an open post-mortem", planned(ended(OPEN), { issue: { state: "open", closings: [] } })],
    ["of one that is to be reopened", planned(ended(OPEN).replace("known now", "_TODO: when_"))],
    ["that are done", planned(ended(ITEM))],
    ["that name an issue already", planned(ended(OPEN.replace("Test", "#71 Test")))],
    ["without a day", planned(ended(OPEN.replace("2026-12-01", "some time").replace("@john", "@john #71")))],
    [
      "whose owner could not be asked about",
      planned(ended(OPEN), { assignable: { john: unknown("whether john can be assigned: 502") } }),
    ],
    ["whose owner was not asked about", planned(ended(OPEN), { assignable: {} })],
  ])("are not opened: %s", (_, plan) => {
    expect(opened(plan)).toEqual([]);
  });

  it("are assigned to those who can be, whatever case their names are written in, ten at most", () => {
    const names = Array.from({ length: 12 }, (_, i) => `dev${i}`);
    const all = OPEN.replace("@john", ["@John", "@jane", ...names.map((name) => `@${name}`)].join(" "));
    const assignable = {
      john: known(true),
      jane: known(false),
      ...Object.fromEntries(names.map((name) => [name, known(true)])),
    };
    const [action] = opened(planned(ended(all), { assignable }));
    const assignees = action?.items[0]?.assignees ?? [];
    expect(assignees).toHaveLength(10);
    expect(assignees[0]?.toLowerCase()).toBe("john");
    expect(assignees).not.toContain("jane");
  });

  it("one of several owners could not be asked about: none is opened", () => {
    const two = OPEN.replace("@john", "@john @jane");
    const plan = planned(ended(two), { assignable: { john: known(true), jane: unknown("502") } });
    expect(opened(plan)).toEqual([]);
  });
});

describe("reminders of action items", () => {
  const due = "2026-12-01T08:00:00Z";
  const comments = ({ actions }: Plan) =>
    actions.flatMap((action) => (action.type === "post-answer" ? [action.body] : []));
  const at = (issue: Partial<PostMortemIssue>, input: Partial<PostMortemInput> = {}) =>
    plans({ issue, observedAt: due, input }).issue;
  const open = COMPLETE.replace(ITEM, OPEN);
  const closings = [{ at: "2025-10-14T12:00:00Z", actor: AUTHOR, byApp: false }];

  it("are not posted on a post-mortem that is about to be reopened, or of which too little is known", () => {
    const unfinished = open.replace("known now", "_TODO: when_");
    expect(comments(at({ ...closed(unfinished), closings })).join()).not.toContain("Action item");
    // GitHub shows it closed, and no closing yet.
    expect(comments(at({ state: "closed", body: open, closings: [] })).join()).not.toContain("Action item");
  });

  it("on an open post-mortem beside its own reminder", () => {
    expect(comments(at({ body: open })).join("\n")).toContain("**Action item due:**");
  });

  it("wait for the issue that keeps one", () => {
    const linked = { body: COMPLETE.replace(ITEM, OPEN.replace("Test", "#71 Test")) };
    const issues = { "71": unknown("the issue #71: 502") };
    const unread = { ...linked, actionIssues: { repository: "kamiyo/api", issues } };
    const plan = at({ state: "closed", closings, ...unread });
    expect([comments(plan), plan.retry]).toEqual([[], "later"]);
  });

  it("say whom they are about as long as the body is what it was", () => {
    const [action] = at({ state: "closed", closings, body: open }).actions.filter(
      ({ type }) => type === "post-answer",
    );
    expect(action).toMatchObject({ from: { state: "closed" } });
    const bodies = action?.type === "post-answer" ? action.from?.bodies : [];
    expect(bodies).toContain(open);
    expect(bodies).toHaveLength(2);
  });
});
