import nock from "nock";
import { describe, expect, it } from "vitest";
import { readRulesAtMerge } from "../../../../src/github/collect/landing/rules-at-merge.ts";
import { typedReason } from "../../../../src/policy/landing/rules-at-merge.ts";
import { rulesMarks } from "../../../../src/render/post-mortem/rules-at-merge.ts";
import { markdown } from "../../../../src/render/text/markdown.ts";
import { API, APP, FAULTS, fail, testClient, withoutNetwork } from "../../../support/nock-github.ts";

withoutNetwork();

const REPO = { owner: "kamiyo", repo: "api" };
const PATH = "/repos/kamiyo/api";
const SHA = "d".repeat(40);
const AT = "2025-10-14T10:30:00Z";
const LANDED = {
  sha: SHA,
  base: "main",
  at: AT,
  texts: ["HOTFIX: Fix it", "- [x] Tested", "HOTFIX: Fix it\n\nFixes: #1"],
};
const suite = (result: string) => ({ id: 5, after_sha: SHA, actor_name: "jane", result });
const rule = (rule_type: string, result: string) => ({ rule_type, result, enforcement: "active" });

function suites(all: readonly unknown[], rules: readonly unknown[] = []) {
  const github = nock(API);
  github
    .get(`${PATH}/rulesets/rule-suites`)
    .query({ ref: "refs/heads/main", time_period: "week", per_page: 100 })
    .reply(200, all);
  github.get(`${PATH}/rulesets/rule-suites/5`).reply(200, { id: 5, rule_evaluations: rules });
  return github;
}

/** A ruleset named `gate` requires the check now. */
function requiredNow(github: nock.Scope, history: readonly unknown[] | null) {
  github
    .get(`${PATH}/rules/branches/main`)
    .query(true)
    .reply(200, [
      {
        type: "required_status_checks",
        ruleset_id: 9,
        parameters: { required_status_checks: [{ context: "hotfix-gate", integration_id: APP.id }] },
      },
    ]);
  github.get(`${PATH}/rulesets/9`).reply(200, { id: 9, name: "gate", updated_at: "2025-10-14T10:31:00Z" });
  if (history !== null) github.get(`${PATH}/rulesets/9/history`).query(true).reply(200, history);
}

describe("what rule suites tell of a merge", () => {
  it("that somebody merged past the rules, which, and what was typed", async () => {
    const github = suites(
      [suite("bypass")],
      [rule("required_status_checks", "fail"), rule("pull_request", "pass")],
    );
    const message =
      "Merge pull request #42 from kamiyo/hotfix\n\nHOTFIX: Fix it\n\nProduction is down, @everyone\n<b>now</b>";
    github.get(`${PATH}/git/commits/${SHA}`).reply(200, { sha: SHA, message });
    const rules = await readRulesAtMerge(testClient(), REPO, LANDED);
    expect(rules).toEqual({
      bypassed: {
        by: "jane",
        rules: ["required_status_checks"],
        reason: "Production is down, @everyone <b>now</b>",
      },
      off: null,
    });
    const text = markdown(rulesMarks({ after: { rules } as never, base: "main" }));
    expect(text.trim()).toBe(
      "⚠️ **Bypassed the rules of `main`** by `jane`: `required_status_checks`. Typed at the merge: Production is down, `@everyone` `<b>now</b>`",
    );
  });

  it("that the check was not required at the merge, and is now: when it was changed, and by whom", async () => {
    const github = suites([suite("pass")], [rule("pull_request", "pass")]);
    requiredNow(github, [
      { version_id: 3, actor: { id: 1, type: "User" }, updated_at: "2025-10-14T10:31:00Z" },
      { version_id: 2, actor: { id: 1, type: "User" }, updated_at: "2025-10-14T10:29:30Z" },
      { version_id: 1, actor: { id: 2, type: "User" }, updated_at: "2024-01-01T00:00:00Z" },
    ]);
    github.get("/user/1").reply(200, { login: "rita" }).get("/user/2").reply(200, { login: "max" });
    const rules = await readRulesAtMerge(testClient(), REPO, LANDED);
    expect(rules.off).toEqual([
      { at: "2025-10-14T10:29:30Z", by: "rita", ruleset: "gate" },
      { at: "2025-10-14T10:31:00Z", by: "rita", ruleset: "gate" },
    ]);
    const text = markdown(rulesMarks({ after: { rules } as never, base: "main" }));
    expect(text).toContain("**`main` did not require `hotfix-gate` at the merge, and does now.**");
    expect(text).toContain("by `rita`");
  });

  it("where its history is not to be had: its last change", async () => {
    const github = suites([suite("pass")], []);
    requiredNow(github, null);
    github.get(`${PATH}/rulesets/9/history`).query(true).reply(404, { message: "Not Found" });
    const rules = await readRulesAtMerge(testClient(), REPO, LANDED);
    expect(rules.off).toEqual([{ at: "2025-10-14T10:31:00Z", by: null, ruleset: "gate" }]);
  });

  it("nothing, where the check was asked for and passed", async () => {
    suites([suite("pass")], [rule("required_status_checks", "pass")]);
    expect(await readRulesAtMerge(testClient(), REPO, LANDED)).toEqual({ bypassed: null, off: null });
  });

  it("nothing, where there is no suite of the commit: who is exempt leaves none", async () => {
    suites([{ ...suite("bypass"), after_sha: "e".repeat(40) }]);
    expect(await readRulesAtMerge(testClient(), REPO, LANDED)).toEqual({ bypassed: null, off: null });
  });

  it.each(FAULTS)("nothing, where GitHub answers %s", async (fault) => {
    fail(nock(API).persist().get(`${PATH}/rulesets/rule-suites`).query(true), fault);
    expect(await readRulesAtMerge(testClient(), REPO, LANDED)).toEqual({ bypassed: null, off: null });
  });

  it("is not asked where the app was not granted that", async () => {
    const client = { ...testClient(), permits: async () => false };
    expect(await readRulesAtMerge(client, REPO, LANDED)).toEqual({ bypassed: null, off: null });
  });
});

describe("typedReason", () => {
  it.each<[what: string, message: string, reason: string | null]>([
    ["GitHub's own merge message", "Merge pull request #42 from kamiyo/hotfix\n\nHOTFIX: Fix it", null],
    ["a squash of commits", "HOTFIX: Fix it (#42)\n\n* HOTFIX: Fix it\n\nFixes: #1", null],
    ["trailers", "HOTFIX: Fix it (#42)\n\nCo-authored-by: Max <max@example.com>", null],
    ["a title alone", "HOTFIX: Fix it (#42)", null],
    [
      "a sentence beside it",
      "Merge pull request #42 from kamiyo/hotfix\n\nHOTFIX: Fix it\n\nGate is down.",
      "Gate is down.",
    ],
  ])("%s", (_what, message, reason) => {
    expect(typedReason(message, LANDED.texts)).toBe(reason);
  });
});
