import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import { holdersNeeded, needsOf, vouchersNeededFor } from "../../src/policy/needs.ts";
import { AUTHOR, at, commit, MESSAGE, person, REVIEWER, snapshot } from "../support/snapshot.ts";

const POLICY = defaultPolicy();
const NOTHING = { issues: [], people: [], reached: [], branchRules: false };
const ORDINARY = {
  title: "Add a page",
  labels: [],
  head: { ref: "page", sha: "a".repeat(40), repository: "kamiyo/api" },
};
const ordinary = {
  pr: ORDINARY,
  commits: known([commit({ message: "Add a page" })]),
  events: { labels: [] },
};
const unapproved = { pr: { labels: ["severity:P1"] }, events: { labels: [], reviews: [] } };
const logins = (needs: readonly { login: string }[]) => needs.map(({ login }) => login);

describe("what a pull request needs beside itself", () => {
  it("nothing, where it is no hotfix, or it is not known to be one", () => {
    expect(needsOf(snapshot(ordinary), POLICY)).toEqual(NOTHING);
    expect(vouchersNeededFor(snapshot({ ...ordinary, people: {} }), POLICY)).toEqual([]);
    expect(holdersNeeded(snapshot(ordinary), POLICY)).toEqual([]);
  });

  it("a hotfix: its issue, what the branch asks for, and who gave their word", () => {
    const needs = needsOf(snapshot(), POLICY);
    expect(needs).toMatchObject({ branchRules: true, reached: [] });
    expect(needs.issues).toMatchObject([{ number: 1234 }]);
    expect(logins(needs.people).toSorted()).toEqual(["jane", "rita"]);
  });

  const DEVELOP = { base: { ref: "develop", sha: "d".repeat(40) } };
  it.each<[string, Parameters<typeof snapshot>[0]]>([
    ["a back-merge", { pr: { ...unapproved.pr, ...DEVELOP }, inProduction: known(true) }],
    [
      "of which it is not known whether it is one",
      { pr: { ...unapproved.pr, ...DEVELOP }, inProduction: unknown("502") },
    ],
  ])("nothing: %s", (_, more) => {
    const one = snapshot({ ...more, events: unapproved.events });
    expect(needsOf(one, POLICY)).toEqual(NOTHING);
    expect(holdersNeeded(one, POLICY)).toEqual([]);
    expect(vouchersNeededFor({ ...one, people: {} }, POLICY)).toEqual([]);
  });

  it("a rollback: whose word it is, and neither what the branch asks for nor whom to call", () => {
    const rollbackOf = known({ number: 12, title: "", mergeSha: "f".repeat(40) });
    const one = snapshot({ ...unapproved, rollbackOf, observedAt: at("23:00:00") });
    expect(needsOf(one, POLICY)).toMatchObject({ branchRules: false, people: [] });
    expect(needsOf(one, { ...POLICY, freeze: { severities: ["P1"] } }).people).toEqual([]);
    expect(vouchersNeededFor({ ...one, people: {} }, POLICY)).toEqual([]);
    // Any role approves it, whatever the severity that a label says.
    expect(holdersNeeded(one, POLICY)).toContain("on-call");
    const label = "approved:on-call";
    const labels = [{ event: "labeled", label, actor: REVIEWER, byApp: false, at: at("10:10:00") } as const];
    const team = { teams: ["duty"], users: [], permission: null };
    const policy = {
      ...POLICY,
      roles: { ...POLICY.roles, "on-call": team },
      approval: { ...POLICY.approval, by: ["review"] },
    } as unknown as typeof POLICY;
    const reviews = snapshot().history;
    const reviewed = snapshot({
      rollbackOf,
      events: { labels, reviews: reviews.known ? reviews.value.reviews : [] },
    });
    expect(needsOf(reviewed, policy).people).toMatchObject([{ login: "rita", teams: ["duty"] }]);
    expect(holdersNeeded(snapshot({ rollbackOf }), POLICY)).toEqual([]);
  });

  it("no issue of a message that could not be read, or names none", () => {
    expect(needsOf(snapshot({ commits: unknown("502") }), POLICY).issues).toEqual([]);
    expect(needsOf(snapshot({ commits: known([]) }), POLICY).issues).toEqual([]);
    const silent = known([commit({ message: MESSAGE.replace("Fixes: #1234\n", "") })]);
    expect(needsOf(snapshot({ commits: silent }), POLICY).issues).toEqual([]);
  });

  it.each<[string, string, boolean]>([
    ["names somebody", "Jane Doe (Engineering Manager)", true],
    ["is still to be filled in", "pending", false],
    ["is empty", "", false],
  ])("profiles where Approved-By %s", (_, name, asked) => {
    const message = MESSAGE.replace("Jane Doe (Engineering Manager)", name);
    const { people } = needsOf(snapshot({ commits: known([commit({ message })]) }), POLICY);
    expect(people.map(({ profile }) => profile)).toEqual([asked, asked]);
    const off = { ...POLICY.rules, "approved-by": { ...POLICY.rules["approved-by"], level: "off" as const } };
    const without = needsOf(snapshot({ commits: known([commit({ message })]) }), { ...POLICY, rules: off });
    expect(without.people.map(({ profile }) => profile)).toEqual([false, false]);
  });

  it.each<[string, Parameters<typeof snapshot>[0]]>([
    ["there is no commit", { commits: known([]) }],
    ["the commits could not be read", { commits: unknown("502") }],
    [
      "no Approved-By stands in it",
      {
        commits: known([
          commit({ message: MESSAGE.replace("Approved-By: Jane Doe (Engineering Manager)\n", "") }),
        ]),
      },
    ],
  ])("no profiles where %s", (_, more) => {
    const { people } = needsOf(snapshot(more), POLICY);
    expect(people.map(({ login, profile }) => [login, profile])).toEqual([
      ["jane", false],
      ["rita", false],
    ]);
  });

  it("the author's access, where people may have to be called for it", () => {
    expect(logins(vouchersNeededFor(snapshot({ people: {} }), POLICY))).toEqual(["john"]);
  });
});

