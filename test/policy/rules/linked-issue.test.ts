import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/policy/fact.ts";
import { type Example, findingOf, runExample } from "../../support/example.ts";
import { snapshot } from "../../support/snapshot.ts";

const find = (fixes: string | null, issues: NonNullable<Example["issues"]> = {}) =>
  runExample("linked-issue", {
    commits: [fixes === null ? "HOTFIX: x\n\nImpact: y" : `HOTFIX: x\n\nFixes: ${fixes}`],
    issues,
  });

describe("linked-issue", () => {
  it.each<[string | null, NonNullable<Example["issues"]>, string, string]>([
    ["#1234", {}, "satisfied", "ok"],
    ["kamiyo/api#1234", {}, "satisfied", "ok"],
    ["KAMIYO/API#1234", {}, "satisfied", "ok"],
    ["https://github.example/kamiyo/api/issues/1234", {}, "satisfied", "ok"],
    ["#7", { "#7": "closed" }, "satisfied", "closed"],
    ["other/repo#7", { "other/repo#7": "not-verified" }, "satisfied", "not-verified"],
    [
      "https://tracker.example/PAY-1",
      { "https://tracker.example/PAY-1": "not-verified" },
      "satisfied",
      "not-verified",
    ],
    ["#1234, #7", { "#7": "open" }, "satisfied", "several"],
    ["#1234 and #7", { "#7": "not-verified" }, "satisfied", "several"],
    [null, {}, "violated", "none"],
    ["", {}, "violated", "none"],
    ["#[issue-number]", {}, "violated", "none"],
    ["N/A", {}, "violated", "none"],
    ["PAY-12", {}, "violated", "unreadable"],
    ["the webhook bug", {}, "violated", "unreadable"],
    ["#1234 and PAY-12 (UTF-8)", {}, "satisfied", "ok"],
    ["#7", { "#7": "missing" }, "violated", "not-found"],
    ["#1234, #7", { "#7": "missing" }, "violated", "not-found"],
    ["#7", { "#7": "pull-request" }, "violated", "pull-request"],
    ["#1234, #7", { "#7": "pull-request" }, "violated", "pull-request"],
    ["#8", {}, "unknown", "unknown"],
    ["#7, #8", { "#7": "missing" }, "violated", "not-found"],
  ])("Fixes %j with %j: %s, %s", (fixes, issues, state, code) => {
    expect(find(fixes, issues)).toMatchObject({ state, code });
  });

  it.each<[string, Omit<Example, "expect">, string, Record<string, unknown>]>([
    [
      "a number in words",
      { commits: ["HOTFIX: x\n\nFixes: issue 12"] },
      "unreadable-number",
      { closes: "#12" },
    ],
    ["no number", { commits: ["HOTFIX: x\n\nFixes: v1.2 and 10:40"] }, "unreadable", {}],
    ["the commit's title", { commits: ["HOTFIX: x (fixes #12)"] }, "none-but-closes", { closes: "#12" }],
    [
      "the pull request's title",
      { commits: ["HOTFIX: x"], title: "x, closes GH-12" },
      "none-but-closes",
      { closes: "#12" },
    ],
    [
      "the description",
      { commits: ["HOTFIX: x"], body: "This fixes kamiyo/web#12." },
      "none-but-closes",
      { closes: "kamiyo/web#12" },
    ],
    ["a mention", { commits: ["HOTFIX: x"], body: "See #12." }, "none", {}],
    [
      "a field that is read without a colon",
      { commits: ["HOTFIX: x\n\nFixes #1234"] },
      "ok",
      { issue: "#1234" },
    ],
    ["another keyword", { commits: ["HOTFIX: x\n\nCloses: #1234"] }, "ok", { issue: "#1234" }],
    [
      "a comment's address",
      { commits: ["HOTFIX: x\n\nResolves https://github.example/kamiyo/api/issues/1234#issuecomment-9"] },
      "ok",
      {},
    ],
  ])("of %s keeps the number", (_, example, code, data) => {
    expect(runExample("linked-issue", example)).toMatchObject({ code, data });
  });

  it("names the issues as they are written", () => {
    expect(find("#1234, kamiyo/api#7", { "#7": "missing" }).data).toEqual({ issues: ["kamiyo/api#7"] });
    expect(find("KAMIYO/API#1234").data).toEqual({ issue: "KAMIYO/API#1234" });
  });

  it.each([
    ["the commits", { commits: unknown("commits: 502") }, "commits: 502"],
    ["the issue", { issues: { "kamiyo/api#1234": unknown("issue: 502") } }, "issue: 502"],
    ["a look-up of the issue", { issues: {} }, "the issue #1234 was not read"],
  ])("is unknown without %s", (_, facts, reason) => {
    expect(findingOf("linked-issue", snapshot(facts))).toMatchObject({ state: "unknown", data: { reason } });
  });

  it("finds none where there is no commit", () => {
    expect(runExample("linked-issue", { commits: [] })).toMatchObject({ state: "violated", code: "none" });
  });
});
