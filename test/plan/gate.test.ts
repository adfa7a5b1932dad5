import { describe, expect, it } from "vitest";
import { keyId } from "../../src/jobs/key.ts";
import type { Evaluated } from "../../src/plan/evaluated.ts";
import type { ExistingCheck } from "../../src/plan/gate/check.ts";
import { planClosed, planGateOver } from "../../src/plan/gate/closed.ts";
import { type ConversationFacts, planConversation } from "../../src/plan/gate/conversation.ts";
import { importanceOf } from "../../src/plan/gate/conversation-job.ts";
import { type LeftHead, planFormerHeads } from "../../src/plan/gate/left-heads.ts";
import { planMergeGroup } from "../../src/plan/gate/merge-group.ts";
import { type OpenFacts, passes, planOpen, UNCONFIRMED } from "../../src/plan/gate/open.ts";
import { planRerun } from "../../src/plan/gate/rerun.ts";
import { planUnreadable } from "../../src/plan/gate/without-verdict.ts";
import { both, type Plan, plan } from "../../src/plan/plan.ts";
import type { Action } from "../../src/policy/action.ts";
import { known, neverKnown, unknown } from "../../src/policy/fact.ts";
import { DOCS, SITUATIONS } from "../render/situations.ts";
import { HEAD } from "../support/snapshot.ts";
import { evaluated, REPOSITORY } from "./support.ts";

const FORMER = "f".repeat(40);

const READY = evaluated(SITUATIONS.ready());
const NOBODY_READS = { actions: [], announcements: [], watch: null };
const unread = (one: Evaluated): Evaluated => ({
  ...one,
  verdict: {
    ...one.verdict,
    outcome: "unknown",
    wouldBe: "unknown",
    unknowns: ["the files: GitHub answered 502"],
  },
});
const ORDINARY: Evaluated = {
  ...READY,
  verdict: { ...READY.verdict, kind: "ordinary", outcome: "skipped", wouldBe: "skipped", findings: [] },
};

function open(own: Evaluated, more: Partial<OpenFacts> = {}): OpenFacts {
  return {
    own,
    voters: [own],
    bystanders: [],
    outsiders: [],
    groups: known([]),
    record: { text: "{}", digest: null },
    conversation: NOBODY_READS,
    hint: {},
    repository: REPOSITORY,
    docsUrl: DOCS,
    show: "quiet",
    ...more,
  };
}

const GREEN: ExistingCheck = { id: 3, status: "completed", conclusion: "success", externalId: "x" };
const left = (more: Partial<LeftHead> = {}): LeftHead => ({
  sha: FORMER,
  key: "left",
  runs: [GREEN],
  stays: false,
  ...more,
});
const NO_HEADS = known({ heads: [], more: false });
const heads = (...all: readonly LeftHead[]) => known({ heads: all, more: false });
const LABELS: Action = { type: "ensure-labels", labels: [] };
const COMMENT: Action = { type: "upsert-status-comment", number: 42, commentId: null, body: "b" };

/** What a plan does, short enough for a table. */
function summary({ actions, jobs, remember, retry, shows }: Plan) {
  return {
    actions: actions.map((action) =>
      action.type === "upsert-check-run" ? `check ${action.check.conclusion ?? "in_progress"}` : action.type,
    ),
    jobs: jobs.map(({ key, importance }) => [key.kind, importance ?? []].flat().join(" ")),
    remember: remember.map(({ key }) => key),
    retry,
    shows,
  };
}
const NOTHING = { actions: [], jobs: [], remember: [], retry: null, shows: null };

