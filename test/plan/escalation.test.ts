import { describe, expect, it } from "vitest";
import { planCalls, rememberTold, tells } from "../../src/plan/gate/approval-requests.ts";
import { plan } from "../../src/plan/plan.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import { situation } from "../render/situations.ts";
import { at, commit, MESSAGE, person, snapshot } from "../support/snapshot.ts";
import { evaluated, inWords, REPOSITORY } from "./support.ts";

const ROLES: Policy["roles"] = {
  "on-call": { teams: [], users: ["olga"], permission: "write" },
  "engineering-manager": { teams: ["managers"], users: ["jane"], permission: "admin" },
  cto: { teams: ["elsewhere/chiefs"], users: [], permission: "admin" },
};

interface Case {
  readonly now: string;
  readonly severity?: "P0" | "P1";
  readonly told?: readonly string[] | null;
  readonly more?: Partial<PullRequestSnapshot>;
  readonly policy?: Partial<Policy>;
  readonly answers?: typeof unread;
}
const unread = unknown("the comments of the pull request");

/** The example without its approval, opened at 10:00. */
function calls({ now, severity = "P1", told = [], more, policy, answers }: Case) {
  const own = situation(
    snapshot({
      observedAt: at(now),
      commits: known([commit({ message: MESSAGE.replace("Severity: P1", `Severity: ${severity}`) })]),
      pr: { labels: [`severity:${severity}`] },
      events: { labels: [], reviews: [] },
      ...more,
    }),
    { roles: ROLES, ...policy },
  );
  const facts = evaluated(own, answers === undefined ? {} : { answers });
  const keys = told === null ? null : new Set(told);
  const planned = planCalls(facts, own.policy, { keys, of: "7#42" }, REPOSITORY);
  const due = planned.dueAt === null ? null : new Date(planned.dueAt).toISOString().slice(11, 19);
  return { due, plan: planned.plan, words: inWords(planned.plan).split("\n") };
}

const ASKED = "ask for approval of #42: jane, team managers";
const LOOK = "job: pull-request kamiyo/api 42 if action";

describe("whom an open hotfix calls", () => {
  it("P1, just opened: a review is asked for, once", () => {
    expect(calls({ now: "10:00:30" })).toMatchObject({
      due: "10:15:00",
      words: [`action 1: ${ASKED}`, `${LOOK} 1 is new`, "remember: told 7#42 asked once action 1 is done"],
    });
    expect(calls({ now: "10:00:30", told: ["asked"] })).toMatchObject({
      due: "10:15:00",
      words: ["nothing"],
    });
  });

  it("P0, just opened: the first step is told as well", () => {
    const { due, words } = calls({ now: "10:00:30", severity: "P0" });
    expect(words).toEqual([
      "action 1: comment on #42: escalation 0s/engineering-manager",
      "action 2: ask for approval of #42: olga",
      `${LOOK} 1 is new`,
      `${LOOK} 2 is new`,
      "remember: told 7#42 0s/engineering-manager once action 1 is done",
      "remember: told 7#42 asked once action 2 is done",
    ]);
    // Missed at 10:15:01; the next step comes first.
    expect(due).toBe("10:15:00");
  });

  it("late: all steps that are due in one comment, each remembered", () => {
    const { due, words } = calls({ now: "10:45:00", told: ["asked"] });
    expect(words.filter((line) => line.startsWith("action"))).toHaveLength(1);
    expect(words.filter((line) => line.startsWith("remember"))).toEqual([
      "remember: told 7#42 900s/on-call once action 1 is done",
      "remember: told 7#42 1800s/engineering-manager once action 1 is done",
    ]);
    expect(due).toBe("11:00:00");
  });

  it("does not ask another account's team for a review", () => {
    const policy = { roles: { ...ROLES, "engineering-manager": ROLES.cto as Policy["roles"][string] } };
    const { plan: planned } = calls({ now: "10:00:30", policy });
    const [ask] = planned.actions;
    expect(ask).toMatchObject({ type: "request-approval", reviewers: [], teams: [] });
  });

  it.each<[string, Case, string | null]>([
    [
      "all was told: until it is missed",
      { now: "11:30:00", told: ["asked", "900s/on-call", "1800s/engineering-manager", "3600s/cto"] },
      "12:00:01",
    ],
    [
      "what was told could not be read: nothing is told, and it is looked at again",
      { now: "10:20:00", told: null },
      "10:20:00",
    ],
    ["the app's comments could not be read", { now: "10:20:00", answers: unread }, "12:00:01"],
    [
      "the history could not be read",
      { now: "10:20:00", more: { history: unknown("the timeline") } },
      "12:00:01",
    ],
    ["an outsider's", { now: "10:20:00", more: { people: { john: person("read") } } }, "12:00:01"],
    [
      "whether its author may write could not be read",
      { now: "10:20:00", more: { people: { john: { ...person("write"), access: unread } } } },
      "10:20:00",
    ],
    ["the app only observes", { now: "10:20:00", policy: { mode: "observe" } }, "12:00:01"],
  ])("nobody: %s", (_, one, due) => {
    const found = calls(one);
    expect(found.words).toEqual(["nothing"]);
    expect(found.due).toBe(due);
  });

  it("is nobody once it is approved", () => {
    const own = situation(snapshot());
    const planned = planCalls(evaluated(own), own.policy, { keys: new Set(), of: "" }, REPOSITORY);
    expect(inWords(planned.plan)).toBe("nothing");
  });
});

describe("what is told once", () => {
  it("is remembered of its pull request, and only once it was done", () => {
    const told = { keys: new Set<string>(), of: "7#42" };
    const action = { type: "add-label", number: 1, label: "x" } as const;
    expect(rememberTold(told, "asked")).toEqual({ list: "told", key: "7#42 asked" });
    expect(rememberTold(told, "asked", action)).toEqual({ list: "told", key: "7#42 asked", after: action });
    expect(tells(plan({ remember: [rememberTold(told, "asked")] }))).toBe(true);
    expect(tells(plan({ remember: [{ list: "cleared", key: "x" }] }))).toBe(false);
  });
});
