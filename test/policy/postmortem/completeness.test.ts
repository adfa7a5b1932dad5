import { describe, expect, it } from "vitest";
import { completenessOf } from "../../../src/policy/postmortem/completeness.ts";

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
