import { expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import {
  isHotfixTitle,
  mergedBranch,
  pushedHotfix,
  titleOfPush,
} from "../../../src/policy/landing/direct-push.ts";
import type { Commit } from "../../../src/policy/snapshot/change.ts";

const who = { login: null, name: "", email: "" };
const commit = (sha: string, message: string, ...parents: string[]): Commit => ({
  sha,
  message,
  author: who,
  committer: who,
  parents,
});
/** A merge `m` of `h1 h2` into a line of `a b`. */
const OPTION_A = (message: string, title = "HOTFIX: Fix it") => [
  commit("a", "Other work", "base"),
  commit("h1", "Add a test", "base"),
  commit("h2", title, "h1"),
  commit("b", "More work", "a"),
  commit("m", message, "b", "h2"),
];

test.each<[string, Commit[], Record<string, string[]>, string[], string | null]>([
  ["nothing of a hotfix", [commit("a", "Other work", "base")], {}, [], null],
  ["by title", [commit("a", "HOTFIX: Fix it", "base"), commit("b", "Other", "a")], {}, ["a"], null],
  ["by title, nearly", [commit("a", "hotfix(pay): fix it", "base")], {}, ["a"], null],
  ["a revert is none by its title", [commit("a", 'Revert "HOTFIX: Fix it"', "base")], {}, [], null],
  [
    "by a merge's message",
    OPTION_A("Merge branch 'hotfix/pay'", "Fix it"),
    {},
    ["h1", "h2", "m"],
    "hotfix/pay",
  ],
  [
    "by the branch that was merged",
    OPTION_A("Deploy", "Fix it"),
    { h2: ["hotfix/pay"] },
    ["h1", "h2", "m"],
    "hotfix/pay",
  ],
  [
    "by the branch that was merged, which was made from a part of the push",
    [
      commit("a", "Other work", "base"),
      commit("h1", "Fix it", "a"),
      commit("b", "More work", "a"),
      commit("m", "Deploy", "b", "h1"),
    ],
    { h1: ["hotfix/pay"] },
    ["h1", "m"],
    "hotfix/pay",
  ],
  [
    "what a hotfix branch merged of main is none",
    [
      commit("h1", "Fix it", "base"),
      commit("a", "Other work", "base"),
      commit("m", "Merge branch 'main'", "h1", "a"),
      commit("b", "More work", "m"),
    ],
    { h1: ["hotfix/pay"] },
    [],
    null,
  ],
  ["by neither", OPTION_A("Merge branch 'feature/pay'", "Fix it"), { h2: ["feature/pay"] }, [], null],
  ["only a merge counts", [commit("a", "Merge branch 'hotfix/pay'", "base")], {}, [], null],
  [
    "a production branch merged into the hotfix is none",
    [commit("x", "Merge branch 'main' into hotfix/pay", "h", "a")],
    {},
    [],
    null,
  ],
  [
    "by the tip that was pushed",
    [commit("a", "Fix it", "base"), commit("b", "Test", "a")],
    { b: ["hotfix/pay"] },
    ["a", "b"],
    "hotfix/pay",
  ],
])("%s", (_, commits, tips, expected, branch) => {
  const after = commits.at(-1)?.sha ?? "";
  const found = pushedHotfix(commits, after, new Map(Object.entries(tips)), defaultPolicy());
  if (expected.length === 0) return expect(found).toBeNull();
  expect(found?.commits.map(({ sha }) => sha).sort()).toEqual(expected);
  expect(found?.branch).toBe(branch);
});

test.each([
  ["Merge branch 'hotfix/x'", "hotfix/x"],
  ["Merge branch 'hotfix/x' into release", "hotfix/x"],
  ["Merge branch 'hotfix/x' of github.com:kamiyo/api", "hotfix/x"],
  ["Merge remote-tracking branch 'origin/hotfix/x'", "hotfix/x"],
  ["Merge pull request #1 from kamiyo/hotfix/x", null],
  ["Say: Merge branch 'hotfix/x'", null],
  ["Merge branch ''", null],
])("%s", (message, branch) => {
  expect(mergedBranch(message)).toBe(branch);
});

test.each<[string[], string | null, string]>([
  [["HOTFIX: Fix it", "Add a test"], "hotfix/pay", "HOTFIX: Fix it"],
  [["HOTFIX fix it", "Add a test"], "hotfix/pay", "HOTFIX fix it"],
  [["HOTFIX: Fix it", "hotfix: correct the test"], null, "HOTFIX: Fix it"],
  [["  HOTFIX: Fix it \r\n\r\nSeverity: P1", "Add a test"], null, "HOTFIX: Fix it"],
  [["Fix it", "Add a test", "Correct the test"], null, "Correct the test"],
  [["Fix it", "Add a test"], "hotfix/pay", "hotfix/pay"],
  [["Fix it", "Add a test"], null, "Add a test"],
])("%j on %s is called %s", (messages, branch, title) => {
  const commits = messages.map((message, i) => commit(`${i}`, message, "base"));
  expect(titleOfPush({ commits, branch }, defaultPolicy())).toBe(title);
});

test.each([
  ["^URGENT: .+", "URGENT: fix it", true],
  ["^URGENT: .+", "Fix it", false],
  ["^URGENT: .+", "HOTFIX: Fix it", true],
  ["(", "Fix it", false],
])("by the form %s, %s is the title of a hotfix: %s", (title, given, is) => {
  const policy = defaultPolicy();
  expect(isHotfixTitle(given, { ...policy, commit: { ...policy.commit, title } })).toBe(is);
});
