import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visibleLines } from "../../../src/policy/commit-message/visible-lines.ts";

const seen = (text: string): string => visibleLines(text, { code: false }).join("\n");

describe("visibleLines", () => {
  it.each([
    ["a\r\nb\rc", "a\nb\nc"],
    ["a <!-- b --> c", "a  c"],
    ["a <!-- b\nc\nd --> e", "a \n\n e"],
    ["a <!-- b", "a "],
    ["<!-- a --> b <!-- c --> d", " b  d"],
    ["a --> b", "a --> b"],
    ["a\n```\nb\n```\nc", "a\nc"],
    ["a\n````\n```\nb\n````\nc", "a\nc"],
    ["~~~ yaml\nb\n~~~\nc", "c"],
    ["- ```\n  b\n  ```\nc", "c"],
    ["```a```\nb", "```a```\nb"],
    ["```\n<!--\n```\nb", "b"],
    ["<!--\n```\n-->\nb", "\n\n\nb"],
    ["```\nnever closed", ""],
    ["", ""],
  ])("shows of %j: %j", (text, expected) => expect(seen(text)).toBe(expected));

  it("keeps code where it is asked to, and comments in it", () => {
    expect(visibleLines("a\n```\n<!-- b -->\n```\nc<!--d-->", { code: true })).toEqual([
      "a",
      "```",
      "<!-- b -->",
      "```",
      "c",
    ]);
  });

  it("shows everything of a text without code and comments", () => {
    const plain = fc.string({ unit: fc.constantFrom("a", " ", "\n", "<", "-", "!", ">", "#") });
    fc.assert(
      fc.property(plain, (text) => {
        fc.pre(!text.includes("<!--"));
        expect(seen(text)).toBe(text);
      }),
    );
  });

  it("takes 1 MB in linear time", () => {
    const started = performance.now();
    for (const piece of ["<!--", "-->", "<!---->", "`", "```\n", "- ", " "])
      seen(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
