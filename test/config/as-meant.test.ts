import { describe, expect, it } from "vitest";
import { matchesAny } from "../../src/policy/text/glob.ts";
import { compilePattern } from "../../src/policy/text/pattern.ts";
import { lineOf, policyOf, problemsOf } from "./support.ts";

/** Settings as people write them (issue 10, 9). */

describe("read as meant", () => {
  it.each<[written: string, branch: string, matches: boolean]>([
    ["/^hotfix\\/.+$/i", "HOTFIX/x", true],
    ["/^hotfix\\/.+$/", "HOTFIX/x", false],
    ["/^hotfix\\/.+$/gu", "hotfix/x", true],
    ["'/^hotfix\\/.+$/i'", "Hotfix/x", true],
    ["“^hotfix/.+$”", "hotfix/x", true],
    ["„^hotfix/.+$“", "hotfix/x", true],
    ["‘^hotfix/.+$’", "hotfix/x", true],
    ["«^hotfix/.+$»", "hotfix/x", true],
    ["“/^hotfix\\/.+$/i”", "HOTFIX/x", true],
    ["'^hotfix/.+$'", "hotfix/x", true],
    ["hotfix/", "hotfix/x", true],
  ])("branches.name: %s", (written, branch, matches) => {
    const { name } = policyOf(`branches:\n  name: ${written}\n`).branches;
    expect(compilePattern(name)?.test(branch)).toBe(matches);
  });

  it.each([
    ["title", "/^hotfix:/i", "HotFix: x"],
    ["title", "“^HOTFIX: \\S”", "HOTFIX: x"],
  ])("commit.%s: %s", (key, written, title) => {
    const { commit } = policyOf(`commit:\n  ${key}: '${written}'\n`);
    expect(compilePattern(commit.title)?.test(title)).toBe(true);
  });

  it("commit.issues", () => {
    const { issues } = policyOf("commit:\n  issues: ['/pay-\\d+/i', '“OPS-\\d+”']\n").commit;
    expect(issues).toEqual(["(?i)pay-\\d+", "OPS-\\d+"]);
  });

  it.each([
    ["origin/main", "main"],
    ["refs/heads/main", "main"],
    ["remotes/origin/release/*", "release/*"],
    ["“main”", "main"],
    ["upstream/main", "upstream/main"],
    ["main", "main"],
  ])("branches.base: [%s]", (written, base) => {
    expect(policyOf(`branches: { base: ['${written}'] }`).branches.base).toEqual([base]);
  });

  it("branches.back_merge and branches.hotfix", () => {
    const { branches } = policyOf("branches: { back_merge: [origin/develop], hotfix: ['origin/hotfix/**'] }");
    expect(branches).toMatchObject({ back_merge: ["develop"], hotfix: ["hotfix/**"] });
  });

  it.each([
    ["src/payments", "src/payments/a/b.ts", true],
    ["src/payments/", "src/payments/a.ts", true],
    ["./src/payments", "src/payments/a.ts", true],
    ["/src/payments", "src/payments/a.ts", true],
    ["src/v1.2", "src/v1.2/a.ts", true],
    ["src/payments.ts", "src/payments.ts", true],
    ["“src/payments”", "src/payments/a.ts", true],
    ["src/payments", "src/payments-old/a.ts", false],
    ["src/*", "src/payments/a.ts", false],
    ["src/payments/**", "src/payments/a.ts", true],
  ])("components: %s has %s: %s", (written, path, has) => {
    const { payments = [] } = policyOf(`components: { payments: ['${written}'] }`).components;
    expect(matchesAny(payments, path)).toBe(has);
  });

  it.each([
    ["Engineering Managers", "engineering-managers"],
    ["“Engineering Managers”", "engineering-managers"],
    ["SRE & On-call", "sre-on-call"],
    ["@acme/x", "acme/x"],
    ["@managers", "managers"],
    ["acme/Engineering Managers", "acme/engineering-managers"],
    ["Managers", "Managers"],
    ["a_b.c", "a_b.c"],
  ])("roles.*.teams: %s", (written, slug) => {
    expect(policyOf(`roles: { cto: { teams: ['${written}'] } }`).roles.cto?.teams).toEqual([slug]);
  });

  it("roles.*.users: @jane-doe", () => {
    expect(policyOf("roles: { cto: { users: ['@jane-doe', '“ada”'] } }").roles.cto?.users).toEqual([
      "jane-doe",
      "ada",
    ]);
  });

  it("in an extended file too", () => {
    expect(policyOf("extends: x\n", "branches: { base: [origin/main] }").branches.base).toEqual(["main"]);
  });
});

describe("one clear line, with the fix", () => {
  it.each([
    ["commit:\n  title: ^HOTFIX: \\S.*$\n", "own.yml:2:", "title: '^HOTFIX: \\S.*$'"],
    ["commit:\n  title: [HOTFIX] .*\n", "own.yml:2:", "title: '[HOTFIX] .*'"],
    ["commit:\n  title: ^Bob's: fix$\n", "own.yml:2:", "title: '^Bob''s: fix$'"],
    ["roles:\n  cto: { teams: [@acme/x] }\n", "own.yml:2:", "without @"],
    ["branches:\n  hotfix: [**/x]\n", "own.yml:2:", "'**/x'"],
    ["commit:\n  issues:\n    - Fixes: \\d+\n", "own.yml:3:", "quotes"],
    ["commit:\n  title: '^HOTFIX(?!x)'\n", "own.yml:2:", "look-around"],
    ["branches: { name: '/^hotfix(/' }\n", "own.yml:1:", "is not an RE2 pattern"],
    ["roles: { cto: { teams: ['Ingénieurs en chef'] } }\n", "own.yml:1:", "slug"],
  ])("%j", (text, place, fix) => {
    const [first] = problemsOf(text);
    const line = first === undefined ? "" : lineOf(first);
    expect(line).toContain(place);
    expect(line).toContain(fix);
    expect(line).not.toMatch(/compact mappings|node end/);
  });
});