describe("the verdict on an open pull request", () => {
  const [check] = planOpen(open(READY)).actions;
  if (check?.type !== "upsert-check-run") throw new Error("no check");
  const there = known([{ id: 1, ...check.check }]);
  const seen = evaluated(SITUATIONS.ready(), { gates: there });
  const cases: Record<string, [OpenFacts, Partial<ReturnType<typeof summary>>]> = {
    "is its check": [open(READY), { actions: ["check success"], shows: "success" }],
    "new on a head has the labels looked at that people need": [
      open(READY, { conversation: { ...NOBODY_READS, actions: [LABELS] } }),
      { actions: ["check success"], jobs: ["conversation status"], shows: "success" },
    ],
    "that is there already does not": [
      open(seen, { conversation: { ...NOBODY_READS, actions: [LABELS] } }),
      { shows: "success" },
    ],
    "that is there already writes nothing": [open(seen), { shows: "success" }],
    "that is there is written where somebody asked for it": [
      open(seen, { hint: { rerequested: true } }),
      { actions: ["check success"], shows: "success" },
    ],
    "leaves what people read to a job of its own, by its importance": [
      open(seen, { conversation: { ...NOBODY_READS, actions: [COMMENT] } }),
      { jobs: ["conversation status"], shows: "success" },
    ],
    "with a fact unread: nothing yet": [open(unread(seen)), { retry: "later" }],
    "with a fact unread, after the quiet time: shown, and tried again": [
      open(unread(seen), { show: "retrying" }),
      { actions: ["check in_progress"], retry: "later", shows: "in_progress" },
    ],
    "with a fact unread, given up: failed": [
      open(unread(seen), { show: "gave-up" }),
      { actions: ["check failure"], retry: "later", shows: "failure" },
    ],
    "has those who share the head looked at once it is written": [
      open(READY, { voters: [READY, { ...READY, number: 43 }] }),
      { actions: ["check success"], jobs: ["pull-request"], shows: "success" },
    ],
    "has the groups looked at that wait with it": [
      open(seen, { groups: known([{ headSha: "a", baseSha: "b", baseRef: "main", headRef: "q" }]) }),
      { jobs: ["merge-group"], shows: "success" },
    ],
    "of no hotfix is skipped": [open(ORDINARY), { actions: ["check skipped"], shows: "skipped" }],
  };
  it.each(Object.entries(cases))("%s", (_, [facts, expected]) => {
    expect(summary(planOpen(facts))).toEqual({ ...NOTHING, ...expected });
  });

  it("with what only the record knows is written again when that changes", () => {
    const idOf = (digest: string | null) => {
      const [action] = planOpen(open(READY, { record: { text: "{}", digest } })).actions;
      return action?.type === "upsert-check-run" ? action.check.externalId : "";
    };
    expect(idOf("abc")).toBe(`${idOf(null)}.abc`);
    const same = evaluated(SITUATIONS.ready(), { gates: known([{ id: 1, ...check.check }]) });
    expect(planOpen(open(same, { record: { text: "{}", digest: "abc" } })).actions).toHaveLength(1);
  });

  it("under the last valid version of a shared file says so in the log", () => {
    const { policy } = SITUATIONS.ready();
    const lastValid = { file: "kamiyo/.github:hotfix.yml", until: "2025-10-15T10:00:00Z" };
    const reading = { state: "valid", policy, source: "", lastValid } as const;
    const own = { ...READY, collected: { ...READY.collected, policy: reading } };
    const [, line, ...more] = planOpen(open(own)).log;
    expect([line, more]).toEqual([
      {
        level: "warn",
        fields: lastValid,
        message: "the shared configuration is not valid: its last valid version is in force",
      },
      [],
    ]);
    expect(planOpen(open(READY)).log).toHaveLength(1);
  });

  it("of no hotfix is reported where it shares its head with a hotfix, and only hotfixes are", () => {
    const { policy } = SITUATIONS.ready();
    const reading = { state: "valid", policy: { ...policy, report_on: "hotfixes" }, source: "" } as const;
    const own = { ...ORDINARY, collected: { ...ORDINARY.collected, policy: reading } };
    const hotfix = { ...READY, number: 43 };
    expect(planOpen(open(own, { voters: [own, hotfix] })).actions).toHaveLength(1);
  });

  it("nothing that is written has others of the head look again, nor does one that waits", () => {
    const two = (own: Evaluated, more: Partial<OpenFacts> = {}) =>
      planOpen(open(own, { voters: [own, { ...own, number: 43 }], ...more }));
    const written = two(READY).actions[0];
    const same = written?.type === "upsert-check-run" ? { id: 1, ...written.check } : null;
    const there = evaluated(SITUATIONS.ready(), { gates: known(same === null ? [] : [same]) });
    expect(summary(two(there))).toEqual({ ...NOTHING, shows: "success" });
    expect(two(unread(READY), { show: "retrying" }).jobs).toEqual([]);
  });

  it("of no hotfix is not reported where only hotfixes are", () => {
    const { policy } = SITUATIONS.ready();
    const reading = { state: "valid", policy: { ...policy, report_on: "hotfixes" }, source: "" } as const;
    const own = { ...ORDINARY, collected: { ...ORDINARY.collected, policy: reading } };
    expect(planOpen(open(own)).actions).toEqual([]);
  });

  it("that passes is told, and where it is not confirmed it is tried again until it is", () => {
    const planned = planOpen(open(READY));
    expect([passes(planned), passes(planOpen(open(ORDINARY))), passes(planOpen(open(seen)))]).toEqual([
      "success",
      "skipped",
      null,
    ]);
    expect(summary(UNCONFIRMED)).toEqual({ ...NOTHING, retry: "until-done" });
  });
});

