import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { escapeAllButWildcards, globProblem, globSize, matchesAny } from "../../../src/policy/text/glob.ts";
import { processorTime } from "../diff/input.ts";

describe("matchesAny", () => {
  it.each([
    ["src/**", "src/a.ts", true],
    ["src/**", "src/a/b/.c", true],
    ["src/**", "src", true],
    ["src/", "src/a/b", true],
    ["src/**", "srcs/a", false],
    ["./src/*", "src/a", true],
    ["/src/*", "src/a", true],
    ["src/*", "src/a/b", false],
    ["**/*.snap", "a.snap", true],
    ["**/*.snap", "x/y/a.snap", true],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["a?c", "a/c", false],
    ["a?c", "abc", true],
    ["a?c", "a😀c", true],
    ["{src/a,lib/{b,c}}/**", "lib/c/x", true],
    ["{src/a,lib/{b,c}}/**", "lib/a/x", false],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["[!a]x", "/x", false],
    ["\\[id\\].ts", "[id].ts", true],
    ["Src/**", "src/a", false],
    ["src/*", "src/a\nb", true],
    ["a.b", "aXb", false],
    ["hotfix/**", "hotfix/stripe", true],
    ["//src/*", "src/a", true],
    ["src/*", "src/", false],
    ["[a-c]x", "ax", true],
    ["[a-c]x", "cx", true],
    ["[a-c]x", "dx", false],
    ["[a-c]x", "-x", false],
    ["[ab]x", "bx", true],
    ["[ab]x", "x", false],
    ["[a-]x", "-x", true],
    ["[-a]x", "-x", true],
    ["[^a]x", "bx", true],
    ["[^a]x", "ax", false],
    ["[a!]x", "!x", true],
    ["[a^]x", "^x", true],
    ["[😀-😂]x", "😁x", true],
    ["[!😀]x", "😁x", true],
    ["a,b", "a,b", true],
    ["*.*", "b.", true],
    ["{a\\,b,c}", "a,b", true],
    ["a*", "a", true],
    ["*a", "a", true],
    ["*ab*ba", "aba", false],
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["*b*", "b", true],
    ["*b*", "ac", false],
    ["a*b*c", "abc", true],
    ["a*b*c", "acb", false],
    ["a*b*c", "ac", false],
    ["a*bc*c", "abc", false],
    ["a*bc*c", "abcc", true],
    ["a*[bc]*d", "axcd", true],
    ["a*[bc]*d", "axd", false],
    ["a*?*b", "ab", false],
    ["a*?*b", "a😀b", true],
    ["*?", "😀", true],
    ["*??", "😀", false],
    ["a*?", "a😀", true],
    ["?*", "😀", true],
    ["**/a/**/b", "a/x/a/b", true],
    ["**/a/**/b", "b/a", false],
    ["**/a/b", "a/a/b", true],
    ["**/a/b", "a/b/c", false],
  ])("%s on %s: %s", (glob, path, expected) => {
    expect(matchesAny([glob], path)).toBe(expected);
  });

  it("asks all globs of a list, and none of an empty one", () => {
    expect(matchesAny(["a", "b/**"], "b/c")).toBe(true);
    expect(matchesAny([], "a")).toBe(false);
  });

  it("agrees with picomatch", () => {
    const segment = fc
      .array(fc.constantFrom("a", "b", ".", "*", "?", "[ab]", "{a,b}", "-"), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(""));
    const glob = fc
      .array(fc.oneof(segment, fc.constant("**")), { minLength: 1, maxLength: 4 })
      .map((segments) => segments.join("/"))
      // Where picomatch has a rule of its own: `*.*` does not match `b.`, dot segments, `**` inside a segment, `x/*/**`, several `**` in
      // a row.
      .filter(
        (text) =>
          !/(^|\/)\.|\*{3}|[^/]\*\*|\*\*[^/]|\*\*\/\*\*|\*\/\*\*$|[?*]\{|\]\{|\.\.|^(\*\*\/)?\*\.\*$/.test(
            text,
          ),
      );
    const path = fc
      .array(fc.stringMatching(/^[ab.-]{1,4}$/), { minLength: 1, maxLength: 4 })
      .map((segments) => segments.join("/"))
      .filter((text) => !/(^|\/)\.{1,2}(\/|$)/.test(text));
    fc.assert(
      fc.property(glob, path, (text, subject) => {
        expect(matchesAny([text], subject)).toBe(picomatch.isMatch(subject, text, { dot: true }));
      }),
      { numRuns: 3000 },
    );
  });

  it("stays quick with evil globs on 3,000 paths of 4 kB", () => {
    const evil = [
      `${"*a".repeat(100)}b`,
      `**/${"**/*a*/".repeat(30)}b`,
      `**/*a${"?".repeat(200)}`,
      `*(${"a*".repeat(60)})b`,
      "{a,aa}".repeat(6),
      "{1..100000}",
      "+(+(+(a)))",
    ];
    const paths = Array.from({ length: 3000 }, (_, i) => `${"a".repeat(4000)}/${"ab/".repeat(30)}${i}`);
    let matches: string[] = [];
    const time = processorTime(() => {
      matches = paths.filter((path) => matchesAny(evil, path));
    });
    expect(time).toBeLessThan(5000);
    expect(matches).toEqual([]);
  });
});

describe("globSize", () => {
  it.each([
    ["abc", 3],
    ["{a,b}/c", 6],
    ["{a,{b,cd}}", 5],
    ["{a,b}".repeat(6), 384],
    ["a".repeat(300), 300],
    ["a".repeat(301), 0],
    ["{a", 0],
  ])("of %s: %i", (glob, size) => expect(globSize(glob)).toBe(size));
});

describe("globProblem", () => {
  it.each([
    ["", "empty"],
    ["a".repeat(301), "longer"],
    ["!src/**", "negated"],
    ["src/@(a|b)", "groups"],
    ["{a,b", "partner"],
    ["a}", "partner"],
    ["{1..100000}", "ranges"],
    ["{a}", "two alternatives"],
    ["{a,b}".repeat(7), "more than 64"],
    ["src/[a", "not closed"],
    ["src/[]", "not closed"],
    ["src/[!]", "not closed"],
    ["[z-a]", "set of characters"],
  ])("%s", (glob, text) => {
    expect(globProblem(glob)).toContain(text);
    expect(matchesAny([glob], glob)).toBe(false);
  });

  it.each([
    "src/**",
    "{a,b}".repeat(6),
    "a".repeat(300),
    "[a-a]",
    "a!",
    "{a,b}/*.ts",
    "**",
    "a b",
    "ünï/[ä-ö]",
    "\\{a\\}",
  ])("%s is fine", (glob) => {
    expect(globProblem(glob)).toBeNull();
  });

  it("never throws, and an escaped text matches itself", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (text, path) => {
        matchesAny([text], path);
        const literal = text.replace(/[*?/]/g, "");
        if (literal !== "" && !literal.startsWith(".")) {
          expect(matchesAny([escapeAllButWildcards(literal)], literal)).toBe(true);
        }
      }),
    );
  });
});
