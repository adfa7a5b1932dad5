import { describe, expect, it } from "vitest";
import { known } from "../../../src/policy/fact.ts";
import { isOverdue, overdueFrom } from "../../../src/policy/post-mortem/open-items.ts";
import {
  branchKey,
  keysOf,
  noticesIn,
  numberInTitle,
  subjectOf,
} from "../../../src/policy/post-mortem/subject.ts";
import { AUTHOR, at, HEAD, PULL_REQUEST, snapshot } from "../../support/snapshot.ts";

describe("what a post-mortem's marker names", () => {
  const repo = { owner: "kamiyo", repo: "api" };
  it.each<[string, ReturnType<typeof subjectOf>]>([
    ["kamiyo/api#42", { kind: "pull-request", ...repo, number: 42 }],
    [`kamiyo/api@${HEAD}`, { kind: "push", ...repo, key: HEAD }],
    ["kamiyo/api@1234567", { kind: "push", ...repo, key: "1234567" }],
    ["kamiyo/api@refs/heads/hotfix/a%20b", { kind: "branch", ...repo, ref: "hotfix/a b" }],
    ["kamiyo/api@refs/heads/%E0%A4%A", null],
    ["kamiyo/api", null],
    ["kamiyo#42", null],
  ])("%s", (marker, subject) => {
    expect(subjectOf(`Text\n<!-- hotfix-guard:post-mortem ${marker} -->\nmore`)).toEqual(subject);
  });

  it.each(["hotfix/pay", "hotfix/über", "hotfix/a b", "hotfix/a--b", "hotfix/it's(1)!*~", "x-->"])(
    "a branch called %s is found again, and ends no comment",
    (ref) => {
      const marker = `<!-- hotfix-guard:post-mortem kamiyo/api@${branchKey(ref)} -->`;
      expect(subjectOf(marker)).toEqual({ kind: "branch", ...repo, ref });
      expect(branchKey(ref)).not.toContain("--");
    },
  );

  it.each([
    ["Post-mortem: Fix it (#42)", 42],
    ["Post-mortem: Fix it (#42)  ", 42],
    ["Post-mortem: Fix it (#42) again", null],
    ["Post-mortem: Fix #42", null],
    ["Post-mortem: Fix it (#)", null],
  ])("the title %s: %s", (title, number) => expect(numberInTitle(title)).toBe(number));

  it("notices of the app's own comments alone, all of one", () => {
    const comment = (body: string, byApp: boolean) =>
      ({
        id: 1,
        author: AUTHOR,
        byApp,
        body,
        url: "u",
        createdAt: at("11:00:00"),
        updatedAt: at("11:00:00"),
      }) as const;
    const body = "a <!-- hotfix-guard:overdue 1 --> b <!-- hotfix-guard:due x y -->";
    expect(noticesIn([comment(body, true), comment(body, false)])).toEqual([
      { at: at("11:00:00"), kind: "overdue", key: "1" },
      { at: at("11:00:00"), kind: "due", key: "x y" },
    ]);
  });

  const deployedEarly = known({ sha: HEAD, at: at("10:05:00"), environment: "production" }) as never;
  const merged = { at: at("10:30:00"), by: AUTHOR, sha: HEAD };
  const branch = branchKey(PULL_REQUEST.head.ref);
  it.each<[string, Parameters<typeof snapshot>[0], ReturnType<typeof keysOf>]>([
    ["its number", {}, { key: 42, formerKey: null }],
    ["its branch, once that is deployed", { deployedEarly }, { key: branch, formerKey: null }],
    [
      "its number again, once it is merged",
      { deployedEarly, pr: { merged } },
      { key: 42, formerKey: branch },
    ],
    [
      "its number, where a fork's branch is called so",
      { deployedEarly, pr: { fork: true } },
      { key: 42, formerKey: null },
    ],
    [
      "its number, where nothing was deployed",
      { deployedEarly: known(null), pr: { merged } },
      { key: 42, formerKey: null },
    ],
    [
      "its branch, where there is no pull request",
      { origin: { kind: "branch" } },
      { key: branch, formerKey: null },
    ],
  ])("a hotfix's key is %s", (_, more, keys) => expect(keysOf(snapshot(more))).toEqual(keys));
});

it("an action item is overdue when its day is over everywhere on earth", () => {
  const item = { text: "", owners: [], due: "2025-10-20" };
  const end = Date.parse("2025-10-21T12:00:00Z");
  expect(overdueFrom("2025-10-20")).toBe(end);
  expect([end - 1, end].map((now) => isOverdue(item, new Date(now)))).toEqual([false, true]);
  expect(isOverdue({ ...item, due: null }, new Date(end))).toBe(false);
});
