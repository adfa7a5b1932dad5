import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { known } from "../../../src/policy/fact.ts";
import type { BackMergeProof } from "../../../src/policy/snapshot/proof.ts";
import { runExample } from "../../support/example.ts";
import { PULL_REQUEST, snapshot } from "../../support/snapshot.ts";

const find = (base: string, allowed: readonly string[] = []) =>
  runExample("base-branch", { base, config: { branches: { base: allowed } } });

describe("base-branch", () => {
  it.each<[string, readonly string[], string]>([
    ["main", [], "ok"],
    ["Main", [], "wrong-base"],
    ["develop", [], "wrong-base"],
    ["release/2", ["main", "release/*"], "ok"],
    ["main", ["production"], "wrong-base"],
    ["release/2/x", ["release/*"], "wrong-base"],
  ])("to %s where %j is allowed: %s", (base, allowed, code) => {
    expect(find(base, allowed)).toMatchObject({ state: code === "ok" ? "satisfied" : "violated", code });
  });

  it.each<[readonly string[], readonly string[]]>([
    [[], ["main"]],
    [["production"], ["production"]],
    [["release/*", "main"], ["main"]],
    [["release/*", "production"], ["production"]],
    [["release/*"], []],
  ])("where %j is allowed it proposes the base %j", (allowed, bases) => {
    const finding = find("develop", allowed);
    expect(finding.steps).toEqual(bases.map((base) => ({ kind: "change-base", base })));
    expect(finding.data.allowed).toEqual(allowed.length > 0 ? allowed : ["main"]);
  });

  it("what is not exactly the hotfix is told where it differs, and is not aimed at production again", () => {
    const proof: BackMergeProof = {
      number: 12,
      mergeSha: "d".repeat(40),
      branch: "main",
      same: false,
      differs: ["src/a", "src/b"],
    };
    const verdictOn = (backMergeOf: BackMergeProof) =>
      evaluate(
        snapshot({
          pr: { base: { ...PULL_REQUEST.base, ref: "develop" } },
          backMergeOf: known(backMergeOf),
        }),
        { state: "valid", policy: defaultPolicy(), source: "" },
      );
    const finding = verdictOn(proof).findings.find(({ rule }) => rule === "base-branch");
    expect(finding).toMatchObject({
      state: "violated",
      code: "changed-on-the-way",
      data: { hotfix: "#12", production: "main", files: ["src/a", "src/b"] },
      steps: [],
    });
    expect(verdictOn({ ...proof, same: true, differs: [] })).toMatchObject({
      kind: "back-merge",
      outcome: "skipped",
      backMergeOf: { number: 12 },
    });
  });
});
