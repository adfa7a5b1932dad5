import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIELDS } from "../../../src/policy/commit-message/fields.ts";
import { parseMessage } from "../../../src/policy/commit-message/parse.ts";
import { anyCharacter } from "../../support/any-text.ts";
import { MESSAGE } from "../../support/snapshot.ts";

const EXAMPLE = {
  Fixes: "#1234",
  Severity: "P1",
  Impact: "Payment webhooks failing, revenue impact",
  "Root Cause": "Incorrect UTF-8 encoding of webhook secret",
  Solution: "Added explicit encoding handling",
  Tested: "Local + Staging, all webhook events processed",
  "Approved-By": "Jane Doe (Engineering Manager)",
  "Deployed-By": "John Smith",
};

/** The fields of a message with this body. */
const fields = (...body: string[]) => parseMessage(["HOTFIX: x", "", ...body].join("\n")).fields;

describe("parseMessage", () => {
  it("reads the procedure's example", () => {
    expect(parseMessage(MESSAGE)).toEqual({
      title: "HOTFIX: Fix Stripe webhook signature verification",
      fields: EXAMPLE,
    });
  });

  it("reads it with CRLF, trailing spaces and tabs, and a last newline", () => {
    const message = `${MESSAGE.replaceAll("\n", "  \t\r\n")}\r\n`;
    expect(parseMessage(message)).toEqual(parseMessage(MESSAGE));
  });

  it("reads it with keys in any case", () => {
    expect(parseMessage(MESSAGE.toUpperCase()).fields["Deployed-By"]).toBe("JOHN SMITH");
    expect(parseMessage(MESSAGE.toLowerCase()).fields["Root Cause"]).toBe(
      EXAMPLE["Root Cause"].toLowerCase(),
    );
  });

  it.each([
    "Root Cause",
    "Root-Cause",
    "root-cause",
    "ROOT CAUSE",
    "RootCause",
    "Root Cause ",
    "Root Cause\t",
  ])("reads %j as Root Cause", (key) =>
    expect(fields(`${key}: encoding`)).toEqual({ "Root Cause": "encoding" }),
  );

  it("goes on over following lines, blank ones too, until the next key", () => {
    expect(
      fields("Impact: payments", "  failing since 9:00", "", "and refunds", "Solution: none yet"),
    ).toEqual({
      Impact: "payments\n  failing since 9:00\n\nand refunds",
      Solution: "none yet",
    });
  });

  it("reads a value that begins on the next line", () => {
    expect(fields("Tested:", "", "* unit tests", "* staging", "Severity: P1")).toEqual({
      Tested: "* unit tests\n* staging",
      Severity: "P1",
    });
  });

  it("takes a key at the start of a line only", () => {
    expect(fields("Impact: see", " Severity: P0", "the Severity: P0")).toEqual({
      Impact: "see\n Severity: P0\nthe Severity: P0",
    });
  });

  it("does not take a key in the title", () => {
    expect(parseMessage("Severity: P0\nImpact: x").fields).toEqual({ Impact: "x" });
  });

  it("takes the first value of a key that is filled in, and ends the one before at the second", () => {
    expect(fields("Severity: P0", "Impact: x", "Severity: P1", "y")).toEqual({ Severity: "P0", Impact: "x" });
    expect(fields("Severity:", "Severity: TBD", "Severity: P1", "Severity: P0")).toEqual({ Severity: "P1" });
    expect(fields("Approved-By: pending", "Approved-By: Jane")).toEqual({ "Approved-By": "Jane" });
    expect(fields("Severity:", "Severity: TBD")).toEqual({ Severity: "" });
  });

  it.each(["Co-authored-by: Eve <eve@x>", "Signed-off-by: Eve <eve@x>", "Change-Id: I12"])(
    "ends a value at the trailer %s",
    (trailer) => expect(fields("Deployed-By: John", "", trailer, "more")).toEqual({ "Deployed-By": "John" }),
  );

  it.each<[string, readonly string[], Record<string, string>]>([
    ["a no-break space before the colon", ["Impact\u00a0: paiements"], { Impact: "paiements" }],
    ["a narrow no-break space", ["Severity\u202f: P1"], { Severity: "P1" }],
    ["a thin space in the key", ["Root\u2009Cause: x"], { "Root Cause": "x" }],
    ["a no-break hyphen", ["Approved\u2011By: Jane"], { "Approved-By": "Jane" }],
    ["a typographic hyphen", ["Approved\u2010By: Jane"], { "Approved-By": "Jane" }],
    ["an en dash", ["Deployed\u2013By: John"], { "Deployed-By": "John" }],
    ["a figure dash", ["Deployed\u2012By: John"], { "Deployed-By": "John" }],
    ["an underscore", ["Root_Cause: x"], { "Root Cause": "x" }],
    ["a zero-width space before the key", ["\u200bSeverity: P1"], { Severity: "P1" }],
    ["a zero-width joiner in the key", ["Seve\u200drity: P1"], { Severity: "P1" }],
    ["a byte order mark", ["\ufeffSeverity: P1"], { Severity: "P1" }],
    ["a mark of direction", ["\u200eSeverity\u200f: P1"], { Severity: "P1" }],
    ["a full-width colon", ["Severity：P1"], { Severity: "P1" }],
    ["a small colon", ["Severity﹕P1"], { Severity: "P1" }],
    ["a ratio for a colon", ["Severity∶P1"], { Severity: "P1" }],
    ["full-width letters", ["Ｓｅｖｅｒｉｔｙ：Ｐ１"], { Severity: "Ｐ１" }],
    [
      "bold keys",
      ["**Severity:** P1", "**Impact**: x", "__Tested:__ y"],
      { Severity: "P1", Impact: "x", Tested: "y" },
    ],
    [
      "a list",
      ["- Severity: P1", "- **Impact:** x", "* Tested: y"],
      { Severity: "P1", Impact: "x", Tested: "y" },
    ],
    [
      "headings",
      ["## Severity", "P1", "", "### Root Cause", "", "x", "## Notes", "y"],
      { Severity: "P1", "Root Cause": "x" },
    ],
    ["bold lines", ["**Impact**", "x", "", "**Tested**", "y"], { Impact: "x", Tested: "y" }],
    ["emoji before the key", ["🔥 Severity: P1", "🛠️ Solution: x"], { Severity: "P1", Solution: "x" }],
    [
      "a flag, a keycap and an emoji by its name before the key",
      ["🇩🇪 Impact: x", "1️⃣ Severity: P1", ":wrench: Solution: y"],
      { Impact: "x", Severity: "P1", Solution: "y" },
    ],
    [
      "a numbered list",
      ["1. Severity: P1", "2. Impact: x", "3) Tested: y"],
      { Severity: "P1", Impact: "x", Tested: "y" },
    ],
    [
      "the body of an item of a list",
      ["* HOTFIX: x", "", "  Severity: P1", "  Impact: x", "", "* typo"],
      { Severity: "P1", Impact: "x" },
    ],
    [
      "a key that is indented further than others as a part of a value",
      ["Tested: staging", "  Severity: P0"],
      { Tested: "staging\n  Severity: P0" },
    ],
    [
      "a table whose first field is its head",
      ["| **Fixes** | #12 |", "| --- | --- |", "| **Severity** | P1 |"],
      { Fixes: "#12", Severity: "P1" },
    ],
    ["line breaks of HTML", ["<b>Severity:</b> P1<br>", "Impact: x<br/>"], { Severity: "P1", Impact: "x" }],
    ["ticked boxes", ["- [x] Severity: P1", "- [x] Fixes #12"], { Severity: "P1", Fixes: "#12" }],
    ["a box that is not ticked as none", ["- [ ] Tested: staging"], {}],
    [
      "bullets of other keyboards",
      ["• Severity: P1", "・Impact：x", "– Tested: y", "▪ Solution: z"],
      { Severity: "P1", Impact: "x", Tested: "y", Solution: "z" },
    ],
    [
      "other signs between key and value",
      ["Severity = P1", "Impact – x", "Solution - y", "Tested:: z"],
      { Severity: "P1", Impact: "x", Solution: "y", Tested: "z" },
    ],
    ["no exception by them", ["Scope - src/**", "Dependency-Fix = x"], {}],
    [
      "keys in brackets",
      ["[Severity] P1", "[Impact]: x", "【Tested】y"],
      { Severity: "P1", Impact: "x", Tested: "y" },
    ],
    ["bold keys without a colon", ["**Severity** P1", "- **Impact** — x"], { Severity: "P1", Impact: "x" }],
    ["bold in HTML", ["<b>Severity:</b> P1", "<strong>Impact</strong>: x"], { Severity: "P1", Impact: "x" }],
    [
      "hints behind keys",
      ["Impact (users): x", "Root Cause (why?): y", "## Severity (required)", "", "P1"],
      { Impact: "x", "Root Cause": "y", Severity: "P1" },
    ],
    ["two spaces in a key", ["Root  Cause: x"], { "Root Cause": "x" }],
    ["numbered headings", ["### 1. Severity", "", "P1"], { Severity: "P1" }],
    [
      "underlined headings",
      ["Severity", "--------", "P1", "", "Impact", "======", "x"],
      { Severity: "P1", Impact: "x" },
    ],
    [
      "a table",
      ["| Field | Value |", "| --- | --- |", "| Severity | P1 |", "| **Impact** | x y |"],
      { Severity: "P1", Impact: "x y" },
    ],
    ["a quote as somebody else's", ["> Severity: P0", "", "Severity: P1"], { Severity: "P1" }],
    [
      "a table's cells without their spaces",
      ["|  Impact  |  x y  |", "|Severity|P1|"],
      { Impact: "x y", Severity: "P1" },
    ],
    ["definitions", ["Severity", ": P1", "", "  Impact  ", ":  x"], { Severity: "P1", Impact: "x" }],
    ["a colon that nothing is before", ["", ": P1", "Severity: P0"], { Severity: "P0" }],
    [
      "a line below a text that is no key",
      ["Impact: x", "more", "----", "y"],
      { Impact: "x\nmore\n----\ny" },
    ],
    [
      "underlines of one sign, which are none",
      ["Severity: P1", "", "Impact", "-", "x"],
      { Severity: "P1\n\nImpact\n-\nx" },
    ],
    ["a dash behind Fixes, which closes nothing", ["Fixes – the login", "Severity: P1"], { Severity: "P1" }],
    ["an exception that only a dash declares", ["Scope – src/**", "Severity: P1"], { Severity: "P1" }],
    ["a heading with a dash, which is a heading", ["## Impact – x", "Severity: P1"], { Severity: "P1" }],
    ["a dash that nothing follows", ["Impact – ", "Severity: P1"], { Severity: "P1" }],
    ["lines between underscores", ["__Impact__", "x", "", "_Tested_", "y"], { Impact: "x\n\n_Tested_\ny" }],
    [
      "a long line in bold, which is text",
      [`**Impact ${"of it ".repeat(20)}**`, "Severity: P1"],
      { Severity: "P1" },
    ],
    [
      "a mark that closes behind the colon",
      ["`Severity:` P1", "_Impact:_ x"],
      { Severity: "P1", Impact: "x" },
    ],
    [
      "who deployed, and what comes after a blank line",
      ["Deployed-By: John", "", "Thanks"],
      { "Deployed-By": "John" },
    ],
    [
      "who deployed, over two lines",
      ["Deployed-By: John", "and Jane", "", "Thanks"],
      { "Deployed-By": "John\nand Jane" },
    ],
    ["a heading behind a value", ["Impact: x", "## Notes", "y"], { Impact: "x" }],
    ["a heading behind a blank line", ["Impact: x", "", "# Notes", "y"], { Impact: "x" }],
    [
      "the first of several that is filled in",
      ["Deployed-By: pending", "Severity: P1", "Deployed-By: John"],
      { "Deployed-By": "John", Severity: "P1" },
    ],
    [
      "pending, where none is",
      ["Deployed-By: [name]", "Severity: P1", "Deployed-By: pending"],
      { "Deployed-By": "pending", Severity: "P1" },
    ],
    [
      "what git merge --squash lists",
      [
        "Squashed commit of the following:",
        "",
        "commit 0123456789abcdef0123456789abcdef01234567",
        "Author: Jane <j@x>",
        "Date:   Mon Oct 20 10:00:00 2025 +0200",
        "",
        "    HOTFIX: x",
        "",
        "    Severity: P1",
        "    Deployed-By: Jane",
        "",
        "commit fedcba9876543210fedcba9876543210fedcba98",
        "Author: Jane <j@x>",
        "",
        "    wip",
      ],
      { Severity: "P1", "Deployed-By": "Jane" },
    ],
    ["GitLab's line", ["Tested: y", "", "See merge request kamiyo/api!12"], { Tested: "y" }],
    [
      "GitLab's trailers",
      [
        "Tested: y",
        "",
        "Approved-by: Jane",
        "Merge request: https://gitlab.example/kamiyo/api/-/merge_requests/12",
      ],
      { Tested: "y", "Approved-By": "Jane" },
    ],
    ["Azure's line", ["Tested: y", "", "Related work items: #12"], { Tested: "y" }],
    ["Phabricator's line", ["Tested: y", "", "Differential Revision: D12"], { Tested: "y" }],
    ["a signature", ["Tested: y", "", "-- ", "Jane Doe, CTO"], { Tested: "y" }],
    ["co-authors without hyphens", ["Tested: y", "", "Co-authored by: Eve <e@x>"], { Tested: "y" }],
    ["the indent of git log", ["    Severity: P1", "", "    Impact: x"], { Severity: "P1", Impact: "x" }],
    [
      "a fence around all",
      ["```text", "Severity: P1", "Deployed-By: John", "```", "Thanks"],
      { Severity: "P1", "Deployed-By": "John" },
    ],
    [
      "code in a value",
      ["Tested: curl", "```", "Severity: P0", "```", "Severity: P1"],
      { Tested: "curl\n```\nSeverity: P0\n```", Severity: "P1" },
    ],
    ["a comment above", ["<!-- Severity: P0/P1", "Impact: … -->", "Severity: P1"], { Severity: "P1" }],
    ["a comment in a line", ["Severity: <!-- P0 or P1 --> P1"], { Severity: "P1" }],
    [
      "a comment that is never closed",
      ["Impact: <!-- was shown", "Severity: P1"],
      { Impact: "<!-- was shown", Severity: "P1" },
    ],
    [
      "a comment in code",
      ["Impact: `<!--` was shown", "Severity: P1", "Tested: `-->`"],
      { Impact: "`<!--` was shown", Severity: "P1", Tested: "`-->`" },
    ],
    [
      "a sentence like a trailer",
      ["Solution: lock", "Re-entrancy: checked", "", "Follow-up: later", "Tested: y"],
      { Solution: "lock\nRe-entrancy: checked\n\nFollow-up: later", Tested: "y" },
    ],
    [
      "a list after a blank line",
      ["Tested:", "", "* unit", "", "* staging", "", "Severity: P1"],
      { Tested: "* unit\n\n* staging", Severity: "P1" },
    ],
    [
      "a list with keys in it",
      ["Tested:", "- unit", "- Impact: none seen", "Severity: P1"],
      { Tested: "- unit\n- Impact: none seen", Severity: "P1" },
    ],
    [
      "trailers in the last paragraph",
      ["Tested: staging", "", "Follow-up: #13", "Reviewed-on: https://x.example"],
      { Tested: "staging" },
    ],
    ["a sign-off right below", ["Deployed-By: John", "Signed-off-by: Eve <e@x>"], { "Deployed-By": "John" }],
    [
      "a cherry-pick",
      ["Deployed-By: John", "", "(cherry picked from commit 0123456789abcdef)"],
      { "Deployed-By": "John" },
    ],
    [
      "a cherry-pick right below",
      ["Tested: y", "(cherry picked from commit 0123456789abcdef)"],
      { Tested: "y" },
    ],
    [
      "a generated line",
      ["Deployed-By: John", "🤖 Generated with [Claude Code](https://x.example)"],
      { "Deployed-By": "John" },
    ],
    ["a change id", ["Solution: x", "Change-Id: I0123"], { Solution: "x" }],
    ["skip ci", ["Tested: y", "[skip ci]"], { Tested: "y" }],
    ["conflicts", ["Tested: y", "", "Conflicts:", "\tsrc/a.ts"], { Tested: "y" }],
    ["a rule", ["Tested: y", "", "---", "Footer"], { Tested: "y" }],
    ["text below a person", ["Deployed-By: John", "", "See the wiki."], { "Deployed-By": "John" }],
    ["a checklist below a person", ["Deployed-By: John", "", "- [ ] rolled out"], { "Deployed-By": "John" }],
  ])("reads %s", (_, body, expected) => expect(fields(...body)).toEqual(expected));

  it.each([
    ["Fixes #12", "#12"],
    ["fixes: #12", "#12"],
    ["Fix #12", "#12"],
    ["Fixed #12.", "#12."],
    ["Closes: #12", "#12"],
    ["closes #12", "#12"],
    ["Closed kamiyo/api#12", "kamiyo/api#12"],
    ["Resolves #12", "#12"],
    ["resolved: GH-12", "GH-12"],
    [
      "Resolves https://github.example/kamiyo/api/issues/12#issuecomment-3",
      "https://github.example/kamiyo/api/issues/12#issuecomment-3",
    ],
    ["Fixes issue #12", "#12"],
    ["Fix for #12", "#12"],
    ["Closes: PAY-12", "PAY-12"],
    ["- Fixes #12", "#12"],
    ["Fixes #12, closes #13", "#12, closes #13"],
    ["Fixes＃12", "#12"],
    ["Fixes\u00a0#12", "#12"],
    ["### Fixes #12", "#12"],
    ["1. Closes #12", "#12"],
    ["Fixes - #12", "#12"],
    ["Fixes = #12", "#12"],
    ["**Fixes** #12", "#12"],
    ["**Fixes #12**", "#12**"],
    ["(fixes #12)", "#12)"],
    ["[Fixes #12]", "#12]"],
    [
      "Fixes [#12](https://github.example/kamiyo/api/issues/12)",
      "#12](https://github.example/kamiyo/api/issues/12)",
    ],
    ["Fixes `#12`", "#12`"],
  ])("reads %j as the field Fixes", (line, value) => {
    expect(fields("Why it happened.", "", line, "", "Severity: P1")).toEqual({
      Fixes: value,
      Severity: "P1",
    });
  });

  it.each([
    "Fix: handle null",
    "fix(#12): retries",
    "Close the file",
    "Resolves the loop",
    "Refs #12",
    "prefixes #12",
    "Not fixed: #12",
  ])("does not read %j as the field Fixes", (line) =>
    expect(fields(line, "Severity: P1")).toEqual({ Severity: "P1" }),
  );

  it("reads a squash of several commits, of which one is complete", () => {
    const squash = [
      "* wip",
      "",
      "Severity: TBD",
      "Impact:",
      "",
      `* ${MESSAGE}`,
      "",
      "* more",
      "",
      "Severity: P0",
    ];
    expect(fields(...squash)).toEqual(EXAMPLE);
  });

  it("reads the message that GitHub makes of a squash", () => {
    const squash = `HOTFIX: Fix it (#42)\n\n* ${MESSAGE}\n\n* more tests\n\n* typo\n\n---------\n\nCo-authored-by: Eve <e@x>`;
    expect(parseMessage(squash)).toEqual({ title: "HOTFIX: Fix it (#42)", fields: EXAMPLE });
  });

  it("reads what Bitbucket makes of a merge and git of a squash, whatever title they have", () => {
    const commits = `HOTFIX: x\n\n* ${MESSAGE}\n\n* more tests`;
    expect(parseMessage(`Merged in hotfix/x (pull request #12)\n\n${commits}`).fields).toEqual(EXAMPLE);
    const listed = `commit 0123456789\nAuthor: x\n\n${MESSAGE.replace(/^/gm, "    ")}`;
    expect(parseMessage(`Squashed commit of the following:\n\n${listed}`).fields).toEqual(EXAMPLE);
  });

  it("ends a value at the next heading of a description", () => {
    expect(fields("Deployed-By: John", "", "## Checklist", "- [ ] x")).toEqual({ "Deployed-By": "John" });
  });

  it("keeps what only looks like a heading or section", () => {
    expect(fields("Impact: a", "# 1", "#1234", "* b")).toEqual({ Impact: "a\n# 1\n#1234\n* b" });
  });

  it("reads non-ASCII text and a full-width colon", () => {
    expect(fields("Impact： 支払いが失敗 🚨", "Solution: Zeichensätze")).toEqual({
      Impact: "支払いが失敗 🚨",
      Solution: "Zeichensätze",
    });
  });

  it.each(["constructor: x", "__proto__: x", "toString: x"])("knows no key %s", (line) => {
    expect(fields(line)).toEqual({});
  });

  it("never throws, and finds nothing that is not in the text", () => {
    const line = fc.oneof(
      fc.string(),
      fc.string({ unit: anyCharacter }),
      fc.constantFrom("", "* x", "---", "Co-authored-by: x", ...FIELDS.map((field) => `${field}: value`)),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join("\n");
        for (const [field, value] of Object.entries(parseMessage(text).fields)) {
          expect(FIELDS).toContain(field);
          for (const part of value.split("\n")) expect(text).toContain(part);
        }
      }),
    );
  });

  it("gives back any fields that are written in its form", () => {
    const value = fc.string({ minLength: 1 }).map((text) => `v${text.replace(/[\r\n]/g, " ")}`.trim());
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.constantFrom(...FIELDS), value), { selector: ([f]) => f }),
        (given) => {
          expect(fields(...given.map(([field, text]) => `${field}: ${text}`))).toEqual(
            Object.fromEntries(given),
          );
        },
      ),
    );
  });

  it.each([
    ["one line", "x".repeat(1_000_000)],
    ["one value of many lines", `Impact: x${"\ny".repeat(500_000)}`],
    ["many keys", "Severity: P1\n".repeat(80_000)],
    ["blank lines and bullets", `Impact:${"\n".repeat(300_000)}${"\n\n* x".repeat(200_000)}`],
    ["dashes", `Impact: x\n\n${"-".repeat(1_000_000)}x`],
    ["hyphens", "a-".repeat(500_000)],
    ["spaces", `Impact: ${" ".repeat(1_000_000)}x`],
    ["trailers above many rules", `Impact: x\n\n${"A-b: x\n".repeat(80_000)}${"\n---\n".repeat(80_000)}`],
    ["comments that open in code", `Impact: ${"`<!--".repeat(200_000)}-->`],
  ])("reads 1 MB of %s in linear time", (_, body) => {
    const started = performance.now();
    parseMessage(`HOTFIX: x\n\n${body}`);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
