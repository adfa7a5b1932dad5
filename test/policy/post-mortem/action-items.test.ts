import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import {
  actionItems,
  areAllOwnedAndDated,
  isElsewhere,
  isOwnedAndDated,
  issueIn,
  issuesNamedByItems,
  lackOf,
} from "../../../src/policy/post-mortem/action-items.ts";

const items = (text: string, alsoInText = true) => actionItems(text.split("\n"), alsoInText);

describe("the items of a section", () => {
  it.each<[string, string, readonly string[]]>([
    ["a list", "- [ ] a\n- [x] b\n* c\n1. d\n2) e", ["a", "b", "c", "d", "e"]],
    ["items over several lines", "- a\n  more\n\tand more\n- b", ["a more and more", "b"]],
    ["lists below an item", "- a\n  - below\n- b", ["a - below", "b"]],
    ["a blank line within an item", "- a\n\n  more", ["a more"]],
    ["a paragraph behind a list", "- a\nText at the margin\n  indented", ["a"]],
    ["a list two spaces from the margin", "  - a\n  - b\n    - below", ["a", "b - below"]],
    ["a list that comes back to the margin", "   - a\n- b\n - c", ["a", "b", "c"]],
    ["spaces alone within an item", "- a\n \n  more", ["a more"]],
    ["a line at the margin with two spaces in it", "- a\nText  at the margin", ["a"]],
    ["words struck through", "- <del>the alert on the queue</del>\n- b<s>c</s>d ~~e~~", ["b d"]],
    ["four words behind what is struck", "- ~~a~~ – done  by the  queue", []],
    ["more than that", "- ~~a~~ – replaced by the new alert", ["replaced by the new alert"]],
    ["struck text without a list", "  ~~a~~ done", []],
    ["what is struck through", "- ~~a~~\n- b ~~c~~ d", ["b   d"]],
    ["struck in HTML", "- <del>a</del>\n- <s>b</s> c <strike>d</strike>\n- <del>e</del>", []],
    ["a remark behind what is struck", "- ~~a~~ – not needed any more", []],
    [
      "more than a remark",
      "- ~~a~~ replaced by the new alert on queues",
      ["replaced by the new alert on queues"],
    ],
    ["an owned item behind what is struck", "- ~~a~~ b @jane", ["b @jane"]],
    ["said that there are none", "- None\n- n/a\n- Keine\n- なし", []],
    ["none of something", "- None of the alerts fired: add one", ["None of the alerts fired: add one"]],
    ["signs alone", "- …\n- ---", []],
    ["a table", "| Task | Owner |\n| --- | --- |\n| a | Jane |\n| b | |", ["a – Owner: Jane", "b"]],
    [
      "a table without outer bars",
      "Task | Owner\n--- | ---\na | Jane\n\nafter | it",
      ["a – Owner: Jane", "after | it"],
    ],
    [
      "two tables",
      "| Task |\n| --- |\n| a |\n\n| Who | Task |\n|---|---|\n| Jane | b |",
      ["a", "Who: Jane – b"],
    ],
    ["a table without a head", "| a | Jane\n  | b |", ["a – Jane", "b"]],
    ["an indented row", "| Task | Who |\n|---|---|\n  | a | Jane |", ["a – Who: Jane"]],
    ["a row of nothing", "| a | Jane |\n| | |\n| b | |", ["a – Jane", "b"]],
    ["a paragraph right above a table", "Add an alert:\n|---|---|\n| b |", ["Add an alert:", "b"]],
    ["a bar in a paragraph", "Alert on a | b", ["Alert on a | b"]],
    ["paragraphs a blank line apart", "a\n\nb\n \nc", ["a", "b", "c"]],
    ["a number in a paragraph", "Add the alert, #7", ["Add the alert, #7"]],
    [
      "paragraphs",
      "Add an alert,\n  by Jane\n\n### Later\nAnother one",
      ["Add an alert, by Jane", "Another one"],
    ],
  ])("%s", (_, text, found) => expect(items(text)).toEqual(found));

  it("text counts only where it is asked for, and where there is no list", () => {
    expect(items("Add an alert", false)).toEqual([]);
    expect(items("Intro\n\n- a")).toEqual(["a"]);
  });

  it("those that are ticked may be left out; what stands beside a list is none all the same", () => {
    const open = (text: string) => actionItems(text.split("\n"), true, false);
    expect(open("  - [x] a\n  - [ ] b\n    - [x] below")).toEqual(["b - [x] below"]);
    expect(open("- [ ] a\n- [x] b\n\n  by @jane")).toEqual(["a"]);
    expect(open("- [X] a\n\nAll done by @jane, 2025-10-20")).toEqual([]);
  });

  it("two hundred, and 20,000 characters of them", () => {
    expect(items(Array.from({ length: 250 }, (_, i) => `- i${i}`).join("\n"))).toHaveLength(200);
    expect(items(Array.from({ length: 20 }, () => `- ${"x".repeat(3_000)}`).join("\n"))).toHaveLength(10);
  });
});