describe("heads that an open pull request has left, whatever its verdict", () => {
  const cases: Record<string, [Parameters<typeof planFormerHeads>[1], Partial<ReturnType<typeof summary>>]> =
    {
      "what is green is taken back": [heads(left()), { actions: ["cancel-check-run"], remember: ["left"] }],
      "one that another pull request has is left alone": [heads(left({ stays: true })), {}],
      "unread: tried again": [unknown("x"), { retry: "later" }],
      "that can never be listed are not asked for again": [neverKnown("x"), {}],
      "more of them: looked at again": [known({ heads: [], more: true }), { jobs: ["pull-request"] }],
    };
  it.each(Object.entries(cases))("%s", (_, [former, expected]) => {
    expect(summary(planFormerHeads(READY, former, {}, REPOSITORY))).toEqual({ ...NOTHING, ...expected });
  });
});

describe("a pull request that is no longer open", () => {
  it("closed: its green is taken back, and the sweep leaves it alone", () => {
    const planned = planClosed(READY, known([]), known(left({ sha: HEAD })), NO_HEADS, {}, REPOSITORY);
    expect(summary(planned)).toEqual({ ...NOTHING, actions: ["cancel-check-run"], remember: ["left"] });
    expect(planned.watch?.seen).toBe("over");
  });

  it("closed, and the head is another's: that one is looked at", () => {
    expect(
      summary(planClosed(READY, known([{ number: 43 }]), known(null), NO_HEADS, {}, REPOSITORY)),
    ).toEqual({
      ...NOTHING,
      jobs: ["pull-request"],
    });
  });

  it("closed, and unread: tried again", () => {
    expect(planClosed(READY, unknown("x"), known(null), NO_HEADS, {}, REPOSITORY).retry).toBe("later");
    expect(planClosed(READY, known([]), unknown("x"), NO_HEADS, {}, REPOSITORY).retry).toBe("later");
  });

  it("merged: its post-mortem is seen to elsewhere; what never was a hotfix costs nothing more", () => {
    expect(summary(planGateOver(READY, NO_HEADS, {}, REPOSITORY)).jobs).toEqual(["conversation"]);
    expect(summary(planGateOver(ORDINARY, NO_HEADS, {}, REPOSITORY)).jobs).toEqual([]);
    const was = {
      ...ORDINARY,
      collected: { ...ORDINARY.collected, statusComment: known({ id: 1, body: "" }) },
    };
    expect(summary(planGateOver(was, NO_HEADS, {}, REPOSITORY)).jobs).toEqual(["conversation"]);
  });
});

describe("what could not be read", () => {
  const facts = { headSha: HEAD, runs: [], record: "{}", docsUrl: DOCS, attempt: 0 };
  const hiccup = [unknown("the pull request: GitHub answered 502")];
  it.each([
    ["quiet at first", { facts: hiccup, show: "quiet" }, { retry: "later" }],
    ["then shown", { facts: hiccup, show: "retrying" }, { actions: ["check in_progress"], retry: "later" }],
    ["then given up", { facts: hiccup, show: "gave-up" }, { actions: ["check failure"], retry: "later" }],
    [
      "at once where it never can be",
      { facts: [neverKnown("x")], show: "quiet" },
      { actions: ["check failure"] },
    ],
    ["nowhere without a head", { facts: hiccup, show: "gave-up", headSha: null }, { retry: "later" }],
  ] as const)("%s", (_, more, expected) => {
    expect(summary(planUnreadable({ ...facts, ...more }))).toEqual({ ...NOTHING, ...expected });
  });
});

describe("a merge group, a re-run", () => {
  it.each([
    ["passes with all in it", [READY], "quiet", { actions: ["check success"], shows: "success" }],
    ["waits with one of them", [READY, unread(READY)], "quiet", { retry: "until-done" }],
    [
      "given up",
      [READY, unread(READY)],
      "gave-up",
      { actions: ["check failure"], retry: "later", shows: "failure" },
    ],
    ["of nobody fails", [], "quiet", { actions: ["check failure"], shows: "failure" }],
  ] as const)("%s", (_, members, show, expected) => {
    expect(
      summary(planMergeGroup(HEAD, members, [], { docsUrl: DOCS, show, repository: REPOSITORY })),
    ).toEqual({
      ...NOTHING,
      ...expected,
    });
  });

  it("has a hotfix that waits in the queue say where it stands now, and one that may not be merged does not", () => {
    const queued = { ...READY, verdict: { ...READY.verdict, queue: "unread" as const } };
    const wording = { docsUrl: DOCS, show: "quiet" as const, repository: REPOSITORY };
    const jobs = (members: readonly Evaluated[]) =>
      planMergeGroup(HEAD, members, [], wording).jobs.map(({ key }) => keyId(key));
    expect(jobs([queued, READY])).toEqual([keyId({ ...REPOSITORY, kind: "pull-request", number: 42 })]);
    expect(jobs([{ ...queued, verdict: { ...queued.verdict, outcome: "failure" } }])).toEqual([]);
  });

  it("a re-run is answered, and open pull requests are evaluated anew", () => {
    const planned = planRerun(HEAD, [{ number: 42 }], REPOSITORY);
    expect(planned.actions).toEqual([{ type: "repeat-check-runs", headSha: HEAD, gate: false }]);
    expect(planned.jobs.map(({ hint }) => hint)).toEqual([{ rerequested: true }]);
    expect(planRerun(HEAD, [], REPOSITORY).actions).toMatchObject([{ gate: true }]);
  });
});

