import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { policySchema } from "../../src/config/index.ts";
import { patternSize } from "../../src/config/pattern-size.ts";
import { policyOf, problemsOf } from "./support.ts";

const programSize = (source: string): number | null => {
  try {
    return RE2JS.compile(source).programSize();
  } catch {
    return null;
  }
};

describe("patternSize", () => {
  it("is never less than what RE2 makes of a pattern", () => {
    const piece = fc.constantFrom(
      ..."ab()|*+?[]{}^$.\\-:,&Q",
      ..."(?: (?i) (?P<n> {2} {3,} {1,5} {0,4} {9} \\Q \\E \\p{L} \\pN \\d [a-c] [^a] [[:alpha:]] []a] [\\]] \\] \\[ \\x{61} (?i: {a} {,2}".split(
        " ",
      ),
    );
    const pattern = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(""));
    let valid = 0;
    fc.assert(
      fc.property(pattern, (source) => {
        const size = programSize(source);
        if (size === null) return;
        valid++;
        expect(patternSize(source)).toBeGreaterThanOrEqual(size);
      }),
      { numRuns: 20_000 },
    );
    expect(valid).toBeGreaterThan(1_000);
  });

  it.each(["a{1000}", "(?:a{30}){30}", "((a{9}){9}){9}", "(?:a|b|c){1,300}", "a{2,}{3}", "x{0,1000}"])(
    "%s",
    (source) => {
      expect(patternSize(source)).toBeGreaterThanOrEqual(programSize(source) ?? 0);
    },
  );

  it.each([
    "^hotfix/[a-z0-9]+(?:-[a-z0-9]+)*$",
    "^(?:HOTFIX|\\[HOTFIX\\]|hotfix)(?:\\([\\p{L}\\p{N} _-]{1,40}\\))?!?: \\S.{0,71}$",
    "(?:[A-Z][A-Z0-9]{1,9}-[1-9]\\d{0,6})(?:, ?[A-Z][A-Z0-9]{1,9}-[1-9]\\d{0,6}){0,9}",
    "\\p{L}{1,200}",
    "(?i)^hotfix/[a-zà-ÿ0-9一-龥ぁ-ゟ-]+$",
    "https://(?:[a-z0-9-]{1,63}\\.){1,5}example\\.com/browse/\\S{1,100}",
  ])("what people write is allowed: %s", (source) => {
    policyOf(`commit: { title: '${source}' }`);
  });
});

describe("all patterns and globs of a file together", () => {
  const issues = (one: (i: number) => string, count = 100): string =>
    `commit:\n  issues:\n${Array.from({ length: count }, (_, i) => `    - '${one(i)}'\n`).join("")}`;
  const components = (names: number, globs: number, one: (i: number, j: number) => string): string =>
    `components:\n${Array.from(
      { length: names },
      (_, i) => `  c${i}:\n${Array.from({ length: globs }, (_, j) => `    - '${one(i, j)}'\n`).join("")}`,
    ).join("")}`;

  it.each([
    ["each too large", issues((i) => `${"a{1000}".repeat(70)}${i}`), /this pattern is too large/],
    ["nested repeats", issues((i) => `${"(?:a{30}){30}".repeat(30)}${i}`), /this pattern is too large/],
    ["each just small enough", issues((i) => `a{900}b{900}${i}`), /patterns of this file .* together/],
    [
      "sets of all letters",
      issues((i) => `${"(?i)[\\p{L}]".repeat(30)}${i}`),
      /patterns of this file .* together/,
    ],
    [
      "wide ranges without regard to case",
      issues((i) => `(?i)[Ā-￿]${i}`),
      /patterns of this file .* together/,
    ],
    [
      "many of them in one",
      issues((i) => `(?i)[Ā-￿\\x{100}-\\x{10FFFF}Ā-￿Ā-￿Ā-￿]${i}`),
      /this pattern is too large|patterns of this file .* together/,
    ],
    [
      "globs of wildcards",
      components(4, 90, (i, j) => `${"*a".repeat(120)}${i}${j}`),
      /globs of this file .* together/,
    ],
    [
      "globs of many alternatives",
      components(2, 10, (i, j) => `${"{a,b}".repeat(6)}/${"x".repeat(200)}${i}${j}/**`),
      /globs of this file .* together/,
    ],
  ])("%s: a problem, at once", (_, text, says) => {
    const start = process.cpuUsage();
    const problems = problemsOf(text);
    const { user, system } = process.cpuUsage(start);
    expect(problems.some(({ message }) => says.test(message))).toBe(true);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  it("a monorepo of 100 components is allowed", () => {
    policyOf(components(100, 4, (i, j) => `packages/service-${i}/src/module-${j}/**`));
  });

  it("counts each file anew", () => {
    for (let i = 0; i < 3; i++) policyOf(`commit: { title: 'a{900}b{900}${i}' }`);
    expect(policySchema.safeParse({ commit: { title: "a{900}" } }).success).toBe(true);
  });
});
