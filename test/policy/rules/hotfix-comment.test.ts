import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/policy/fact.ts";
import { hotfixComment } from "../../../src/policy/rules/hotfix-comment.ts";
import type { ChangedFile } from "../../../src/policy/snapshot/change.ts";
import type { IssueReference } from "../../../src/policy/snapshot/issue.ts";
import { changed, check, processorTime } from "../diff/input.ts";

const adds = (path: string, ...lines: string[]): ChangedFile =>
  changed(path, lines.length, { patch: `@@ -1 +1,${lines.length} @@\n${lines.join("\n")}` });
const WITH = adds("a.py", "+# HOTFIX: Issue #1234 - encoding");

describe("hotfix-comment", () => {
  it.each<[string, readonly ChangedFile[], string, string]>([
    ["the procedure's example", [WITH], "satisfied", "found"],
    ["in one of several files", [adds("b.py", "+x = 1"), WITH], "satisfied", "found"],
    ["no comment", [adds("a.py", "+x = 1")], "violated", "missing"],
    ["not a comment", [adds("a.py", "+HOTFIX = 1234")], "violated", "missing"],
    ["not added", [adds("a.py", " # HOTFIX #1234", "+x = 1")], "violated", "missing"],
    ["taken away", [adds("a.py", "-# HOTFIX #1234", "+x = 1")], "violated", "missing"],
    ["part of a word", [adds("a.py", "+# HOTFIXES #1234")], "violated", "missing"],
    ["no issue", [adds("a.py", "+# HOTFIX: encoding")], "violated", "without-issue"],
    ["another issue", [adds("a.py", "+# HOTFIX: #12345")], "violated", "without-issue"],
    [
      "the issue on the next line",
      [adds("a.py", "+# HOTFIX: encoding", "+# See #1234", "+x = 1")],
      "satisfied",
      "found",
    ],
    [
      "the issue in another comment",
      [adds("a.py", "+# HOTFIX: encoding", "+x = 1", "+# See #1234")],
      "violated",
      "without-issue",
    ],
    ["only configuration", [adds("a.json", "+{}"), adds("b.yml", "+# x")], "not-applicable", "no-code"],
    ["only tests", [adds("tests/test_a.py", "+x = 1")], "not-applicable", "no-code"],
    ["only documentation", [adds("docs/a.py", "+x = 1")], "not-applicable", "no-code"],
    ["only deleted lines", [changed("a.py", 0, { deletions: 3 })], "not-applicable", "no-code"],
    ["a binary file", [changed("a.png", 0)], "not-applicable", "no-code"],
    [
      "a comment in the test alone",
      [adds("a.py", "+x"), adds("tests/test_a.py", "+# HOTFIX #1234")],
      "violated",
      "missing",
    ],
    ["not shown", [changed("a.py", 900, { patch: null })], "not-applicable", "not-shown"],
    ["not shown, found elsewhere", [changed("b.py", 900, { patch: null }), WITH], "satisfied", "found"],
  ])("%s", (_, files, state, code) => {
    expect(check(hotfixComment, { files })).toMatchObject({ state, code });
  });

  it.each<[string, readonly string[]]>([
    ["a.ts", ["+const a = 1; // HOTFIX #1234"]],
    ["a.go", ["+/* HOTFIX #1234 */ x()"]],
    ["a.java", [" /**", "+ * HOTFIX: Issue #1234", "  */"]],
    ["a.java", ["+ * HOTFIX: Issue #1234"]],
    ["a.java", ["+     * HOTFIX: Issue #1234"]],
    ["a.java", ["+ * HOTFIX:", "+ *", "+ * See #1234"]],
    ["a.c", ["+/* see", "+   HOTFIX #1234"]],
    ["a.c", ["+/* one */ x(); /* HOTFIX #1234 */"]],
    ["a.py", [' """', "+HOTFIX: Issue #1234", ' """']],
    ["a.py", ['+"""HOTFIX #1234"""']],
    ["a.sql", ["+-- HOTFIX #1234"]],
    ["a.clj", ["+;; HOTFIX #1234"]],
    ["a.erl", ["+%% HOTFIX #1234"]],
    ["a.html", ["+<!-- HOTFIX #1234 -->"]],
    ["a.vue", ["+  // HOTFIX #1234"]],
    ["a.vue", ["+ * HOTFIX #1234"]],
    ["a.c", ["+/* HOTFIX #1234 */ x(); /* y */"]],
    ["a.php", ["+# HOTFIX #1234"]],
    ["a.lua", ["+-- HOTFIX #1234"]],
    ["a.lua", ["+--[[ the", "+HOTFIX #1234", "+]]"]],
    ["a.ts", ["+pay(); // HOTFIX #1234 /* was: pay(1) */"]],
    ["a.ml", ["+(* HOTFIX #1234 *)"]],
    ["a.rb", ["+x # HOTFIX #1234\r"]],
    ["a.css", ["+/* HOTFIX #1234 */"]],
    ["Makefile", ["+# HOTFIX #1234"]],
    ["Dockerfile", ["+# HOTFIX #1234"]],
  ])("a comment in %s: %j", (path, lines) => {
    expect(check(hotfixComment, { files: [adds(path, ...lines)] }).code).toBe("found");
  });

  it.each<[string, readonly string[]]>([
    ["a.ts", ["+# HOTFIX #1234"]],
    ["a.sql", ["+// HOTFIX #1234"]],
    ["a.c", [" /* a */", "+HOTFIX(1234)"]],
    ["a.c", ["+a = b * HOTFIX(1234)"]],
    ["a.c", ["-/* was", "+HOTFIX(1234)"]],
    ["a.c", ["+x(); // see /* below", "+HOTFIX(1234)"]],
    ["a.ts", ["+HOTFIX(1234); // pay"]],
    ["a.py", ["+ * HOTFIX(1234)"]],
    ["a.c", ["+/* a */ HOTFIX(1234)"].map((line) => line.replace("/* a */ ", ""))],
    ["a.py", [' x = """a"""', "+HOTFIX(1234)"]],
  ])("no comment in %s: %j", (path, lines) => {
    expect(check(hotfixComment, { files: [adds(path, ...lines)] }).code).toBe("missing");
  });

  it.each<[string, readonly IssueReference[], string]>([
    ["# HOTFIX ops#7", [{ repository: "kamiyo/ops", number: 7, text: "kamiyo/ops#7" }], "found"],
    ["# HOTFIX jira-12", [{ repository: null, number: null, text: "JIRA-12" }], "found"],
    ["# HOTFIX jira-13", [{ repository: null, number: null, text: "JIRA-12" }], "without-issue"],
    [
      "# HOTFIX #2",
      [
        { repository: null, number: 1, text: "#1" },
        { repository: null, number: 2, text: "#2" },
      ],
      "found",
    ],
    ["# HOTFIX #99", [], "found"],
    ["# HOTFIX", [], "without-issue"],
  ])("%s", (line, fixes, code) => {
    expect(check(hotfixComment, { files: [adds("a.py", `+${line}`)], deployment: { fixes } }).code).toBe(
      code,
    );
  });

  it("shows a comment with the issue that Fixes names", () => {
    expect(check(hotfixComment, { files: [adds("a.py", "+x = 1")] }).data.example).toBe(
      "HOTFIX: Issue #1234 - what was wrong",
    );
  });

  it("does not decide without files or message", () => {
    expect(check(hotfixComment, { files: [], snapshot: { files: unknown("no files") } }).state).toBe(
      "unknown",
    );
    const hotfix = { commit: unknown("no commits") };
    expect(check(hotfixComment, { files: [WITH], hotfix }).state).toBe("unknown");
  });

  it("is linear in evil comments", () => {
    const files = ["/* ", '"""', "/* */", "HOTFIX ", "*", "{- -}"].flatMap((part) =>
      ["a.c", "a.py", "a.vue", "a.hs"].map((path) => adds(path, `+${part.repeat(50_000)}HOTFIX`)),
    );
    const time = processorTime(() => {
      check(hotfixComment, { files });
    });
    expect(time).toBeLessThan(5000);
  });
});
