import { expect, test } from "vitest";
import { readBranchRules } from "../../../../src/github/collect/pull-request/branch-rules.ts";
import { withoutNetwork } from "../../../support/nock-github.ts";
import { type Answer, REPO, ROOT, world } from "../world.ts";

withoutNetwork();

const RULES = `${ROOT}/rules/branches/main`;
const BRANCH = `${ROOT}/branches/main`;

const { client } = world({});
const APP = client.app.id;

const checks = (...required: object[]) => ({
  type: "required_status_checks",
  parameters: { required_status_checks: required },
});
const gate = (integration_id?: number | null) => ({
  context: "hotfix-gate",
  ...(integration_id === undefined ? {} : { integration_id }),
});
const reviews = (parameters: object) => ({ type: "pull_request", parameters });
const branch = (required: object | null | undefined, isProtected = true): Answer => ({
  name: "main",
  commit: { sha: "a".repeat(40) },
  protected: isProtected,
  ...(required === undefined ? {} : { protection: { enabled: true, required_status_checks: required } }),
});
const OPEN = branch({ contexts: [], checks: [] }, false);
const failure = (status: number): Answer => ({ status, body: { message: "no" } });

async function read(answers: Record<string, Answer>) {
  const { client: own, requests } = world(answers);
  return { rules: await readBranchRules(own, REPO, "main"), requests };
}

test.each<[string, Record<string, Answer>, string]>([
  ["pinned to the app", { [RULES]: [checks({ context: "build" }, gate(APP))] }, "pinned"],
  ["from any source", { [RULES]: [checks(gate())] }, "any-source"],
  ["from any source, said with null", { [RULES]: [checks(gate(null))] }, "any-source"],
  ["by two rulesets, one of which pins it", { [RULES]: [checks(gate()), checks(gate(APP))] }, "pinned"],
  ["from another app", { [RULES]: [checks(gate(APP + 1))] }, "other-app"],
  ["from another app as well", { [RULES]: [checks(gate(APP)), checks(gate(APP + 1))] }, "other-app"],
  ["not at all", { [RULES]: [], [BRANCH]: OPEN }, "not-required"],
  [
    "other checks only",
    { [RULES]: [checks({ context: "hotfix-gate / build" })], [BRANCH]: OPEN },
    "not-required",
  ],
  [
    "a rule without parameters",
    { [RULES]: [{ type: "required_status_checks" }], [BRANCH]: OPEN },
    "not-required",
  ],
  [
    "classic, pinned",
    {
      [RULES]: [],
      [BRANCH]: branch({ contexts: ["hotfix-gate"], checks: [{ context: "hotfix-gate", app_id: APP }] }),
    },
    "pinned",
  ],
  [
    "classic, any source",
    {
      [RULES]: [],
      [BRANCH]: branch({ contexts: ["hotfix-gate"], checks: [{ context: "hotfix-gate", app_id: -1 }] }),
    },
    "any-source",
  ],
  [
    "classic on an older server",
    { [RULES]: [], [BRANCH]: branch({ contexts: ["hotfix-gate"] }) },
    "any-source",
  ],
  [
    "classic without it",
    { [RULES]: [], [BRANCH]: branch({ contexts: ["build"], checks: [] }) },
    "not-required",
  ],
  ["classic that is not shown", { [RULES]: [], [BRANCH]: branch(undefined) }, "unknown"],
  ["classic that shows half", { [RULES]: [], [BRANCH]: branch(null) }, "unknown"],
  ["a branch that cannot be read", { [RULES]: [], [BRANCH]: failure(403) }, "unknown"],
])("the gate is required: %s", async (_, answers, expected) => {
  expect((await read(answers)).rules).toMatchObject({ known: true, value: { gate: expected } });
});

test("a ruleset that requires the gate costs one request", async () => {
  expect((await read({ [RULES]: [checks(gate(APP))] })).requests).toHaveLength(1);
});

test.each<[string, object[], number]>([
  ["none", [], 0],
  ["a pull request without reviews", [reviews({ required_approving_review_count: 0 })], 0],
  [
    "the most of several rulesets",
    [reviews({ required_approving_review_count: 1 }), reviews({ required_approving_review_count: 2 })],
    2,
  ],
  [
    "of a team",
    [reviews({ required_approving_review_count: 0, required_reviewers: [{ minimum_approvals: 1 }] })],
    1,
  ],
  ["of code owners", [reviews({ required_approving_review_count: 0, require_code_owner_review: true })], 1],
])("reviews: %s", async (_, rules, expected) => {
  const answers = { [RULES]: [checks(gate(APP)), ...rules] };
  expect((await read(answers)).rules).toMatchObject({ value: { reviews: expected } });
});

test("a merge queue is told", async () => {
  const { rules } = await read({ [RULES]: [{ type: "merge_queue", parameters: {} }], [BRANCH]: OPEN });
  expect(rules).toMatchObject({ value: { gate: "not-required", mergeQueue: true } });
});

test.each([403, 404, 500])("rules that cannot be read (%s) are unknown, not “none”", async (status) => {
  expect((await read({ [RULES]: failure(status) })).rules.known).toBe(false);
});
