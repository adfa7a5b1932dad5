import { describe, expect, it } from "vitest";
import { parseMessage } from "../../../src/policy/commit-message/parse.ts";

/** The fields of a message with this body. */
const fields = (body: readonly string[]) => parseMessage(["HOTFIX: x", "", ...body].join("\n")).fields;

const LISTED = [
  "Squashed commit of the following:",
  "",
  "commit 0123456789abcdef0123456789abcdef01234567",
  "Author: Jane <j@x>",
  "Date:   Mon Oct 20 10:00:00 2025 +0200",
  "",
];

describe("where a value ends", () => {
  it.each<[string, readonly string[], Record<string, string>]>([
    ["a rule below a line of spaces", ["Tested: y", "  ", "---", "Footer"], { Tested: "y" }],
    ["a rule with spaces behind it", ["Tested: y", "", "---  ", "Footer"], { Tested: "y" }],
    ["a rule of underscores", ["Tested: y", "", "___", "Footer"], { Tested: "y" }],
    ["a rule of stars", ["Tested: y", "", "***", "Footer"], { Tested: "y" }],
    [
      "trailers in the last paragraph, above blank lines and spaces",
      ["Tested: y", "", "Follow-up: #13", "", "  ", ""],
      { Tested: "y" },
    ],
    [
      "a trailer that goes on, indented",
      ["Tested: y", "", "Follow-up: #13", "  and #14", "\t and #15"],
      { Tested: "y" },
    ],
    [
      "trailers below a line of spaces",
      ["Tested: y", " ", "Follow-up: #13", "Reviewed-on: https://x.example"],
      { Tested: "y" },
    ],
    [
      "a trailer together with a generated one, right below the value",
      ["Tested: y", "Follow-up: #13", "Signed-off-by: Eve <eve@x>"],
      { Tested: "y" },
    ],
    [
      "trailers of a message in a squash, not of the last one only",
      ["* HOTFIX: x", "", "Tested: y", "", "Follow-up: #13", "", "* typo"],
      { Tested: "y" },
    ],
    [
      "trailers above a rule",
      ["Tested: y", "", "Follow-up: #13", "", "---------", "", "Co-authored-by: Eve <e@x>"],
      { Tested: "y" },
    ],
    [
      "the next message of a squash that begins with a line of spaces",
      ["  ", "* HOTFIX: x", "", "Tested: y", "", "* typo", ""],
      { Tested: "y" },
    ],
    [
      "many signs before what a program has generated",
      ["Tested: y", "🤖🤖🤖🤖🤖 Generated with x"],
      { Tested: "y" },
    ],
    ["a fence that nothing closes", ["Tested: y", "```", "npm test"], { Tested: "y" }],
    [
      "the fence around the fields, where the last has no value",
      ["```", "Severity: P1", "Tested:", "```"],
      { Severity: "P1", Tested: "" },
    ],
    [
      "the next commit that git lists",
      [...LISTED, "    Tested: y", "", ...LISTED.slice(2), "    wip"],
      { Tested: "y" },
    ],
  ])("ends at %s", (_, body, expected) => expect(fields(body)).toEqual(expected));

  it("a key that looks like a trailer does not make trailers of the lines below it", () => {
    expect(fields(["Severity: P1", "", "Root-Cause: lock", "Re-entrancy: checked"])).toEqual({
      Severity: "P1",
      "Root Cause": "lock\nRe-entrancy: checked",
    });
  });

  it.each<[string, readonly string[]]>([
    ["a last line that only looks like a trailer", ["Solution: lock", "Re-entrancy: checked"]],
    ["dashes behind a word", ["Solution: a", "", "to be done ---", "b"]],
    ["the head of a diff", ["Solution: a", "", "--- a/src/x.ts", "+++ b/src/x.ts"]],
    ["a fence behind a word, and one mark", ["Solution: a", "see ```", "~"]],
    ["a number sign in a line below a blank one", ["Solution: a", "", "see # 1", "b"]],
    ["joiners in an emoji", ["Solution: a", "👨\u200d👩\u200d👧 can pay"]],
    ["a numbered list with keys in it", ["Solution:", "1. a", "2. Impact: none", "10. Tested: no"]],
    ["dashes before a word", ["Solution: a", "", "---b", "c"]],
    ["a star, and an underscore", ["Solution: a", "", "*", "", "_", "b"]],
  ])("goes on over %s", (_, body) => {
    expect(fields(body)).toEqual({ Solution: body.join("\n").slice("Solution:".length).trim() });
  });

  it.each<[string, readonly string[], string]>([
    ["items of a list", ["Solution:", "* a", "* b"], "* a\n* b"],
    ["items of a list below a paragraph", ["Solution: two", "", "* a", "* b"], "two\n\n* a\n* b"],
    ["a paragraph of one line", ["Solution: a", "", "and b"], "a\n\nand b"],
  ])("in a squash goes on over %s", (_, lines, value) => {
    expect(fields(["* HOTFIX: x", "", ...lines, "", "* typo", ""])).toEqual({ Solution: value });
  });
});

