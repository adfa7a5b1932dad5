import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isHotfixBranch, proposeBranch } from "../../../src/policy/propose-branch.ts";
import { anyCharacter } from "../../support/any-text.ts";
import { findingOf, policyOf, runExample } from "../../support/example.ts";
import { snapshot } from "../../support/snapshot.ts";

const find = (branch: string, config: Record<string, unknown> = {}, title = "Fix it") =>
  runExample("branch-name", { branch, config, title });

const NUMBERS = { issue: null, pullRequest: 42 };

describe("branch-name", () => {
  it.each([
    ["hotfix/x", "satisfied", "ok"],
    ["hotfix/stripe-webhook-verification", "satisfied", "ok"],
    ["hotfix/1234-x", "satisfied", "ok"],
    ["hotfix/Stripe", "violated", "wrong-name"],
    ["hotfix/a_b", "violated", "wrong-name"],
    ["hotfix/a/b", "violated", "wrong-name"],
    ["hotfix/-a", "violated", "wrong-name"],
    ["hotfix/a--b", "violated", "wrong-name"],
    ["Hotfix/x", "violated", "wrong-name"],
    ["hotfix-x", "violated", "wrong-name"],
    ["fix/x", "violated", "wrong-name"],
  ])("%s: %s, %s", (branch, state, code) => expect(find(branch)).toMatchObject({ state, code }));

  it("holds a branch to the globs as well, where the pattern would take anything", () => {
    expect(find("fix/x", { branches: { name: "." } })).toMatchObject({ code: "wrong-name" });
  });

  it.each([
    ["hotfix/Stripe_Webhook", "hotfix/stripe-webhook"],
    ["Hotfix/Stripe Webhook", "hotfix/stripe-webhook"],
    ["hotfix-x", "hotfix/x"],
    ["hot_fix/login", "hotfix/login"],
    ["hotfixes/login", "hotfix/login"],
    ["hotfix/a/b", "hotfix/a-b"],
    ["hotfix/été", "hotfix/ete"],
    ["fix/login", "hotfix/fix-login"],
    ["hotfix", "hotfix/fix-it"],
    ["hotfix/🚨", "hotfix/fix-it"],
    ["hotfix/$(rm -rf ~)", "hotfix/rm-rf"],
    ["hot\u200bfix/login", "hotfix/login"],
    ["_hotfix/login", "hotfix/login"],
    ["users/ann/hotfix-login", "hotfix/users-ann-hotfix-login"],
    ["hotfix/login🔥again", "hotfix/login-again"],
    [`hotfix/${"long-".repeat(40)}`, `hotfix/${"long-".repeat(11)}long`],
  ])("proposes for %s: %s", (branch, proposal) => {
    expect(find(branch).data.proposal).toBe(proposal);
  });

  it.each([
    ["fix/вход", "x", "hotfix/fix-vkhod"],
    ["hotfix-로그아웃", "x", "hotfix/logeuaus"],
    ["hotfix/объект", "x", "hotfix/obekt"],
    ["hotfix/Größe", "x", "hotfix/grosse"],
    ["hotfix/Ελλάδα", "x", "hotfix/ellada"],
    ["hotfix", "🚨 Hotfix: исправить вход", "hotfix/ispravit-vkhod"],
    ["hotfix", "HOTFIX: ログイン", "hotfix/roguin"],
    ["hotfix", "Hotfix: Änderung", "hotfix/anderung"],
    ["hotfix", "[HOTFIX][PAY-12] Retry", "hotfix/pay-12-retry"],
    ["hotfix", "hotfix(payments): reject x", "hotfix/reject-x"],
    ["hotfix/支払い", "HOTFIX: 支払いを直す", "hotfix/issue-1234"],
    ["hotfix/🚨", "🚨", "hotfix/issue-1234"],
  ])("proposes for %s with the title %s: %s", (branch, title, proposal) => {
    expect(find(branch, {}, title).data.proposal).toBe(proposal);
  });

  it("goes by the pull request's number where there is neither a name nor an issue", () => {
    const numbers = { issue: null, pullRequest: 42 };
    expect(proposeBranch("hotfix/🚨", "HOTFIX: 🚨", policyOf({}), numbers)).toBe("hotfix/pr-42");
    expect(proposeBranch("hotfix/修复", "HOTFIX: 修复", policyOf({}), numbers)).toBe("hotfix/xiufu");
  });

  it("goes by the pull request's number without a commit that names an issue, too", () => {
    for (const commits of [[], ["HOTFIX: x"]]) {
      const finding = runExample("branch-name", { branch: "hotfix/🚨", title: "🚨", commits });
      expect(finding.data.proposal).toBe("hotfix/pr-42");
    }
  });

  it("names the branch, and the pattern that it should have matched", () => {
    expect(find("hotfix/x").data).toEqual({ branch: "hotfix/x" });
    const pattern = policyOf({}).branches.name;
    expect(find("fix/x").data).toEqual({ branch: "fix/x", pattern, proposal: "hotfix/fix-x" });
  });

  it("renames no branch that has no pull request yet", () => {
    const { pullRequest, ...facts } = snapshot({ origin: { kind: "branch" } });
    const head = { ...pullRequest.head, ref: "fix/x" };
    expect(findingOf("branch-name", { ...facts, pullRequest: { ...pullRequest, head } }).steps).toEqual([]);
  });

  it.each([
    ["^hotfix/[A-Z]+-\\d+-[a-z-]+$", "hotfix-PAY-12-stripe", "hotfix/PAY-12-stripe"],
    ["^hotfix/\\d+-[a-z-]+$", "hotfix-stripe-12", "hotfix/12-stripe"],
    ["^hotfix/\\d+(?:-[a-z]+)+$", "hotfix-pay-12-retry", "hotfix/12-pay-retry"],
    ["^hotfix/[a-z_]+$", "hotfix/Stripe-webhook", "hotfix/stripe_webhook"],
  ])("proposes a name of the form %s", (name, branch, proposal) => {
    expect(find(branch, { branches: { name } }).data.proposal).toBe(proposal);
  });

  it.each<[string, string, string | null]>([
    ["urgent-*", "hotfix/🚨", "urgent-fix-it"],
    ["urgent", "hotfix/x", "urgent"],
    ["hotfix/$*", "hotfix/x", null],
    ["-x/*", "hotfix/x", null],
    ["hotfix.lock", "hotfix/x", null],
  ])("by the glob %s, for %s: %s", (glob, branch, proposal) => {
    const by = policyOf({ branches: { hotfix: [glob], name: "." } });
    expect(proposeBranch(branch, "Fix it", by, NUMBERS)).toBe(proposal);
  });

  it("has nothing to name a branch by that is not there yet", () => {
    expect(proposeBranch("hotfix/🚨", "🚨", policyOf({}), { issue: null, pullRequest: null })).toBeNull();
  });

  it("takes no name by a pattern that cannot be read", () => {
    const { branches, ...policy } = policyOf({});
    expect(isHotfixBranch("hotfix/x", { ...policy, branches: { ...branches, name: "(" } })).toBe(false);
  });

  it("says so where it knows no valid name", () => {
    const finding = find("hotfix-x", { branches: { name: "^hotfix/Q\\d{9}$" } });
    expect(finding).toMatchObject({ code: "wrong-name-no-proposal", steps: [] });
    expect(finding.data).toMatchObject({ pattern: "^hotfix/Q\\d{9}$", globs: ["hotfix/**"] });
  });

  it("proposes the name for a new branch, without text of the pull request", () => {
    const { steps } = runExample("branch-name", { branch: "hotfix/$(x)';y", title: "`z`", base: "it's" });
    expect(steps).toEqual([{ kind: "rename-branch", branch: "hotfix/x-y" }]);
  });

  it.each([{}, { name: "." }, { hotfix: ["urgent/*", "hotfix-*"], name: "^[a-z/.-]+$" }])(
    "proposes only what the policy and a shell take: %j",
    (branches) => {
      const by = policyOf({ branches });
      fc.assert(
        fc.property(fc.string({ unit: anyCharacter }), fc.string(), (branch, title) => {
          const proposal = proposeBranch(branch, title, by, NUMBERS);
          if (proposal === null) return;
          expect(isHotfixBranch(proposal, by)).toBe(true);
          expect(proposal).toMatch(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/);
        }),
      );
    },
  );

  it("proposes only names that git takes", () => {
    const anything = policyOf({ branches: { hotfix: ["**"], name: "." } });
    const names = ["hotfix/a.lock", "hotfix/..", "a..b", "-x", "hotfix/.x/", "@{x}", "a~b^c:d"];
    const proposals = names.map((name) => proposeBranch(name, name, anything, NUMBERS) ?? "x");
    const script = proposals.map((name) => `git check-ref-format --branch ${name}`).join(" && ");
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8" }).trim().split("\n")).toEqual(proposals);
  });

  it("takes a branch name and title of 100 kB", () => {
    expect(find("Hotfix/".repeat(14_000), {}, "x".repeat(100_000)).code).toBe("wrong-name");
  });
});
