import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/index.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import { labelDefinitions } from "../../../src/policy/labels.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { findingsOf } from "../../../src/policy/setup/findings.ts";
import type { SetUpBranch, Setup } from "../../../src/policy/setup/setup.ts";

const CONFIG = `version: 1
roles:
  on-call: { teams: [on-call] }
  engineering-manager: { teams: [managers] }
  cto: { users: [Ada] }
post_mortem: { repository: acme/post-mortems, template: docs/pm.md }
environments: [Production]
`;

function policyOf(text: string): Policy {
  const result = parseConfig([{ file: "hotfix.yml", bytes: new TextEncoder().encode(text) }]);
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

const POLICY = policyOf(CONFIG);
const BRANCH: SetUpBranch = {
  name: "main",
  exists: true,
  gate: known("pinned"),
  mergeQueue: false,
  reviews: 0,
};
/** Nothing is wrong. */
const FINE: Setup = {
  repository: "acme/api",
  hasIssues: true,
  archived: false,
  app: known({ id: 7, slug: "hotfix-guard" }),
  branches: [BRANCH],
  teams: { "on-call": known("write"), managers: known("write") },
  users: { ada: known("write") },
  holders: { "on-call": known(4), "engineering-manager": known(2), cto: known(1) },
  postMortems: known({ moreVisible: false, hasIssues: true, archived: false }),
  template: known(true),
  environments: { production: known("guarded") },
  labels: known(labelDefinitions(POLICY).map(({ name }) => name.toLowerCase())),
};

describe("how a repository is set up", () => {
  it("nothing is said where nothing is wrong", () => {
    expect(findingsOf(POLICY, FINE)).toEqual([]);
  });

  const branch = (more: Partial<SetUpBranch>): Partial<Setup> => ({ branches: [{ ...BRANCH, ...more }] });
  const cases: readonly (readonly [
    name: string,
    more: Partial<Setup>,
    level: string,
    path: string,
    message: RegExp,
    fix?: RegExp,
  ])[] = [
    [
      "a check that is not required",
      branch({ gate: known("not-required") }),
      "problem",
      "",
      /main does not require hotfix-gate/,
      /gh api repos\/acme\/api\/rulesets .*"integration_id":7/,
    ],
    [
      "a merge queue without it",
      branch({ gate: known("not-required"), mergeQueue: true }),
      "problem",
      "",
      /merge queue and does not require/,
    ],
    [
      "reviews before any merge, where a P0 is reviewed after it",
      branch({ reviews: 2 }),
      "warning",
      "severities.P0.review",
      /main requires 2 approving reviews before any merge, so the review of a P0 after the merge cannot work/,
      /severities: \{ P0: \{ review: before-merge \} \}/,
    ],
    ["from any source", branch({ gate: known("any-source") }), "problem", "", /from any source/],
    ["from another app", branch({ gate: known("other-app") }), "problem", "", /from another app/],
    [
      "one that everybody may bypass",
      branch({ gate: known("bypassable") }),
      "problem",
      "",
      /everyone with write access may bypass/,
    ],
    [
      "protection that is not shown",
      branch({ gate: known("unknown") }),
      "warning",
      "",
      /not shown to this token/,
    ],
    [
      "protection that could not be read",
      branch({ gate: unknown("GitHub answered 502") }),
      "warning",
      "",
      /could not be read: GitHub answered 502/,
    ],
    [
      "an app that nobody knows yet",
      { ...branch({ gate: known("other-app") }), app: known(null) },
      "note",
      "",
      /no app has written the check here yet/,
    ],
    ["a branch that is not there", branch({ exists: false }), "problem", "", /branch main is not there/],
    [
      "a check that is not required, where nobody knows the app's number",
      { ...branch({ gate: known("not-required") }), app: known(null) },
      "problem",
      "",
      /main does not require hotfix-gate/,
      /"integration_id":<APP_ID>/,
    ],
    [
      "a pinned check of an app that nobody knows yet",
      { ...branch({ gate: known("pinned") }), app: known(null) },
      "note",
      "",
      /whether that is the right one/,
    ],
    [
      "one review before any merge",
      branch({ reviews: 1 }),
      "warning",
      "severities.P0.review",
      /main requires 1 approving review before/,
    ],
    ["an archived repository", { archived: true }, "problem", "", /is archived/],
    [
      "a team that is not there",
      { teams: { ...FINE.teams, managers: known("missing") } },
      "problem",
      "roles.engineering-manager.teams.0",
      /team managers is not there, or is secret/,
    ],
    [
      "a team without access",
      { teams: { ...FINE.teams, managers: known("none") } },
      "problem",
      "roles.engineering-manager.teams.0",
      /team managers has no write access/,
    ],
    [
      "a team that only reads",
      { teams: { ...FINE.teams, "on-call": known("read") } },
      "problem",
      "roles.on-call.teams.0",
      /no write access/,
    ],
    [
      "a person who is gone",
      { users: { ada: known("missing") } },
      "problem",
      "roles.cto.users.0",
      /Ada is not there/,
    ],
    [
      "a person without access",
      { users: { ada: known("none") } },
      "problem",
      "roles.cto.users.0",
      /Ada has no write access/,
    ],
    [
      "a team that could not be read",
      { teams: { ...FINE.teams, managers: unknown("forbidden") } },
      "warning",
      "roles.engineering-manager.teams.0",
      /could not be read: forbidden/,
    ],
    [
      "a role that nobody holds",
      { holders: { ...FINE.holders, cto: known(0) } },
      "problem",
      "roles.cto",
      /nobody holds the role cto, which P0 and P1 asks for/,
    ],
    [
      "a role whose holders could not be read",
      { holders: { ...FINE.holders, cto: unknown("forbidden") } },
      "warning",
      "roles.cto",
      /could not be read: forbidden/,
    ],
    [
      "post-mortems' repository that could not be read",
      { postMortems: unknown("GitHub answered 502") },
      "warning",
      "post_mortem.repository",
      /could not be read: GitHub answered 502/,
    ],
    [
      "a template that could not be read",
      { template: unknown("GitHub answered 502") },
      "warning",
      "post_mortem.template",
      /could not be read: GitHub answered 502/,
    ],
    [
      "an environment that could not be read",
      { environments: { production: unknown("forbidden") } },
      "warning",
      "environments.0",
      /could not be read: forbidden/,
    ],
    [
      "post-mortems where there is no such repository",
      { postMortems: known("missing") },
      "problem",
      "post_mortem.repository",
      /acme\/post-mortems is not there/,
    ],
    [
      "where more people see them",
      { postMortems: known({ moreVisible: true, hasIssues: true, archived: false }) },
      "warning",
      "post_mortem.repository",
      /more people see acme\/post-mortems/,
    ],
    [
      "where issues are disabled",
      { postMortems: known({ moreVisible: false, hasIssues: false, archived: false }) },
      "problem",
      "post_mortem.repository",
      /issues are disabled in acme\/post-mortems/,
    ],
    [
      "where nothing can be opened any more",
      { postMortems: known({ moreVisible: false, hasIssues: true, archived: true }) },
      "problem",
      "post_mortem.repository",
      /is archived/,
    ],
    [
      "here, without issues",
      { postMortems: null, hasIssues: false },
      "problem",
      "post_mortem.repository",
      /issues are disabled here/,
    ],
    [
      "a template that is not there",
      { template: known(false) },
      "problem",
      "post_mortem.template",
      /docs\/pm\.md is not there/,
    ],
    [
      "an environment that is not there",
      { environments: { production: known("missing") } },
      "problem",
      "environments.0",
      /Production is not there/,
    ],
    [
      "an environment without the rule",
      { environments: { production: known("unguarded") } },
      "problem",
      "environments.0",
      /does not ask the app/,
    ],
    [
      "labels that are not there yet",
      { labels: known([]) },
      "note",
      "",
      /labels are not there yet: hotfix, /,
    ],
    [
      "labels that could not be read",
      { labels: unknown("forbidden") },
      "warning",
      "",
      /could not be read: forbidden/,
    ],
  ];
  for (const [name, more, level, path, message, fix = /./] of cases)
    it(`${name} is told, once`, () => {
      const found = findingsOf(POLICY, { ...FINE, ...more });
      expect(found.map((one) => [one.level, one.path.join(".")])).toEqual([[level, path]]);
      expect(found[0]?.message).toMatch(message);
      expect(found[0]?.fix).toMatch(fix);
      for (const text of [found[0]?.message, found[0]?.fix]) expect(text).not.toContain("\n");
    });

  it("nothing is said of what nobody looked up", () => {
    const unasked = { ...FINE, teams: {}, users: {}, holders: {}, environments: {}, template: null };
    expect(findingsOf(POLICY, unasked)).toEqual([]);
  });

  it("a role that no severity asks for may be nobody's", () => {
    const policy = policyOf(CONFIG.replace("roles:", "roles:\n  security: { users: [Zoe] }"));
    const found = findingsOf(policy, { ...FINE, holders: { ...FINE.holders, security: known(0) } });
    expect(found.map(({ message }) => message)).toEqual(["1 label is not there yet: approved:security"]);
  });

  it("branches that the configuration names are what is wrong", () => {
    const policy = policyOf(`${CONFIG}branches: { base: [main] }\n`);
    const found = findingsOf(policy, { ...FINE, ...branch({ gate: known("not-required") }) });
    expect(found.map(({ path }) => path)).toEqual([["branches", "base"]]);
  });

  it("the command takes a branch of any name as it is", () => {
    const [found] = findingsOf(POLICY, {
      ...FINE,
      ...branch({ name: `it's "main"`, gate: known("not-required") }),
    });
    const quoted = found?.fix.split("<<< ")[1] ?? "";
    const passed = execFileSync("sh", ["-c", `printf %s ${quoted}`], { encoding: "utf8" });
    expect(JSON.parse(passed).conditions.ref_name.include).toEqual([`refs/heads/it's "main"`]);
  });

  it("a role known only by its permission has nobody to mention", () => {
    const found = findingsOf(policyOf("version: 1\n"), { ...FINE, postMortems: null, template: null });
    expect(found.map(({ path }) => path.join("."))).toEqual([
      "roles.on-call",
      "roles.engineering-manager",
      "roles.cto",
    ]);
    expect(
      found.every(({ level, message }) => level === "warning" && /nobody to mention/.test(message)),
    ).toBe(true);
  });
});
