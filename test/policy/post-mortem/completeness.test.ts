import { describe, expect, it } from "vitest";
import { completenessOf } from "../../../src/policy/post-mortem/completeness.ts";

/** What is missing in a section of a form of one's own, which asks for nothing else. */
function toBeWritten(text: string): readonly string[] {
  const input = { body: `## Timeline\n\n${text}`, ownForm: true, backMerges: {} };
  const { missing } = completenessOf({ ...input, reviewOwed: { known: true, value: false } });
  return missing.flatMap((one) => (one.kind === "placeholders" ? one.what : [`another: ${one.kind}`]));
}

describe("what is to be written is called", () => {
  it.each<[string, string, readonly string[]]>([
    ["by its label", "**What happened:** _To be written: what users saw, from the start_", ["What happened"]],
    ["by an item's label", "- **Duration:** 10:00 – _To be written: end_", ["Duration"]],
    ["by a task's label", "- [ ] Add monitoring: _To be written: which alert_", ["Add monitoring"]],
    [
      "by its row, once",
      "| _To be written: time_ | Fix deployed | _To be written: by whom_ |",
      ["Fix deployed"],
    ],
    [
      "by its row, not by the time in it",
      "| 2025-10-14 10:00 UTC | Issue detected | _To be written: by whom_ |",
      ["Issue detected"],
    ],
    [
      "by a row's first cell",
      "| **Users affected** | _To be written: number or share_ |",
      ["Users affected"],
    ],
    [
      "by its own words without a label, each once",
      "- [ ] _To be written: task_ – _To be written: person_\n- [ ] _To be written: task_ – _To be written: person_",
      ["task", "person"],
    ],
    ["by its own words in a sentence", "Deployed by _To be written: whom_", ["whom"]],
    ["by its own words in a row of nothing else", "| _To be written: time_ | – |", ["time"]],
    ["with other marks", "**Why:** *To be written: the reason*", ["Why"]],
  ])("%s", (_, text, expected) => expect(toBeWritten(text)).toEqual(expected));
});

/** What keeps a post-mortem of the app's own form from being complete. */
function missingIn(change: (body: string) => string): readonly string[] {
  const { missing } = completenessOf({
    body: change(WRITTEN),
    ownForm: false,
    backMerges: {},
    reviewOwed: { known: true, value: false },
  });
  return missing.map((one) => {
    if (one.kind === "action-item") return `${one.text}: ${one.lacks.join(", ")}`;
    if (one.kind === "empty-section") return `${one.section}: empty`;
    return one.kind === "empty-label" ? `${one.label}: nothing behind it` : one.kind;
  });
}

const ITEM = "- [ ] Test umlauts – @jane – 2025-10-20";
const WRITTEN = [
  "## Incident Summary\n\nPayments failed.",
  "## Timeline\n\n| Time | What |\n| - | - |\n| 10:00 | Merged |",
  "## Root Cause\n\nAn encoding.",
  "## Resolution\n\nAnother encoding.",
  "## Prevention\n\nTests.",
  `## Action Items\n\nEach with one person and a date, for example: \`- [ ] x\`.\n\n${ITEM}`,
].join("\n\n");
const items = (text: string) => (body: string) => body.replace(ITEM, text);

describe("not talked round", () => {
  it.each<[string, (body: string) => string, readonly string[]]>([
    ["all written", (body) => body, []],
    [
      "one heading for all sections",
      () => "## Incident Summary, Timeline, Root Cause, Resolution, Prevention and Action Items\n\nNone.",
      [
        "Timeline: empty",
        "Root Cause: empty",
        "Resolution: empty",
        "Prevention: empty",
        "Action Items: empty",
      ],
    ],
    ["a section taken out", (body) => body.replace(/## Timeline[^#]*/, ""), ["Timeline: empty"]],
    [
      "a section commented out",
      (body) => body.replace(/(?<=## Timeline)([^#]*)/, "\n<!--$1-->\n"),
      ["Timeline: empty"],
    ],
    [
      "action items as text",
      items("Test umlauts.\nSome day."),
      ["Test umlauts. Some day.: assignee, deadline"],
    ],
    [
      "action items as a table",
      items("| Task | Who | By |\n| - | - | - |\n| Test | @jane | 2025-10-20 |\n| Alert | Bob | |"),
      ["Alert – Bob: assignee, deadline"],
    ],
    ["x for action items", items("x"), ["x: assignee, deadline"]],
    ["none, and why", items("None: the old system is switched off this week."), []],
    ["no action needed", items("**No action needed**, it was the provider's."), []],
    ["steps of an item", items(`${ITEM}\n  - first here\n  - then there`), []],
    ["an item ticked without a person", items("- [x] Test umlauts"), ["Test umlauts: assignee, deadline"]],
  ])("%s", (_, change, expected) => expect(missingIn(change)).toEqual(expected));
});