describe("what an item lacks", () => {
  const issues = {
    "7": known({ closed: false, assigned: true, scheduled: false }),
    "8": known({ closed: true, assigned: false, scheduled: false }),
    "9": known(null),
    "10": unknown("502"),
    "11": known({ closed: false, assigned: false, scheduled: true }),
  };
  it.each<[string, unknown]>([
    ["a – @jane – 2025-10-20", known([])],
    ["a – @jane", known(["deadline"])],
    ["a – 2025-10-20", known(["assignee"])],
    ["a", known(["assignee", "deadline"])],
    ["_TODO: what, who, by when_", known([])],
    ["_TODO: what_ – @jane", known(["deadline"])],
    ["a #7", known(["deadline"])],
    ["a #8", known([])],
    ["a #9", known(["assignee", "deadline"])],
    ["a #10", unknown("502")],
    ["a #11", known(["assignee"])],
    ["a #12", known(["assignee", "deadline"])],
    ["a Kamiyo/API#8", known([])],
    ["a kamiyo/web#8", known([])],
    ["a https://github.example/kamiyo/api/issues/8", known([])],
    ["a (PAY-12)", known([])],
    ["a in UTF-8", known(["assignee", "deadline"])],
  ])("%s", (text, lacks) => expect(lackOf(text, "kamiyo/api", issues)).toEqual(lacks));

  it.each([
    ["a – Owner: Jane – 2025-10-20", true],
    ["a – owner: nobody – 2025-10-20", false],
    ["a – Jane Doe – 2025-10-20", true],
    ["a | 2025-10-20 | Jane", true],
    ["a | Jane | | 2025-10-20", true],
    ["a – Jane – b – 2025-10-20", false],
    ["a – owner: 2 people – 2025-10-20", false],
    ["Jane – a – 2025-10-20", false],
    ["a – soon – 2025-10-20", false],
    ["a – High – 2025-10-20", false],
    ["a（田中、2025-10-20）", true],
    ["mail ops@acme.com by 2025-10-20", false],
    ["a ([Jane](https://github.example/jane)) 2025-10-20", true],
  ])("%s has both: %s", (text, both) => expect(isOwnedAndDated(text)).toBe(both));

  it.each<[string, number | null, boolean]>([
    ["a #7", 7, false],
    ["a kamiyo/api#7", 7, false],
    ["a KAMIYO/api#7", 7, false],
    ["a kamiyo/web#7", null, true],
    ["a https://github.example/kamiyo/web/pull/7", null, true],
    ["a &#7;", null, false],
    ["see PAY-7", null, true],
    ["a https://tracker.example/browse/PAY-7", null, true],
    ["a", null, false],
  ])("%s names the issue %s, elsewhere: %s", (text, number, elsewhere) => {
    expect(issueIn(text, "kamiyo/api")).toBe(number);
    expect(isElsewhere(text, "kamiyo/api")).toBe(elsewhere);
  });

  it("ten issues at most are asked about: of items that lack something", () => {
    const body = (lines: readonly string[]) =>
      `## Action Items\n\n${lines.join("\n")}\n\n## Notes\n\n- a #99`;
    expect(
      issuesNamedByItems(
        body(["- a #7", "- b #7", "- c #8 @jane 2025-10-20", "- d kamiyo/web#9", "- e #10"]),
        "kamiyo/api",
      ),
    ).toEqual([7, 10]);
    expect(issuesNamedByItems("## Action Items\n\nAdd the alert, #7", "kamiyo/api")).toEqual([7]);
    const many = Array.from({ length: 12 }, (_, i) => `- i #${i + 1}`);
    expect(issuesNamedByItems(body(many), "kamiyo/api")).toHaveLength(10);
  });
});

describe("one line for all items", () => {
  it.each([
    ["All for @jane, by 2025-10-20:\n\n- a\n- b", true],
    ["**All for @jane, by 2025-10-20:**\n- a", true],
    ["All for @jane, by 2025-10-20\n- a", false],
    ["All for @jane:\n- a", false],
    ["- a\n\nAll for @jane, by 2025-10-20:", false],
    ["All for @jane, by 2025-10-20:\n\nOthers:\n- a", false],
    ["All for @jane, by 2025-10-20: \n \n- a", true],
    ["All: for @jane, by 2025-10-20\n- a", false],
    ["- a", false],
  ])("%j: %s", (text, all) => expect(areAllOwnedAndDated(text.split("\n"))).toBe(all));
});
