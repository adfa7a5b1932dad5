import { describe, expect, it } from "vitest";
import { lineOf, parse, problemsOf } from "./support.ts";

/** Input, and for each problem its line, column, key, and a part of what is said. */
type Problem = readonly [line: number, column: number, key: string, says: RegExp];
interface Case {
  readonly name: string;
  readonly yaml: string;
  readonly problems: readonly Problem[];
}

const NEAREST: readonly (readonly [
  yaml: string,
  line: number,
  column: number,
  key: string,
  nearest: string,
])[] = [
  ["mod: observe", 1, 1, "mod", "mode"],
  ["Version: 1", 1, 1, "Version", "version"],
  ["report-on: all", 1, 1, "report-on", "report_on"],
  ["severity: {}", 1, 1, "severity", "severities"],
  ["\n\nbranches:\n  hotfixes: [a]", 4, 3, "branches.hotfixes", "hotfix"],
  ["branches: { naem: a }", 1, 13, "branches.naem", "name"],
  ["roles:\n  on-call:\n    team: [sre]", 3, 5, "roles.on-call.team", "teams"],
  ["roles:\n  qa:\n    user: [jane]", 3, 5, "roles.qa.user", "users"],
  ["severities:\n  P0:\n    aprovers: [cto]", 3, 5, "severities.P0.aprovers", "approvers"],
  ["approval: { buy: [label] }", 1, 13, "approval.buy", "by"],
  ["rules: { scpe: off }", 1, 10, "rules.scpe", "scope"],
  ["rules: { branch_name: off }", 1, 10, "rules.branch_name", "branch-name"],
  ["rules: { diff-size: { max_file: 3 } }", 1, 23, "rules.diff-size.max_file", "max_files"],
  ["escalation:\n  - { after: 1m, notfy: [cto], notify: [cto] }", 2, 18, "escalation[0].notfy", "notify"],
  ["post_mortem: { deu: 1h }", 1, 16, "post_mortem.deu", "due"],
  ["overrides: { role: [cto] }", 1, 14, "overrides.role", "roles"],
  ["verification: { checklist: {} }", 1, 17, "verification.checklist", "checklists"],
];

describe("an unknown key", () => {
  it.each(NEAREST)("%j suggests the nearest", (yaml, line, column, key, nearest) => {
    const [problem, ...more] = problemsOf(yaml);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ file: "own.yml", line, column, key, fix: `Did you mean ${nearest}?` });
  });

  it("that nothing is near to lists the keys, and says where it belongs", () => {
    expect(problemsOf("max_lines: 3")[0]?.fix).toMatch(
      /^max_lines belongs under rules\.diff-size\. Valid keys: version, /,
    );
    expect(problemsOf("severities: { P5: {} }")[0]?.fix).toBe("Valid keys: P0, P1, P2, P3.");
  });

  it.each(["toString: 1", "constructor: 1", "hasOwnProperty: 1"])("%j is nothing special", (yaml) => {
    expect(problemsOf(yaml)[0]?.message).toContain("unknown key");
  });
});

