import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/policy/fact.ts";
import { asAtMerge, titleAndLabelsAt } from "../../../src/policy/landing/at-merge.ts";
import type { LabelEvent } from "../../../src/policy/snapshot/history.ts";
import { MERGES, SITUATIONS } from "../../render/situations.ts";

const BEFORE = "2025-10-14T10:20:00Z";
const AFTER = "2025-10-14T10:31:00Z";
const LATER = "2025-10-14T10:32:00Z";
const label = (event: LabelEvent["event"], name: string, at: string): LabelEvent => {
  return { event, label: name, actor: { login: "mallory", type: "User" }, byApp: false, at };
};

/** Labels and title as they were at the merge, at 10:30. */
function atMerge(
  labels: readonly string[],
  events: readonly LabelEvent[],
  renamed: readonly { at: string; from: string }[] = [],
  { snapshot } = MERGES.ready(),
) {
  const { history } = snapshot;
  if (!history.known) throw new Error("the example has changed");
  const { pullRequest } = asAtMerge({
    ...snapshot,
    pullRequest: { ...snapshot.pullRequest, title: "Now", labels },
    history: { known: true, value: { ...history.value, labels: events, renamed } },
  });
  return [pullRequest.title, ...pullRequest.labels];
}

describe("what is changed after the merge", () => {
  it.each<[string, readonly string[], readonly LabelEvent[], readonly string[]]>([
    ["nothing", ["severity:P1"], [label("labeled", "severity:P1", BEFORE)], ["severity:P1"]],
    ["a label taken off", [], [label("unlabeled", "hotfix", AFTER)], ["hotfix"]],
    ["a label set", ["hotfix"], [label("labeled", "Hotfix", AFTER)], []],
    [
      "the severity made another",
      ["severity:P0"],
      [label("unlabeled", "severity:P1", AFTER), label("labeled", "severity:P0", LATER)],
      ["severity:P1"],
    ],
    [
      "off and on again",
      ["hotfix"],
      [label("unlabeled", "hotfix", AFTER), label("labeled", "hotfix", LATER)],
      ["hotfix"],
    ],
    ["on and off again", [], [label("labeled", "Hotfix", AFTER), label("unlabeled", "Hotfix", LATER)], []],
    [
      "nothing, and the label was set before",
      ["hotfix", "severity:P1"],
      [label("labeled", "severity:P1", BEFORE), label("labeled", "Hotfix", BEFORE)],
      ["hotfix", "severity:P1"],
    ],
    [
      "a label renamed to the one that makes a hotfix",
      ["Hotfix", "severity:P1"],
      [label("labeled", "emergency", BEFORE), label("labeled", "severity:P1", BEFORE)],
      ["severity:P1"],
    ],
  ])("labels: %s", (_, now, events, then) => expect(atMerge(now, events).slice(1)).toEqual(then));

  it("the title", () => {
    expect(atMerge([], [], [{ at: BEFORE, from: "First" }])[0]).toBe("Now");
    const renamed = [
      { at: BEFORE, from: "First" },
      { at: AFTER, from: "HOTFIX: Fix it" },
      { at: LATER, from: "Then" },
    ];
    expect(atMerge([], [], renamed)[0]).toBe("HOTFIX: Fix it");
  });

  it("of an open pull request everything is as it is now", () => {
    const events = [label("unlabeled", "hotfix", AFTER)];
    expect(atMerge(["x"], events, [{ at: AFTER, from: "Then" }], SITUATIONS.ready())).toEqual(["Now", "x"]);
  });

  const { snapshot: merged } = MERGES.ready();
  const { snapshot: open } = SITUATIONS.ready();

  it("of one that was a hotfix then, it has the label whatever its signs say now", () => {
    const { labels } = merged.pullRequest;
    expect(asAtMerge(merged, true).pullRequest.labels).toEqual([...labels, "hotfix"]);
    expect(asAtMerge(open, true)).toBe(open);
  });

  it("is not known where the timeline could not be read", () => {
    const unread = { ...merged, history: unknown("502") };
    expect(asAtMerge(unread)).toBe(unread);
  });

  it("titles of a timeline that tells of none are as they are", () => {
    if (!merged.history.known) throw new Error("the example has changed");
    const { renamed: _, ...history } = merged.history.value;
    expect(titleAndLabelsAt(merged.pullRequest, history).title).toBe(merged.pullRequest.title);
    const ofOpen = titleAndLabelsAt({ title: "Now", labels: ["x"], merged: null }, history);
    expect(ofOpen).toEqual({ title: "Now", labels: ["x"] });
  });
});
