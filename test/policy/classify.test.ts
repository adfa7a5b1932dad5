import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asLanded,
  classify,
  isHotfixLike,
  isProductionBase,
  productionBases,
} from "../../src/policy/classify.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import type { PullRequestFacts, PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import { policyOf } from "../support/example.ts";
import { snapshot } from "../support/snapshot.ts";

const policy = policyOf({});
const PLAIN = { title: "Fix a typo", labels: [] };

interface Case {
  readonly branch?: string;
  readonly base?: string;
  readonly pr?: Partial<PullRequestFacts>;
  readonly rollbackOf?: PullRequestSnapshot["rollbackOf"];
  readonly inProduction?: PullRequestSnapshot["inProduction"];
  readonly backMergeOf?: Exclude<PullRequestSnapshot["backMergeOf"], undefined>;
}
const kindOf = ({ branch = "feature/x", base = "main", pr = {}, ...facts }: Case, by = policy) => {
  const { head, base: usual } = snapshot().pullRequest;
  const fact = classify(
    snapshot({
      pr: { ...PLAIN, head: { ...head, ref: branch }, base: { ...usual, ref: base }, ...pr },
      ...facts,
    }),
    by,
  );
  return fact.known ? fact.value : `unknown: ${fact.reason}`;
};

describe("classify", () => {
  it.each([
    "hotfix/x",
    "hotfix/stripe-webhook-verification",
    "hotfix/a/b",
    "hotfix/Not_Kebab",
    "hotfix/",
    "hotfix",
  ])("the branch %s is a hotfix's", (branch) => expect(kindOf({ branch })).toBe("hotfix"));

  it.each([
    "Hotfix/x",
    "HOTFIX/x",
    "HOTFIX-x",
    "hotfix-x",
    "hotfix_x",
    "hotfix.x",
    "hotfixes/x",
    "Hotfixes/x",
    "hot-fix/x",
    "hot_fix/x",
    "Hot-Fix-x",
    "hotfix123",
    "hotfix/x".replace("o", "\u043e"),
    "\uff48\uff4f\uff54\uff46\uff49\uff58/x",
    "hot\u200bfix/x",
    "\u200bhotfix/x",
  ])("the branch %j is a near miss", (branch) => expect(kindOf({ branch })).toBe("hotfix"));

  it.each([
    "feature/hotfix-docs",
    "docs/hotfix/x",
    "hotfixture/x",
    "hotfixer",
    "photofix/x",
    "fix/hot/x",
    "hot/fix",
    "revert-42-hotfix/x",
    "renovate/hotfix-guard",
    "main",
    "h0tfix/x",
    "\u043f\u043e\u0447\u0438\u043d\u043a\u0430",
  ])("the branch %s is ordinary", (branch) => expect(kindOf({ branch })).toBe("ordinary"));

  it.each([
    "HOTFIX: Fix it",
    "HOTFIX Fix it",
    "HOTFIX",
    "  HOTFIX: x",
    "🚨 HOTFIX ALERT",
    "[HOTFIX] x",
    "(Hotfix) x",
    "[hot-fix] x",
    "hotfix: x",
    "Hotfix(payments): x",
    "hotfix!: x",
    "Hot-fix: x",
    "HOTFIX-12 x",
    "HOTFIX：修复",
    "hotfix - x",
    "[PAY-12] HOTFIX: x",
    "Хотфикс: вход",
  ])("the title %j makes it a hotfix with a wrong branch", (title) =>
    expect(kindOf({ pr: { ...PLAIN, title } })).toBe("hotfix"),
  );

  it.each([
    'Revert "HOTFIX: Fix it"',
    "HOTFIXES",
    "HOTFIXED it",
    "Hotfix documentation",
    "hotfix procedure",
    "Hotfix/release branches",
    "Document HOTFIX: x",
    "fix: HOTFIX",
    "SHOTFIX: x",
    "",
  ])("the title %j makes it nothing", (title) =>
    expect(kindOf({ pr: { ...PLAIN, title } })).toBe("ordinary"),
  );

  it.each(["hotfix", "Hotfix", "HOTFIX"])("the label %s makes it a hotfix with a wrong branch", (label) =>
    expect(kindOf({ pr: { ...PLAIN, labels: ["bug", label] } })).toBe("hotfix"),
  );

  it.each(["hotfix-docs", "not-a-hotfix", "severity:P1"])("the label %s makes it nothing", (label) =>
    expect(kindOf({ pr: { ...PLAIN, labels: [label] } })).toBe("ordinary"),
  );

  it("goes by the configured branches, and still knows the word", () => {
    const by = policyOf({ branches: { hotfix: ["urgent/**"], name: "^urgent/[a-z]+$" } });
    expect(kindOf({ branch: "urgent/x" }, by)).toBe("hotfix");
    expect(kindOf({ branch: "Urgent/x" }, by)).toBe("hotfix");
    expect(kindOf({ branch: "hotfix/x" }, by)).toBe("hotfix");
    expect(kindOf({ branch: "urgently" }, by)).toBe("ordinary");
  });

  const BACK = { number: 41, mergeSha: "d".repeat(40), branch: "main", same: true, differs: [] };
  const PROOF = known({ number: 41, title: "HOTFIX: x", mergeSha: "d".repeat(40) });
  it.each<[string, Case, string]>([
    ["a proven rollback, whatever its name", { rollbackOf: PROOF }, "rollback"],
    ["a proven rollback on a hotfix branch", { branch: "hotfix/x", rollbackOf: PROOF }, "rollback"],
    [
      "a revert by title only",
      { branch: "revert-41-hotfix/x", pr: { ...PLAIN, title: 'Revert "HOTFIX: x"' } },
      "ordinary",
    ],
    ["whether it is a rollback is not known", { rollbackOf: unknown("files: 502") }, "unknown: files: 502"],
    [
      "whether a hotfix is a rollback is not known",
      { branch: "hotfix/x", rollbackOf: unknown("files: 502") },
      "unknown: files: 502",
    ],
    [
      "a hotfix to another branch, in production",
      { branch: "hotfix/x", base: "develop", inProduction: known(true) },
      "back-merge",
    ],
    [
      "a near miss to another branch, in production",
      { branch: "hotfix-x", base: "develop", inProduction: known(true) },
      "back-merge",
    ],
    [
      "a near miss to another branch, whose change is that of a hotfix",
      { branch: "hotfix-x", base: "develop", backMergeOf: known(BACK) },
      "back-merge",
    ],
    [
      "a hotfix to another branch, not in production",
      { branch: "hotfix/x", base: "develop", inProduction: known(false) },
      "hotfix",
    ],
    [
      "a hotfix to another branch, unknown whether in production",
      { branch: "hotfix/x", base: "develop", inProduction: unknown("compare: 502") },
      "unknown: compare: 502",
    ],
    [
      "an ordinary one to another branch",
      { base: "develop", inProduction: unknown("not asked") },
      "ordinary",
    ],
    [
      "a hotfix to production, where that is not asked",
      { branch: "hotfix/x", inProduction: unknown("not asked") },
      "hotfix",
    ],
    [
      "a hotfix to production that is said to be there",
      { branch: "hotfix/x", inProduction: known(true) },
      "hotfix",
    ],
    ["a deleted head repository", { branch: "hotfix/x", pr: { ...PLAIN, author: null } }, "hotfix"],
  ])("%s", (_, given, expected) => expect(kindOf(given)).toBe(expected));
});

