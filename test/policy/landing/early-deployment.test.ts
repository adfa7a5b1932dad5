import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import { bypassed, bypassedEarly, landedAt } from "../../../src/policy/landing/early-deployment.ts";
import { postMortemFacts } from "../../../src/policy/post-mortem/facts.ts";
import { branchKey, subjectOf } from "../../../src/policy/post-mortem/subject.ts";
import type { EarlyDeployment, PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import { postMortemMarker } from "../../../src/render/post-mortem/issue.ts";
import { MERGES, SITUATIONS, type Situation } from "../../render/situations.ts";
import { anyCharacter } from "../../support/any-text.ts";
import { AUTHOR, at, HEAD } from "../../support/snapshot.ts";

const early: EarlyDeployment = {
  at: at("10:05:00"),
  environment: "production",
  by: AUTHOR,
  sha: HEAD,
  gate: known("action_required"),
};
const REF = "hotfix/stripe-webhook-verification";

function facts(
  { snapshot, verdict, policy }: Situation,
  deployed: Partial<EarlyDeployment> | null = {},
  more: Partial<PullRequestSnapshot> = {},
) {
  const deployedEarly = known(deployed === null ? null : { ...early, ...deployed });
  return postMortemFacts({ ...snapshot, deployedEarly, ...more }, verdict, policy);
}

describe("a hotfix that is deployed before it is merged", () => {
  it("is to be learnt from as of then, merged or not", () => {
    expect(facts(SITUATIONS.waiting())).toMatchObject({
      merged: null,
      landedAt: early.at,
      due: "2025-10-15T10:05:00Z",
      key: branchKey(REF),
      formerKey: null,
      number: 42,
      reviewOwed: false,
      metrics: {
        merged_at: null,
        deployed_at: early.at,
        time_to_deployment: null,
        deployed_early: true,
        gate_at_deployment: "action_required",
        bypassed: true,
      },
    });
    expect(facts(MERGES.ready())).toMatchObject({
      landedAt: early.at,
      due: "2025-10-15T10:05:00Z",
      key: 42,
      formerKey: branchKey(REF),
      merged: { at: at("10:30:00") },
      metrics: { merged_at: at("10:30:00"), deployed_at: early.at, time_to_deployment: null },
    });
  });

  it("is in the timeline, between what came before and after", () => {
    const of = (made: Situation) => facts(made)?.timeline.map(({ what }) => what);
    const timeline = of(MERGES.ready()) ?? [];
    expect(timeline.slice(timeline.indexOf("pull-request-opened"))).toEqual([
      "pull-request-opened",
      "deployed-early",
      "review-approved",
      "approved",
      "gate-green",
      "merged",
    ]);
    expect(of(SITUATIONS.waiting())?.at(-1)).toBe("deployed-early");
  });

  it.each([
    ["success", false],
    ["neutral", false],
    ["action_required", true],
    ["in_progress", true],
    [null, true],
  ])("with a gate that said %s: bypassed it %s", (gate, bypassed) => {
    const { metrics } = facts(SITUATIONS.ready(), { gate: known(gate) }) ?? {};
    expect(metrics).toMatchObject({ gate_at_deployment: gate ?? "none", bypassed });
  });

  it("with a gate that cannot be read: not known", () => {
    const { metrics } = facts(SITUATIONS.ready(), { gate: unknown("the gate") }) ?? {};
    expect(metrics).toMatchObject({ gate_at_deployment: null, bypassed: null });
  });

  it("from a fork is its pull request's: the branch is another repository's", () => {
    const made = SITUATIONS.waiting();
    const pullRequest = { ...made.snapshot.pullRequest, fork: true };
    expect(facts(made, {}, { pullRequest })).toMatchObject({ key: 42, formerKey: null });
  });

  it("without a pull request is its branch's", () => {
    const found = facts(SITUATIONS.waiting(), {}, { origin: { kind: "branch" } });
    expect(found).toMatchObject({
      key: branchKey(REF),
      number: null,
      metrics: { pull_request_opened_at: null },
    });
    expect(found?.timeline.map(({ what }) => what)).not.toContain("pull-request-opened");
  });

  it.each([
    ["neither", SITUATIONS.ready(), known(null), null],
    ["unread", SITUATIONS.ready(), unknown("the deployments"), null],
    ["merged", MERGES.ready(), known(null), at("10:30:00")],
    ["deployed", SITUATIONS.ready(), known(early), early.at],
  ])("landed: %s", (_, { snapshot }, deployedEarly, expected) => {
    expect(landedAt({ ...snapshot, deployedEarly })).toBe(expected);
  });
});

describe("the marker of a branch", () => {
  const repository = { owner: "kamiyo", name: "api" };
  const subject = (ref: string) => subjectOf(`Text\n${postMortemMarker(repository, branchKey(ref))}\n`);

  it("is read again, whatever the branch is called", () => {
    const name = fc
      .string({ unit: anyCharacter, minLength: 1, maxLength: 200 })
      .filter((text) => !/\p{Cs}/u.test(text));
    fc.assert(
      fc.property(name, (ref) => {
        const key = branchKey(ref);
        fc.pre(key.length <= 1_000);
        expect(subject(ref)).toEqual({ kind: "branch", owner: "kamiyo", repo: "api", ref });
        expect(key).not.toMatch(/--|[<>\s]/);
      }),
    );
  });

  it.each([REF, "hotfix/a--b", "hotfix/--><b>", "hotfix/ä'(b)*!~%2F", "hotfix/a-"])("%s", (ref) => {
    expect(subject(ref)).toMatchObject({ ref });
  });

  it("is no commit's and no pull request's", () => {
    expect(subjectOf(postMortemMarker(repository, "a".repeat(40)))).toMatchObject({ kind: "push" });
    expect(subjectOf(postMortemMarker(repository, 42))).toMatchObject({ kind: "pull-request", number: 42 });
    expect(subjectOf("<!-- hotfix-guard:post-mortem kamiyo/api@refs/heads/%E4 -->")).toBeNull();
  });
});

it.each([
  ["success", false],
  ["neutral", false],
  ["skipped", false],
  ["failure", true],
  ["action_required", true],
  [null, true],
])("a gate that said %s was bypassed: %s", (gate, was) => {
  expect(bypassed(gate)).toBe(was);
  expect(bypassedEarly({ ...early, gate: known(gate) })).toEqual(known(was));
  expect(bypassedEarly({ ...early, gate: unknown("502") })).toEqual(unknown("502"));
});