const CASES: readonly Case[] = [
  // version and the top
  {
    name: "another version",
    yaml: "version: 2\nfuture: 1",
    problems: [[1, 10, "version", /version 2 is newer than this app/]],
  },
  { name: "version as text", yaml: "version: '1'", problems: [[1, 10, "version", /not "1"/]] },
  { name: "version as a map", yaml: "version: {}", problems: [[1, 10, "version", /version 1/]] },
  { name: "a list", yaml: "\n- a", problems: [[2, 1, "", /a list, not a map/]] },
  { name: "a scalar", yaml: "hello", problems: [[1, 1, "", /a single value/]] },
  {
    name: "two documents",
    yaml: "mode: enforce\n---\nmode: observe",
    problems: [[2, 1, "", /second document/]],
  },

  // YAML
  { name: "an open list", yaml: "mode: [a,\nx: 1", problems: [[2, 1, "", /not valid YAML/]] },
  { name: "a tab", yaml: "roles:\n\tcto: {}", problems: [[2, 1, "", /Tabs.*spaces/]] },
  {
    name: "a pattern in double quotes",
    yaml: 'branches:\n  name: "^a\\d"',
    problems: [[2, 12, "", /single quotes/]],
  },
  {
    name: "a login with @ and no quotes",
    yaml: "roles: { cto: { users: [@jane] } }",
    problems: [[1, 25, "", /without @/]],
  },
  {
    name: "the same key twice",
    yaml: "mode: enforce\nreport_on: all\nmode: observe",
    problems: [[3, 1, "mode", /duplicate key, first on line 1/]],
  },
  {
    name: "the same key twice, deep",
    yaml: "roles:\n  cto: {}\n  cto: {}",
    problems: [[3, 3, "roles.cto", /first on line 2/]],
  },
  { name: "a tag", yaml: "mode: !!js/function enforce", problems: [[1, 7, "", /tags/]] },
  { name: "a tag of YAML 1.1", yaml: "environments: !!set { a }", problems: [[1, 15, "", /tags/]] },
  { name: "a merge key", yaml: "roles:\n  <<: {}", problems: [[2, 3, "roles.<<", /merge keys/]] },
  { name: "a merge key of YAML 1.1", yaml: "%YAML 1.1\n---\n<<: {}", problems: [[3, 1, "<<", /merge keys/]] },
  {
    name: "__proto__",
    yaml: "roles:\n  __proto__: { users: [eve] }",
    problems: [[2, 3, "roles.__proto__", /not allowed/]],
  },
  { name: "a list as key", yaml: "? [a]\n: 1", problems: [[1, 3, "", /plain word/]] },
  { name: "no key", yaml: ": 1", problems: [[1, 1, "", /plain word/]] },
  { name: "an alias without anchor", yaml: "mode: *x", problems: [[1, 7, "", /no anchor/]] },
  {
    name: "an alias of what it stands in",
    yaml: "environments: &a [*a]",
    problems: [[1, 19, "", /stands within/]],
  },

  // wrong kinds
  {
    name: "text for a list",
    yaml: "branches:\n  hotfix: hotfix/**",
    problems: [[2, 11, "branches.hotfix", /a list, found "hotfix\/\*\*" — Write \["hotfix/]],
  },
  {
    name: "a list for a map",
    yaml: "roles: [cto]",
    problems: [[1, 8, "roles", /a map of keys, found a list/]],
  },
  {
    name: "text for a map",
    yaml: "approval: both",
    problems: [[1, 11, "approval", /a map of keys, found "both"/]],
  },
  {
    name: "yes for true",
    yaml: "approval: { self: yes }",
    problems: [[1, 19, "approval.self", /true or false.*found "yes"/]],
  },
  {
    name: "a number for text",
    yaml: "environments: [staging, 42]",
    problems: [[1, 25, "environments[1]", /text, found 42/]],
  },
  {
    name: "a fraction",
    yaml: "severities: { P0: { approvals: 1.5 } }",
    problems: [[1, 32, "severities.P0.approvals", /whole number/]],
  },
  {
    name: "no approvals",
    yaml: "severities: { P0: { approvals: 0 } }",
    problems: [[1, 32, "severities.P0.approvals", /at least 1/]],
  },
  {
    name: "no number at all",
    yaml: "severities: { P0: { approvals: .nan } }",
    problems: [[1, 32, "severities.P0.approvals", /NaN/]],
  },
  {
    name: "another word",
    yaml: "mode: enforced",
    problems: [[1, 7, "mode", /enforce, observe or off — Did you mean enforce/]],
  },
  {
    name: "an empty list where one is needed",
    yaml: "approval: { by: [] }",
    problems: [[1, 17, "approval.by", /at least 1 item\./]],
  },
  { name: "an empty text", yaml: "environments: ['']", problems: [[1, 16, "environments[0]", /empty/]] },
  {
    name: "an empty role",
    yaml: "roles:\n  qa:",
    problems: [[2, 3, "roles.qa", /a map of keys, found nothing/]],
  },
  {
    name: "an empty item",
    yaml: "environments:\n  -",
    problems: [[2, 4, "environments[0]", /found nothing/]],
  },
  {
    name: "a key that is needed",
    yaml: "escalation:\n  - notify: [cto]",
    problems: [[2, 5, "escalation[0].after", /missing/]],
  },

  // durations
  {
    name: "a duration without unit",
    yaml: "post_mortem: { due: 24 }",
    problems: [[1, 21, "post_mortem.due", /24 is not a duration — Add the unit: 24m/]],
  },
  {
    name: "a duration with a fraction",
    yaml: "post_mortem: { due: 1.5h }",
    problems: [[1, 21, "post_mortem.due", /"1\.5h" is not a duration/]],
  },
  {
    name: "a compound duration",
    yaml: "post_mortem: { due: 1h30m }",
    problems: [[1, 21, "post_mortem.due", /whole number and a unit/]],
  },
  {
    name: "a negative duration",
    yaml: "post_mortem: { remind: [4h, -1h] }",
    problems: [[1, 29, "post_mortem.remind[1]", /not a duration/]],
  },
  {
    name: "an endless duration",
    yaml: "post_mortem: { due: 999999999d }",
    problems: [[1, 21, "post_mortem.due", /at most 366 days/]],
  },

  // patterns and globs
  {
    name: "look-ahead",
    yaml: "branches: { name: '^(?!main)' }",
    problems: [[1, 19, "branches.name", /not an RE2 pattern.*no look-around/]],
  },
  {
    name: "look-behind",
    yaml: "commit: { title: '(?<=a)b' }",
    problems: [[1, 18, "commit.title", /no look-around/]],
  },
  {
    name: "a backreference",
    yaml: "commit: { issues: ['#1', '(a)\\1'] }",
    problems: [[1, 26, "commit.issues[1]", /no backreferences/]],
  },
  {
    name: "an atomic group",
    yaml: "branches: { name: '(?>a)' }",
    problems: [[1, 19, "branches.name", /no atomic groups/]],
  },
  {
    name: "an open group",
    yaml: "branches: { name: '(a' }",
    problems: [[1, 19, "branches.name", /missing closing \)/]],
  },
  {
    name: "a huge program",
    yaml: "branches: { name: '[ab]{900}[ab]{900}[ab]{900}[ab]{900}' }",
    problems: [[1, 19, "branches.name", /too large/]],
  },
  {
    name: "a glob that is negated",
    yaml: "branches: { base: ['!main'] }",
    problems: [[1, 20, "branches.base[0]", /not a glob.*negated/]],
  },
  {
    name: "an open set in a glob",
    yaml: "components: { a: ['src/[a'] }",
    problems: [[1, 19, "components.a[0]", /not a glob/]],
  },
  {
    name: "a component without globs",
    yaml: "components: { a: [] }",
    problems: [[1, 18, "components.a", /too short/]],
  },
  {
    name: "a glob where a branch is meant",
    yaml: "branches: { back_merge: ['release/*'] }",
    problems: [[1, 26, "branches.back_merge[0]", /not the name of a branch/]],
  },

  // names
  {
    name: "a login with a space",
    yaml: "roles: { cto: { users: ['jane doe'] } }",
    problems: [[1, 25, "roles.cto.users[0]", /not a login.*without @/]],
  },
  {
    name: "a bot",
    yaml: "roles: { cto: { users: ['x[bot]'] } }",
    problems: [[1, 25, "roles.cto.users[0]", /Bots cannot approve/]],
  },
  {
    name: "a team by a title that makes no slug",
    yaml: "roles: { cto: { teams: [管理者] } }",
    problems: [[1, 25, "roles.cto.teams[0]", /slug/]],
  },
  {
    name: "a role that cannot be a label",
    yaml: "roles: { 'a, b': {} }",
    problems: [[1, 10, "roles.a, b", /approved:<role>/]],
  },
  {
    name: "two roles but for case",
    yaml: "roles: { CTO: {} }",
    problems: [[1, 10, "roles.CTO", /but for its case/]],
  },
  {
    name: "a template outside the repository",
    yaml: "post_mortem: { template: ../x.md }",
    problems: [[1, 26, "post_mortem.template", /not a path/]],
  },
  {
    name: "an absolute template",
    yaml: "post_mortem: { template: //etc/passwd }",
    problems: [[1, 26, "post_mortem.template", /not a path/]],
  },
  {
    name: "a repository with too many parts",
    yaml: "post_mortem: { repository: a/b/c }",
    problems: [[1, 28, "post_mortem.repository", /not a repository/]],
  },

  {
    name: "none where a list is wanted",
    yaml: "escalation: off",
    problems: [[1, 13, "escalation", /found "off" — Write \[\] for none\./]],
  },
  {
    name: "a glob that begins with an asterisk, without quotes",
    yaml: "branches:\n  hotfix:\n    - *",
    problems: [[3, 7, "", /Put a glob that begins with \* in single quotes/]],
  },
  {
    name: "a text that begins with a number sign, without quotes",
    yaml: "commit: { issues: [#123, x] }",
    problems: [
      [1, 20, "", /Put text that begins with # in single quotes/],
      [1, 30, "", /not valid YAML/],
      [1, 30, "", /not valid YAML/],
    ],
  },

  // rules
  {
    name: "another level",
    yaml: "rules: { scope: eror }",
    problems: [[1, 17, "rules.scope", /not one of error, warn or off — Did you mean error\?/]],
  },
  {
    name: "another level in a map",
    yaml: "rules: { scope: { level: info } }",
    problems: [[1, 26, "rules.scope.level", /not one of error, warn or off/]],
  },
  {
    name: "a rule as list",
    yaml: "rules: { scope: [error] }",
    problems: [[1, 17, "rules.scope", /a list is not one of/]],
  },
  {
    name: "an option that is out of bounds",
    yaml: "rules: { diff-size: { max_files: -1 } }",
    problems: [[1, 34, "rules.diff-size.max_files", /at least/]],
  },
  {
    name: "an option of another kind",
    yaml: "rules: { diff-size: { max_files: many } }",
    problems: [[1, 34, "rules.diff-size.max_files", /found "many"/]],
  },

  // across keys
  {
    name: "an approver that is no role",
    yaml: "severities:\n  P0: { approvers: [cto, ctoo] }",
    problems: [[2, 26, "severities.P0.approvers[1]", /no role "ctoo" — Did you mean cto\?/]],
  },
  {
    name: "an override by no role",
    yaml: "overrides: { roles: [boss] }",
    problems: [[1, 22, "overrides.roles[0]", /no role "boss" — Roles are on-call, engineering-manager, cto/]],
  },
  {
    name: "an escalation to no role",
    yaml: "escalation:\n  - after: 0m\n    notify: [toString]",
    problems: [[3, 14, "escalation[0].notify[0]", /no role "toString"/]],
  },
  {
    name: "a hotfix that nobody may approve",
    yaml: "severities:\n  P2:\n    hotfix: true",
    problems: [[2, 3, "severities.P2.approvers", /nobody may approve/]],
  },
  {
    name: "a hotfix with an empty list of approvers",
    yaml: "severities: { P0: { approvers: [] } }",
    problems: [[1, 32, "severities.P0.approvers", /nobody may approve/]],
  },
  {
    name: "several at once, in the file's order, of every kind",
    yaml: "overrides: { roles: [nobody] }\nmode: enforced\nfoo: 1\npost_mortem:\n  due: 5",
    problems: [
      [1, 22, "overrides.roles[0]", /no role/],
      [2, 7, "mode", /not one of/],
      [3, 1, "foo", /unknown key/],
      [4 + 1, 8, "post_mortem.due", /not a duration/],
    ],
  },
];

describe("a bad configuration", () => {
  it.each(CASES)("$name", ({ yaml, problems }) => {
    const found = problemsOf(yaml);
    expect(found.map(({ line, column, key }) => [line, column, key])).toEqual(
      problems.map(([line, column, key]) => [line, column, key]),
    );
    for (const [i, problem] of found.entries()) {
      expect(lineOf(problem)).toMatch(problems[i]?.[3] ?? /^$/);
      expect(problem.fix).not.toBe("");
    }
  });

  it("shows text of the file on one line, short and without control characters", () => {
    const [problem] = problemsOf(`mode: "a\\n\\e[31m\\u202Eb\\u2028${"x".repeat(500)}"`);
    expect(problem?.message).toMatch(/^"a\\u\{a\}\\u\{1b\}\[31m\\u\{202e\}b\\u\{2028\}x+…" is not one of/);
    const [unknown] = problemsOf(`"a\\nb${"k".repeat(300)}": 1`);
    expect(unknown?.key).toMatch(/^a\\u\{a\}bk+…$/);
    expect(lineOf(unknown as never)).not.toMatch(/[\n\u202e]/);
  });

  it("lists no more than a person will read", () => {
    const problems = problemsOf(Array.from({ length: 300 }, (_, i) => `k${i}: 1`).join("\n"));
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)?.message).toBe("250 more problems follow");
  });

  it("counts lines the same with CRLF and a byte order mark", () => {
    expect(problemsOf("\uFEFFversion: 1\r\nmod: observe\r\n")[0]).toMatchObject({
      line: 2,
      column: 1,
      key: "mod",
    });
  });
});

describe("a configuration that is not obvious but valid", () => {
  it.each([
    ["nothing", ""],
    ["only comments", "# nothing\n"],
    ["an empty document", "---\n...\n"],
    ["sections without a value", "components:\nroles:\nseverities:\n  P0:\nmode:\nextends:\n"],
    [
      "aliases",
      "environments: [production]\nbranches:\n  base: &b [main]\n  hotfix: ['hotfix/**']\ncomponents: { a: *b }",
    ],
    ["a byte order mark", "\uFEFFmode: enforce"],
    ["JSON", '{"version": 1, "mode": "enforce"}'],
    ["a component called constructor", "components: { constructor: [a] }"],
  ])("%s", (_, yaml) => {
    expect(parse(yaml)).toHaveProperty("policy");
  });
});
