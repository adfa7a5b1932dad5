import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstChangedLine, isWhitespaceOnly, readPatch, sizeOf } from "../../../src/policy/diff/patch.ts";

describe("readPatch", () => {
  it("reads lines and their numbers", () => {
    const patch =
      "@@ -10,3 +12,3 @@ def f():\n context\n-old\n+new\r\n\\ No newline at end of file\n@@ -1 +30 @@\n--- a\n+++ b";
    expect(readPatch(patch)).toEqual([
      {
        oldStart: 10,
        newStart: 12,
        lines: [
          { kind: "context", text: "context", line: 12 },
          { kind: "removed", text: "old", line: 13 },
          { kind: "added", text: "new", line: 13 },
        ],
      },
      {
        oldStart: 1,
        newStart: 30,
        lines: [
          { kind: "removed", text: "-- a", line: 30 },
          { kind: "added", text: "++ b", line: 30 },
        ],
      },
    ]);
  });

  it.each([
    [null, 1],
    ["", 1],
    ["@@ -1,2 +0,0 @@\n-a\n-b", 1],
    ["@@ -5,4 +5,4 @@\n a\n b\n-c\n+d", 7],
  ])("first changed line of %j: %d", (patch, line) => {
    expect(firstChangedLine(patch)).toBe(line);
  });

  it("never throws on any text", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ unit: fc.constantFrom("@", " ", "+", "-", "1", ",", "\n", "\r") }),
        (a, b) => {
          for (const text of [a, b, `@@ -1 +1 @@\n${b}`]) {
            expect(firstChangedLine(text)).toBeGreaterThanOrEqual(1);
            isWhitespaceOnly(text);
          }
        },
      ),
    );
  });
});

describe("isWhitespaceOnly", () => {
  it.each([
    ["indentation", "@@ -1 +1 @@\n-a b\n+    a b", true],
    ["line breaks", "@@ -1 +1,2 @@\n-f(a, b)\n+f(a,\n+  b)", true],
    ["a blank line more", "@@ -1 +1,2 @@\n a\n+", true],
    ["two hunks", "@@ -1 +1 @@\n-a\n+ a\n@@ -9 +9 @@\n-b\n+ b", true],
    ["the end of the file", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a", true],
    ["a letter", "@@ -1 +1 @@\n-a\n+ b", false],
    ["text moved to another hunk", "@@ -1 +0,0 @@\n-a\n@@ -9,0 +9 @@\n+a", false],
    ["no change", "@@ -1 +1 @@\n a", false],
    ["no hunk", "-a\n+ a", false],
    ["no patch", null, false],
  ])("%s", (_, patch, expected) => {
    expect(isWhitespaceOnly(patch)).toBe(expected);
  });
});

describe("the size of a patch", () => {
  it.each([
    "a",
    "\u007f",
    "\u0080",
    "é",
    "\u07ff",
    "\u0800",
    "€",
    "\ud7ff",
    "\ue000",
    "ﬀ",
    "𐀀",
    "😀",
    "\u{103ff}",
    "日本 é 😀",
  ])("counts bytes as UTF-8 does: %j", (text) => {
    const { bytes, longest } = sizeOf(`@@ -1 +1,2 @@\n €€€€€€€€€€€€\n-${text}\n+${text}`);
    expect([bytes, longest]).toEqual([2 * Buffer.byteLength(text), text.length]);
  });
});
