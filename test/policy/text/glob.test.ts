import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { escapeAllButWildcards, globProblem, matchesAny } from "../../../src/policy/text/glob.ts";
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
      // Where picomatch has a rule of its own: dot segments, `**` inside a segment, `x/*/**`, several `**` in
      // a row.
      .filter((text) => !/(^|\/)\.|\*{3}|[^/]\*\*|\*\*[^/]|\*\*\/\*\*|\*\/\*\*$|[?*]\{|\]\{|\.\./.test(text));
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
    ["[z-a]", "set of characters"],
  ])("%s", (glob, text) => {
    expect(globProblem(glob)).toContain(text);
    expect(matchesAny([glob], glob)).toBe(false);
  });

  it.each(["src/**", "{a,b}/*.ts", "**", "a b", "ünï/[ä-ö]", "\\{a\\}"])("%s is fine", (glob) => {
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