describe("whose holders are listed", () => {
  const roles = (more: Parameters<typeof snapshot>[0], policy = POLICY) =>
    holdersNeeded(snapshot(more), policy);

  it("of the roles that may approve, while an approval is missing", () => {
    expect(roles(unapproved)).toEqual(POLICY.severities.P1.approvers ? expect.any(Array) : []);
    expect(roles(unapproved).length).toBeGreaterThan(0);
  });

  it("also of one that has its review, and of no ordinary one with a label of a severity", () => {
    const reviewed = { pr: { labels: ["severity:P1"] }, events: { labels: [] } };
    expect(roles(reviewed)).toEqual(["engineering-manager", "cto"]);
    expect(roles({ ...reviewed, pr: { ...ORDINARY, labels: ["severity:P1"] } })).toEqual([]);
  });

  it("nobody's once it is there, or as long as there is no severity", () => {
    expect(roles({})).toEqual([]);
    const none = known([commit({ message: MESSAGE.replace("Severity: P1\n", "") })]);
    expect(roles({ pr: { labels: [] }, commits: none, events: { labels: [], reviews: [] } })).toEqual([]);
  });
});

describe("who may be called by the escalation", () => {
  const role = { teams: [], users: ["zoe"], permission: null };
  const policyWith = (more: Partial<typeof POLICY> = {}) => {
    const names = Object.keys(POLICY.roles);
    return {
      ...POLICY,
      roles: Object.fromEntries(names.map((name) => [name, role])),
      ...more,
    } as typeof POLICY;
  };
  const names = Object.keys(POLICY.roles);
  const roleHolders = (...people: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, known(people)]));
  const late = { ...unapproved, observedAt: at("23:00:00"), people: { john: person("write") } };
  const called = (more: Parameters<typeof snapshot>[0], policy = policyWith()) =>
    logins(needsOf(snapshot({ ...late, roleHolders: roleHolders("zoe") as never, ...more }), policy).people);

  it("their access is read once the first step is due", () => {
    expect(called({})).toContain("zoe");
  });

  it.each<[string, Parameters<typeof snapshot>[0], Partial<typeof POLICY>?]>([
    ["before", { observedAt: at("10:00:01") }],
    ["where nobody is called", {}, { mode: "observe" }],
    ["of a closed one", { pr: { labels: ["severity:P1"], state: "closed" } }],
    ["of more than five", { roleHolders: roleHolders("a", "b", "c", "d", "e", "f") }],
    ["where no step is for its severity", {}, { escalation: [] }],
  ])("not %s", (_, more, policy = {}) => {
    expect(called(more, policyWith(policy))).toEqual([]);
  });

  it("nobody's whose role has no names but a permission", () => {
    const policy = policyWith();
    const roles = { ...policy.roles, cto: { teams: [], users: [], permission: "admin" as const } };
    const holders = { ...roleHolders("zoe"), cto: known(["max"]) };
    const all = called({ roleHolders: holders as never }, { ...policy, roles });
    expect(all).toContain("zoe");
    expect(all).not.toContain("max");
  });

  it("whether they may write, and no more", () => {
    const { people } = needsOf(snapshot({ ...late, roleHolders: roleHolders("zoe") as never }), policyWith());
    expect(people).toContainEqual({ login: "zoe", access: true, teams: [], profile: false });
  });

  it("of five it is", () => {
    expect(called({ roleHolders: roleHolders("a", "b", "c", "d", "e") })).toHaveLength(5);
  });
});

