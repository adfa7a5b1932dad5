import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { whoIsCalled } from "../../src/policy/called.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import { needsOf } from "../../src/policy/needs.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { PullRequestFacts, PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import { at, commit, MESSAGE, person, snapshot } from "../support/snapshot.ts";

/** The author is john. */
const POLICY: Policy = {
  ...defaultPolicy(),
  roles: {
    "on-call": { teams: [], users: ["rita", "jane"], permission: "write" },
    "engineering-manager": { teams: ["managers"], users: ["jane"], permission: "admin" },
    cto: { teams: [], users: ["carla"], permission: "admin" },
    ops: { teams: ["ops"], users: ["rita"], permission: "write" },
    owner: { teams: [], users: [], permission: "admin" },
    maintainer: { teams: [], users: [], permission: "maintain" },
    lead: { teams: [], users: ["john", "rita"], permission: "write" },
    author: { teams: [], users: ["john"], permission: "write" },
    deputies: { teams: ["Managers"], users: [], permission: "admin" },
  },
};

interface Case {
  readonly severity?: "P0" | "P1";
  readonly roles: readonly string[];
  readonly holders?: Readonly<Record<string, readonly string[] | null>>;
  readonly more?: Partial<PullRequestSnapshot>;
  readonly pr?: Partial<PullRequestFacts>;
  readonly approvers?: readonly string[];
}

const HOLDERS = { "on-call": ["rita", "jane"], "engineering-manager": ["jane", "max"], cto: ["carla"] };

function called({ severity = "P1", roles, holders = HOLDERS, more, pr, approvers }: Case): readonly string[] {
  const policy: Policy =
    approvers === undefined
      ? POLICY
      : {
          ...POLICY,
          severities: { ...POLICY.severities, P1: { ...POLICY.severities.P1, approvers: [...approvers] } },
        };
  const snap = snapshot({
    observedAt: at("12:00:00"),
    commits: known([commit({ message: MESSAGE.replace("Severity: P1", `Severity: ${severity}`) })]),
    pr: { labels: [`severity:${severity}`], ...pr },
    events: { labels: [], reviews: [] },
    ...more,
    roleHolders: Object.fromEntries(
      Object.entries(holders).map(([role, people]) => [
        role,
        people === null ? unknown("GitHub answered 502") : known(people),
      ]),
    ),
  });
  const verdict = evaluate(snap, { state: "valid", policy, source: "" });
  const { people, passedOver } = whoIsCalled(roles, snap, verdict, policy);
  return [
    ...people.flatMap(({ teams, users }) => [
      ...teams.map((team) => `@kamiyo/${team}`),
      ...users.map((login) => `@${login}`),
    ]),
    ...passedOver.map(({ role, why }) => `not ${role}: ${why}`),
  ];
}

const EM = ["engineering-manager"];

describe("an escalation calls only people who can approve", () => {
  const cases: readonly (readonly [string, Case, readonly string[]])[] = [
    ["a role, all of whom can", { roles: EM }, ["@kamiyo/managers", "@jane"]],
    [
      "a role with the author in it: the others by name",
      { roles: EM, holders: { ...HOLDERS, "engineering-manager": ["jane", "max", "john"] } },
      ["@jane", "@max"],
    ],
    [
      "a role with somebody who wrote a commit",
      {
        roles: EM,
        more: {
          commits: known([
            commit({ message: `${MESSAGE}\n\nCo-authored-by: Max <max@users.noreply.github.com>` }),
          ]),
        },
      },
      ["@jane"],
    ],
    [
      "a role with somebody without write access",
      { roles: EM, more: { people: { john: person("write"), max: person("read") } } },
      ["@jane"],
    ],
    [
      "a role that cannot approve this severity: those of it who can by another",
      { roles: ["on-call"] },
      ["@jane"],
    ],
    [
      "… and where none of it can: the first of the approvers",
      { roles: ["ops"] },
      ["@kamiyo/managers", "@jane", "not ops: cannot-approve"],
    ],
    ["the same role where it can", { severity: "P0", roles: ["on-call"] }, ["@rita", "@jane"]],
    [
      "a role all of whom worked on it: the next of the approvers",
      { roles: EM, holders: { ...HOLDERS, "engineering-manager": ["john"] } },
      ["@carla", "not engineering-manager: nobody-eligible"],
    ],
    [
      "a role whose holders could not be read: as configured",
      { roles: EM, holders: { ...HOLDERS, "engineering-manager": null } },
      ["@kamiyo/managers", "@jane"],
    ],
    [
      "several roles, each once",
      { severity: "P0", roles: ["on-call", ...EM] },
      ["@rita", "@jane", "@kamiyo/managers"],
    ],
    [
      "a role that names nobody is told of",
      { roles: ["owner"], approvers: ["owner"], holders: { owner: ["olga"] } },
      ["not owner: names-nobody"],
    ],
    [
      "of a role that is told, and one that is not: nobody else",
      { roles: ["ops", ...EM] },
      ["@kamiyo/managers", "@jane", "not ops: cannot-approve"],
    ],
    [
      "where all are without names: each, but for whom nobody is eligible",
      {
        roles: ["owner"],
        approvers: ["owner", "maintainer"],
        holders: { owner: ["olga"], maintainer: ["max"] },
      },
      ["not owner: names-nobody", "not maintainer: names-nobody"],
    ],
    [
      "… of those whose holders could not be read, too",
      {
        roles: ["owner"],
        approvers: ["owner", "maintainer"],
        holders: { owner: ["olga"], maintainer: null },
      },
      ["not owner: names-nobody", "not maintainer: names-nobody"],
    ],
    [
      "… and not of those that are empty",
      { roles: ["owner"], approvers: ["owner", "maintainer"], holders: { owner: ["olga"], maintainer: [] } },
      ["not owner: names-nobody"],
    ],
    [
      "a role that is gone: the first of the approvers",
      { roles: ["gone"] },
      ["@kamiyo/managers", "@jane", "not gone: names-nobody"],
    ],
    [
      "the author in a role that could not be read: the others by name",
      { roles: ["lead"], approvers: ["lead"], holders: { lead: null } },
      ["@rita"],
    ],
    [
      "the author alone in one: the next of the approvers",
      { roles: ["author"], approvers: ["author", "cto"], holders: { author: null, cto: ["carla"] } },
      ["@carla"],
    ],
    [
      "an author whose account is gone: as configured",
      { roles: EM, holders: { ...HOLDERS, "engineering-manager": null }, pr: { author: null } },
      ["@kamiyo/managers", "@jane"],
    ],
    [
      "a team that two roles name: once",
      {
        roles: [...EM, "deputies"],
        approvers: [...EM, "deputies"],
        holders: { "engineering-manager": ["jane", "max"], deputies: ["jane", "max"] },
      },
      ["@kamiyo/managers", "@jane"],
    ],
    [
      "a crowd with the author in it: ten of them",
      { roles: EM, holders: { "engineering-manager": [..."abcdefghijklm", "john"], cto: [] } },
      [..."abcdefghij"].map((login) => `@${login}`),
    ],
    [
      "nobody can: nobody is called",
      { roles: EM, holders: { "engineering-manager": ["john"], cto: [] } },
      [],
    ],
  ];
  it.each(cases)("%s", (_, one, expected) => {
    expect(called(one)).toEqual(expected);
  });
});

describe("whether they may write", () => {
  const asked = (now: string, holders: readonly string[]) => {
    const snap = snapshot({
      observedAt: at(now),
      pr: { labels: ["severity:P1"] },
      events: { labels: [], reviews: [] },
      roleHolders: { "engineering-manager": known(holders), cto: known(["carla"]) },
    });
    return needsOf(snap, POLICY)
      .people.map(({ login }) => login)
      .filter((login) => login !== "john");
  };

  it("is asked once the first step is due, of five people at most", () => {
    expect(asked("10:14:59", ["jane", "max"])).toEqual([]);
    expect(asked("10:15:00", ["jane", "max", "john"])).toEqual(["jane", "max", "carla"]);
    expect(asked("10:15:00", [..."abcde"])).toEqual([]);
  });
});