describe("layouts of fields", () => {
  it.each<[string, readonly string[], Record<string, string>]>([
    [
      "emoji by their names in a list, in bold, several, and without a space",
      ["- :fire: Severity: P1", "1. :wrench: Impact: x", "**:bug: Tested:** y", ":ok: :x:Solution: z"],
      { Severity: "P1", Impact: "x", Tested: "y", Solution: "z" },
    ],
    [
      "a key below a text that only has a dash in it",
      ["Tested: all", "unit - staging", "- Impact: x"],
      { Tested: "all\nunit - staging", Impact: "x" },
    ],
    [
      "keys behind several invisible characters",
      ["\u200b\u200eSeverity: P1", "Impact: a\u200db"],
      { Severity: "P1", Impact: "a\u200db" },
    ],
    [
      "keys that share an indent, above code that is indented further",
      ["    Tested: run", "        npm test"],
      { Tested: "run\n    npm test" },
    ],
    [
      "an emoji by its name before another word as no key",
      [":wrench: tidy", "see :fire: Severity: P0", "12:30: Severity: P0", "Severity: P1"],
      { Severity: "P1" },
    ],
    [
      "lines that end as some editors end them",
      ["Severity: P1\vImpact: x\fTested: y\u0085Solution: z"],
      { Severity: "P1", Impact: "x", Tested: "y", Solution: "z" },
    ],
    [
      "headings with many spaces behind them, and in bold italics",
      [`## Severity${" ".repeat(12)}`, "P1", "", "***Impact***", "x"],
      { Severity: "P1", Impact: "x" },
    ],
    [
      "a heading with a long hint",
      ["## Impact (how many could not pay, in which shops)  ⚠️", "x"],
      { Impact: "x" },
    ],
    ["a comment behind the end of none", ["Impact: a --><!-- b --> c"], { Impact: "a --> c" }],
    [
      "fields of its own above what git lists",
      ["Severity: P1", "", ...LISTED, "    HOTFIX: x", "", "    Tested: y"],
      { Severity: "P1", Tested: "y" },
    ],
    [
      "code in a value above what git lists",
      ["Tested: run", "    npm test", "", ...LISTED, "    Impact: x"],
      { Tested: "run\n    npm test", Impact: "x" },
    ],
    [
      "code in a value in what git lists",
      ["Severity: P1", "", ...LISTED, "    Tested: run", "        npm test"],
      { Severity: "P1", Tested: "run\n    npm test" },
    ],
    [
      "a definition, indented, beside other fields",
      ["Severity: P1", "", "  Impact  ", "  : x"],
      { Severity: "P1", Impact: "x" },
    ],
    [
      "an underlined heading, indented, beside other fields",
      ["Severity: P1", "", "  Impact  ", "  ------", "x"],
      { Severity: "P1", Impact: "x" },
    ],
    ["an underline that nothing stands above", ["Severity: P1", "", "-----", "x"], { Severity: "P1" }],
    [
      "a table of other things as a part of a value",
      ["Tested: all", "| Shop | Result |", "| a | b |", "Severity: P1"],
      { Tested: "all\n| Shop | Result |\n| a | b |", Severity: "P1" },
    ],
  ])("reads %s", (_, body, expected) => expect(fields(body)).toEqual(expected));
});
