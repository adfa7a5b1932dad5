import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { kindOf, type PushedBranch, planLooks, planPushed, pullsFrom } from "../../src/plan/branch.ts";

const HERE = { installationId: 1, repositoryId: 9, owner: "Kamiyo", repo: "api" };
const POLICY = {
  ...defaultPolicy(),
  branches: { ...defaultPolicy().branches, back_merge: ["develop", "hotfix/next"] },
};

const RELEASES = { ...POLICY, branches: { ...POLICY.branches, base: ["release/*"] } };

const pull = (number: number, headRef: string, baseRef: string, isFromHere = true) => ({
  number,
  title: "t",
  labels: [],
  headRef,
  baseRef,
  isFromHere,
});

function pushed(ref: string, pulls: PushedBranch["pulls"] = [], policy: PushedBranch["policy"] = POLICY) {
  return { here: HERE, ref, pulls, policy };
}

describe("a branch that was pushed", () => {
  it("has looked at what comes from it, with the event's hint, and hotfixes onto it, at once", () => {
    const pulls = [
      pull(1, "main", "release"),
      pull(2, "hotfix/x", "main"),
      pull(3, "feature", "main"),
      pull(4, "main", "release", false),
    ];
    const hint = { headSha: "a".repeat(40) };
    const { jobs } = planPushed(pushed("main", pulls), hint);
    expect(jobs).toEqual([
      { key: { ...HERE, kind: "pull-request", number: 1 }, hint },
      { key: { ...HERE, kind: "pull-request", number: 2 }, hint: {} },
    ]);
    expect(pullsFrom(pushed("main", pulls)).map(({ number }) => number)).toEqual([1]);
  });

  const NONE = { production: false, backMerge: false, lonely: false };
  it.each([
    ["the default branch", pushed("main"), { ...NONE, production: true }],
    ["the default branch, policy unknown", pushed("main", [], null), { ...NONE, production: true }],
    ["one that the policy names", pushed("release/1", [], RELEASES), { ...NONE, production: true }],
    ["the default branch, where the policy names others", pushed("main", [], RELEASES), NONE],
    ["where hotfixes are brought back to", pushed("develop"), { ...NONE, backMerge: true }],
    ["a hotfix's without a pull request", pushed("hotfix/x"), { ...NONE, lonely: true }],
    ["a hotfix's, policy unknown", pushed("hotfix/x", [], null), { ...NONE, lonely: true }],
    ["a hotfix's with a pull request", pushed("hotfix/x", [pull(2, "hotfix/x", "main")]), NONE],
    [
      "a hotfix's that only a fork has a pull request from",
      pushed("hotfix/x", [pull(2, "hotfix/x", "main", false)]),
      { ...NONE, lonely: true },
    ],
    ["both", pushed("hotfix/next"), { ...NONE, backMerge: true, lonely: true }],
    ["any other", pushed("feature"), NONE],
  ])("is known for what it is: %s", (_, branch, kind) => {
    expect(kindOf(branch, "main")).toEqual(kind);
  });

  it("has looked at what was opened meanwhile", () => {
    expect(planLooks(HERE, [7]).jobs).toEqual([
      { key: { ...HERE, kind: "pull-request", number: 7 }, hint: {} },
    ]);
  });
});
