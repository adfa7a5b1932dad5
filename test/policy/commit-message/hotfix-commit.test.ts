import { describe, expect, it } from "vitest";
import { readHotfixCommit } from "../../../src/policy/commit-message/hotfix-commit.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import type { Commit } from "../../../src/policy/snapshot/change.ts";
import type { MergeSettings } from "../../../src/policy/snapshot.ts";
import { policyOf } from "../../support/example.ts";
import { BASE, commit, MESSAGE, snapshot } from "../../support/snapshot.ts";

const policy = policyOf({});
const SQUASH: MergeSettings = {
  mergeCommit: false,
  squash: true,
  rebase: false,
  squashTitle: null,
  squashMessage: null,
};
const read = (commits: readonly Commit[], more: Parameters<typeof snapshot>[0] = {}) => {
  const fact = readHotfixCommit(snapshot({ commits: known(commits), ...more }), policy);
  if (!fact.known) throw new Error(fact.reason);
  return fact.value;
};
const named = (sha: string, message: string, more: Partial<Commit> = {}) => commit({ sha, message, ...more });
const MERGE = named("m", "Merge branch 'main' into hotfix/x", { parents: [BASE, "p"] });

describe("readDeployment", () => {
  it("reads the procedure's example", () => {
    expect(read([commit()], { pr: { body: "Closes #7" } })).toMatchObject({
      source: { kind: "commit" },
      missing: [],
      titleValid: true,
      fixes: [{ repository: null, number: 1234, text: "#1234" }],
      unreadableFixes: [],
      // Nothing is to be proposed.
      closes: null,
      scope: [],
      dependencyFix: null,
    });
  });

  it("lists what is missing, in the procedure's order", () => {
    const reading = read([
      named("a", "HOTFIX: x\n\nImpact: [Brief impact]\nSeverity: P0/P1\nSolution: yes it is"),
    ]);
    expect(reading?.missing).toEqual([
      "Fixes",
      "Severity",
      "Impact",
      "Root Cause",
      "Tested",
      "Approved-By",
      "Deployed-By",
    ]);
  });

  it.each<[string, readonly Commit[], string]>([
    [
      "the one with the title and most fields",
      [named("a", MESSAGE), named("b", "HOTFIX: x\n\nImpact: y")],
      "a",
    ],
    ["of equals the newest", [named("a", MESSAGE), named("b", MESSAGE)], "b"],
    [
      "the one with the title before one with more fields",
      [named("a", "HOTFIX: x"), named("b", MESSAGE.slice(8))],
      "a",
    ],
    ["without the title the one with most fields", [named("a", MESSAGE.slice(8)), named("b", "typo")], "a"],
    ["without either the newest", [named("a", "fix"), named("b", "typo")], "b"],
    ["no merge", [named("a", MESSAGE), named("m", `${MESSAGE}\nScope: x`, { parents: [BASE, "p"] })], "a"],
    [
      "not by left-over fields",
      [named("a", "HOTFIX: x\n\nImpact: y"), named("b", "HOTFIX: x\n\nImpact: TBD")],
      "a",
    ],
  ])("takes %s", (_, commits, sha) => {
    expect(read(commits)?.source).toEqual({ kind: "commit", sha });
  });

  it("is null where there is nothing to read", () => {
    expect(read([])).toBeNull();
    expect(read([MERGE])).toBeNull();
  });

  it("is unknown while commits or merge settings are", () => {
    expect(readHotfixCommit(snapshot({ commits: unknown("commits: 502") }), policy)).toEqual(
      unknown("commits: 502"),
    );
    expect(readHotfixCommit(snapshot({ mergeSettings: unknown("settings: 502") }), policy)).toEqual(
      unknown("settings: 502"),
    );
  });

  describe("where the repository only squashes", () => {
    const pr = { title: " HOTFIX: of the pull request ", body: `Impact: from the body\r\n\r\n## Notes\r\nx` };
    const one = [named("a", MESSAGE)];
    const two = [named("a", MESSAGE), named("b", "typo")];
    it.each<
      [
        MergeSettings["squashTitle"],
        MergeSettings["squashMessage"],
        readonly Commit[],
        "commit" | "pr",
        "commit" | "pr",
      ]
    >([
      ["PR_TITLE", "PR_BODY", one, "pr", "pr"],
      ["PR_TITLE", "COMMIT_MESSAGES", one, "pr", "commit"],
      ["PR_TITLE", "BLANK", one, "pr", "commit"],
      ["COMMIT_OR_PR_TITLE", "PR_BODY", one, "commit", "pr"],
      ["COMMIT_OR_PR_TITLE", "COMMIT_MESSAGES", one, "commit", "commit"],
      ["COMMIT_OR_PR_TITLE", "COMMIT_MESSAGES", two, "pr", "commit"],
      ["COMMIT_OR_PR_TITLE", "PR_BODY", two, "pr", "pr"],
      [null, null, one, "commit", "commit"],
      [null, null, two, "pr", "commit"],
    ])("%s, %s: reads what will land", (squashTitle, squashMessage, commits, title, fields) => {
      const reading = read(commits, { pr, mergeSettings: known({ ...SQUASH, squashTitle, squashMessage }) });
      expect(reading?.message.title).toBe(title === "pr" ? pr.title.trim() : MESSAGE.split("\n")[0]);
      expect(reading?.message.fields.Impact).toBe(
        fields === "pr" ? "from the body" : "Payment webhooks failing, revenue impact",
      );
      expect(reading?.source).toEqual(
        title === "commit" && fields === "commit"
          ? { kind: "commit", sha: "a" }
          : { kind: "pull-request", title: title === "pr", body: fields === "pr" },
      );
    });

    it("does not read the comments of a description's template", () => {
      const body = "<!--\nSeverity: P0\n-->\nSeverity: P1 <!-- P0 or P1 -->\nImpact: <!-- whom? -->";
      const mergeSettings = known({ ...SQUASH, squashMessage: "PR_BODY" as const });
      const reading = read(one, { pr: { body }, mergeSettings });
      expect(reading?.message.fields).toEqual({ Severity: "P1", Impact: "" });
      expect(reading?.missing).toContain("Impact");
    });

    it("takes exceptions from the commit alone: a description can be edited after the approval", () => {
      const mergeSettings = known({ ...SQUASH, squashMessage: "PR_BODY" as const });
      const exceptions = "Scope: src/**\nDependency-Fix: needed";
      const byBody = read(one, { pr: { body: exceptions }, mergeSettings });
      expect(byBody).toMatchObject({ scope: [], dependencyFix: null });
      const commits = [commit({ message: `${MESSAGE}\n${exceptions}` })];
      const byCommit = read(commits, { pr: { body: "" }, mergeSettings });
      expect(byCommit).toMatchObject({ scope: ["src/**"], dependencyFix: "needed" });
    });

    it("is not asked of a repository that also merges", () => {
      const mergeSettings = known({ ...SQUASH, mergeCommit: true, squashTitle: "PR_TITLE" as const });
      expect(read(one, { pr, mergeSettings })?.source.kind).toBe("commit");
    });
  });

  it.each([
    ["Scope: src/payments/**", ["src/payments/**"]],
    ["Scope: `src/a/**`, src/b/**", ["src/a/**", "src/b/**"]],
    ["Scope: src/a/**\nsrc/{b,c}/**", ["src/a/**", "src/{b,c}/**"]],
    ["Scope: src/a/**,src/{b,c}/**,src/d/**,", ["src/a/**", "src/{b,c}/**", "src/d/**"]],
    ["Scope: none", []],
    ["Scope:", []],
  ])("reads %j", (field, scope) => {
    expect(read([named("a", `HOTFIX: x\n\n${field}`)])?.scope).toEqual(scope);
  });

  it.each([
    ["Dependency-Fix: stripe 9.1 fixes the signature", "stripe 9.1 fixes the signature"],
    ["Dependency-Fix: N/A", null],
    ["Dependency-Fix:", null],
  ])("reads %j", (field, reason) => {
    expect(read([named("a", `HOTFIX: x\n\n${field}`)])?.dependencyFix).toBe(reason);
  });

  it("reads 250 commits of 64 KiB in linear time", () => {
    const started = performance.now();
    const big = `${MESSAGE}\nScope: ${"a,{b} ".repeat(10_000)}`;
    read(Array.from({ length: 250 }, (_, i) => named(String(i), big)));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
