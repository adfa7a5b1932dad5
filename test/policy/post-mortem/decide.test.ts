import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import { completenessOf } from "../../../src/policy/post-mortem/completeness.ts";
import { lifeOf, type PostMortemSnapshot } from "../../../src/policy/post-mortem/decide.ts";
import { managerRoles, nextReminderAt } from "../../../src/policy/post-mortem/reminders.ts";

const POLICY = defaultPolicy();
const DUE = "2025-10-15T10:30:00Z";
const COMPLETE = `## Incident Summary

- **Impact:** payments failed

## Timeline

| Time | What | Who |
| - | - | - |
| 2025-10-14 10:30 UTC | Merged | \`john\` |

## Root Cause

**From the commit:**

> wrong encoding

**What led to it:** a default

## Resolution

Encoding set.

## Prevention

- [x] Add test coverage: done

## Action Items

- [ ] Test secrets with umlauts – @john – 2025-10-21
`;
const JOHN = { login: "john", type: "User" } as const;
const BOT = { login: "stale[bot]", type: "Bot" } as const;
const APP = { login: "hotfix-guard[bot]", type: "Bot" } as const;

/** An open, complete post-mortem, an hour after the merge. */
function snapshot(more: Partial<PostMortemSnapshot> = {}): PostMortemSnapshot {
  return {
    body: COMPLETE,
    ownForm: false,
    reviewOwed: known(false),
    backMerges: {},
    observedAt: "2025-10-14T11:30:00Z",
    createdAt: "2025-10-14T10:31:00Z",
    state: "open",
    labels: ["post-mortem"],
    due: DUE,
    closings: [],
    reopenings: [],
    labelEvents: [],
    notices: [],
    override: null,
    unverifiedSince: null,
    ...more,
  };
}

const closed = (at: string, actor: typeof JOHN | typeof BOT = JOHN) =>
  ({ state: "closed", closings: [{ at, actor, byApp: false }], observedAt: at }) as const;
const INCOMPLETE = COMPLETE.replace("a default", "_To be written: the conditions_");
const reopened = (...times: readonly string[]) => times.map((at) => ({ at, actor: APP, byApp: true }));

describe("closing", () => {
  it.each<[string, Partial<PostMortemSnapshot>, object]>([
    ["open: nothing", {}, { do: "nothing" }],
    [
      "complete, in time",
      closed("2025-10-15T10:00:00Z"),
      { do: "finish", end: { closedAt: "2025-10-15T10:00:00Z", onTime: true, complete: true } },
    ],
    ["complete, late", closed("2025-10-15T10:30:01Z"), { do: "finish", end: { onTime: false } }],
    ["incomplete", { ...closed("2025-10-15T10:00:00Z"), body: INCOMPLETE }, { do: "reopen" }],
    [
      "a review still owed",
      { ...closed("2025-10-15T10:00:00Z"), reviewOwed: known(true) },
      { do: "reopen", closedAt: "2025-10-15T10:00:00Z" },
    ],
    [
      "not back in develop",
      { ...closed("2025-10-15T10:00:00Z"), backMerges: { develop: known(false) } },
      { do: "reopen" },
    ],
    [
      "not known whether a review is owed",
      { ...closed("2025-10-15T10:00:00Z"), reviewOwed: unknown("502") },
      { do: "wait" },
    ],
    ["closed, the event not there yet", { state: "closed" }, { do: "wait" }],
    [
      "a bot for the third time within a day",
      {
        ...closed("2025-10-15T10:00:00Z", BOT),
        body: INCOMPLETE,
        reopenings: reopened("2025-10-15T01:00:00Z", "2025-10-15T02:00:00Z"),
      },
      { do: "reopen" },
    ],
    [
      "a bot for the fourth time within a day",
      {
        ...closed("2025-10-15T10:00:00Z", BOT),
        body: INCOMPLETE,
        reopenings: reopened("2025-10-15T01:00:00Z", "2025-10-15T02:00:00Z", "2025-10-15T03:00:00Z"),
      },
      { do: "leave" },
    ],
    [
      "a person for the fourth time",
      {
        ...closed("2025-10-15T10:00:00Z"),
        body: INCOMPLETE,
        reopenings: reopened("2025-10-15T01:00:00Z", "2025-10-15T02:00:00Z", "2025-10-15T03:00:00Z"),
      },
      { do: "reopen" },
    ],
    [
      "a bot again, a day later",
      {
        ...closed("2025-10-17T10:00:00Z", BOT),
        body: INCOMPLETE,
        reopenings: reopened("2025-10-15T01:00:00Z", "2025-10-15T02:00:00Z", "2025-10-15T03:00:00Z"),
      },
      { do: "reopen" },
    ],
    ["let pass while open", { body: INCOMPLETE, override: { at: "2025-10-14T11:00:00Z" } }, { do: "close" }],
    [
      "let pass and closed",
      {
        ...closed("2025-10-14T11:00:05Z"),
        body: INCOMPLETE,
        override: { at: "2025-10-14T11:00:00Z" },
      },
      { do: "finish", end: { complete: false } },
    ],
    [
      "let pass, closed and opened again by a person",
      {
        body: INCOMPLETE,
        override: { at: "2025-10-14T11:00:00Z" },
        closings: [{ at: "2025-10-14T11:00:05Z", actor: APP, byApp: true }],
      },
      { do: "nothing" },
    ],
  ])("%s", (_, more, next) => expect(lifeOf(snapshot(more), POLICY).next).toMatchObject(next));
});