describe("one need a person", () => {
  it("who reviewed and holds a role is asked about once, for all of it", () => {
    const policy = {
      ...POLICY,
      approval: { ...POLICY.approval, by: ["label", "review"] as const },
    } as typeof POLICY;
    const { people } = needsOf(
      snapshot({
        events: {
          labels: [
            {
              event: "labeled",
              label: "approved:engineering-manager",
              actor: REVIEWER,
              byApp: false,
              at: at("10:10:00"),
            },
          ],
        },
      }),
      policy,
    );
    expect(logins(people)).toEqual(["rita"]);
    expect(logins(people)).not.toContain(AUTHOR.login);
    expect(people[0]?.access).toBe(true);
  });

  it("who set the severity is asked about where that decides a freeze", () => {
    const labels = [
      { event: "labeled", label: "severity:P1", actor: REVIEWER, byApp: false, at: at("10:02:00") } as const,
    ];
    const policy = { ...POLICY, freeze: { severities: ["P1" as const] } };
    const people = (one: typeof policy | typeof POLICY) =>
      logins(needsOf(snapshot({ events: { labels, reviews: [] } }), one).people);
    expect(people(policy)).toContain("rita");
    expect(people(POLICY)).not.toContain("rita");
  });

  it("whatever the case of the name: the teams of the one, the profile of the other", () => {
    const role = { teams: ["leads"], users: [], permission: null };
    const policy = {
      ...POLICY,
      freeze: { severities: ["P1"] },
      roles: { ...POLICY.roles, "engineering-manager": role },
    } as unknown as typeof POLICY;
    const set = (label: string, login: string, time: string) =>
      ({ event: "labeled", label, actor: { login, type: "User" }, byApp: false, at: at(time) }) as const;
    const labels = [
      set("severity:P1", "JANE", "10:02:00"),
      set("approved:engineering-manager", "jane", "10:10:00"),
    ];
    const { people } = needsOf(snapshot({ events: { labels, reviews: [] } }), policy);
    const janes = people.filter(({ login }) => login.toLowerCase() === "jane");
    expect(janes).toMatchObject([{ access: true, teams: ["leads"], profile: true }]);
  });
});
