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
    ["in bold", "**To be written: the reason**", ["the reason"]],
    ["bare", "To be written: the reason", ["the reason"]],
    ["in lower case, in a list", "- to be written: the reason", ["the reason"]],
    ["in a quote", "> To be written: the reason", ["the reason"]],
    ["in code", "`To be written: the reason`", ["the reason"]],
    ["struck through", "~~To be written: the reason~~", ["the reason"]],
    ["escaped", "\\_To be written: the reason\\_", ["the reason"]],
    ["as HTML", "<em>To be written: the reason</em>", ["the reason"]],
    ["in quotation marks", "«To be written: the reason»", ["the reason"]],
    ["in full-width marks", "＿To be written： the reason＿", ["the reason"]],
    ["with a French space", "*To be written : the reason*", ["the reason"]],
    ["without what", "To be written:", ["text"]],
    ["half bold", "**To be** written: the reason", ["the reason"]],
    ["a TODO in italics", "*TODO: the reason*", ["the reason"]],
    ["a TODO in italics, in a sentence", "Deployed by *TODO: whom*", ["whom"]],
    ["a TODO without marks", "TODO: the reason", ["the reason"]],
    ["a TODO behind a label", "**Why:** TODO: the reason", ["Why"]],
    ["a TODO in a cell", "| TODO: time | Fix deployed | x |", ["Fix deployed"]],
    ["a task that is a TODO", "- [ ] To-do: the task", ["the task"]],
    ["none in what a sentence says", "We had left a // TODO in the code: nobody read it", []],
    ["none: a TODO in code", "The line `x(); // TODO: retry` was left", []],
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
        "Incident Summary, Timeline, Root Cause, Resolution, Prevention and Action Items: empty",
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
    ["x for action items", items("x"), ["Action Items: empty"]],
    ["none for action items, and not why", items("**None.**"), ["Action Items: empty"]],
    [
      "none for action items, in other words",
      items("No further action items needed"),
      ["Action Items: empty"],
    ],
    ["the hint and N/A", items("- N/A"), ["Action Items: empty"]],
    ...[
      "None",
      "N/A",
      "n. a.",
      "-",
      "—",
      "tbd",
      "**TBD**",
      "WIP",
      "> wip",
      "todo",
      "_none_",
      "- none",
      "1. Nothing",
    ].map((text): [string, (body: string) => string, readonly string[]] => [
      `${text} for a root cause`,
      (body) => body.replace("An encoding.", text),
      ["Root Cause: empty"],
    ]),
    ...[
      "lorem ipsum dolor sit amet",
      "xxx",
      "…",
      "| - | - |",
      "Keine.",
      "なし",
      "нет",
      "<i>none</i>",
      "none\u200b",
      "**Cause:** n/a",
    ].map((text): [string, (body: string) => string, readonly string[]] => [
      `${text} for a root cause`,
      (body) => body.replace("An encoding.", text),
      ["Root Cause: empty"],
    ]),
    ...[
      "Unknown.",
      "Tests",
      "None of the retries had a limit",
      "None: the provider's",
      "N/A, since it was theirs",
      "不明",
      "DNS",
    ].map((text): [string, (body: string) => string, readonly string[]] => [
      `${text}: somebody's word`,
      (body) => body.replace("An encoding.", text),
      [],
    ]),
    [
      "Customer impact: none",
      (body) => body.replace("Payments failed.", "**What happened:** a delay\n\n**Users affected:** none"),
      [],
    ],
    ["an item that begins with TODO, complete", items("- [ ] TODO: Test umlauts – @jane – 2025-10-20"), []],
    ["none, and why", items("None: the old system is switched off this week."), []],
    ["no action needed", items("**No action needed**, it was the provider's."), []],
    ["steps of an item", items(`${ITEM}\n  - first here\n  - then there`), []],
    ["an item ticked without a person", items("- [x] Test umlauts"), ["Test umlauts: assignee, deadline"]],
  ])("%s", (_, change, expected) => expect(missingIn(change)).toEqual(expected));
});
