import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { approvalRequestOf, escalationOf, openingOf } from "../../src/policy/escalation.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { responseTime } from "../../src/policy/response-time.ts";
import type { History } from "../../src/policy/snapshot/history.ts";
import type { PullRequestFacts, PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import {
  AUTHOR,
  at,
  commit,
  HEAD,
  MANAGER,
  MESSAGE,
  person,
  REVIEWER,
  snapshot,
} from "../support/snapshot.ts";

const DEFAULTS = defaultPolicy();

interface Case {
  readonly now?: string;
  readonly pr?: Partial<PullRequestFacts>;
  readonly events?: Partial<History>;
  readonly severity?: "P0" | "P1";
  readonly more?: Partial<PullRequestSnapshot>;
  readonly policy?: Partial<Policy>;
  /** Seconds of the steps that were told. */
  readonly told?: readonly number[];
}

const BEFORE = "d".repeat(40);

/** The branch was created with one commit at 09:59, and the head was pushed at 10:10. */
const PUSHED_AGAIN: Partial<PullRequestSnapshot> = {
  activity: known([
    { before: BEFORE, after: HEAD, at: at("10:10:00"), type: "push", actor: AUTHOR },
    { before: "0".repeat(40), after: BEFORE, at: at("09:59:00"), type: "branch_creation", actor: AUTHOR },
  ]),
};

/** The manager looked at the commit before the head. */
const reviewedBefore = (state: "approved" | "commented" | "dismissed"): Partial<History> => ({
  reviews: [{ author: MANAGER, state, commit: BEFORE, at: at("10:02:00") }],
});

/** The example without its approval, opened at 10:00. */
function waiting({ now = "10:20:00", pr, events, severity = "P1", more, policy }: Case) {
  const snap = snapshot({
    observedAt: at(now),
    commits: known([commit({ message: MESSAGE.replace("Severity: P1", `Severity: ${severity}`) })]),
    pr: { labels: [`severity:${severity}`], ...pr },
    events: { labels: [], reviews: [], ...events },
    ...more,
  });
  const whole: Policy = { ...DEFAULTS, ...policy };
  const verdict = evaluate(snap, { state: "valid", policy: whole, source: "" });
  return { snap, verdict, policy: whole };
}

function steps(one: Case) {
  const { snap, verdict, policy } = waiting(one);
  const escalation = escalationOf(
    snap,
    verdict,
    policy,
    ({ after }) => one.told?.includes(after / 1_000) ?? false,
  );
  if (escalation === null) return null;
  const { due, nextAt } = escalation;
  return [
    due.map(({ after, notify }) => `${after / 60_000}m ${notify.join()}`),
    nextAt === null ? null : new Date(nextAt).toISOString().slice(11, 19),
  ];
}

const label = (name: string, time: string, more: object = {}) => ({
  event: "labeled" as const,
  label: name,
  actor: MANAGER,
  byApp: false,
  at: at(time),
  ...more,
});

describe("the escalation path", () => {
  const APPROVED = [label("approved:engineering-manager", "10:10:00")];
  const cases: readonly (readonly [string, Case, ReturnType<typeof steps>])[] = [
    ["P0 at once", { severity: "P0", now: "10:00:00" }, [["0m engineering-manager"], "10:15:00"]],
    ["P1 not yet", { now: "10:14:59" }, [[], "10:15:00"]],
    ["P1 at the first step", { now: "10:15:00" }, [["15m on-call"], "10:30:00"]],
    ["told already", { now: "10:15:00", told: [900] }, [[], "10:30:00"]],
    [
      "late: all that is due, together",
      { severity: "P0", now: "12:00:00", told: [0] },
      [["15m on-call", "30m engineering-manager", "60m cto"], null],
    ],
    [
      "a review that a push ended: the time counts from the push",
      {
        now: "10:20:00",
        events: reviewedBefore("approved"),
        more: PUSHED_AGAIN,
      },
      [[], "10:25:00"],
    ],
    [
      "one that only commented: since the beginning",
      {
        now: "10:20:00",
        events: reviewedBefore("commented"),
        more: PUSHED_AGAIN,
      },
      [["15m on-call"], "10:30:00"],
    ],
    [
      "a review that was dismissed before a push: from the push, too",
      { events: reviewedBefore("dismissed"), more: PUSHED_AGAIN },
      [[], "10:25:00"],
    ],
    [
      "a review of somebody whose account is gone: since the beginning",
      {
        events: { reviews: [{ author: null, state: "approved", commit: BEFORE, at: at("10:02:00") }] },
        more: PUSHED_AGAIN,
      },
      [["15m on-call"], "10:30:00"],
    ],
    [
      "the author's own label that a push ended: since the beginning",
      {
        events: { labels: [label("approved:engineering-manager", "10:02:00", { actor: AUTHOR })] },
        more: PUSHED_AGAIN,
      },
      [["15m on-call"], "10:30:00"],
    ],
    [
      "another label before a push: since the beginning",
      { events: { labels: [label("payment", "10:02:00")] }, more: PUSHED_AGAIN },
      [["15m on-call"], "10:30:00"],
    ],
    [
      "an approval label that was only taken off before a push: since the beginning",
      {
        events: {
          labels: [
            label("approved:engineering-manager", "10:01:00", { actor: AUTHOR }),
            { ...label("approved:engineering-manager", "10:02:00"), event: "unlabeled" },
          ],
        },
        more: PUSHED_AGAIN,
      },
      [["15m on-call"], "10:30:00"],
    ],
    [
      "an approval label of an app before a push: since the beginning",
      {
        events: {
          labels: [
            label("approved:engineering-manager", "10:02:00", {
              actor: { login: "hotfix-guard[bot]", type: "Bot" },
              byApp: true,
            }),
          ],
        },
        more: PUSHED_AGAIN,
      },
      [["15m on-call"], "10:30:00"],
    ],
    [
      "a review that came after the push: since the beginning",
      {
        events: { reviews: [{ author: REVIEWER, state: "approved", commit: HEAD, at: at("10:12:00") }] },
        more: PUSHED_AGAIN,
      },
      [["15m on-call"], "10:30:00"],
    ],
    [
      "one that came before it was reopened: since then, whatever was pushed",
      {
        now: "10:22:00",
        events: { ...reviewedBefore("approved"), reopenedAt: [at("10:05:00")] },
        more: PUSHED_AGAIN,
      },
      [["15m on-call"], "10:35:00"],
    ],
    [
      "of an author whose account is gone, labeled by a writer, too: from the push",
      {
        pr: { author: null },
        events: {
          ...reviewedBefore("approved"),
          labels: [label("payment", "10:01:00", { actor: REVIEWER })],
        },
        more: PUSHED_AGAIN,
      },
      [[], "10:25:00"],
    ],
    [
      "steps in whatever order they are configured",
      { now: "11:00:00", told: [900], policy: { escalation: DEFAULTS.escalation.toReversed() } },
      [["30m engineering-manager", "60m cto"], null],
    ],
    ["all told", { now: "12:00:00", told: [900, 1800, 3600] }, [[], null]],
    [
      "approved",
      { pr: { labels: ["severity:P1", "approved:engineering-manager"] }, events: { labels: APPROVED } },
      null,
    ],
    ["merged", { pr: { state: "closed", merged: { at: at("10:19:00"), by: null, sha: null } } }, null],
    ["closed", { pr: { state: "closed" } }, null],
    ["a draft", { pr: { draft: true } }, null],
    ["no hotfix", { pr: { head: { ref: "feature", sha: HEAD, repository: null }, title: "x" } }, null],
    ["no severity", { pr: { labels: ["severity:P1", "severity:P0"] } }, null],
    [
      "a severity that is not hotfixed",
      { pr: { labels: ["severity:P2"] }, more: { commits: known([]) } },
      null,
    ],
    ["who approves could not be read", { more: { history: unknown("GitHub answered 502") } }, null],
    ["the app only observes", { policy: { mode: "observe" } }, null],
    ["an outsider's", { more: { people: { john: person("read") } } }, null],
    ["of somebody with triage", { more: { people: { john: person("triage") } } }, null],
    ["whether the author may write could not be read", { more: { people: {} } }, null],
    [
      "an outsider's, labeled by a writer",
      {
        more: { people: { john: person("none"), rita: person("write") } },
        events: { labels: [label("payment", "10:05:00", { actor: { login: "rita", type: "User" } })] },
      },
      [["15m on-call"], "10:30:00"],
    ],
    [
      "an outsider's, labeled with triage",
      {
        more: { people: { john: person("none"), rita: person("triage") } },
        events: { labels: [label("payment", "10:05:00", { actor: { login: "rita", type: "User" } })] },
      },
      null,
    ],
    [
      "counted from the reopening",
      { now: "12:10:00", events: { reopenedAt: [at("12:00:00")] } },
      [[], "12:15:00"],
    ],
    [
      "counted from when the draft was ready",
      { now: "12:10:00", events: { readyAt: [at("12:00:00")] } },
      [[], "12:15:00"],
    ],
    [
      "an approval that a push ended: counted from the push",
      {
        now: "12:01:00",
        pr: { labels: ["severity:P1"] },
        events: {
          labels: [...APPROVED, { ...label("approved:engineering-manager", "12:00:10"), event: "unlabeled" }],
        },
        more: {
          activity: known([
            { before: "0".repeat(40), after: HEAD, at: at("12:00:00"), type: "push", actor: AUTHOR },
          ]),
        },
      },
      [[], "12:15:00"],
    ],
    [
      "the author's own label begins nothing anew",
      {
        now: "12:01:00",
        pr: { labels: ["severity:P1", "approved:engineering-manager"] },
        events: { labels: [label("approved:engineering-manager", "12:00:00", { actor: AUTHOR })] },
      },
      [["15m on-call", "30m engineering-manager", "60m cto"], null],
    ],
  ];
  it.each(cases)("%s", (_, one, expected) => {
    expect(steps(one)).toEqual(expected);
  });

  it("begins with the label where only the label makes it a hotfix", () => {
    const events = { labels: [label("hotfix", "11:00:00")] };
    const head = { ref: "quick-fix", sha: HEAD, repository: "kamiyo/api" };
    expect(openingOf(snapshot({ pr: { head, title: "Quick", labels: ["hotfix"] }, events }), DEFAULTS)).toBe(
      at("11:00:00"),
    );
    expect(openingOf(snapshot({ events }), DEFAULTS)).toBe(at("10:00:00"));
  });
});

describe("who is asked to approve", () => {
  const roles = (more: Policy["roles"]): Partial<Policy> => ({ roles: { ...DEFAULTS.roles, ...more } });
  const EM = { teams: ["managers"], users: ["jane", "John"], permission: "admin" } as const;
  const holders = (one: Readonly<Record<string, readonly string[]>>): Partial<PullRequestSnapshot> => ({
    roleHolders: Object.fromEntries(Object.entries(one).map(([role, people]) => [role, known(people)])),
  });
  const ask = (one: Case) => {
    const { snap, verdict, policy } = waiting(one);
    const found = approvalRequestOf(snap, verdict, policy);
    return found && [found.role, found.reviewers, found.teams];
  };
  const cases: readonly (readonly [string, Case, ReturnType<typeof ask>])[] = [
    [
      "the first role that names somebody, without the author",
      {
        policy: roles({ "engineering-manager": EM }),
        more: holders({ "engineering-manager": ["jane", "ann", "john"], cto: ["carla"] }),
      },
      ["engineering-manager", ["jane"], ["managers"]],
    ],
    [
      "nobody of a role whose holders all worked on it",
      {
        policy: roles({
          "engineering-manager": { ...EM, users: ["john"], teams: [] },
          cto: { ...EM, users: ["carla"], teams: [] },
        }),
        more: holders({ "engineering-manager": ["john"], cto: ["carla"] }),
      },
      ["cto", ["carla"], []],
    ],
    [
      "holders could not be read",
      { policy: roles({ "engineering-manager": EM }) },
      ["engineering-manager", ["jane"], ["managers"]],
    ],
    [
      "few holders by permission",
      { more: holders({ "engineering-manager": ["jane", "ann"] }) },
      ["engineering-manager", ["jane", "ann"], []],
    ],
    [
      "five of them",
      { more: holders({ "engineering-manager": [..."abcde"] }) },
      ["engineering-manager", [..."abcde"], []],
    ],
    [
      "an author whose account is gone",
      {
        policy: roles({ "engineering-manager": EM }),
        pr: { author: null },
        events: { labels: [label("payment", "10:01:00", { actor: REVIEWER })] },
      },
      ["engineering-manager", ["jane", "John"], ["managers"]],
    ],
    [
      "a crowd by permission",
      { more: holders({ "engineering-manager": [..."abcdef"], cto: [..."abcdef"] }) },
      null,
    ],
    ["nobody is known", {}, null],
    [
      "something else is to be fixed first",
      { policy: roles({ "engineering-manager": EM }), more: { commits: known([commit({ message: "x" })]) } },
      null,
    ],
    ["a draft", { policy: roles({ "engineering-manager": EM }), pr: { draft: true } }, null],
    ["the app only observes", { policy: { ...roles({ "engineering-manager": EM }), mode: "observe" } }, null],
  ];
  it.each(cases)("%s", (_, one, expected) => {
    expect(ask(one)).toEqual(expected);
  });
});

describe("the response time", () => {
  const cases: readonly (readonly [string, Case, unknown])[] = [
    ["running", { now: "11:59:59" }, { within: 7_200_000, dueAt: at("12:00:00"), state: "running" }],
    [
      "at the last second",
      { now: "12:00:00" },
      { within: 7_200_000, dueAt: at("12:00:00"), state: "running" },
    ],
    ["missed", { now: "12:00:01" }, { within: 7_200_000, dueAt: at("12:00:00"), state: "missed" }],
    [
      "met",
      { now: "15:00:00", pr: { merged: { at: at("12:00:00"), by: null, sha: null } } },
      { within: 7_200_000, dueAt: at("12:00:00"), state: "met" },
    ],
    [
      "merged too late",
      { now: "15:00:00", pr: { merged: { at: at("12:00:01"), by: null, sha: null } } },
      { within: 7_200_000, dueAt: at("12:00:00"), state: "missed" },
    ],
    [
      "reopening does not begin it anew",
      { now: "12:00:01", events: { reopenedAt: [at("11:00:00")] } },
      { within: 7_200_000, dueAt: at("12:00:00"), state: "missed" },
    ],
  ];
  it.each(cases)("%s", (_, one, expected) => {
    const { snap, policy } = waiting(one);
    expect(responseTime(snap, "P1", policy)).toEqual(expected);
  });

  it("is none where none is promised", () => {
    const { snap, policy } = waiting({});
    expect(responseTime(snap, "P2", policy)).toBeNull();
    expect(responseTime(snap, null, policy)).toBeNull();
  });

  it("shows in the verdict once it is missed", () => {
    const codes = (one: Case) => waiting(one).verdict.notices.map(({ code }) => code);
    expect(codes({ now: "12:00:00" })).toEqual([]);
    expect(codes({ now: "12:00:01" })).toEqual(["response-missed"]);
    expect(codes({ now: "12:00:01", pr: { state: "closed" } })).toEqual([]);
  });
});