it("stays closed unfinished where it is not to be opened again", () => {
  const leaves = { ...POLICY, post_mortem: { ...POLICY.post_mortem, reopen: false } };
  const unfinished = snapshot({ ...closed("2025-10-15T10:00:00Z"), body: "nothing" });
  expect(lifeOf(unfinished, POLICY).next.do).toBe("reopen");
  expect(lifeOf(unfinished, leaves).next).toMatchObject({
    do: "finish",
    end: { onTime: true, complete: false },
  });
  const undecided = snapshot({ ...closed("2025-10-15T10:00:00Z"), reviewOwed: unknown("the reviews") });
  expect(lifeOf(undecided, leaves).next.do).toBe("wait");
});

describe("left closed unfinished", () => {
  const left = (more: Partial<PostMortemSnapshot> = {}) =>
    lifeOf(
      snapshot({
        ...closed("2025-10-15T10:00:00Z", BOT),
        body: INCOMPLETE,
        reopenings: reopened("2025-10-15T01:00:00Z", "2025-10-15T02:00:00Z", "2025-10-15T03:00:00Z"),
        ...more,
      }),
      POLICY,
    );

  it("is opened again a day after it was first opened again, and told of once", () => {
    const againAt = Date.parse("2025-10-16T01:00:01Z");
    expect(left()).toMatchObject({ next: { do: "leave", againAt }, tellsLeft: true });
    const notice = (kind: string) => ({ notices: [{ kind, key: "1", at: "2025-10-15T10:00:05Z" }] });
    expect(left(notice("left-closed")).tellsLeft).toBe(false);
    expect(left(notice("reminder")).tellsLeft).toBe(true);
    expect(lifeOf(snapshot(), POLICY).tellsLeft).toBe(false);
  });

  it("is looked at again then, when nobody is reminded any more", () => {
    const reopenings = reopened("2025-10-30T01:00:00Z", "2025-10-30T02:00:00Z", "2025-10-30T03:00:00Z");
    const late = closed("2025-10-30T10:00:00Z", BOT);
    expect(left({ ...late, reopenings }).nextAt).toBe(Date.parse("2025-10-31T01:00:01Z"));
    expect(left({ ...late, body: COMPLETE }).nextAt).toBeNull();
  });

  it("counts whoever is gone as a bot", () => {
    const closings = [{ at: "2025-10-15T10:00:00Z", actor: null, byApp: false }];
    expect(left({ closings }).next.do).toBe("leave");
  });

  it("is opened again at once where people were the ones who opened it again", () => {
    const reopenings = [1, 2, 3].map((hour) => ({
      at: `2025-10-15T0${hour}:00:00Z`,
      actor: JOHN,
      byApp: false,
    }));
    expect(left({ reopenings })).toMatchObject({ next: { do: "reopen" }, tellsLeft: false });
  });

  it("is reminded of as an open one is, one that is let pass is not", () => {
    const late = { observedAt: "2025-10-15T10:30:00Z" };
    const more = {
      reopenings: reopened("2025-10-15T01:00:00Z", "2025-10-15T02:00:00Z", "2025-10-15T03:00:00Z"),
    };
    expect(left({ ...late, ...more })).toMatchObject({
      reminder: { reminder: { id: "due" } },
      overdueLabel: "add",
    });
    const override = { at: "2025-10-15T10:29:00Z" };
    expect(lifeOf(snapshot({ ...late, body: INCOMPLETE, override }), POLICY)).toMatchObject({
      next: { do: "close" },
      reminder: null,
      overdueLabel: null,
    });
  });
});

