import { expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { foreignTo, longLivedOf } from "../../../src/policy/landing/foreign.ts";
import { commit } from "../../support/snapshot.ts";

const policy = { ...defaultPolicy(), branches: { ...defaultPolicy().branches, back_merge: ["trunk"] } };
const place = {
  base: { ref: "main", sha: "b" },
  head: { ref: "hotfix/release-notes", sha: "h", repository: null },
};

test.each<[string, string[], string[]]>([
  [
    "the usual ones, and what is configured",
    ["main", "next", "trunk", "develop", "topic"],
    ["trunk", "next", "develop"],
  ],
  [
    "releases, newest first",
    ["release-9", "release/10", "Release-2"],
    ["release/10", "Release-2", "release-9"],
  ],
  ["neither base nor head nor hotfixes", ["main", "hotfix/release-notes", "hotfix/dev", "developer-x"], []],
  [
    "no more than six",
    Array.from({ length: 20 }, (_, i) => `release-${i}`),
    ["release-19", "release-18", "release-17", "release-16", "release-15", "release-14"],
  ],
])("long-lived: %s", (_, names, expected) => {
  expect(longLivedOf(names, place, policy).toSorted()).toEqual(expected.toSorted());
});

test.each<[string, string[], string, string, string[]]>([
  ["but the base", ["release/9", "release/8"], "release/9", "hotfix/x", ["release/8"]],
  ["but the head", ["develop", "staging"], "main", "develop", ["staging"]],
  ["but hotfixes", ["release/hotfix-1", "release/1"], "main", "hotfix/x", ["release/1"]],
])("long-lived: all %s", (_, names, base, head, expected) => {
  const places = { base: { ...place.base, ref: base }, head: { ...place.head, ref: head } };
  const branches = { ...policy.branches, hotfix: ["hotfix/**", "release/hotfix-*"] };
  expect(longLivedOf(names, places, { ...policy, branches })).toEqual(expected);
});

const line = (...shas: string[]) =>
  shas.map((sha, i) =>
    commit({
      sha,
      message: sha === "fix" ? "HOTFIX: Fix it" : `Work ${sha}`,
      parents: [shas[i - 1] ?? "fork"],
    }),
  );
const node = (sha: string, ...parents: string[]) => ({ sha, parents });

test.each<[string, Parameters<typeof foreignTo>[0], Parameters<typeof foreignTo>[2], string[]]>([
  [
    "made from it, which has gone on",
    line("1", "2", "fix"),
    { mergeBase: "2", commits: [node("3", "2")] },
    ["1", "2"],
  ],
  ["made from its tip", line("1", "fix"), { mergeBase: "1", commits: [] }, ["1"]],
  ["made from main", line("1", "fix"), { mergeBase: "fork", commits: [node("3", "fork")] }, []],
  ["merged into it early", line("1", "2", "fix"), { mergeBase: "2", commits: [node("m", "3", "2")] }, []],
  ["all there already", line("1", "fix"), { mergeBase: "fix", commits: [] }, []],
  ["its hotfix commit there as well", line("1", "fix", "2"), { mergeBase: "fix", commits: [] }, ["1"]],
  ["no commits", [], { mergeBase: "fork", commits: [] }, []],
])("foreign commits of a branch %s", (_, own, other, expected) => {
  expect(foreignTo(own, own.at(-1)?.sha ?? "h", other, policy)).toEqual(expected);
});
