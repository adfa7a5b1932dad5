import { describe, expect, it } from "vitest";
import { matchesAny } from "../../src/policy/text/glob.ts";
import { compilePattern } from "../../src/policy/text/pattern.ts";
import { lineOf, parse, policyOf, problemsOf } from "./support.ts";

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
    ["\"'^hotfix/.+$'\"", "hotfix/x", true],
    [`"r'^hotfix/.+$'"`, "hotfix/x", true],
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
    ["heads/main", "main"],
    ["remotes/origin/main", "main"],
    ["/main", "main"],
    ["main/", "main"],
    ["`main`", "main"],
    ["「main」", "main"],
    ["https://github.com/acme/x/tree/main", "main"],
    ["https://github.com/acme/x/tree/release/1.x", "release/1.x"],
    ["acme:main", "main"],
    ["refs/remotes/origin/main", "main"],
    ['"main"', "main"],
    [" main ", "main"],
    ["main", "main"],
  ])("branches.base: [%s]", (written, base) => {
    expect(policyOf(`branches: { base: ['${written}'] }`).branches.base).toEqual([base]);
  });

  it("branches.hotfix: [hotfix/] is all that begins so", () => {
    expect(policyOf("branches: { hotfix: [hotfix/, fix/urgent/] }").branches.hotfix).toEqual([
      "hotfix/**",
      "fix/urgent/**",
    ]);
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
    ["/src/payments/**", "src/payments/a.ts", true],
    ["./src/payments/*.ts", "src/payments/a.ts", true],
    ["src\\payments", "src/payments/a.ts", true],
    ["`src/payments`", "src/payments/a.ts", true],
    ["src/payments/...", "src/payments/a.ts", true],
    ["src/payments/.", "src/payments/a.ts", true],
    ["src/payments/**/", "src/payments/a.ts", true],
    ["src//payments", "src/payments/a.ts", true],
    [".", "src/payments/a.ts", true],
    ["./", "README.md", true],
    ['"src/payments"', "src/payments/a.ts", true],
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
    ["Zürich Team", "zurich-team"],
    ["Ingénieurs en chef", "ingenieurs-en-chef"],
    ["R&D", "r-d"],
    ["On-Call (EU)", "on-call-eu"],
    ["https://github.com/orgs/acme/teams/sre", "acme/sre"],
    ["github.com/orgs/acme/teams/sre/", "acme/sre"],
    ["https://github.com/orgs/acme/teams/sre/members", "acme/sre"],
    ["orgs/acme/teams/sre", "acme/sre"],
    ["<@acme/sre>", "acme/sre"],
    ["acme / sre", "acme/sre"],
    ["@acme/Engineering Managers", "acme/engineering-managers"],
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

  it("roles.*.users: a link", () => {
    const { cto } = policyOf("roles: { cto: { users: ['[@ada](https://github.com/ada)'] } }").roles;
    expect(cto?.users).toEqual(["ada"]);
  });

  it.each([
    ["https://github.com/acme/incidents", "acme/incidents"],
    ["https://github.com/acme/incidents.git", "acme/incidents"],
    ["git@github.com:acme/incidents.git", "acme/incidents"],
    ["ssh://git@github.example/acme/incidents.git", "acme/incidents"],
    ["acme/incidents.git", "acme/incidents"],
    ["acme/incidents/", "acme/incidents"],
    ["incidents", "incidents"],
    ["acme/incidents.js", "acme/incidents.js"],
  ])("post_mortem.repository: %s", (written, repository) => {
    expect(policyOf(`post_mortem: { repository: '${written}' }`).post_mortem.repository).toBe(repository);
  });

  it.each([
    ["/docs/pm.md", "docs/pm.md"],
    ["./docs/pm.md", "docs/pm.md"],
    ["https://github.com/acme/x/blob/main/docs/pm.md", "docs/pm.md"],
    ["`docs/pm.md`", "docs/pm.md"],
    ["docs/pm.md", "docs/pm.md"],
  ])("post_mortem.template: %s", (written, template) => {
    expect(policyOf(`post_mortem: { template: '${written}' }`).post_mortem.template).toBe(template);
  });

  it("roles.*.users: an address", () => {
    const { cto } = policyOf("roles: { cto: { users: ['https://github.com/ada', github.com/jane/] } }").roles;
    expect(cto?.users).toEqual(["ada", "jane"]);
  });

  it.each([
    ["a byte order mark and CRLF", "\ufeffmode: observe\r\nbranches:\r\n  base: [main]\r\n"],
    [
      "no-break spaces that indent and part",
      "mode:\u00a0observe\nbranches:\n\u00a0\u00a0base:\u00a0[main]\n",
    ],
    ["full-width spaces", "mode:\u3000observe\nbranches:\n\u3000\u3000base: [main]\n"],
    ["an anchor", "mode: observe\nbranches:\n  base: &b [main]\n  back_merge: *b\n"],
  ])("a file with %s", (_, text) => {
    expect(policyOf(text)).toMatchObject({ mode: "observe", branches: { base: ["main"] } });
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
    ["roles: { cto: { teams: [管理者] } }\n", "own.yml:1:", "slug"],
    ["roles: { cto: { users: [Jane Doe] } }\n", "own.yml:1:", "without @"],
    ["roles: { cto: { users: [jane@acme.example] } }\n", "own.yml:1:", "login"],
    ["branches:\n  base: main, release\n", "own.yml:2:", 'Write ["main", "release"].'],
    ["branches:\n  base: main\n", "own.yml:2:", 'Write ["main"].'],
    ["severities: { p0: { approvals: 2 } }\n", "own.yml:1:", "Did you mean P0?"],
    ["Mode: observe\n", "own.yml:1:", "Did you mean mode?"],
    ["mode:observe\n", "own.yml:1:", "Write mode: observe, with a colon and a space"],
    ["mode：observe\n", "own.yml:1:", "full-width colon"],
    ["rules: { scope: warning }\n", "own.yml:1:", "Did you mean warn?"],
    ["rules: { scope: false }\n", "own.yml:1:", "Did you mean off?"],
    ["post_mortem: { due: 24 hours }\n", "own.yml:1:", "Write 24h"],
    ["post_mortem: { due: PT15M }\n", "own.yml:1:", "Write 15m"],
    ["post_mortem: { due: 1h30m }\n", "own.yml:1:", "Write 90m"],
    ["post_mortem: { due: 2H }\n", "own.yml:1:", "Write 2h"],
    ["post_mortem: { due: 1w }\n", "own.yml:1:", "Write 7d"],
    ["post_mortem: { due: 2 weeks }\n", "own.yml:1:", "Write 14d"],
    ["post_mortem: { due: 1.5h }\n", "own.yml:1:", "Write 90m"],
    ["post_mortem: { due: '1,5 h' }\n", "own.yml:1:", "Write 90m"],
    ["post_mortem: { due: P1D }\n", "own.yml:1:", "Write 1d"],
    ["branches: { name: 'hotfix/**' }\n", "own.yml:1:", "not a glob: write '^hotfix/.+$'"],
    ["rules: { scope: { level: warning } }\n", "own.yml:1:", "Did you mean warn?"],
    ["rules: { scope: true }\n", "own.yml:1:", "Did you mean error?"],
    ["rules: { scope: required }\n", "own.yml:1:", "Did you mean error?"],
    ["rules: { scope: Disabled }\n", "own.yml:1:", "Did you mean off?"],
    ["mode: dry-run\n", "own.yml:1:", "Did you mean observe?"],
    ["mode: report only\n", "own.yml:1:", "Did you mean observe?"],
    ["mode: disabled\n", "own.yml:1:", "Did you mean off?"],
    ["mode: on\n", "own.yml:1:", "Did you mean enforce?"],
    ["roles: { cto: { permission: owner } }\n", "own.yml:1:", "Did you mean admin?"],
    ["roles: { cto: { permission: push } }\n", "own.yml:1:", "Did you mean write?"],
    ["severities: { P0: { review: post_merge } }\n", "own.yml:1:", "Did you mean after-merge?"],
    ["severities: { P0: { review: true } }\n", "own.yml:1:", "Did you mean before-merge?"],
    ["severities: { P0: { staging: required } }\n", "own.yml:1:", "Did you mean expected?"],
    ["severities: { P0: { staging: no } }\n", "own.yml:1:", "Did you mean optional?"],
    ["roles: { cto: { users: ['@ada, jane'] } }\n", "own.yml:1:", '["ada", "jane"]'],
    ["roles: { cto: { users: ['@acme/sre'] } }\n", "own.yml:1:", "write it under teams"],
    ["roles: { cto: [ada, jane] }\n", "own.yml:1:", 'Write { users: ["ada", "jane"] }.'],
    ["roles: { cto: ada }\n", "own.yml:1:", 'Write { users: ["ada"] }.'],
    ["overrides: [cto]\n", "own.yml:1:", 'Write { roles: ["cto"] }.'],
    ["freeze: P0\n", "own.yml:1:", 'Write { severities: ["P0"] }.'],
  ])("%j", (text, place, fix) => {
    const [first] = problemsOf(text);
    const line = first === undefined ? "" : lineOf(first);
    expect(line).toContain(place);
    expect(line).toContain(fix);
    expect(line).not.toMatch(/compact mappings|node end/);
  });
});