describe("reminders", () => {
  const at = (observedAt: string, more: Partial<PostMortemSnapshot> = {}) =>
    lifeOf(snapshot({ observedAt, ...more }), POLICY).reminder;
  const posted = (key: string, time: string) => ({ notices: [{ kind: "reminder", key, at: time }] });

  it.each<[string, string, Partial<PostMortemSnapshot>, string | null]>([
    ["before its time", "2025-10-15T06:29:59Z", {}, null],
    ["4 h before", "2025-10-15T06:30:00Z", {}, "before-14400"],
    ["posted", "2025-10-15T06:31:00Z", posted("before-14400", "2025-10-15T06:30:05Z"), null],
    [
      "posted by a clock that is early",
      "2025-10-15T06:31:00Z",
      posted("before-14400", "2025-10-15T06:29:58Z"),
      null,
    ],
    [
      "another right at its time",
      "2025-10-15T06:31:00Z",
      posted("before-18000", "2025-10-15T06:30:00Z"),
      null,
    ],
    [
      "a notice of another kind",
      "2025-10-15T06:31:00Z",
      { notices: [{ kind: "verify", key: "before-14400", at: "2025-10-15T06:30:05Z" }] },
      "before-14400",
    ],
    ["a sweep that is late", "2025-10-15T09:00:00Z", {}, "before-14400"],
    ["due", "2025-10-15T10:30:00Z", posted("before-14400", "2025-10-15T06:30:05Z"), "due"],
    ["a day late, the earlier ones missed", "2025-10-16T10:30:00Z", {}, "overdue-1"],
    ["three days late: only the newest", "2025-10-18T11:00:00Z", {}, "overdue-3"],
    ["a week at most", "2025-11-15T11:00:00Z", posted("overdue-7", "2025-10-22T10:30:04Z"), null],
    [
      "another key after its time: the configuration changed",
      "2025-10-15T06:40:00Z",
      posted("before-18000", "2025-10-15T06:35:00Z"),
      null,
    ],
    ["opened after its time", "2025-10-18T11:00:00Z", { createdAt: "2025-10-18T10:59:00Z" }, null],
    ["closed", "2025-10-16T11:00:00Z", closed("2025-10-15T10:00:00Z"), null],
  ])("%s", (_, now, more, id) => expect(at(now, more)?.reminder.id ?? null).toBe(id));

  it("are none with an empty list; the label is set all the same", () => {
    const none = { ...POLICY, post_mortem: { ...POLICY.post_mortem, remind: [] } };
    for (const observedAt of ["2025-10-15T10:30:00Z", "2025-10-16T10:30:00Z", "2025-10-20T10:30:00Z"])
      expect(lifeOf(snapshot({ observedAt }), none)).toMatchObject({ reminder: null, overdueLabel: "add" });
    expect(nextReminderAt(DUE, "2025-10-14T11:30:00Z", none)).toBe(Date.parse(DUE));
    expect(nextReminderAt(DUE, "2025-10-15T10:31:00Z", none)).toBeNull();
  });

  it("say how long is left, or how late it is", () => {
    const hours = (observedAt: string) => (at(observedAt)?.reminder.left ?? Number.NaN) / 3_600_000;
    expect(hours("2025-10-15T07:00:00Z")).toBe(4);
    expect(hours("2025-10-17T12:00:00Z")).toBe(-48);
  });

  it("come in whatever order the configuration names the times", () => {
    const remind = [0, 4 * 3_600_000, 8 * 3_600_000];
    const policy = { ...POLICY, post_mortem: { ...POLICY.post_mortem, remind } };
    const found = (observedAt: string) => lifeOf(snapshot({ observedAt }), policy).reminder?.reminder.id;
    expect(found("2025-10-15T03:00:00Z")).toBe("before-28800");
    expect(found("2025-10-15T07:00:00Z")).toBe("before-14400");
    expect(found("2025-10-15T10:31:00Z")).toBe("due");
  });

  it("tell the manager once, a day after it was due", () => {
    expect(at("2025-10-15T10:30:00Z")?.escalates).toBe(false);
    expect(at("2025-10-16T10:30:00Z")?.escalates).toBe(true);
    const observed = lifeOf(snapshot({ observedAt: "2025-10-16T10:30:00Z" }), { ...POLICY, mode: "observe" });
    expect(observed.reminder).toMatchObject({ reminder: { id: "overdue-1" }, escalates: false });
    const notices = [
      { kind: "reminder", key: "overdue-1", at: "2025-10-16T10:30:01Z" },
      { kind: "escalated", key: "overdue-1", at: "2025-10-16T10:30:01Z" },
    ];
    expect(at("2025-10-17T10:30:00Z", { notices })).toMatchObject({
      reminder: { id: "overdue-2" },
      escalates: false,
    });
    expect(managerRoles(POLICY)).toEqual(["engineering-manager"]);
    expect(at("2025-10-17T10:30:00Z", { notices: notices.slice(0, 1) })?.escalates).toBe(true);
    expect(managerRoles({ ...POLICY, roles: {} })).toEqual(["cto"]);
    const escalation = [
      { severities: [], after: 7_200_000, notify: ["lead"] },
      { severities: [], after: 3_600_000, notify: ["on-call"] },
    ];
    expect(managerRoles({ ...POLICY, roles: {}, escalation })).toEqual(["lead"]);
    expect(managerRoles({ ...POLICY, roles: {}, escalation: [] })).toEqual([]);
  });

  it("say when to look again", () => {
    const next = (now: string) => nextReminderAt(DUE, now, POLICY);
    expect(next("2025-10-14T10:30:00Z")).toBe(Date.parse("2025-10-15T06:30:00Z"));
    expect(next("2025-10-15T10:30:00Z")).toBe(Date.parse("2025-10-16T10:30:00Z"));
    expect(next("2025-10-22T10:30:00Z")).toBeNull();
  });
});

