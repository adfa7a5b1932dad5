import { describe, expect, it } from "vitest";
import { type ExistingCheck, isReported, planCancellations, planCheck } from "../../src/plan/gate/check.ts";
import { planLabels } from "../../src/plan/gate/labels.ts";
import { planBranch } from "../../src/plan/gate/without-verdict.ts";
import { planStatusComment } from "../../src/plan/status-comment.ts";
import type { DesiredCheck } from "../../src/policy/action.ts";
import type { ApprovalReading } from "../../src/policy/approval/reading.ts";
import { SITUATIONS } from "../render/situations.ts";
import { HEAD } from "../support/snapshot.ts";

const READY: DesiredCheck = {
  status: "completed",
  conclusion: "success",
  title: "Ready: P1",
  summary: "s",
  text: "t",
  annotations: [],
  externalId: "digest",
};
const same: ExistingCheck = { id: 7, status: "completed", conclusion: "success", externalId: "digest" };

describe("the check of a head", () => {
  const write = [{ type: "upsert-check-run", headSha: HEAD, check: READY, rerequested: false }];
  it.each<[string, readonly ExistingCheck[], readonly unknown[]]>([
    ["is written where there is none", [], write],
    ["is not written again where it is there to the letter", [same], []],
    ["is written where its digest is another", [{ ...same, externalId: "old" }], write],
    ["is written where it has none", [{ ...same, externalId: null }], write],
    ["is written where it has not come to an end", [{ ...same, status: "in_progress" }], write],
    ["is written where it says the opposite", [{ ...same, conclusion: "failure" }], write],
    ["was cancelled since, by a newer run", [same, { ...same, id: 8, conclusion: "cancelled" }], write],
    [
      "is compared with the newest, in whatever order they are",
      [same, { ...same, id: 3, externalId: "x" }],
      [],
    ],
  ])("%s", (_, existing, actions) => {
    expect(planCheck(HEAD, READY, existing)).toEqual(actions);
  });

  it("is written again where somebody asked for it", () => {
    expect(planCheck(HEAD, READY, [same], true)).toEqual([{ ...write[0], rerequested: true }]);
  });

  it("of a branch without a pull request goes by the same, and does nothing else", () => {
    const blocked: DesiredCheck = { ...READY, conclusion: "action_required", externalId: "branch" };
    const nothing = {
      jobs: [],
      watch: null,
      remember: [],
      announcements: [],
      retry: null,
      log: [],
      shows: null,
    };
    expect(planBranch(HEAD, blocked, [same], false)).toEqual({
      ...nothing,
      actions: [{ type: "upsert-check-run", headSha: HEAD, check: blocked, rerequested: false }],
    });
    const there = { ...same, conclusion: "action_required", externalId: "branch" };
    expect(planBranch(HEAD, blocked, [there], false)).toEqual({ ...nothing, actions: [] });
    expect(planBranch(HEAD, blocked, [there], true).actions).toMatchObject([{ rerequested: true }]);
  });
});

describe("is a pull request to have a check at all", () => {
  const { verdict, policy } = SITUATIONS.ready();
  const { verdict: skipped } = SITUATIONS.ordinary();
  const hotfixes = { ...policy, report_on: "hotfixes" } as const;
  it.each([
    ["a hotfix", verdict, hotfixes, [], true],
    ["no hotfix", skipped, policy, [], true],
    ["no hotfix, and only hotfixes are reported on", skipped, hotfixes, [], false],
    ["no hotfix any more: what is there is kept true", skipped, hotfixes, [same], true],
    ["no hotfix, and the configuration is invalid", skipped, null, [], true],
  ] as const)("%s", (_, one, settings, existing, expected) => {
    expect(isReported(one, settings, existing)).toBe(expected);
  });
});

describe("what is green on a head that was left", () => {
  const runs: readonly ExistingCheck[] = [
    same,
    { ...same, id: 8, conclusion: "failure" },
    { ...same, id: 9, status: "in_progress", conclusion: null },
    { ...same, id: 10, conclusion: "cancelled" },
  ];
  const cancel = (checkRunId: number, forget: boolean) => ({
    type: "cancel-check-run",
    headSha: HEAD,
    checkRunId,
    reason: "the head of #42 moved on",
    forget,
  });
  it.each([
    ["is cancelled, and nothing else", false, [cancel(7, false)]],
    ["goes with all that is recorded there", true, [cancel(7, true), cancel(8, true), cancel(9, true)]],
  ])("%s", (_, forget, actions) => {
    expect(planCancellations(HEAD, runs, "the head of #42 moved on", forget)).toEqual(actions);
  });

  it("is nothing where nothing was written", () => {
    expect(planCancellations(HEAD, [], "closed", true)).toEqual([]);
  });
});

describe("the labels of an open hotfix", () => {
  const reading = (add: readonly string[], remove: readonly string[]): ApprovalReading => ({
    counted: [],
    refused: [],
    undecided: [],
    labelsToAdd: add,
    labelsToRemove: remove,
  });
  it.each([
    ["are as they should be", null, reading([], []), []],
    ["show the severity of the commit", "severity:P1", reading([], []), ["add-label severity:P1"]],
    ["show who approved by a review", null, reading(["approved:cto"], []), ["add-label approved:cto"]],
    ["are off where they do not count", null, reading([], ["approved:cto"]), ["remove-label approved:cto"]],
    [
      "are set before others go",
      "severity:P0",
      reading(["approved:on-call"], ["approved:cto"]),
      ["add-label severity:P0", "add-label approved:on-call", "remove-label approved:cto"],
    ],
  ])("%s", (_, severity, approval, expected) => {
    const actions = planLabels(42, severity, approval);
    expect(actions.map((one) => "label" in one && `${one.type} ${one.label}`)).toEqual(expected);
    expect(actions.every((one) => "number" in one && one.number === 42)).toBe(true);
  });
});

describe("the status comment", () => {
  const write = (commentId: number | null) => [
    { type: "upsert-status-comment", number: 42, commentId, body: "Ready\nto merge" },
  ];
  it.each([
    ["is new", null, write(null)],
    ["says the same", { id: 5, body: "Ready\nto merge" }, []],
    ["says the same, with GitHub's line ends", { id: 5, body: "Ready\r\nto merge\r\n" }, []],
    ["says something else", { id: 5, body: "Waiting" }, write(5)],
    ["was emptied by somebody", { id: 5, body: "" }, write(5)],
  ])("%s", (_, existing, actions) => {
    expect(planStatusComment(42, "Ready\nto merge", existing)).toEqual(actions);
  });
});
