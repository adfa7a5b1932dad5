import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../src/policy/text/pattern.ts";

describe("compilePattern", () => {
  it.each([
    ["^hotfix/[a-z]+$", "hotfix/abc", true],
    ["^hotfix/[a-z]+$", "hotfix/ABC", false],
    ["b", "abc", true],
    ["^HOTFIX: \\S.*$", "HOTFIX: ünïcode", true],
    ["^HOTFIX: \\S.*$", "HOTFIX: ", false],
    ["^a$", "x\na\ny", false],
  ])("searches %s in %j: %j", (source, text, found) => {
    expect(compilePattern(source)?.test(text)).toBe(found);
  });

  it("matches the whole text where asked to", () => {
    expect(compilePattern("#\\d+")?.matches("#12")).toBe(true);
    expect(compilePattern("#\\d+")?.matches("#12x")).toBe(false);
    expect(compilePattern("#\\d|#\\d\\d")?.matches("#12")).toBe(true);
  });

  it.each(["(", "[a", "a{2000}", "(?=a)b\\1"])("is null for the invalid %s, each time", (source) => {
    expect(compilePattern(source)).toBeNull();
    expect(compilePattern(source)).toBeNull();
  });

  it("compiles a pattern once", () => {
    expect(compilePattern("^once$")).toBe(compilePattern("^once$"));
  });

  it("stays right when more patterns come than it keeps", () => {
    for (let i = 0; i < 1200; i++) expect(compilePattern(`^p${i}$`)?.test(`p${i}`)).toBe(true);
  });

  it("takes linear time where a backtracking engine would take forever", () => {
    const started = performance.now();
    expect(compilePattern("^(a+)+$")?.test(`${"a".repeat(20_000)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
