import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import { freezeNeeds, mayHaveFrozen, readUnfreezes } from "../../src/policy/freeze.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { Comment, LabelEvent } from "../../src/policy/snapshot/history.ts";
import type { PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import { AUTHOR, at, MANAGER, person, REVIEWER, snapshot } from "../support/snapshot.ts";

const POLICY: Policy = { ...defaultPolicy(), freeze: { severities: ["P1"] } };
const verdictOf = (one: PullRequestSnapshot, policy = POLICY) =>
  evaluate(one, { state: "valid", policy, source: "" });
const severity = (more: Partial<LabelEvent>): LabelEvent => ({
  event: "labeled",
  label: "severity:P1",
  actor: AUTHOR,
  byApp: false,
  at: at("10:02:00"),
  ...more,
});
const comment = (body: string, more: Partial<Comment> = {}): Comment => ({
  id: 7,
  author: MANAGER,
  byApp: false,
  body,
  createdAt: at("10:15:00"),
  updatedAt: at("10:15:00"),
  url: "https://github.example/kamiyo/api/pull/42#issuecomment-7",
  ...more,
});
const UNFREEZE = "/hotfix unfreeze payroll has to go out";
const commented = (one: Comment, more: Parameters<typeof snapshot>[0] = {}) =>
  snapshot({ ...more, events: { comments: [one] } });
const NOBODY = unknown("GitHub answered 502");
const outsider = { john: person("read"), jane: person("admin"), rita: person("write") };

describe("what an open hotfix freezes", () => {
  const MAIN = { number: 42, url: "https://github.example/kamiyo/api/pull/42", base: "main" };

  it.each<[what: string, one: PullRequestSnapshot, freezes: boolean]>([
    ["of the severity, its label set by a writer", snapshot(), true],
    [
      "its label set by the app, from the commit of a writer",
      snapshot({ events: { labels: [severity({ byApp: true, actor: null })] } }),
      true,
    ],
    [
      "not labeled yet, by the commit of a writer",
      snapshot({ pr: { labels: [] }, events: { labels: [] } }),
      true,
    ],
    ["a draft", snapshot({ pr: { draft: true } }), false],
    ["closed", snapshot({ pr: { state: "closed" } }), false],
    [
      "to a branch that is none of production",
      snapshot({ pr: { base: { ref: "develop", sha: "d".repeat(40) } } }),
      false,
    ],
    [
      "an outsider's, labeled by the app",
      snapshot({ people: outsider, events: { labels: [severity({ byApp: true, actor: null })] } }),
      false,
    ],
    [
      "an outsider's, not labeled yet",
      snapshot({ people: outsider, pr: { labels: [] }, events: { labels: [] } }),
      false,
    ],
    [
      "an outsider's, labeled by themself with triage",
      snapshot({ people: { ...outsider, john: person("triage") } }),
      false,
    ],
    [
      "an outsider's, labeled by a writer",
      snapshot({ people: outsider, events: { labels: [severity({ actor: REVIEWER })] } }),
      true,
    ],
    [
      "a writer's, labeled by somebody with triage",
      snapshot({
        people: { john: person("write"), jane: person("admin"), rita: person("triage") },
        events: { labels: [severity({ actor: REVIEWER })] },
      }),
      false,
    ],
    [
      "labeled by an account that is gone",
      snapshot({ events: { labels: [severity({ actor: null })] } }),
      false,
    ],
    [
      "another label like it set by a writer, and the severity by somebody with triage",
      snapshot({
        pr: { labels: ["severity:P1x", "severity:P1"] },
        people: { john: person("write"), jane: person("admin"), rita: person("triage") },
        events: { labels: [severity({ label: "severity:P1x" }), severity({ actor: REVIEWER })] },
      }),
      false,
    ],
    [
      "of an account that is gone, not labeled yet",
      snapshot({ pr: { author: null, labels: [] }, events: { labels: [] } }),
      false,
    ],
    [
      "another app's, from a fork",
      snapshot({
        pr: { author: { login: "fixer[bot]", type: "Bot" }, labels: [], fork: true },
        events: { labels: [] },
      }),
      false,
    ],
    [
      "an organization's",
      snapshot({
        pr: { author: { login: "kamiyo", type: "Organization" }, labels: [] },
        events: { labels: [] },
      }),
      false,
    ],
    ["a branch that has no pull request yet", snapshot({ origin: { kind: "branch" } }), false],
    ["whose label nobody is on record for", snapshot({ events: { labels: [] } }), false],
    [
      "whose author's access could not be read",
      snapshot({ people: { john: person("write", { access: NOBODY }) } }),
      false,
    ],
    ["whose timeline could not be read", { ...snapshot(), history: NOBODY }, false],
    [
      "another app's that can push here",
      snapshot({ pr: { author: { login: "fixer[bot]", type: "Bot" }, labels: [] }, events: { labels: [] } }),
      true,
    ],
  ])("%s", (_what, one, freezes) => {
    expect(verdictOf(one).freeze).toEqual(freezes ? MAIN : null);
  });

  it.each<[what: string, policy: Policy]>([
    ["the default", defaultPolicy()],
    ["another severity", { ...POLICY, freeze: { severities: ["P0"] } }],
    ["observe mode", { ...POLICY, mode: "observe" }],
  ])("nothing: %s", (_what, policy) => {
    expect(verdictOf(snapshot(), policy).freeze ?? null).toBeNull();
  });

  it("does not decide the hotfix's own verdict", () => {
    const { freeze: _, notices, ...with_ } = verdictOf(snapshot());
    const { notices: none, ...without } = verdictOf(snapshot(), defaultPolicy());
    expect(with_).toEqual(without);
    expect(notices.filter(({ code }) => !none.some((one) => one.code === code))).toEqual([
      { code: "freezes", data: { base: "main", roles: ["engineering-manager", "cto"] } },
    ]);
  });
});

describe("/hotfix unfreeze", () => {
  it("counts from a holder of an overriding role with write access, and ends it", () => {
    const verdict = verdictOf(commented(comment(UNFREEZE)));
    expect(verdict.freeze).toBeNull();
    expect(verdict.unfrozen).toMatchObject({
      by: "jane",
      at: at("10:15:00"),
      reason: "payroll has to go out",
    });
  });

  it("counts from one who worked on the hotfix too", () => {
    const admin = { john: person("admin"), jane: person("admin"), rita: person("write") };
    const verdict = verdictOf(commented(comment(UNFREEZE, { author: AUTHOR }), { people: admin }));
    expect(verdict.unfrozen?.by).toBe("john");
  });

  it.each<[what: string, one: Comment, refusal: string]>([
    ["no reason", comment("/hotfix unfreeze"), "no-reason"],
    ["a reason without words", comment("/hotfix unfreeze !!"), "no-reason"],
    ["edited", comment(UNFREEZE, { updatedAt: at("10:16:00") }), "edited"],
    ["by somebody outside the roles", comment(UNFREEZE, { author: REVIEWER }), "not-in-role"],
    ["by a bot", comment(UNFREEZE, { author: { login: "ci[bot]", type: "Bot" } }), "not-a-person"],
    ["by an account that is gone", comment(UNFREEZE, { author: null }), "actor-gone"],
  ])("is not counted: %s", (_what, one, refusal) => {
    const verdict = verdictOf(commented(one));
    expect(readUnfreezes(commented(one), POLICY).refused).toEqual([
      { by: one.author?.login ?? null, commentId: 7, code: refusal },
    ]);
    expect(verdict.freeze).not.toBeNull();
    expect(verdict.unfrozen).toBeUndefined();
  });

  it("of a role's holder without write access is not counted", () => {
    const policy: Policy = {
      ...POLICY,
      roles: { ...POLICY.roles, cto: { teams: [], users: ["max"], permission: "admin" } },
    };
    const people = { john: person("write"), max: person("read") };
    const one = commented(comment(UNFREEZE, { author: { login: "max", type: "User" } }), { people });
    expect(readUnfreezes(one, policy).refused[0]?.code).toBe("no-write-access");
  });

  it("asked for by a writer whose role cannot be read: nobody is held up", () => {
    const policy: Policy = {
      ...POLICY,
      overrides: { roles: ["cto"] },
      roles: { ...POLICY.roles, cto: { teams: ["leads"], users: [], permission: "admin" } },
    };
    const people = { john: person("write"), rita: person("write", { teams: { leads: NOBODY } }) };
    const one = commented(comment(UNFREEZE, { author: REVIEWER }), { people });
    expect(verdictOf(one, policy).freeze).toBeNull();
    const stranger = commented(comment(UNFREEZE, { author: REVIEWER }), {
      people: { john: person("write"), rita: person("read", { teams: { leads: NOBODY } }) },
    });
    expect(verdictOf(stranger, policy).freeze).not.toBeNull();
  });

  it("asks for the people whose word decides, and for nobody where nothing is frozen", () => {
    const one = commented(comment(UNFREEZE, { author: REVIEWER }));
    expect(freezeNeeds(one, POLICY, "P1").map(({ login }) => login)).toEqual(
      ["john", "john", "rita"].slice(0, 3),
    );
    expect(freezeNeeds(one, defaultPolicy(), "P1")).toEqual([]);
    expect(freezeNeeds(one, POLICY, "P0")).toEqual([]);
  });
});

describe("who may have to be released", () => {
  it.each<[what: string, one: PullRequestSnapshot, policy: Policy, may: boolean]>([
    ["labeled now", snapshot(), POLICY, true],
    ["labeled once", snapshot({ pr: { labels: [] } }), POLICY, true],
    ["never labeled", snapshot({ pr: { labels: [] }, events: { labels: [] } }), POLICY, false],
    ["of another severity", snapshot(), { ...POLICY, freeze: { severities: ["P0"] } }, false],
    ["where nothing is ever frozen", snapshot(), defaultPolicy(), false],
    ["in observe mode", snapshot(), { ...POLICY, mode: "observe" }, false],
    [
      "whose labels of before could not be read",
      { ...snapshot({ pr: { labels: [] } }), history: NOBODY },
      POLICY,
      false,
    ],
  ])("%s: %s", (_what, one, policy, may) => {
    expect(mayHaveFrozen(one, policy)).toBe(may);
  });
});

describe("an ordinary pull request", () => {
  const frozenFor = { number: 12, url: "https://github.example/kamiyo/api/pull/12", base: "main" };
  const ordinary = (more: Parameters<typeof snapshot>[0] = {}) =>
    snapshot({
      frozenFor,
      ...more,
      pr: {
        head: { ref: "feature/x", sha: "a".repeat(40), repository: "kamiyo/api" },
        title: "Sort the report",
        labels: [],
        ...more.pr,
      },
      files: known([]),
    });

  it("waits for the hotfix, and its verdict stays: it is none", () => {
    const verdict = verdictOf(ordinary());
    expect(verdict).toMatchObject({ kind: "ordinary", outcome: "skipped", frozenFor });
  });

  it("waits for nobody once it is closed, or where nothing is ever frozen", () => {
    expect(verdictOf(ordinary({ pr: { state: "closed" } })).frozenFor).toBeUndefined();
    expect(verdictOf(ordinary(), defaultPolicy()).frozenFor).toBeUndefined();
  });

  it("that is a hotfix itself waits for nobody", () => {
    expect(verdictOf(snapshot({ frozenFor })).frozenFor).toBeUndefined();
  });
});

describe("whose word about a freeze is looked up", () => {
  const logins = (one: PullRequestSnapshot, level: "P0" | "P1" | null = "P1", policy = POLICY) =>
    freezeNeeds(one, policy, level).map(({ login, access, profile }) => [login, access, profile]);

  it.each<[string, PullRequestSnapshot, readonly string[]]>([
    [
      "the author's, and who set the severity",
      snapshot({ events: { labels: [severity({ actor: REVIEWER })] } }),
      ["john", "rita"],
    ],
    ["who asked for an end", commented(comment(UNFREEZE), { pr: { labels: [] } }), ["john", "jane"]],
    [
      "who asked without a reason",
      commented(comment("/hotfix unfreeze"), { pr: { labels: [] } }),
      ["john", "jane"],
    ],
    ["not who wrote something else", commented(comment("/hotfix help"), { pr: { labels: [] } }), ["john"]],
    ["not the app", commented(comment(UNFREEZE, { byApp: true }), { pr: { labels: [] } }), ["john"]],
    ["no other app", snapshot({ pr: { labels: [], author: { login: "bot", type: "Bot" } } }), []],
    [
      "nobody who is gone",
      commented(comment(UNFREEZE, { author: null }), { pr: { labels: [], author: null } }),
      [],
    ],
    [
      "of a label that is off nobody",
      snapshot({
        pr: { labels: [] },
        events: {
          labels: [severity({ actor: REVIEWER }), severity({ event: "unlabeled", at: at("10:03:00") })],
        },
      }),
      ["john"],
    ],
  ])("%s", (_, one, people) => {
    expect([...new Set(logins(one).map(([login]) => login))]).toEqual(people);
    for (const [, access, profile] of logins(one)) expect([access, profile]).toEqual([true, false]);
  });

  it("nobody's where it freezes nothing", () => {
    const one = commented(comment(UNFREEZE));
    expect(logins(one, "P0")).toEqual([]);
    expect(logins(one, null)).toEqual([]);
    expect(logins(one, "P1", { ...POLICY, mode: "observe" })).toEqual([]);
  });

  it("with the teams of the roles that may end it, of those who ask for that", () => {
    const cto = { teams: ["leads"], users: [], permission: "admin" as const };
    const policy: Policy = { ...POLICY, overrides: { roles: ["cto"] }, roles: { ...POLICY.roles, cto } };
    const one = commented(comment(UNFREEZE, { author: REVIEWER }), { pr: { labels: [] } });
    expect(freezeNeeds(one, policy, "P1").map(({ login, teams }) => [login, teams])).toEqual([
      ["john", []],
      ["rita", ["leads"]],
    ]);
  });

  it("by the number of the account, where it is known", () => {
    const [need] = freezeNeeds(snapshot({ pr: { author: { ...AUTHOR, id: 9 } } }), POLICY, "P1");
    expect(need).toMatchObject({ login: "john", id: 9 });
    expect(freezeNeeds(snapshot(), POLICY, "P1")[0]).not.toHaveProperty("id");
  });
});
