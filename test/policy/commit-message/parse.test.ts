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

  it("takes the first value of a key, also where it is empty, and ends the one before at the second", () => {
    expect(fields("Severity: P0", "Impact: x", "Severity: P1", "y")).toEqual({ Severity: "P0", Impact: "x" });
    expect(fields("Severity:", "Severity: P1")).toEqual({ Severity: "" });
  });

  it.each(["Co-authored-by: Eve <eve@x>", "Signed-off-by: Eve <eve@x>", "Change-Id: I12"])(
    "ends a value at the trailer %s",
    (trailer) => expect(fields("Deployed-By: John", "", trailer, "more")).toEqual({ "Deployed-By": "John" }),
  );

  it("reads the message that GitHub makes of a squash", () => {
    const squash = `HOTFIX: Fix it (#42)\n\n* ${MESSAGE}\n\n* more tests\n\n* typo\n\n---------\n\nCo-authored-by: Eve <e@x>`;
    expect(parseMessage(squash)).toEqual({ title: "HOTFIX: Fix it (#42)", fields: EXAMPLE });
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
  ])("reads 1 MB of %s in linear time", (_, body) => {
    const started = performance.now();
    parseMessage(`HOTFIX: x\n\n${body}`);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
