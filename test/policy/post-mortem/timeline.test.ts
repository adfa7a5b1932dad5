import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import type { AfterMerge } from "../../../src/policy/landing/after-merge.ts";
import { approvalThen, reviewOwed } from "../../../src/policy/post-mortem/approval-at-merge.ts";
import { metricsOf, reviewed } from "../../../src/policy/post-mortem/metrics.ts";
import { afterTimeline, timelineOf } from "../../../src/policy/post-mortem/timeline.ts";
import type { Account } from "../../../src/policy/snapshot/account.ts";
import type { History } from "../../../src/policy/snapshot/history.ts";
import type { PullRequestFacts, PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import { MERGES } from "../../render/situations.ts";
import { AUTHOR, at, HEAD, MANAGER, QUIET_SINCE, REVIEWER, snapshot } from "../../support/snapshot.ts";

const OTHER = "e".repeat(40);
const GONE = unknown("GitHub answered 502");
const MERGED = { at: at("10:30:00"), by: MANAGER, sha: "f".repeat(40) } as PullRequestFacts["merged"];
const { verdict: VERDICT, policy: POLICY } = MERGES.ready();
const NO_MORE = { approvals: { ...VERDICT.approvals, counted: [] }, overrides: [] };
const review = (state: string, time: string, author: Account | null = REVIEWER): History["reviews"][number] =>
  ({ author, state, commit: HEAD, at: at(time) }) as never;
const push = (after: string, time: string, actor: Account | null = AUTHOR, type = "push") =>
  ({ before: "0".repeat(40), after, at: at(time), type, actor }) as const;
const merged = (more: Parameters<typeof snapshot>[0] = {}): PullRequestSnapshot =>
  snapshot({ ...more, pr: { merged: MERGED, ...more.pr } });
const shown = (entries: readonly { what: string; who: string | null; at: string }[]) =>
  entries.map(({ what, who, at }) => `${at.slice(11, 16)} ${what} ${who ?? "-"}`);
const early = (by: Account | null) =>
  known({ at: at("10:15:00"), by, environment: "production", gate: known(null) }) as never;
const NOTHING = { detected: null, issues: [] };

describe("the timeline up to the merge", () => {
  const OPENED = "10:00 pull-request-opened john";
  const LANDED = "10:30 merged jane";
  const none = { reviews: [] };
  const first = push(OTHER, "09:50:00", AUTHOR, "branch_creation");
  it.each<[what: string, one: PullRequestSnapshot, lines: readonly string[]]>([
    ["one push", merged({ events: none }), ["09:59 branch-pushed john", OPENED, LANDED]],
    [
      "a later push, by another",
      merged({ events: none, activity: known([push(HEAD, "10:05:00", REVIEWER), first]) }),
      ["09:50 branch-pushed john", OPENED, "10:05 head-pushed rita", LANDED],
    ],
    [
      "pushes of accounts that are gone",
      merged({ events: none, activity: known([push(HEAD, "10:05:00", null), { ...first, actor: null }]) }),
      ["09:50 branch-pushed -", OPENED, "10:05 head-pushed -", LANDED],
    ],
    [
      "a branch whose pushes are not known",
      merged({ events: none, activity: known(null) }),
      [OPENED, LANDED],
    ],
    ["pushes that could not be read", merged({ events: none, activity: GONE }), [OPENED, LANDED]],
    [
      "a timeline that could not be read",
      { ...merged(), history: GONE },
      ["09:59 branch-pushed john", OPENED, LANDED],
    ],
    [
      "an author and a merger who are gone",
      merged({ events: none, pr: { author: null, merged: { ...MERGED, by: null } as never } }),
      ["09:59 branch-pushed john", "10:00 pull-request-opened -", "10:30 merged -"],
    ],
    [
      "reviews that said yes or no, and none that said neither",
      merged({
        events: {
          reviews: [
            review("commented", "10:01:00"),
            review("changes_requested", "10:02:00"),
            review("dismissed", "10:03:00"),
            review("approved", "10:04:00", null),
          ],
        },
      }),
      ["09:59 branch-pushed john", OPENED, "10:02 changes-requested rita", "10:04 review-approved -", LANDED],
    ],
    [
      "nothing that came after it",
      merged({ events: { reviews: [review("approved", "10:30:00"), review("approved", "10:31:00")] } }),
      ["09:59 branch-pushed john", OPENED, "10:30 review-approved rita", LANDED],
    ],
    [
      "when the check had passed",
      { ...merged({ events: none }), greenSince: at("10:20:00") },
      ["09:59 branch-pushed john", OPENED, "10:20 gate-green -", LANDED],
    ],
    [
      "a deployment that came before it",
      { ...merged({ events: none }), deployedEarly: early(REVIEWER) },
      ["09:59 branch-pushed john", OPENED, "10:15 deployed-early rita", LANDED],
    ],
    [
      "a deployment by nobody who is known",
      { ...merged({ events: none }), deployedEarly: early(null) },
      ["09:59 branch-pushed john", OPENED, "10:15 deployed-early -", LANDED],
    ],
    [
      "a push without a pull request",
      merged({ events: none, origin: { kind: "push" } as never }),
      ["09:59 branch-pushed john", "10:30 pushed-directly jane"],
    ],
    ["no merge yet", snapshot({ events: none }), ["09:59 branch-pushed john", OPENED]],
  ])("%s", (_what, one, lines) => expect(shown(timelineOf(one, NO_MORE, NOTHING))).toEqual(lines));

  it("tells an approval by a review once, and another review of that second or of that person besides", () => {
    const counted = [{ by: "review", at: at("10:08:00"), login: "rita", role: "cto" }] as never;
    const reviews = [
      review("approved", "10:08:00"),
      review("approved", "10:08:00", MANAGER),
      review("approved", "10:09:00"),
    ];
    const verdict = { ...NO_MORE, approvals: { ...VERDICT.approvals, counted } };
    const lines = shown(timelineOf(merged({ events: { reviews } }), verdict, NOTHING));
    expect(lines.slice(2)).toEqual([
      "10:08 approved rita",
      "10:08 review-approved jane",
      "10:09 review-approved rita",
      "10:30 merged jane",
    ]);
    const label = [{ by: "label", at: at("10:08:00"), login: "rita", role: "cto" }] as never;
    const byLabel = { ...NO_MORE, approvals: { ...VERDICT.approvals, counted: label } };
    expect(shown(timelineOf(merged({ events: { reviews } }), byLabel, NOTHING))).toContain(
      "10:08 review-approved rita",
    );
  });

  it("tells who overrode which rule", () => {
    const overrides = [{ at: at("10:12:00"), by: "jane", rule: "scope" }] as never;
    const one = merged({ events: { reviews: [] } });
    expect(timelineOf(one, { ...NO_MORE, overrides }, NOTHING).at(-2)).toEqual({
      at: at("10:12:00"),
      what: "overridden",
      who: "jane",
      detail: "scope",
    });
  });

  it("begins with what was detected and opened, in order of time", () => {
    const before = { detected: at("09:05:00"), issues: [{ at: at("09:30:00"), text: "#1234" }] };
    expect(timelineOf(merged(), NO_MORE, before).slice(0, 2)).toEqual([
      { at: at("09:05:00"), what: "detected", who: null, detail: "" },
      { at: at("09:30:00"), what: "issue-opened", who: null, detail: "#1234" },
    ]);
  });
});

describe("the timeline after the merge", () => {
  const labeled = (time: string, more: Partial<History["labels"][number]> = {}) => ({
    event: "labeled" as const,
    label: "approved:cto",
    actor: MANAGER as Account | null,
    byApp: false,
    at: at(time),
    ...more,
  });
  it.each<[what: string, events: Partial<History>, lines: readonly string[]]>([
    ["an approval label", { labels: [labeled("10:31:00")] }, ["10:31 approved-late jane"]],
    [
      "of an account that is gone",
      { labels: [labeled("10:31:00", { actor: null })] },
      ["10:31 approved-late -"],
    ],
    ["one taken off", { labels: [labeled("10:31:00", { event: "unlabeled" })] }, []],
    ["one that the app set", { labels: [labeled("10:31:00", { byApp: true })] }, []],
    ["a label that is no approval", { labels: [labeled("10:31:00", { label: "severity:P0" })] }, []],
    ["one from before, and one of that second", { labels: [labeled("10:29:00"), labeled("10:30:00")] }, []],
    [
      "reviews, in order of time",
      {
        labels: [labeled("10:33:00")],
        reviews: [review("approved", "10:29:00"), review("changes_requested", "10:32:00")],
      },
      ["10:32 changes-requested rita", "10:33 approved-late jane"],
    ],
  ])("%s", (_what, events, lines) => {
    const one = merged({ events: { labels: [], reviews: [], ...events } });
    expect(shown(afterTimeline(one, QUIET_SINCE, POLICY))).toEqual(lines);
  });

  const happening = (time: string) => ({ at: at(time), by: "anna", detail: "production" });
  it.each<[what: string, after: Partial<AfterMerge>, lines: readonly string[]]>([
    ["nothing yet", {}, []],
    [
      "what happened to the fix, in order of time",
      {
        rolledBack: known(happening("12:00:00")),
        rollbackAsked: happening("11:50:00"),
        verified: happening("11:10:00"),
        deployed: known(happening("11:00:00")),
      },
      ["11:00 deployed anna", "11:10 verified anna", "11:50 rollback-asked anna", "12:00 rolled-back anna"],
    ],
    ["what could not be read", { deployed: GONE, rolledBack: GONE, failedChecks: GONE }, []],
    [
      "a check that failed, and one that passed after all",
      {
        failedChecks: known([
          { name: "build", at: at("11:00:00"), url: "u", passedAt: null },
          { name: "test", at: at("11:01:00"), url: "u", passedAt: at("11:30:00") },
        ] as never),
      },
      ["11:00 ci-failed -", "11:01 ci-failed -", "11:30 ci-passed -"],
    ],
  ])("%s", (_what, after, lines) => {
    const one = merged({ events: { labels: [], reviews: [] } });
    expect(shown(afterTimeline(one, { ...QUIET_SINCE, ...after }, POLICY))).toEqual(lines);
  });

  it("is nothing where nothing has landed", () => {
    expect(afterTimeline(snapshot(), { ...QUIET_SINCE, verified: happening("11:00:00") }, POLICY)).toEqual(
      [],
    );
  });
});

describe("which reviews count", () => {
  it("are none where the timeline could not be read", () => {
    expect(reviewed({ ...merged(), history: GONE })).toEqual({ at: null, by: [] });
  });

  it("the first of them gives the time, whatever their order", () => {
    const reviews = [review("approved", "10:20:00"), review("approved", "10:08:00", MANAGER)];
    expect(reviewed(merged({ events: { reviews } }))).toMatchObject({ at: at("10:08:00") });
  });
});

describe("which reviews give the time", () => {
  it.each<[what: string, first: History["reviews"][number]]>([
    ["of somebody whose review does not count", review("approved", "10:01:00", AUTHOR)],
    ["of an account that is gone", review("approved", "10:01:00", null)],
    ["that only commented", review("commented", "10:01:00")],
    ["of an older head", { ...review("approved", "10:01:00"), commit: OTHER }],
  ])("not one %s", (_what, first) => {
    const reviews = [first, review("approved", "10:08:00")];
    expect(reviewed(merged({ events: { reviews } }))).toEqual({ at: at("10:08:00"), by: ["rita"] });
  });
});

describe("metrics", () => {
  const INPUT: Parameters<typeof metricsOf>[0] = {
    repository: "kamiyo/api",
    number: 42,
    pushed: null,
    severity: "P1",
    people: { author: "john", approvedBy: [], reviewedBy: [], mergedBy: null },
    overrides: [],
    commit: null,
    affected: null,
    dueAt: at("12:00:00"),
    timeline: [],
    openedAt: at("10:00:00"),
    reviewedAt: null,
    mergedAt: at("10:30:00"),
    early: null,
    written: null,
    respondWithin: 1_800_000,
    approvalValid: null,
    after: QUIET_SINCE,
  };
  const event = (what: string, time: string) => ({ what, at: at(time), who: null, detail: "" }) as never;
  const of = (more: Partial<typeof INPUT>) => metricsOf({ ...INPUT, ...more });
  const found = (began: string | null, detected: string | null) => ({
    written: { began: began && at(began), detected: detected && at(detected) },
  });

  it.each<[what: string, more: Partial<typeof INPUT>, metrics: Partial<ReturnType<typeof metricsOf>>]>([
    [
      "when it was detected, as people wrote it",
      found("09:00:00", "09:10:00"),
      { time_to_detection: 600, time_to_fix: 4800, late: true },
    ],
    ["detected as it began", found("09:10:00", "09:10:00"), { time_to_detection: 0 }],
    [
      "detected before it began: a slip of the pen",
      found("09:20:00", "09:10:00"),
      { time_to_detection: null },
    ],
    [
      "the commit's time goes before people's, and the issue's counts where there is neither",
      { ...found("09:00:00", "09:10:00"), timeline: [event("detected", "09:05:00")] },
      { time_to_detection: 300 },
    ],
    [
      "from the issue",
      { ...found("09:00:00", null), timeline: [event("issue-opened", "09:30:00")] },
      { time_to_detection: 1800, time_to_fix: 3600 },
    ],
    ["as long as the severity allows: not late", found(null, "10:00:00"), { time_to_fix: 1800, late: false }],
    ["a second more: late", found(null, "09:59:59"), { time_to_fix: 1801, late: true }],
    [
      "no severity: neither",
      { ...found(null, "09:00:00"), respondWithin: null },
      { late: null, respond_within: null },
    ],
    ["no pull request", { openedAt: null }, { time_to_merge: null }],
    [
      "the last approval that was needed",
      { timeline: [event("approved", "10:05:00"), event("approved", "10:10:00")] },
      { time_to_approval: 600 },
    ],
    ["past nothing", {}, { gate_at_merge: "success", bypassed: false, overrides: 0 }],
    [
      "another change than was checked",
      { after: { ...QUIET_SINCE, unchecked: known(["a"]) } },
      { bypassed: true },
    ],
    ["the change that was checked", { after: { ...QUIET_SINCE, unchecked: known([]) } }, { bypassed: false }],
    [
      "rules that were overridden",
      {
        timeline: [
          event("overridden", "10:05:00"),
          event("approved", "10:06:00"),
          event("overridden", "10:07:00"),
        ],
      },
      { overrides: 2, approved_at: at("10:06:00"), branch_pushed_at: null },
    ],
    [
      "when the branch was pushed",
      { timeline: [event("branch-pushed", "09:50:00")] },
      { branch_pushed_at: at("09:50:00"), approved_at: null },
    ],
    [
      "not late, where nobody knows when it began",
      {},
      {
        late: null,
        time_to_fix: null,
        time_to_detection: null,
        time_to_approval: null,
        deployed_early: false,
        rolled_back: false,
      },
    ],
    [
      "deployed before it was merged: past what the gate said then",
      {
        early: { at: at("10:15:00"), by: null, environment: "production", gate: known("failure") } as never,
        after: { ...QUIET_SINCE, deployed: known({ at: at("11:00:00"), by: null, detail: "" }) },
      },
      {
        deployed_early: true,
        deployed_at: at("10:15:00"),
        gate_at_deployment: "failure",
        time_to_deployment: null,
        bypassed: true,
      },
    ],
    [
      "not merged: no gate at the merge",
      { mergedAt: null },
      { gate_at_merge: null, time_to_merge: null, bypassed: null },
    ],
    [
      "nothing known after it",
      { after: null },
      { gate_at_merge: null, rolled_back: false, resolved_at: null },
    ],
    ["not known what landed", { after: { ...QUIET_SINCE, unchecked: GONE } }, { bypassed: false }],
    [
      "without a gate",
      { after: { ...QUIET_SINCE, gateAtMerge: known(null) } },
      { gate_at_merge: "none", bypassed: true },
    ],
    [
      "a gate that was not read",
      { after: { ...QUIET_SINCE, gateAtMerge: GONE } },
      { gate_at_merge: null, bypassed: null },
    ],
    ["pushed", { pushed: "f", after: null }, { bypassed: true }],
    [
      "everybody once",
      { people: { ...INPUT.people, approvedBy: ["a", "a", "b"] } },
      { approved_by: ["a", "b"], reviewed_by: null },
    ],
    [
      "deployed",
      { after: { ...QUIET_SINCE, deployed: known({ at: at("11:00:00"), by: null, detail: "" }) } },
      { time_to_deployment: 1800 },
    ],
    [
      "resolved and rolled back",
      {
        ...found(null, "10:00:00"),
        after: {
          ...QUIET_SINCE,
          verified: { at: at("11:00:00"), by: null, detail: "" },
          rolledBack: known({ at: at("12:00:00"), by: null, detail: "" }),
        },
      },
      { time_to_resolution: 3600, rolled_back: true, rolled_back_at: at("12:00:00") },
    ],
  ])("%s", (_what, more, metrics) => expect(of(more)).toMatchObject(metrics));

  it("keep people's reasons on one line of 200 characters, the first five of them", () => {
    const because = (reason: string) => of({ overrides: [{ rule: "scope", by: "jane", reason }] }).overridden;
    const is = (reason: string) => [{ rule: "scope", by: "jane", reason }];
    expect(because("so\n\n it\twas ")).toEqual(is("so it was"));
    expect(because("🚨".repeat(200))).toEqual(is("🚨".repeat(200)));
    expect(because("🚨".repeat(201))).toEqual(is(`${"🚨".repeat(199)}…`));
    const one = { rule: "scope", by: "jane", reason: "x" };
    expect(of({ overrides: Array(7).fill(one) }).overridden).toHaveLength(5);
  });
});

describe("the approval at the merge", () => {
  const taken = (more: Partial<History["labels"][number]>): History["labels"][number] => ({
    event: "unlabeled",
    label: "approved:cto",
    actor: MANAGER,
    byApp: false,
    at: at("10:20:00"),
    ...more,
  });
  const missing = (state: string | null) => ({
    ...VERDICT,
    findings: state === null ? [] : [{ rule: "approval", state }],
    approvals: { ...VERDICT.approvals, counted: [], refused: [] },
  });
  const then = (one: PullRequestSnapshot, state: string | null = "pending", valid = true) =>
    approvalThen(one, missing(state) as never, POLICY, QUIET_SINCE, { approval_valid: valid });
  const having = (events: Partial<History>) =>
    merged({ events: { labels: [], reviews: [review("approved", "10:10:00")], ...events } });

  it.each<[what: string, one: PullRequestSnapshot, state: ReturnType<typeof then>]>([
    ["an approving review of it, by somebody who has left the role", having({}), "valid"],
    ["in the second of the merge", having({ reviews: [review("approved", "10:30:00")] }), "valid"],
    ["after the merge", having({ reviews: [review("approved", "10:30:01")] }), "missing"],
    [
      "of an older head",
      having({ reviews: [{ ...review("approved", "10:10:00"), commit: OTHER }] }),
      "missing",
    ],
    ["that asked for changes", having({ reviews: [review("changes_requested", "10:10:00")] }), "missing"],
    ["and an approval taken off", having({ labels: [taken({})] }), "missing"],
    ["taken off after the merge", having({ labels: [taken({ at: at("10:31:00") })] }), "valid"],
    ["taken off by the app", having({ labels: [taken({ byApp: true })] }), "valid"],
    ["another label taken off", having({ labels: [taken({ label: "bug" })] }), "valid"],
    ["an approval set", having({ labels: [taken({ event: "labeled" })] }), "valid"],
    ["a timeline that could not be read", { ...merged(), history: GONE }, "missing"],
    ["no merge", snapshot(), "missing"],
  ])("%s", (_what, one, state) => expect(then(one)).toBe(state));

  it.each([
    ["satisfied", "valid"],
    ["unknown", "unknown"],
    [null, "not-asked"],
    ["violated", "valid"],
  ])("of a rule that is %s: %s", (state, expected) => expect(then(having({}), state)).toBe(expected));

  it.each<[what: string, after: AfterMerge | null, code: string | null, valid: boolean]>([
    ["the gate had passed, and the approver has left the role", QUIET_SINCE, "not-in-role", true],
    ["the gate had not passed", { ...QUIET_SINCE, gateAtMerge: known("failure") }, "not-in-role", false],
    ["there was no gate", { ...QUIET_SINCE, gateAtMerge: known(null) }, "not-in-role", false],
    ["the gate could not be read", { ...QUIET_SINCE, gateAtMerge: GONE }, "not-in-role", false],
    ["not looked at yet", null, "not-in-role", false],
    ["a push had ended it", QUIET_SINCE, "before-head", false],
    ["nobody had approved", QUIET_SINCE, null, false],
  ])("%s: %s", (_what, after, code, valid) => {
    const refused = code === null ? [] : [{ by: "label", code }];
    const verdict = missing("pending");
    const now = { ...verdict, approvals: { ...verdict.approvals, refused } } as never;
    const one = having({ reviews: [] });
    const written = { approval_valid: true };
    expect(approvalThen(one, now, POLICY, after, written)).toBe(valid ? "valid" : "missing");
    expect(approvalThen(one, now, POLICY, after, null)).toBe("missing");
  });

  it("goes by the rule of that name, and one review among others is enough", () => {
    const findings = [
      { rule: "review", state: "unknown" },
      { rule: "approval", state: "satisfied" },
    ];
    const verdict = { ...missing(null), findings } as never;
    expect(approvalThen(having({ reviews: [] }), verdict, POLICY, QUIET_SINCE, null)).toBe("valid");
    expect(reviewOwed({ ...VERDICT, findings: [...findings].reverse() } as never)).toBe(true);
    const reviews = [review("commented", "10:01:00"), review("approved", "10:10:00")];
    expect(then(having({ reviews }))).toBe("valid");
  });

  it("is never valid by the review alone", () => expect(then(having({}), "pending", false)).toBe("missing"));

  it.each([
    [{ state: "satisfied", code: "reviewed" }, false],
    [{ state: "satisfied", code: "owed" }, true],
    [{ state: "pending", code: "missing" }, true],
    [{ state: "overridden", code: "missing" }, false],
    [{ state: "not-applicable", code: "off" }, false],
    [null, false],
  ])("leaves a review owed: %j %s", (review, owed) => {
    const findings = review === null ? [] : [{ rule: "review", ...review }];
    expect(reviewOwed({ ...VERDICT, findings } as never)).toBe(owed);
  });
});