describe("isHotfixLike", () => {
  const heading = (headRef: string, title = "x", labels: readonly string[] = []) => ({
    headRef,
    title,
    labels,
  });
  it("goes by the default names where there is no policy", () => {
    expect(isHotfixLike(heading("hotfix/x"), null)).toBe(true);
    expect(isHotfixLike(heading("hotfix-x"), null)).toBe(true);
    expect(isHotfixLike(heading("x", "HOTFIX: x"), null)).toBe(true);
    expect(isHotfixLike(heading("x", "x", ["hotfix"]), null)).toBe(true);
    expect(isHotfixLike(heading("x"), null)).toBe(false);
  });

  it("is what classify calls no ordinary pull request", () => {
    const part = fc.constantFrom("hot", "fix", "-", "/", "HOT", "FIX", "es", "x", "_", ":", " ");
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (branch, title) => {
        const ordinary = kindOf({ branch, pr: { title, labels: [] } }) === "ordinary";
        expect(isHotfixLike(heading(branch, title), policy)).toBe(!ordinary);
      }),
    );
  });

  it("takes any text in linear time", () => {
    const started = performance.now();
    for (const piece of ["hot", "hot-", "(", "HOTFIX(", "\u200b", "[", " "])
      isHotfixLike(heading(piece.repeat(50_000), piece.repeat(50_000)), policy);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

describe("productionBases", () => {
  const repository = { defaultBranch: "trunk[1]" };
  it("is the default branch, compared as text", () => {
    expect(productionBases(policy, repository)).toEqual(["trunk[1]"]);
    expect(isProductionBase("trunk[1]", policy, repository)).toBe(true);
    expect(isProductionBase("trunk1", policy, repository)).toBe(false);
  });
  it("is what the configuration says, as globs", () => {
    const by = policyOf({ branches: { base: ["main", "release/*"] } });
    expect(productionBases(by, repository)).toEqual(["main", "release/*"]);
    expect(isProductionBase("release/1", by, repository)).toBe(true);
    expect(isProductionBase("trunk[1]", by, repository)).toBe(false);
  });
});

describe("asLanded", () => {
  for (const [what, branches, base, other] of [
    ["renamed base branch, by default", {}, "master", "main"],
    ["base branch that the configuration names no more", { base: ["release/*"] }, "main", "release/9"],
    ["a base branch whose name has a meaning in globs", {}, "rel{1,2}", "main"],
  ] as const)
    it(`makes what landed a hotfix again: ${what}`, () => {
      const by = policyOf({ branches: { ...branches } });
      const { repository, pullRequest } = snapshot({ pr: PLAIN });
      const head = { ...pullRequest.head, ref: "feature/x" };
      const landed = asLanded(
        { ...pullRequest, head, base: { ...pullRequest.base, ref: base } },
        { ...repository, defaultBranch: "main" },
        by,
      );
      const fact = classify(snapshot({ pr: landed.pullRequest, inProduction: known(true) }), landed.policy);
      expect(fact).toMatchObject({ known: true, value: "hotfix" });
      const bases = ["rel1", base, other].map((one) => isProductionBase(one, landed.policy, repository));
      expect(bases).toEqual([false, true, true]);
      expect(landed.pullRequest).toMatchObject({ title: PLAIN.title, labels: ["hotfix"] });
    });
});