describe("what people read", () => {
  function conversation(own: Evaluated, more: Partial<ConversationFacts> = {}): Plan {
    return planConversation({
      own,
      postMortem: null,
      told: { keys: new Set(), of: "7#42" },
      announces: true,
      repository: REPOSITORY,
      docsUrl: DOCS,
      show: "quiet",
      ...more,
    });
  }
  const written = conversation(READY).actions.find(({ type }) => type === "upsert-status-comment");
  const body = written?.type === "upsert-status-comment" ? written.body : "";

  it("is the status comment, and that it opened is told with it, once", () => {
    const planned = conversation(READY);
    expect(planned.actions.map(({ type }) => type)).toEqual(["upsert-status-comment"]);
    expect(planned.announcements.map(({ ifNew }) => ifNew)).toEqual([planned.actions[0]]);
    expect(planned.remember).toMatchObject([{ list: "told", key: "7#42 opened" }]);
    const told = { keys: new Set(["opened"]), of: "7#42" };
    expect(conversation(READY, { told }).announcements).toEqual([]);
    expect(conversation(READY, { told: { keys: null, of: "" } }).announcements).toEqual([]);
    expect(conversation(READY, { announces: false })).toMatchObject({ announcements: [], remember: [] });
  });

  it.each([
    ["the same", known({ id: 9, body: `${body}\r\n` }), []],
    ["another text", known({ id: 9, body: "old" }), [9]],
    ["deleted", known(null), [null]],
    ["unread", unknown("x"), []],
  ] as const)("a status comment that is %s", (_, statusComment, expected) => {
    const own = evaluated(SITUATIONS.ready(), { statusComment });
    const ids = conversation(own).actions.map((one) => one.type === "upsert-status-comment" && one.commentId);
    expect(ids).toEqual(expected);
  });

  it("says nothing while a fact is unread, and then leaves the status comment as it is", () => {
    expect(summary(conversation(unread(READY)))).toEqual({ ...NOTHING, retry: "later" });
    const later = conversation(unread(READY), { show: "retrying" });
    expect(later.actions.map(({ type }) => type)).not.toContain("upsert-status-comment");
    expect(later.retry).toBe("later");
  });

  it("leaves the status comment as it is where the post-mortem of what was deployed is unread", () => {
    expect(conversation(READY, { postMortem: undefined })).toMatchObject({ actions: [], retry: "later" });
  });

  it("is tried again where it could not be read what was said already", () => {
    const unreadable = unknown("the comments: GitHub answered 502");
    for (const more of [{ answers: unreadable }, { statusComment: unreadable }])
      expect(conversation(evaluated(SITUATIONS.waiting(), more)).retry).toBe("later");
    const ordinary = { ...ORDINARY.collected, statusComment: unreadable, answers: unreadable };
    expect(conversation({ ...ORDINARY, collected: ordinary }).retry).toBeNull();
  });

  it("is nothing on what is no hotfix", () => {
    expect(summary(conversation(ORDINARY))).toEqual(NOTHING);
  });

  it("goes by importance: answers, calls, the status comment", () => {
    const answer: Action = {
      type: "post-answer",
      number: 1,
      marker: "<!-- hotfix-guard:answer 5 -->",
      body: "",
    };
    const call: Action = { ...answer, marker: "<!-- hotfix-guard:escalation 0s/x -->" };
    expect(importanceOf([COMMENT])).toBe("status");
    expect(importanceOf([COMMENT, call])).toBe("call");
    expect(importanceOf([COMMENT, call, answer])).toBe("answer");
  });
});

describe("two plans in one", () => {
  it("keep what each asks for, and the more persistent of two retries", () => {
    const a = plan({ actions: [COMMENT], retry: "later" });
    const b = plan({ remember: [{ list: "cleared", key: "k" }], retry: "until-done", shows: "success" });
    expect(both(a, b)).toEqual(both(b, a));
    expect(summary(both(a, b))).toEqual({
      actions: ["upsert-status-comment"],
      jobs: [],
      remember: ["k"],
      retry: "until-done",
      shows: "success",
    });
  });
});