describe("the label of what is overdue", () => {
  const event = (kind: "labeled" | "unlabeled", byApp: boolean) => ({
    event: kind,
    label: "post-mortem:overdue",
    actor: byApp ? APP : JOHN,
    byApp,
    at: DUE,
  });
  const late = { observedAt: DUE } as const;
  it.each<[string, Partial<PostMortemSnapshot>, string | null]>([
    ["before", { observedAt: "2025-10-15T10:29:59Z" }, null],
    ["due", late, "add"],
    ["another label on", { ...late, labels: ["post-mortem", "post-mortem:overdue"] }, null],
    ["on already", { ...late, labels: ["post-mortem:overdue"] }, null],
    ["taken off by a person", { ...late, labelEvents: [event("unlabeled", false)] }, null],
    ["taken off by the app, opened again", { ...late, labelEvents: [event("unlabeled", true)] }, "add"],
    ["done", { ...closed("2025-10-15T11:00:00Z"), labels: ["Post-Mortem:Overdue"] }, "remove"],
  ])("%s", (_, more, label) => expect(lifeOf(snapshot(more), POLICY).overdueLabel).toBe(label));
});

describe("completeness", () => {
  const missing = (body: string, ownForm = false) =>
    completenessOf({ body, ownForm, reviewOwed: known(false), backMerges: {} }).missing.map((one) =>
      one.kind === "action-item" ? `${one.kind}: ${one.lacks.join(", ")}` : one.kind,
    );
  it.each<[string, string, readonly string[]]>([
    ["complete", COMPLETE, []],
    ["with line ends of Windows", COMPLETE.replaceAll("\n", "\r\n"), []],
    ["a placeholder", INCOMPLETE, ["placeholders"]],
    ["with other marks", INCOMPLETE.replaceAll(/_(To[^_]*)_/g, "*$1*"), ["placeholders"]],
    [
      "a placeholder in code is none",
      COMPLETE.replace("Encoding set.", "Set.\n```\n_To be written: x_\n```"),
      [],
    ],
    ["everything deleted", "", Array(6).fill("empty-section")],
    ["a section deleted", COMPLETE.replace("## Resolution", ""), ["empty-section"]],
    ["a section emptied", COMPLETE.replace("Encoding set.", "\n"), ["empty-section"]],
    ["another heading of the same", COMPLETE.replace("## Root Cause", "## The root cause analysis"), []],
    ["nothing behind a label", COMPLETE.replace(" a default", ""), ["empty-label"]],
    ["TBD behind a label", COMPLETE.replace("a default", "TBD"), ["empty-label"]],
    ["nothing behind an item", COMPLETE.replace("coverage: done", "coverage:"), ["empty-label"]],
    ["no assignee", COMPLETE.replace("@john", "john"), ["action-item: assignee"]],
    ["an address is no assignee", COMPLETE.replace("@john", "me@john.de"), ["action-item: assignee"]],
    ["no deadline", COMPLETE.replace("2025-10-21", "soon"), ["action-item: deadline"]],
    ["neither", COMPLETE.replace("@john – 2025-10-21", "someone"), ["action-item: assignee, deadline"]],
    ["a date in words", COMPLETE.replace("2025-10-21", "21 October"), []],
    ["a date with dots", COMPLETE.replace("2025-10-21", "21.10.2025"), []],
    ["on the next line", COMPLETE.replace("– @john", "–\n  @john"), []],
  ])("%s", (_, body, expected) => expect(missing(body)).toEqual(expected));

  it("of a form of one's own asks for no sections", () => expect(missing("All said.", true)).toEqual([]));

  it("is linear", () => {
    const start = process.cpuUsage().user;
    missing("**x:** ".repeat(9_000) + "- [ ] a:\n".repeat(1_000) + "_To be written: ".repeat(4_000));
    expect((process.cpuUsage().user - start) / 1_000).toBeLessThan(1_500);
  });
});
