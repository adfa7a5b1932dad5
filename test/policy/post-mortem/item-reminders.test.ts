import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import type { ActionIssues } from "../../../src/policy/post-mortem/action-items.ts";
import {
  datedItems,
  itemsDue,
  mayHaveItemDue,
  nextItemAt,
  overdueTimes,
} from "../../../src/policy/post-mortem/item-reminders.ts";
import type { Notice } from "../../../src/policy/post-mortem/reminders.ts";

const POLICY = defaultPolicy();
const body = (...items: readonly string[]) => `## Action Items\n\n${items.join("\n")}\n`;
const ITEM = "- [ ] Alert on 5xx – @jane-doe – 2025-10-20";

function items(text: string, issues: ActionIssues = {}) {
  return datedItems(text, "kamiyo/api", issues);
}

describe("items that are to be reminded of", () => {
  test.each<[string, string, ActionIssues, string[]]>([
    ["an open box", ITEM, {}, ["2025-10-20 jane-doe"]],
    ["no box", "- Alert – @jane-doe – 20 October 2025", {}, ["2025-10-20 jane-doe"]],
    ["ticked", "- [x] Alert – @jane-doe – 2025-10-20", {}, []],
    ["struck through", "- [ ] ~~Alert – @jane-doe – 2025-10-20~~", {}, []],
    ["none", "- None", {}, []],
    ["no date", "- [ ] Alert – @jane-doe", {}, []],
    ["a date that can be read in two ways", "- [ ] Alert – @jane-doe – 10/11/2025", {}, []],
    ["still to be written", "- [ ] _TODO: task_ – @jane-doe – 2025-10-20", {}, []],
    ["a team", "- [ ] Alert – @kamiyo/payments – 2025-10-20", {}, ["2025-10-20 "]],
    ["an address", "- [ ] Mail ops@example.com – 2025-10-20", {}, ["2025-10-20 "]],
    [
      "an issue with owner and milestone",
      "- [ ] #4",
      {
        4: known({ closed: false, assigned: true, scheduled: true, assignees: ["rita"], due: "2025-10-21" }),
      },
      ["2025-10-21 rita"],
    ],
    [
      "an issue that is closed",
      `${ITEM} #4`,
      { 4: known({ closed: true, assigned: true, scheduled: true }) },
      [],
    ],
    ["an issue that could not be read", `${ITEM} #4`, { 4: unknown("x") }, ["2025-10-20 jane-doe"]],
    ["an issue that is gone", `${ITEM} #4`, { 4: known(null) }, ["2025-10-20 jane-doe"]],
  ])("%s", (_, item, issues, expected) => {
    expect(items(body(item), issues).map(({ due, owners }) => `${due} ${owners.join(",")}`)).toEqual(
      expected,
    );
  });
});

test("fifty items at most", () => {
  expect(items(body(...Array.from({ length: 60 }, (_, i) => ITEM.replace("5xx", `${i}`))))).toHaveLength(50);
});

test("overdue once its day is over everywhere", () => {
  expect(overdueTimes(items(body(ITEM)))).toEqual([Date.parse("2025-10-21T12:00:00Z")]);
});

