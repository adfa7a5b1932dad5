import { describe, expect, it } from "vitest";
import { matchesAny } from "../../../src/policy/text/glob.ts";
import { compilePattern } from "../../../src/policy/text/pattern.ts";
import { TooMuchWork, withinWork } from "../../../src/policy/text/work.ts";

const STEPS = 2_400_000;
const paths = (count: number, one: (i: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, i) => one(i));
const all = (globs: readonly string[], names: readonly string[]) =>
  names.filter((path) => matchesAny(globs, path));

describe("withinWork", () => {
  it("lets 500 globs meet 3,000 paths", () => {
    const globs = paths(500, (i) => `packages/service-${i}/**`);
    const names = paths(3_000, (i) => `packages/service-${i % 700}/src/a.ts`);
    expect(withinWork(STEPS, () => all(globs, names)).length).toBeGreaterThan(1_000);
  });

  it("lets 250 titles meet a long pattern", () => {
    const pattern = compilePattern("^(?:HOTFIX|hotfix)(?:\\([a-z]{1,20}\\))?: \\S.{0,71}$");
    const titles = paths(250, (i) => `HOTFIX: fix the payment of order ${i}, which failed at the checkout`);
    expect(withinWork(STEPS, () => titles.filter((title) => pattern?.test(title))).length).toBe(250);
  });

  it.each([
    ["*a", `${"*a".repeat(140)}b`],
    ["?", `*a${"?".repeat(200)}b*`],
    ["sets", `*${"[ab]".repeat(70)}c*`],
    ["**", `${"**/*a*/".repeat(40)}b`],
  ])("is done or ended soon: %s", (_, glob) => {
    const globs = paths(130, (i) => `${glob}${i % 10}`);
    const names = paths(3_000, (i) => `${"a".repeat(200)}/${"ab/".repeat(30)}${"a".repeat(200)}${i}`);
    const start = process.cpuUsage();
    try {
      withinWork(STEPS, () => all(globs, names));
    } catch (error) {
      expect(error).toBeInstanceOf(TooMuchWork);
    }
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  it("ends what would take long", () => {
    const globs = paths(130, (i) => `*a${"?".repeat(100)}b*${"?".repeat(100)}${i % 10}`);
    const names = paths(3_000, (i) => `${"a".repeat(800)}${i}`);
    expect(() => withinWork(STEPS, () => all(globs, names))).toThrow(TooMuchWork);
  });

  it("ends patterns too, and looks at no endless text", () => {
    const pattern = compilePattern("(?:a|b|ab|ba|aab){1,200}x");
    const texts = paths(1_000, (i) => `${"ab".repeat(400)}${i}`);
    expect(() => withinWork(STEPS, () => texts.filter((text) => pattern?.test(text)))).toThrow(TooMuchWork);
    expect(compilePattern("a")?.test("a".repeat(1_001))).toBe(false);
  });

  it("counts nothing outside, and each anew", () => {
    for (let i = 0; i < 3; i++) expect(withinWork(10, () => matchesAny(["a/**"], "a/b"))).toBe(true);
    expect(
      all(
        ["a/**"],
        paths(100, () => "a/b"),
      ).length,
    ).toBe(100);
  });
});