describe("all that is wrong, at once", () => {
  it.each<[string, readonly number[]]>([
    ["mode: nonsense\nroles:\n  cto: { teams: [@acme/x] }\ncommit:\n  titel: x\n", [1, 3, 5]],
    ["commit:\n  title: HOTFIX: x\nbranchs: {}\n", [2, 3]],
    ['branches:\n  name: "^hotfix/\\d+$"\nmod: observe\n', [2, 3]],
    ["rules:\n\tscope: maybe\nmod: observe\n", [2, 2, 3]],
    ["commit:\n  title: HOTFIX: x\nroles:\n  cto: { users: [@ada] }\nmod: observe\n", [2, 4, 5]],
    // Nobody knows what else it says.
    ["rules:\n  scope: off\n mode: observe\nmod: x\n", [3]],
    ["branches: [\nmod: x\n", [2]],
  ])("%j", (text, lines) => {
    const told = problemsOf(text).map(({ line }) => line);
    for (const line of lines) expect(told).toContain(line);
    expect(told.length).toBeGreaterThanOrEqual(lines.length);
  });

  it("never makes a broken file valid", () => {
    for (const text of ["commit:\n  title: HOTFIX: x\n", "rules:\n\tscope: off\n"])
      expect(problemsOf(text)).toHaveLength(1);
  });
});

