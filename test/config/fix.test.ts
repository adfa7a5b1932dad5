import { describe, expect, it } from "vitest";
import { correctConfig } from "../../src/config/fix.ts";
import { policySchema } from "../../src/config/index.ts";
import { createParser } from "../../src/config/parse.ts";
import { lineOf, parse } from "./support.ts";

const source = (text: string) => ({ file: "hotfix.yml", bytes: new TextEncoder().encode(text) });
const fixed = (text: string) => correctConfig(source(text)).text;

describe("what validate --fix corrects", () => {
  const cases: readonly (readonly [name: string, before: string, after: string])[] = [
    ["a misspelt key", "version: 1\nmod: observe # quiet\n", "version: 1\nmode: observe # quiet\n"],
    ["a key deep within", "severities:\n  P0: { aprovals: 2 }\n", "severities:\n  P0: { approvals: 2 }\n"],
    ["a misspelt value", "mode: obsrve\n", "mode: observe\n"],
    ["a rule's level", "rules:\n  scope: eror\n", "rules:\n  scope: error\n"],
    ["yes", "approval: { self: yes }\n", "approval: { self: true }\n"],
    ["off, in quotes", "approval:\n  self: 'off'\n", "approval:\n  self: false\n"],
    [
      "slashes and flags around a pattern",
      "branches:\n  name: /^hotfix\\/.+$/i\n",
      "branches:\n  name: '(?i)^hotfix\\/.+$'\n",
    ],
    [
      "a remote before a branch",
      "branches:\n  base: [origin/main, 'refs/heads/x']\n",
      "branches:\n  base: [main, x]\n",
    ],
    [
      "an @ and a display name",
      "roles:\n  cto: { teams: ['Engineering Managers'], users: ['@ada'] }\n",
      "roles:\n  cto: { teams: [engineering-managers], users: [ada] }\n",
    ],
    [
      "a directory",
      "components:\n  payments: [src/payments] # money\n",
      "components:\n  payments: ['src/payments/**'] # money\n",
    ],
    [
      "several at once, comments and blank lines kept",
      "# Ours\n\nmod: enforce\n\n# who\nroles:\n  on-cal: {}\n  cto: { user: [ada] }\n",
      "# Ours\n\nmode: enforce\n\n# who\nroles:\n  on-cal: {}\n  cto: { users: [ada] }\n",
    ],
    [
      "a folded block",
      "branches:\n  name: >-\n    /^hotfix\\/x/i\n  base: [main]\n",
      "branches:\n  name: '(?i)^hotfix\\/x'\n  base: [main]\n",
    ],
    ["CRLF", "mod: observe\r\nversion: 1\r\n", "mode: observe\r\nversion: 1\r\n"],
  ];
  it.each(cases)("%s", (_name, before, after) => {
    expect(fixed(before)).toBe(after);
    expect(parse(after, undefined, { alone: true })).toHaveProperty("policy");
    expect(fixed(after)).toBe(after);
  });

  const kept = [
    "",
    "version: 1\n",
    "- a\n",
    "a: [\n",
    "nothing_like_it: 1\n",
    "version: 9\n",
    "mode: whatever-this-is\n",
    "🙂: 1\n",
    // The right key is there already.
    "mod: observe\nmode: enforce\n",
    // What is tagged is meant as it says.
    "approval: { self: !!str yes }\n",
  ];
  it.each(kept)("leaves %j as it is", (text) => {
    expect(fixed(text)).toBe(text);
  });
});

describe("keys that had another name", () => {
  const parseOld = createParser(policySchema, [
    { path: ["post_mortem", "deadline"], now: "due" },
    { path: ["kind"], now: "mode" },
  ]);
  const old = (text: string) => parseOld([source(text)]);

  it("stay valid, with a warning that says the line that replaces it", () => {
    const result = old("kind: observe\npost_mortem:\n  deadline: 48h\nescalation: []\n");
    if ("problems" in result) throw new Error(result.problems.map(lineOf).join("\n"));
    expect(result.policy).toMatchObject({ mode: "observe", post_mortem: { due: 48 * 3_600_000 } });
    expect(result.warnings.map(({ line, key, fix, meant }) => [line, key, fix, meant])).toEqual([
      [1, "kind", "Write mode: in its place, or run hotfix-guard validate --fix.", "mode"],
      [3, "post_mortem.deadline", "Write due: in its place, or run hotfix-guard validate --fix.", "due"],
    ]);
  });

  it("are a problem beside the new name", () => {
    expect(old("kind: observe\nmode: enforce\n")).toMatchObject({ problems: [{ line: 1, key: "kind" }] });
  });

  it("do not matter where nobody writes them", () => {
    expect(old("post_mortem: { due: 48h }\nescalation: []\n")).toMatchObject({ warnings: [] });
    expect(old("post_mortem: none\n")).toHaveProperty("problems");
  });
});

describe("a version", () => {
  it.each([
    ["version: 2\n", /version 2 is newer than this app/, /^Update Hotfix Guard/],
    ["version: '1.0'\n", /reads version 1/, /^Write version: 1\.$/],
    ["version: 0\n", /reads version 1/, /^Write version: 1\.$/],
  ])("%j is told what to do", (text, message, fix) => {
    const result = parse(text);
    expect(result).toMatchObject({
      problems: [{ message: expect.stringMatching(message), fix: expect.stringMatching(fix) }],
    });
  });
});
