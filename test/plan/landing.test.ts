import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { laneOf } from "../../src/jobs/key.ts";
import {
  decideDeployedEarly,
  decideMerged,
  decidePushed,
  type MergedPullRequest,
} from "../../src/plan/landing/decide.ts";
import {
  planContinuation,
  planHandOver,
  planMerged,
  planOpening,
  planOpenings,
  planRecord,
  planRecording,
} from "../../src/plan/landing/landing.ts";
import { type Plan, POST_MORTEM_URL } from "../../src/plan/plan.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { type Fact, known, unknown } from "../../src/policy/fact.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { postMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import type { PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import { renderPostMortem } from "../../src/render/post-mortem/issue.ts";
import { MERGES, SITUATIONS } from "../render/situations.ts";
import { AUTHOR, at, HEAD, snapshot } from "../support/snapshot.ts";
import { REPOSITORY } from "./support.ts";

const POLICY = defaultPolicy();
const made = { ...MERGES.ready(), policy: POLICY };
const facts = postMortemFacts(made.snapshot, made.verdict, POLICY);
if (facts === null) throw new Error("not merged");
const COMMENT = known({ id: 3, body: "status" });
const HOURS = 3_600_000;

/** Merged, and looked at so many hours later. */
function merged(more: Partial<MergedPullRequest> = {}, hoursLater = 0): MergedPullRequest {
  const later = Date.parse(made.snapshot.pullRequest.merged?.at ?? "") + hoursLater * HOURS;
  return {
    snapshot: { ...made.snapshot, observedAt: new Date(later).toISOString() },
    verdict: made.verdict,
    policy: { state: "valid", policy: POLICY, source: "defaults" },
    gates: known([]),
    statusComment: known(null),
    ...more,
  };
}

const UNREAD = { ...made.verdict, unknowns: ["the files"] };
const ORDINARY = { ...made.verdict, kind: "ordinary" } as typeof made.verdict;

describe("a merged pull request", () => {
  const cases: readonly (readonly [
    what: string,
    input: MergedPullRequest,
    show: "quiet" | "gave-up",
    does: string,
  ])[] = [
    ["of a hotfix needs one", merged(), "quiet", "open"],
    ["not merged", merged({ snapshot: snapshot() }), "quiet", "nothing"],
    ["no hotfix", merged({ verdict: ORDINARY }), "quiet", "nothing"],
    [
      "no hotfix as far as can be told",
      merged({ verdict: { ...ORDINARY, unknowns: ["x"] } }),
      "gave-up",
      "again",
    ],
    ["a fact unread: first waited for", merged({ verdict: UNREAD }), "quiet", "again"],
    ["a fact unread: in the end without it", merged({ verdict: UNREAD }), "gave-up", "open"],
    ["policy unread", merged({ policy: { state: "unknown", reason: "x" } }), "gave-up", "again"],
    [
      "invalid policy: by the defaults",
      merged({ policy: { state: "invalid", problems: [] } }),
      "quiet",
      "open",
    ],
    ["status comment unread", merged({ statusComment: unknown("x") }), "gave-up", "again"],
    ["two days ago, the app was not there", merged({}, 48), "quiet", "nothing"],
    ["two days ago, the app was there", merged({ statusComment: COMMENT }, 48), "quiet", "open"],
    ["two days ago, the gate was there", merged({ gates: known([{}]) }, 48), "quiet", "open"],
    [
      "two days ago, unread whether the gate was there",
      merged({ gates: unknown("x") }, 48),
      "quiet",
      "again",
    ],
    ["eight days ago", merged({ statusComment: COMMENT }, 192), "quiet", "nothing"],
  ];

  it.each(cases)("%s", (_, input, show, does) => {
    expect(decideMerged(input, show, POLICY).do).toBe(does);
  });

  it("is told of in its status comment, with what became of the post-mortem", () => {
    const more = { number: 42, statusComment: null, answers: [], docsUrl: "https://docs.example" };
    const { actions } = planMerged(made, { ...more, postMortem: { problem: "issues are switched off" } });
    expect(actions.map(({ type }) => type)).toEqual(["upsert-status-comment", "post-answer"]);
    expect(JSON.stringify(actions)).toContain("issues are switched off");
    const quiet = { ...POLICY, communication: { ...POLICY.communication, status_comment: false } };
    const typesWith = (policy: Policy) =>
      planMerged({ ...made, policy }, { ...more, postMortem: { problem: "x" } }).actions.map(
        ({ type }) => type,
      );
    // Somebody who can act hears of it all the same, unless the app only observes.
    expect(typesWith(quiet)).toEqual(["post-answer"]);
    expect(typesWith({ ...quiet, mode: "observe" })).toEqual([]);
  });
});

describe("a hotfix deployed before its merge", () => {
  const early = (gate: Fact<string | null> = known("success"), when = at("10:19:00")) =>
    known({ at: when, environment: "production", by: AUTHOR, sha: HEAD, gate });
  const situation = (deployedEarly?: PullRequestSnapshot["deployedEarly"]) => {
    const { snapshot: own } = SITUATIONS.ready();
    const deployed = deployedEarly === undefined ? own : { ...own, deployedEarly };
    const verdict = evaluate(deployed, { state: "valid", policy: POLICY, source: "defaults" });
    return { snapshot: deployed, verdict, policy: POLICY };
  };
  it.each([
    ["needs one", early(), "quiet", "open"],
    ["the gate then unread: first waited for", early(unknown("x")), "quiet", "again"],
    ["the gate then unread: in the end without it", early(unknown("x")), "gave-up", "open"],
    ["not deployed", known(null), "quiet", "nothing"],
    ["not looked for", undefined, "quiet", "nothing"],
    ["unread whether it was", unknown("x"), "gave-up", "again"],
    ["long ago", early(known(null), "2025-10-01T10:00:00Z"), "quiet", "nothing"],
  ] as const)("%s", (_, deployed, show, does) => {
    expect(decideDeployedEarly(situation(deployed), show).do).toBe(does);
  });
});

describe("a push of hotfix commits", () => {
  it.each([
    ["needs one", made.verdict, "quiet", "open"],
    ["a fact unread: first waited for", UNREAD, "quiet", "again"],
    ["a fact unread: in the end without it", UNREAD, "gave-up", "open"],
  ] as const)("%s", (_, verdict, show, does) => {
    expect(decidePushed({ ...made, verdict }, show).do).toBe(does);
  });
});

describe("the post-mortem", () => {
  const opened = { repository: "kamiyo/api", number: 57, url: "https://github.example/kamiyo/api/issues/57" };
  const place = { sha: HEAD, subject: "#42" };
  const { body } = renderPostMortem(facts, {});

  it("is opened where the configuration says, and told of by whoever opens it", () => {
    const { actions, announcements } = planOpening(
      made,
      facts,
      null,
      "kamiyo/reports",
      "not where it should be",
    );
    expect(actions).toMatchObject([{ type: "open-post-mortem", issue: { repository: "kamiyo/reports" } }]);
    expect(announcements).toMatchObject([{ ifNew: actions[0] }]);
    expect(announcements[0]?.text).toContain(POST_MORTEM_URL);
    expect(JSON.stringify(actions)).toContain("not where it should be");
  });

  const elsewhere = {
    ...made,
    policy: { ...POLICY, post_mortem: { ...POLICY.post_mortem, repository: "kamiyo/reports" } },
  };
  const placeOf = (planned: Plan | undefined) => {
    const [open] = planned?.actions ?? [];
    return open?.type === "open-post-mortem" ? [open.issue.repository, open.issue.body] : [];
  };
  it.each([
    ["which more people see", known(false), "kamiyo/api", /more people see/],
    ["which cannot be read", unknown("the app is not installed"), "kamiyo/api", /the app is not installed/],
    ["which may be", known(true), "kamiyo/reports", null],
  ] as const)("is wanted in another repository %s", (_, visible, where, says) => {
    const { first, otherwise } = planOpenings(elsewhere, facts, null, visible);
    const [repository, text = ""] = placeOf(first);
    expect(repository).toBe(where);
    if (says !== null) expect(text).toMatch(says);
    // Where GitHub refuses it there, it is opened here, and says why.
    expect(otherwise === null).toBe(where === "kamiyo/api");
    if (otherwise === null) return;
    const [fallback, why] = placeOf(otherwise("issues are turned off"));
    expect(fallback).toBe("kamiyo/api");
    expect(why).toContain("issues are turned off");
  });

  it("is wanted here: there is no other place", () => {
    const { first, otherwise } = planOpenings(made, facts, null, known(true));
    expect([placeOf(first)[0], otherwise]).toEqual(["kamiyo/api", null]);
  });

  const key = (marker: string) => body.replace(/kamiyo\/api#42 -->/, `kamiyo/api${marker} -->`);
  it.each([
    ["is about this one already", body, []],
    [
      "was opened for the branch: its marker says so from now on",
      key("@refs/heads/hotfix/x"),
      ["update-issue-body"],
    ],
    [
      "has lost its marker: it gets it back",
      body.replace(/<!-- hotfix-guard:post-mortem .* -->/, ""),
      ["update-issue-body"],
    ],
  ] as const)("of an early deployment %s", (_, text, actions) => {
    const plans = planContinuation(facts, opened, place, { number: 57, body: text }, REPOSITORY);
    expect(plans?.issue.actions.map(({ type }) => type)).toEqual(actions);
    expect(plans?.landed.jobs.map(({ key: one }) => one)).toMatchObject([{ kind: "record", ...place }]);
  });

  it("of an early deployment that landed elsewhere is another's", () => {
    expect(planContinuation(facts, opened, place, { number: 57, body: key("#41") }, REPOSITORY)).toBeNull();
    expect(
      planContinuation(facts, opened, place, { number: 57, body: key(`@${HEAD}`) }, REPOSITORY),
    ).toBeNull();
  });

  it("is recorded on all commits that it is found by, with a title that people can read", () => {
    const places = [place, { sha: "e".repeat(40), subject: "deployment" }];
    const { jobs, ...others } = planRecord(facts, opened, places, REPOSITORY);
    expect(others).toMatchObject({ actions: [], watch: null, announcements: [], retry: null, log: [] });
    expect(jobs.map(({ key }) => key)).toEqual(
      places.map((at) => ({ ...REPOSITORY, kind: "record", ...at })),
    );
    // By jobs of their own, in the lane of verdicts.
    expect(jobs.map(({ key }) => laneOf(key))).toEqual(["verdict", "verdict"]);
    const written = jobs.flatMap(({ key, hint }) =>
      key.kind === "record" ? planRecording(key, hint.record).actions : [],
    );
    expect(written).toMatchObject(
      places.map((at) => ({ type: "record-post-mortem", ...at, postMortem: opened })),
    );
    expect(planRecording(place, undefined).actions).toEqual([]);
    for (const action of written)
      expect(action).toMatchObject({
        title: expect.stringContaining("57"),
        summary: expect.stringContaining(opened.url),
      });
    expect(planRecord(facts, opened, [], REPOSITORY).jobs).toEqual([]);
  });

  it("that people have deleted is recorded all the same", () => {
    const plans = planContinuation(facts, opened, place, null, REPOSITORY);
    expect(plans?.issue.actions).toEqual([]);
    expect(plans?.landed.jobs).toHaveLength(1);
  });

  it("is looked at once it is there", () => {
    const issue = {
      kind: "post-mortem",
      installationId: 1,
      owner: "kamiyo",
      repo: "api",
      number: 57,
    } as const;
    expect(planHandOver(issue).jobs).toEqual([{ key: issue, hint: {} }]);
  });
});
