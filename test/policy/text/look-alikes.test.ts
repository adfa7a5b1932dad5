import { describe, expect, it } from "vitest";
import { asItLooks, inLatinLetters, narrowed, oddCharacter } from "../../../src/policy/text/look-alikes.ts";

describe("a character that looks like another one", () => {
  it.each([
    ["P\u00a01", "space at position 2", "a no-break space (U+00A0)"],
    ["P\u202f1", "space at position 2", "a narrow no-break space (U+202F)"],
    ["P\u30001", "space at position 2", "a full-width space (U+3000)"],
    ["P\u20001", "space at position 2", "a space of another width (U+2000)"],
    ["P\u205f1", "space at position 2", "a space of another width (U+205F)"],
    ["P\u00ad1", "2nd character", "a soft hyphen (U+00AD)"],
    ["P\u20111", "2nd character", "a no-break hyphen (U+2011)"],
    ["P\u20131", "2nd character", "a dash, not a hyphen (U+2013)"],
    ["P\u22121", "2nd character", "a dash, not a hyphen (U+2212)"],
    ["P\uff1a1", "2nd character", "a full-width colon (U+FF1A)"],
    ["P\u22361", "2nd character", "a character that only looks like a colon (U+2236)"],
    ["\ufeffP1", "first character", "a byte order mark (U+FEFF)"],
    ["P\u200b1", "2nd character", "an invisible character (U+200B)"],
    ["P\u{e0001}1", "2nd character", "an invisible character (U+E0001)"],
    ["P\uff11", "2nd character", "a full-width character (U+FF11)"],
    ["“P1", "first character", "a typographic quote (U+201C)"],
    ["P1’", "3rd character", "a typographic quote (U+2019)"],
    ["\u04201", "first character", "a Cyrillic letter (U+0420)"],
    ["\u03a11", "first character", "a Greek letter (U+03A1)"],
  ])("%j: the %s is %s", (text, place, name) => expect(oddCharacter(text)).toBe(`the ${place} is ${name}`));

  it.each([
    ["Severity\u00a0: P1", "space before the colon"],
    ["Severity:\u00a0P1", "space after the colon"],
    ["Severity\u200b: P1", "character before the colon"],
    ["Severity:\u200bP1", "character after the colon"],
    ["Severity\u00a0\uff1a P1", "space before the colon"],
    ["\u00a0P1", "first character"],
    ["😀\u00a0P1", "space at position 2"],
    ...(
      [
        [3, "rd"],
        [4, "th"],
        [10, "th"],
        [11, "th"],
        [12, "th"],
        [13, "th"],
        [14, "th"],
        [21, "st"],
        [22, "nd"],
        [101, "st"],
        [111, "th"],
        [113, "th"],
      ] as const
    ).map(([n, ending]): [string, string] => [`${"x".repeat(n - 1)}\u0430`, `${n}${ending} character`]),
  ])("stands somewhere: in %j it is the %s", (text, place) =>
    expect(oddCharacter(text)).toMatch(new RegExp(`^the ${place} is an? `)),
  );

  it.each(["", "Severity: P1", "Größe 東京 😀", "~!@\u007f", `${"x".repeat(300)}\u00a0`])(
    "is not in %j",
    (text) => expect(oddCharacter(text)).toBeNull(),
  );
});

describe("a text as it looks", () => {
  it.each([
    ["Fixes: #1\nTested: a", "Fixes: #1\nTested: a"],
    ["a\u00a0b\u3000c\td\né", "a b c d\né"],
    ["a\u2010b\u00adc\u2212d", "a-b-c-d"],
    ["a\u200bb\u202ec\ufeffd", "abcd"],
    ["a\u2236b\uff1ac", "a:b:c"],
    ["Ｐ１", "P1"],
  ])("%j is %j", (text, looks) => expect(asItLooks(text)).toBe(looks));

  it.each([
    ["Ｐ１２", 2, "P1"],
    ["\ufdfa\ufdfa", 5, "صلى ا"],
    ["abc", 2, "ab"],
  ])("%j narrowed to %i characters is %j", (text, longest, narrow) =>
    expect(narrowed(text, longest)).toBe(narrow),
  );

  it.each([
    ["S\u0435v\u0435rity", "Severity"],
    ["\u0422\u0435sted", "Tested"],
    ["\u0399mpact", "Impact"],
    ["Größe", "Größe"],
    ["Fixes", "Fixes"],
  ])("the key %j is %j", (key, latin) => expect(inLatinLetters(key)).toBe(latin));
});