describe("when", () => {
  const CLOSED = "2025-10-15T10:00:00Z";
  const due = (observedAt: string, notices: readonly Notice[] = [], closedAt: string | null = CLOSED) =>
    itemsDue(
      {
        items: items(body(ITEM)),
        createdAt: "2025-10-14T10:31:00Z",
        closedAt,
        observedAt,
        notices,
      },
      POLICY,
    ).map(({ key }) => key.split("/").at(-1));
  const key = items(body(ITEM))[0]?.key;
  const told = (which: string, at: string, day = "2025-10-20"): Notice => ({
    kind: "action-item",
    key: `${key}/${day}/${which}`,
    at,
  });
  test.each<[string, string, readonly Notice[], string[]]>([
    ["two days before", "2025-10-18T23:59:59Z", [], []],
    ["a day before", "2025-10-19T00:00:00Z", [], ["before-86400"]],
    ["told", "2025-10-19T01:00:00Z", [told("before-86400", "2025-10-19T00:00:30Z")], []],
    ["at it", "2025-10-20T00:00:00Z", [told("before-86400", "2025-10-19T00:00:30Z")], ["due"]],
    ["missed before: only the newest", "2025-10-20T09:00:00Z", [], ["due"]],
    ["told at it", "2025-10-22T00:00:00Z", [told("due", "2025-10-20T00:00:30Z")], []],
    ["of another day: a new deadline", "2025-10-20T09:00:00Z", [told("due", CLOSED, "2025-10-16")], ["due"]],
    ["made up for within a week", "2025-10-26T23:00:00Z", [], ["due"]],
    [
      "told by a clock that is early",
      "2025-10-19T00:00:00Z",
      [told("before-86400", "2025-10-18T23:59:58Z")],
      [],
    ],
    [
      "told of another reminder after it",
      "2025-10-19T09:00:00Z",
      [told("before-172800", "2025-10-19T05:00:00Z")],
      [],
    ],
    [
      "told of another right at it",
      "2025-10-19T09:00:00Z",
      [told("before-172800", "2025-10-19T00:00:00Z")],
      [],
    ],
    [
      "told of another item",
      "2025-10-20T09:00:00Z",
      [{ kind: "action-item", key: "other/2025-10-20/due", at: "2025-10-20T00:00:30Z" }],
      ["due"],
    ],
    [
      "a notice of another kind",
      "2025-10-20T09:00:00Z",
      [{ ...told("due", "2025-10-20T00:00:30Z"), kind: "reminder" }],
      ["due"],
    ],
    ["later: no more", "2025-10-27T00:00:01Z", [], []],
  ])("%s", (_, now, notices, expected) => {
    expect(due(now, notices)).toEqual(expected);
  });

  test("closed on the day before: that day's reminder is left out, the day itself is not", () => {
    expect(due("2025-10-19T11:00:00Z", [], "2025-10-19T10:00:00Z")).toEqual([]);
    expect(due("2025-10-20T00:00:00Z", [], "2025-10-19T10:00:00Z")).toEqual(["due"]);
    expect(due("2025-10-20T09:00:00Z", [], "2025-10-20T08:00:00Z")).toEqual(["due"]);
  });

  test("how long it is until the day begins, or since it has", () => {
    const left = (observedAt: string) =>
      itemsDue(
        { items: items(body(ITEM)), createdAt: CLOSED, closedAt: null, observedAt, notices: [] },
        POLICY,
      ).map((one) => one.left / 3_600_000);
    expect(left("2025-10-19T01:00:00Z")).toEqual([23]);
    expect(left("2025-10-20T09:00:00Z")).toEqual([-9]);
  });

  test("in whatever order the configuration names the times", () => {
    const action_items = { ...POLICY.post_mortem.action_items, remind: [0, 24 * 3_600_000, 48 * 3_600_000] };
    const policy = { ...POLICY, post_mortem: { ...POLICY.post_mortem, action_items } };
    const input = {
      items: items(body(ITEM)),
      createdAt: "2025-10-14T10:31:00Z",
      closedAt: null,
      notices: [],
    };
    const found = (observedAt: string) =>
      itemsDue({ ...input, observedAt }, policy).map(({ key }) => key.split("/").at(-1));
    expect(found("2025-10-18T09:00:00Z")).toEqual(["before-172800"]);
    expect(found("2025-10-20T09:00:00Z")).toEqual(["due"]);
  });

  test("an item that an issue keeps is the same as before, whatever its number", () => {
    const keys = ["Alert on 5xx", "#6 Alert on 5xx", "#61 Alert on 5xx"].map(
      (text) => items(body(`- [ ] ${text} – 2025-10-20`))[0]?.key,
    );
    expect(new Set(keys).size).toBe(1);
    const other = ["Alert, see #61 there", "Alert, see there", "Alert, seethere"].map(
      (text) => items(body(`- [ ] ${text} – 2025-10-20`))[0]?.key,
    );
    expect(new Set(other).size).toBe(3);
  });

  test("an item worded anew or with another box is another one; its spaces say nothing", () => {
    const keys = [ITEM, ITEM.replace("5xx –", "5xx  –"), ITEM.replace("Alert", "Alarm")].map(
      (text) => items(body(text))[0]?.key,
    );
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test.each<[string, string | null]>([
    ["2025-10-15T10:00:00Z", "2025-10-19T00:00:00.000Z"],
    ["2025-10-19T00:00:00Z", "2025-10-20T00:00:00.000Z"],
    ["2025-10-19T10:00:00Z", "2025-10-20T00:00:00.000Z"],
    ["2025-10-20T10:00:00Z", "2025-11-19T00:00:00.000Z"],
    ["2025-11-20T10:00:00Z", null],
  ])("looked at again after %s: %s", (observedAt, expected) => {
    const at = nextItemAt({ items: items(body(ITEM)), observedAt }, POLICY);
    expect(at === null ? null : new Date(at).toISOString()).toBe(expected);
  });

  test("`remind: []`: never", () => {
    const action_items = { ...POLICY.post_mortem.action_items, remind: [] };
    const silent = { ...POLICY, post_mortem: { ...POLICY.post_mortem, action_items } };
    const input = { items: items(body(ITEM)), createdAt: CLOSED, closedAt: CLOSED, notices: [] };
    expect(itemsDue({ ...input, observedAt: "2025-10-20T09:00:00Z" }, silent)).toEqual([]);
    expect(nextItemAt({ ...input, observedAt: CLOSED }, silent)).toBe(null);
  });

  test.each<[string, boolean]>([
    ["2025-10-01T00:00:00Z", false],
    ["2025-10-19T00:00:00Z", true],
    ["2025-10-27T00:00:00Z", true],
    ["2025-11-20T00:00:00Z", false],
  ])("a list shows that it may be due at %s: %s", (now, expected) => {
    expect(mayHaveItemDue(body(ITEM), new Date(now))).toBe(expected);
    const later = ITEM.replace("2025-10-20", "2026-10-20");
    expect(mayHaveItemDue(body(later, ITEM), new Date(now))).toBe(expected);
  });
});