describe("what is valid and does nothing is warned of", () => {
  it.each([
    ["branches: { hotfix: ['^hotfix/.*$'] }", "branches.hotfix[0]"],
    ["branches: { base: ['^main$'] }", "branches.base[0]"],
    ["components: { a: ['src/payments/.*'] }", "components.a[0]"],
    ["branches: { base: ['main|master'] }", "branches.base[0]"],
    ["branches: { base: ['(main|master)'] }", "branches.base[0]"],
    ["branches: { base: ['main, master'] }", "branches.base[0]"],
    ["branches: { base: ['main master'] }", "branches.base[0]"],
    ["branches: { hotfix: ['hotfix/** fix/**'] }", "branches.hotfix[0]"],
    ["components: { a: ['src/payments, src/billing'] }", "components.a[0]"],
    ["components: { a: ['src/payments|src/billing'] }", "components.a[0]"],
    ["branches: { hotfix: [hotfix] }", "branches.hotfix"],
    ["branches: { hotfix: ['fix/**'] }", "branches.hotfix"],
    ["branches: { name: new RegExp('^hotfix') }", "branches.name"],
    ["branches: { name: 'm/^hotfix/' }", "branches.name"],
  ])("%s", (text, key) => {
    const result = parse(text);
    expect("warnings" in result ? result.warnings.map((one) => one.key) : []).toContain(key);
  });

  it.each([
    "branches: { hotfix: ['fix/**'], name: '^fix/.+$' }",
    "branches: { name: '^hotfix/[A-Z]+-[0-9]+(-[a-z]+)*$' }",
    "branches: { name: '^hotfix/v?[0-9.]+$' }",
    "branches: { hotfix: ['fix/**'] }\nrules: { branch-name: off }",
    "branches: { base: ['release/*', main] }",
    "branches: { base: ['{main,master}'] }",
    "components: { a: ['src/My Documents'] }",
    "components: { a: ['src/*.{ts,tsx}', docs] }",
  ])("but not of %s", (text) => {
    const result = parse(`${text}\nescalation: []`);
    expect(result).toMatchObject({ warnings: [] });
  });
});
