import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { noSuchTeam } from "../../src/policy/approval/roles.ts";
import { evaluate, outcomeOf } from "../../src/policy/evaluate.ts";
import { known, mapFact, neverKnown, unknown } from "../../src/policy/fact.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { ChangedFile } from "../../src/policy/snapshot/change.ts";
import type { History, Review } from "../../src/policy/snapshot/history.ts";
import type { PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import type {
  FindingState,
  PolicyReading,
  ProposedConfig,
  RuleFinding,
  Verdict,
} from "../../src/policy/verdict.ts";
import { AUTHOR, at, commit, file, HISTORY, MANAGER, MESSAGE, snapshot } from "../support/snapshot.ts";

const valid = (more: Partial<Policy> = {}): PolicyReading => ({
  state: "valid",
  policy: { ...defaultPolicy(), ...more },
  source: "defaults",
});
const verdictOn = (given: PullRequestSnapshot, more: Partial<Policy> = {}): Verdict =>
  evaluate(given, valid(more));
const blocking = (verdict: Verdict): readonly string[] =>
  verdict.findings
    .filter(({ level, state }) => level === "error" && state !== "satisfied" && state !== "not-applicable")
    .map(({ rule, state }) => `${rule}: ${state}`);

describe("evaluate", () => {
  it("lets the procedure's example pass", () => {
    const verdict = verdictOn(snapshot());
    expect(blocking(verdict)).toEqual([]);
    expect(verdict).toMatchObject({ kind: "hotfix", outcome: "success", severity: "P1" });
  });

  it("tells what can never be read from what may be read in a moment", () => {
    const files = mapFact(neverKnown("3,000 files"), () => []);
    const both = verdictOn(snapshot({ files, history: unknown("the timeline: 502") }));
    expect(both).toMatchObject({ outcome: "unknown", neverKnown: ["3,000 files"] });
    expect(both.unknowns).toContain("the timeline: 502");
    expect(verdictOn(snapshot({ files: unknown("the files: 502") })).neverKnown).toEqual([]);
    const { rules } = defaultPolicy();
    const off = { ...rules["diff-size"], level: "off" } as const;
    const without = { ...rules, "diff-size": off, scope: off, "dependency-changes": off };
    // Nothing that blocks needs the files: what is not known of them keeps nothing from passing.
    expect(verdictOn(snapshot({ files }), { rules: without })).toMatchObject({
      outcome: "success",
      neverKnown: [],
    });
  });

  it.each<[string, PullRequestSnapshot, string, readonly string[]]>([
    [
      "without approval it waits",
      snapshot({ pr: { labels: ["severity:P1"] }, events: { labels: [] } }),
      "action_required",
      ["approval: pending"],
    ],
    [
      "without review it waits",
      snapshot({ events: { reviews: [] } }),
      "action_required",
      ["review: pending"],
    ],
    [
      "a violation outweighs waiting",
      snapshot({
        pr: { head: { ref: "hotfix/Bad_Name", sha: "a".repeat(40), repository: "kamiyo/api" } },
        events: { reviews: [] },
      }),
      "failure",
      ["branch-name: violated", "review: pending"],
    ],
    [
      "an unknown fact outweighs waiting",
      snapshot({ files: unknown("the files"), events: { reviews: [] } }),
      "unknown",
      ["review: pending", "diff-size: unknown", "scope: unknown", "dependency-changes: unknown"],
    ],
    [
      "P2 goes with the normal release",
      snapshot({
        pr: { labels: ["severity:P2"] },
        commits: known([commit({ message: MESSAGE.replace("Severity: P1", "Severity: P2") })]),
        events: { labels: [] },
      }),
      "failure",
      ["severity: violated"],
    ],
  ])("%s", (_, given, outcome, rules) => {
    const verdict = verdictOn(given);
    expect(verdict.outcome).toBe(outcome);
    expect(blocking(verdict)).toEqual(rules);
  });

  it("skips what is no hotfix, and a back-merge", () => {
    const branch = (ref: string) => ({ head: { ref, sha: "a".repeat(40), repository: "kamiyo/api" } });
    expect(verdictOn(snapshot({ pr: { ...branch("feature/x"), title: "Add x" } }))).toMatchObject({
      kind: "ordinary",
      outcome: "skipped",
      findings: [],
    });
    const develop = { ...branch("hotfix/x"), base: { ref: "develop", sha: "b".repeat(40) } };
    expect(verdictOn(snapshot({ pr: develop, inProduction: known(true) }))).toMatchObject({
      kind: "back-merge",
      outcome: "skipped",
    });
    expect(verdictOn(snapshot({ pr: develop, inProduction: unknown("the comparison") }))).toMatchObject({
      outcome: "unknown",
      unknowns: ["the comparison"],
    });
    const backMergeOf = known({
      number: 41,
      mergeSha: "d".repeat(40),
      branch: "main",
      same: false,
      differs: ["a.py"],
    });
    const other = verdictOn(snapshot({ pr: develop, inProduction: known(true), backMergeOf }));
    expect(other).toMatchObject({ kind: "back-merge" });
    expect(other).not.toHaveProperty("backMergeOf");
    expect(verdictOn(snapshot({ pr: develop })).outcome).toBe("failure");
  });

  it("binds the review of a rollback to the base, and lets a reviewer stop it", () => {
    const rollbackOf = known({ number: 40, title: "HOTFIX: x", mergeSha: "d".repeat(40) });
    const [review] = HISTORY.reviews as [Review];
    const rollback = (events: Partial<History>) =>
      verdictOn(snapshot({ rollbackOf, pr: { labels: [] }, events: { labels: [], ...events } }));
    expect(rollback({})).toMatchObject({ outcome: "success" });
    expect(rollback({ baseChangedAt: [at("10:08:00")] })).toMatchObject({ outcome: "action_required" });
    const against: Review = { ...review, author: MANAGER, state: "changes_requested" };
    const stopped = rollback({ reviews: [review, against] });
    expect(stopped).toMatchObject({ kind: "rollback", outcome: "failure" });
    expect(stopped.findings.map(({ rule, code }) => [rule, code])).toEqual([["review", "changes-requested"]]);
  });

  it("asks of a proven rollback one approval of any role or one review, and nothing else", () => {
    const rollbackOf = known({ number: 40, title: "HOTFIX: x", mergeSha: "d".repeat(40) });
    const files = known([file("anything.bin", { patch: null })]);
    const bare = { rollbackOf, files, commits: known([commit({ message: "Revert" })]) };
    const reviewed = verdictOn(snapshot({ ...bare, pr: { labels: [] }, events: { labels: [] } }));
    expect(reviewed).toMatchObject({ kind: "rollback", outcome: "success" });
    expect(reviewed.findings.map(({ rule, code }) => [rule, code])).toEqual([
      ["approval", "rollback-approved"],
    ]);
    // Of one without a role it is the approval as well: "Ready" and "1 more approval needed" do not stand in
    // one check.
    const roles = Object.fromEntries(
      Object.keys(defaultPolicy().roles).map((role) => [
        role,
        { teams: [], users: ["carol"], permission: "write" as const },
      ]),
    );
    const without = verdictOn(snapshot({ ...bare, pr: { labels: [] }, events: { labels: [] } }), { roles });
    expect(without).toMatchObject({
      outcome: "success",
      approvals: { counted: [], missing: 0, nobodyCan: false },
    });
    const none = snapshot({ ...bare, pr: { labels: [] }, events: { labels: [], reviews: [] } });
    expect(verdictOn(none)).toMatchObject({ kind: "rollback", outcome: "action_required" });
    expect(verdictOn(none).approvals.missing).toBe(1);
    const selfApproved = snapshot({
      ...bare,
      events: {
        reviews: [],
        labels: [
          { event: "labeled", label: "approved:cto", actor: AUTHOR, byApp: false, at: at("10:10:00") },
        ],
      },
      pr: { labels: ["approved:cto"] },
    });
    expect(verdictOn(selfApproved).outcome).toBe("action_required");
  });

  it("never passes on an invalid or unreadable configuration, hotfix or not", () => {
    const problems = [
      { file: ".github/hotfix.yml", line: 1, column: 1, key: "mdoe", message: "unknown", fix: "mode" },
    ];
    const ordinary = snapshot({
      pr: { title: "Add x", head: { ref: "feature/x", sha: "a", repository: "k/a" } },
    });
    for (const given of [snapshot(), ordinary]) {
      expect(evaluate(given, { state: "invalid", problems })).toMatchObject({
        outcome: "failure",
        wouldBe: "failure",
        configProblems: problems,
      });
      expect(evaluate(given, { state: "unknown", reason: "502" })).toMatchObject({
        outcome: "unknown",
        wouldBe: "unknown",
        unknowns: ["502"],
      });
    }
    const config = { ...ordinary, files: known([file(".github/hotfix.yml")]) };
    const fixes = { problems: [] };
    expect(evaluate(config, { state: "invalid", problems }, fixes).outcome).toBe("skipped");
    expect(evaluate(config, { state: "invalid", problems }, { problems }).outcome).toBe("failure");
    const more = { ...ordinary, files: known([file(".github/hotfix.yml"), file("src/x.py")]) };
    expect(evaluate(more, { state: "invalid", problems }, fixes).outcome).toBe("failure");
    const none = { ...ordinary, files: known([]) };
    expect(evaluate(none, { state: "invalid", problems }, fixes).outcome).toBe("failure");
    const hotfix = snapshot({ files: known([file(".github/hotfix.yml")]) });
    expect(evaluate(hotfix, { state: "invalid", problems }, fixes).outcome).toBe("failure");
  });

  it("names a team that is not there by its key, and does not wait for it", () => {
    const roles = {
      ...defaultPolicy().roles,
      "engineering-manager": { teams: ["managers", "Typo"], users: [], permission: "admin" as const },
    };
    const reading = valid({ roles });
    const teams = { managers: known(false), Typo: unknown(noSuchTeam("Typo")) };
    const base = snapshot();
    const people = Object.fromEntries(
      Object.entries(base.people).map(([login, person]) => [login, { ...person, teams }]),
    );
    const missing = evaluate({ ...base, people }, reading);
    expect(missing).toMatchObject({
      outcome: "failure",
      unknowns: [],
      configProblems: [
        {
          key: "roles.engineering-manager.teams[1]",
          message: expect.stringContaining("Typo"),
          fix: expect.stringContaining("slug"),
        },
      ],
    });
    expect(missing.notices.map(({ code }) => code)).toContain("team-missing");
    // With anything else unknown, that is waited for.
    const both = evaluate({ ...base, people, history: unknown("502") }, reading);
    expect(both.outcome).toBe("unknown");
    const files = evaluate({ ...base, people, files: unknown("502") }, reading);
    expect(files.unknowns).toEqual(expect.arrayContaining([noSuchTeam("Typo"), "502"]));
    expect(files).toMatchObject({ outcome: "unknown", configProblems: [] });
  });

  it("names every team that is not there", () => {
    const role = { teams: ["Typo", "Other"], users: [], permission: "admin" as const };
    const reading = valid({ roles: { ...defaultPolicy().roles, "engineering-manager": role } });
    const base = snapshot();
    const teams = Object.fromEntries(role.teams.map((team) => [team, unknown(noSuchTeam(team))]));
    const people = Object.fromEntries(
      Object.entries(base.people).map(([login, person]) => [login, { ...person, teams }]),
    );
    const both = evaluate({ ...base, people }, reading);
    expect(both.configProblems.map(({ key }) => key)).toEqual([
      "roles.engineering-manager.teams[0]",
      "roles.engineering-manager.teams[1]",
    ]);
  });

  it("takes a fault of its own for no pattern that takes too long", () => {
    const broken = Object.defineProperty(snapshot(), "files", {
      get: () => {
        throw new Error("broken");
      },
    });
    expect(() => verdictOn(broken)).toThrow("broken");
  });

  it("names nobody as an approver where there is no severity", () => {
    const labels = ["severity:P0", "severity:P1"];
    expect(verdictOn(snapshot({ pr: { labels } })).approvals.roles).toEqual([]);
  });

  it("what would land is asked beside whatever else is found, and of a rollback too", () => {
    const landing = known({ shown: false, why: "queue-differs", paths: ["a.py"] }) as never;
    const rules = (given: PullRequestSnapshot, more: Partial<Policy> = {}) =>
      verdictOn(given, more).findings.map(({ rule, state }) => `${rule}: ${state}`);
    const rollbackOf = known({ number: 40, title: "HOTFIX: x", mergeSha: "d".repeat(40) });
    const rollback = rules(snapshot({ landing, rollbackOf }));
    expect(rollback).toEqual(["approval: satisfied", "branch-freshness: violated"]);
    const usual = rules(snapshot());
    const replaced = usual.map((one) =>
      one.startsWith("branch-freshness") ? "branch-freshness: violated" : one,
    );
    expect(rules(snapshot({ landing }))).toEqual(replaced);
    const { rules: all } = defaultPolicy();
    const off = { ...all, "branch-freshness": { ...all["branch-freshness"], level: "off" as const } };
    expect(rules(snapshot({ landing }), { rules: off })).toEqual([
      ...usual.filter((one) => !one.startsWith("branch-freshness")),
      "branch-freshness: violated",
    ]);
  });

  it.each<[string, ChangedFile["status"], ProposedConfig, "skipped" | "failure"]>([
    [".github/hotfix.yml", "added", { problems: [] }, "skipped"],
    [".github/hotfix.yml", "modified", { problems: [] }, "skipped"],
    [".github/hotfix.yaml", "modified", { problems: [] }, "skipped"],
    [".github/hotfix.yml", "renamed", { problems: [] }, "failure"],
    [".github/hotfix.yml", "copied", { problems: [] }, "failure"],
    [".github/hotfix.yml", "changed", { problems: [] }, "failure"],
    [".github/hotfix.yml", "removed", { problems: [] }, "failure"],
    [".github/hotfix.yaml", "removed", { problems: [], leavesOne: true }, "skipped"],
    [".github/hotfix.yaml", "renamed", { problems: [], leavesOne: true }, "failure"],
    [".github/hotfix.yml", "modified", { problems: [], unread: true }, "failure"],
    ["docs/hotfix.yml", "modified", { problems: [] }, "failure"],
  ])("with an invalid configuration, %s %s with %j: %s", (path, status, proposed, outcome) => {
    const base = snapshot({ files: known([file(path, { status })]) });
    const pullRequest = {
      ...base.pullRequest,
      title: "Settings",
      labels: [],
      head: { ...base.pullRequest.head, ref: "settings" },
    };
    const problems = [{ file: "x", line: 1, column: 1, key: "", message: "m", fix: "n" }];
    expect(evaluate({ ...base, pullRequest }, { state: "invalid", problems }, proposed).outcome).toBe(
      outcome,
    );
  });

  it("in observe mode is neutral and says what it would have been", () => {
    expect(verdictOn(snapshot({ events: { reviews: [] } }), { mode: "observe" })).toMatchObject({
      outcome: "neutral",
      wouldBe: "action_required",
    });
  });

  it("levels: warn shows and never blocks, off is not evaluated", () => {
    const rules = defaultPolicy().rules;
    const bad = snapshot({ events: { reviews: [] } });
    const warned = verdictOn(bad, { rules: { ...rules, review: { ...rules.review, level: "warn" } } });
    expect(warned.outcome).toBe("success");
    expect(warned.findings.find(({ rule }) => rule === "review")?.state).toBe("pending");
    const off = verdictOn(bad, { rules: { ...rules, review: { ...rules.review, level: "off" } } });
    expect(off.outcome).toBe("success");
    expect(off.findings.map(({ rule }) => rule)).toEqual(
      warned.findings.map(({ rule }) => rule).filter((rule) => rule !== "review"),
    );
  });

  it("an override turns a violation of its rule, and of no other, into overridden", () => {
    const given = snapshot({
      files: known([
        file("src/payments/stripe.py"),
        ...["a", "b", "c"].map((name) => file(`src/${name}/${name}.py`, { additions: 9 })),
      ]),
      events: {
        comments: [
          {
            id: 1,
            author: { login: "jane", type: "User" },
            byApp: false,
            body: "/hotfix override scope the clients are generated",
            createdAt: at("10:15:00"),
            updatedAt: at("10:15:00"),
            url: "u",
          },
        ],
      },
    });
    const verdict = verdictOn(given, { components: { payments: ["src/payments/**"] } });
    expect(verdict.outcome).toBe("success");
    expect(verdict.findings.find(({ rule }) => rule === "scope")).toMatchObject({
      state: "overridden",
      override: { by: "jane", reason: "the clients are generated" },
    });
    const large = {
      ...given,
      files: mapFact(given.files, (all) => [...all, file("x.py", { additions: 900 })]),
    };
    const both = verdictOn(large, { components: { payments: ["src/payments/**"] } });
    expect(both.findings.filter(({ state }) => state === "overridden").map(({ rule }) => rule)).toEqual([
      "scope",
    ]);
    expect(blocking(both)).toContain("diff-size: violated");
  });

  it("no fact that becomes unknown turns anything into a pass", () => {
    const facts = [
      "commits",
      "files",
      "history",
      "activity",
      "inProduction",
      "comparison",
      "rollbackOf",
    ] as const;
    const cases = [
      snapshot(),
      snapshot({ events: { reviews: [] } }),
      snapshot({ pr: { labels: [] }, events: { labels: [] } }),
      snapshot({ commits: known([commit({ message: "fix" })]) }),
    ];
    fc.assert(
      fc.property(fc.subarray([...facts], { minLength: 1 }), fc.constantFrom(...cases), (gone, given) => {
        const before = verdictOn(given).outcome;
        const lost = { ...given, ...Object.fromEntries(gone.map((fact) => [fact, unknown(fact)])) };
        const after = verdictOn(lost as PullRequestSnapshot).outcome;
        if (before !== "success") expect(after).not.toBe("success");
        if (gone.some((fact) => ["commits", "files", "history", "activity", "rollbackOf"].includes(fact)))
          expect(["unknown", "failure"]).toContain(after);
      }),
    );
  });
});

describe("outcomeOf: the truth table", () => {
  const one = (state: FindingState, level: "error" | "warn" = "error"): RuleFinding => ({
    state,
    level,
    code: "x",
    data: {},
    annotations: [],
    steps: [],
    rule: "scope",
    override: null,
  });
  it.each<[FindingState[], string]>([
    [[], "success"],
    [["satisfied", "not-applicable", "overridden"], "success"],
    [["pending"], "action_required"],
    [["pending", "unknown"], "unknown"],
    [["pending", "unknown", "violated"], "failure"],
  ])("%j → %s", (states, outcome) => {
    expect(outcomeOf(states.map((state) => one(state)))).toBe(outcome);
    expect(outcomeOf([...states, "violated" as const].map((state) => one(state, "warn")))).toBe("success");
  });
});
