import { describe, expect, it } from "vitest";
import { defaultPolicy, parseExtends, readExtends } from "../../src/config/index.ts";
import { parse, policyOf, problemsOf } from "./support.ts";

describe("parseExtends", () => {
  it.each([
    ["policies", "policies", ".github/hotfix.yml"],
    [".github", ".github", ".github/hotfix.yml"],
    ["policies:strict.yml", "policies", "strict.yml"],
    ["policies:a/b/strict.yaml", "policies", "a/b/strict.yaml"],
  ])("%s", (value, repo, path) => {
    expect(parseExtends(value)).toEqual({ repo, path });
  });

  it.each([
    "",
    ".",
    "..",
    ":",
    "policies:",
    ":a.yml",
    "a b",
    "owner/policies",
    "owner/policies:a.yml",
    "../x",
    "/x",
    "https://github.com/a/b",
    "git@github.com:a/b.yml",
    "policies:/etc/x.yml",
    "policies:../x.yml",
    "policies:a/../../x.yml",
    "policies:a//x.yml",
    "policies:./x.yml",
    "policies:a\\x.yml",
    "policies:x.json",
    "policies:x.yml\n",
    "policies:x.yml?ref=a/..",
    "policies\u0000:x.yml",
    `${"a".repeat(101)}`,
    `p:${"a".repeat(300)}.yml`,
  ])("refuses %j", (value) => {
    expect(parseExtends(value)).toHaveProperty("fix");
  });
});

describe("readExtends", () => {
  const read = (text: string) => readExtends({ file: "own.yml", bytes: new TextEncoder().encode(text) });
  it("gives the file to fetch, or null", () => {
    expect(read("extends: policies\nfoo: 1")).toEqual({ repo: "policies", path: ".github/hotfix.yml" });
    for (const text of ["", "mode: observe", "extends:", "extends: null"]) expect(read(text)).toBeNull();
  });
  it.each(["extends: a/b", "extends: [a]", "extends: 1", "extends: {a: b}"])(
    "%s is a problem at its value",
    (text) => {
      expect(read(text)).toMatchObject({
        problems: [{ file: "own.yml", line: 1, column: 10, key: "extends" }],
      });
    },
  );
  it("tells of a file that cannot be read", () => {
    expect(read("a: [")).toHaveProperty("problems");
  });
});

describe("inheriting", () => {
  const ext = "extends: policies\n";

  it("merges maps deeply, and this file's values win", () => {
    const policy = policyOf(
      `${ext}roles:\n  cto: { users: [ada] }\nseverities: { P0: { approvals: 2 } }`,
      "roles:\n  cto: { users: [bob], teams: [board] }\n  qa: { teams: [qa] }\nseverities: { P0: { staging: expected, approvals: 3 } }",
    );
    expect(policy.roles.cto).toEqual({ users: ["ada"], teams: ["board"], permission: "admin" });
    expect(policy.roles.qa?.teams).toEqual(["qa"]);
    expect(policy.severities.P0).toMatchObject({ approvals: 2, staging: "expected", review: "after-merge" });
  });

  it("replaces lists", () => {
    const policy = policyOf(
      `${ext}overrides: { roles: [cto] }\nescalation: []`,
      "overrides: { roles: [on-call] }\nescalation:\n  - { after: 1m, notify: [cto] }",
    );
    expect(policy.overrides.roles).toEqual(["cto"]);
    expect(policy.escalation).toEqual([]);
  });

  it("keeps what is inherited where a key has no value, but not where null is one", () => {
    const base = "roles: { qa: { teams: [qa] } }\nmode: observe\npost_mortem: { template: a.md, due: 2h }";
    const policy = policyOf(`${ext}roles:\nmode:\npost_mortem: { template: null, due: }`, base);
    expect(policy.roles).toHaveProperty("qa");
    expect(policy.mode).toBe("observe");
    expect(policy.post_mortem).toMatchObject({ template: null, due: 7_200_000 });
    expect(policyOf(ext, base).post_mortem.template).toBe("a.md");
  });

  it("keeps a rule's inherited options where this file only sets its level, and the level where it only sets options", () => {
    const base =
      "rules: { scope: { level: error, max_unrelated_files: 7 }, checklist: error, diff-size: warn }";
    const { rules } = policyOf(
      `${ext}rules: { scope: warn, checklist: off, diff-size: { max_files: 3 } }`,
      base,
    );
    expect(rules.scope).toMatchObject({
      level: "warn",
      options: { max_unrelated_files: 7, max_unrelated_lines: 20 },
    });
    expect(rules.checklist.level).toBe("off");
    expect(rules["diff-size"]).toMatchObject({ level: "warn", options: { max_files: 3, max_lines: 200 } });
  });

  it("lets this file refer to roles of the other", () => {
    const policy = policyOf(
      `${ext}severities: { P0: { approvers: [qa] } }`,
      "roles: { qa: { users: [jane] } }",
    );
    expect(policy.severities.P0.approvers).toEqual(["qa"]);
  });

  it("points into the file that a problem comes from, this file's first", () => {
    const problems = problemsOf(
      `${ext}mod: observe\nroles: { cto: { users: ['a b'] } }`,
      "\nmode: x\nroles:\n  qa: { perm: a }\nrules: { scope: blah }",
    );
    expect(problems.map(({ file, line, column, key }) => [file, line, column, key])).toEqual([
      ["own.yml", 2, 1, "mod"],
      ["own.yml", 3, 25, "roles.cto.users[0]"],
      ["base.yml", 2, 7, "mode"],
      ["base.yml", 4, 9, "roles.qa.perm"],
      ["base.yml", 5, 17, "rules.scope.level"],
    ]);
  });

  it.each([
    ["extends further", "extends: more", "extends"],
    ["is of another version", "version: 3", "version"],
    ["is no YAML", "a: [", ""],
    ["is a list", "- a", ""],
  ])("refuses a file that %s, in that file", (_, base, key) => {
    expect(problemsOf(ext, base)).toMatchObject([{ file: "base.yml", line: 1, key }]);
  });

  it("takes extends: null in the other file for nothing", () => {
    expect(parse(ext, "extends: null")).toHaveProperty("policy");
  });

  it("gives no policy while the other file is missing", () => {
    expect(problemsOf(ext)).toMatchObject(
      [{ file: "own.yml", line: 1, column: 10, key: "extends", message: /not read/ }].map(
        ({ message, ...rest }) => ({ ...rest, message: expect.stringMatching(message) }),
      ),
    );
  });

  it("checks a file alone as far as that goes", () => {
    expect(parse(`${ext}overrides: { roles: [qa] }`, undefined, { alone: true })).toHaveProperty("policy");
    expect(problemsOf(`${ext}mod: observe`, undefined, { alone: true })).toMatchObject([{ key: "mod" }]);
    expect(problemsOf("extends: null\noverrides: { roles: [qa] }", undefined, { alone: true })).toMatchObject(
      [{ key: "overrides.roles[0]" }],
    );
  });

  it("is nothing without a base", () => {
    expect(policyOf("extends: null")).toEqual(defaultPolicy());
  });
});
