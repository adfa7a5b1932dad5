import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import type { Evaluated } from "../../src/plan/evaluated.ts";
import { byBase, frozenGroup, frozenOf, planFreezePass } from "../../src/plan/gate/freeze.ts";
import type { WaitingGroup } from "../../src/plan/gate/waiting-group.ts";
import type { FrozenFor } from "../../src/policy/snapshot.ts";
import { frozenNumber, frozenOutcome } from "../../src/render/gate/frozen.ts";
import { SITUATIONS } from "../render/situations.ts";
import { evaluated, REPOSITORY } from "./support.ts";

const HOTFIX = { ...evaluated(SITUATIONS.ready()), number: 12 };
const FREEZE: FrozenFor = { number: 12, url: "https://github.example/kamiyo/api/pull/12", base: "main" };
const ordinary = (number: number, frozenFor: FrozenFor | null = FREEZE): Evaluated => ({
  ...HOTFIX,
  number,
  collected: {
    ...HOTFIX.collected,
    policy: { state: "valid", policy: { ...defaultPolicy(), freeze: { severities: ["P0"] } }, source: "" },
  },
  verdict: {
    ...HOTFIX.verdict,
    kind: "ordinary",
    outcome: "skipped",
    wouldBe: "skipped",
    findings: [],
    ...(frozenFor === null ? {} : { frozenFor }),
  },
});
const group = (number: number, headSha: string, baseSha: string): WaitingGroup => ({
  headSha,
  baseSha,
  baseRef: "main",
  headRef: `gh-readonly-queue/main/pr-${number}-${baseSha}`,
});

describe("a head", () => {
  it.each<
    [what: string, voters: readonly Evaluated[], outsiders: readonly number[], waitsFor: number | null]
  >([
    ["of an ordinary pull request to the frozen branch", [ordinary(5)], [], 12],
    ["of one to a branch that is not frozen", [ordinary(5, null)], [], null],
    ["of two, one of them to the frozen branch", [ordinary(5, null), ordinary(6)], [], 12],
    ["that is the hotfix's too", [ordinary(5), HOTFIX], [], null],
    ["that a stranger has pointed at the frozen branch", [ordinary(5, null), ordinary(6)], [6], null],
    ["of a stranger's pull request alone", [ordinary(6)], [6], 12],
    [
      "where the merge queue's groups wait in its place",
      [ordinary(5, { ...FREEZE, inQueue: true })],
      [],
      null,
    ],
  ])("%s", (_what, voters, outsiders, waitsFor) => {
    expect(frozenOf(voters, outsiders)?.hotfix.number ?? null).toBe(waitsFor);
  });
});

describe("a merge group", () => {
  const queued = ordinary(5, { ...FREEZE, inQueue: true });
  it.each<[what: string, members: readonly Evaluated[], groups: readonly WaitingGroup[], is: string | null]>([
    ["of ordinary pull requests waits", [queued], [], "in_progress"],
    ["that brings the hotfix goes on", [queued, HOTFIX], [], null],
    ["to a branch that is not frozen goes on", [ordinary(5, null)], [], null],
    ["before the hotfix's own group is given up", [queued], [group(12, "h", "g")], "action_required"],
    ["two before it as well", [queued], [group(12, "h", "f"), group(6, "f", "g")], "action_required"],
    ["behind it waits", [queued], [group(12, "h", "m")], "in_progress"],
    ["beside groups of others waits", [queued], [group(6, "f", "g")], "in_progress"],
  ])("%s", (_what, members, groups, is) => {
    const frozen = frozenGroup("g", members, groups);
    expect(frozen && (frozenOutcome(frozen).conclusion ?? "in_progress")).toBe(is);
  });
});

describe("a pass over the open pull requests", () => {
  it("has evaluated anew whose checks say something else, and the groups that wait", () => {
    const all = [
      { number: 9, wanted: 12, shown: null },
      { number: 8, wanted: 12, shown: 12 },
      { number: 7, wanted: 12, shown: 3 },
      { number: 6, wanted: null, shown: 12 },
      { number: 5, wanted: null, shown: null },
    ];
    const { jobs } = planFreezePass(all, [group(4, "g", "m")], REPOSITORY);
    expect(
      jobs.map(({ key, background }) => ("number" in key ? [key.number, background] : key.kind)),
    ).toEqual(["merge-group", [9, true], [7, true], [6, true]]);
  });

  it("takes the oldest of two freezes of one branch", () => {
    const frozen = byBase([{ ...FREEZE, number: 15 }, FREEZE, { ...FREEZE, number: 20, base: "release" }]);
    expect([...frozen].map(([base, { number }]) => [base, number]).sort()).toEqual([
      ["main", 12],
      ["release", 20],
    ]);
  });

  it("knows a check that waits by its title", () => {
    const { title } = frozenOutcome({ hotfix: FREEZE, roles: [] });
    expect(frozenNumber(title)).toBe(12);
    expect(frozenNumber("Frozen for nobody")).toBeNull();
  });
});
