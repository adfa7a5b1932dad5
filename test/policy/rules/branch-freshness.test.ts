import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import { branchFreshness } from "../../../src/policy/rules/branch-freshness.ts";
import { type Example, findingOf, runExample } from "../../support/example.ts";
import { BASE, commit, file, HEAD, snapshot } from "../../support/snapshot.ts";

const find = (example: Omit<Example, "expect">) => runExample("branch-freshness", example);
const path = "src/payments/stripe.py";
const behind = (...paths: string[]) => known({ behindBy: 3, mergeBase: BASE, baseChangedPaths: paths });

describe("branch-freshness", () => {
  it.each<[string, Omit<Example, "expect">, string]>([
    ["one commit on the base", {}, "ok"],
    ["a line of commits", { commits: ["HOTFIX: a", "b", "c"] }, "ok"],
    ["behind, other files", { behind: { by: 3, paths: ["README.md"] } }, "behind"],
    ["behind, the same file", { behind: { by: 3, paths: ["README.md", path] } }, "base-moved"],
    [
      "behind, the file that was renamed here",
      { files: [{ path: "new.py", previousPath: "old.py" }], behind: { by: 1, paths: ["old.py"] } },
      "base-moved",
    ],
    [
      "a merge of the base",
      {
        commits: [
          { name: "fix", message: "HOTFIX: a" },
          { message: "Merge branch 'main' into hotfix/x", parents: ["fix", "of-main"] },
        ],
      },
      "ok",
    ],
    [
      "a merge into the base's own line",
      {
        commits: [
          { name: "fix", message: "HOTFIX: a" },
          { message: "Merge branch 'hotfix/x'", parents: ["of-main", "fix"] },
        ],
      },
      "ok",
    ],
    [
      "a merge of another branch",
      {
        commits: [
          { name: "theirs", message: "New feature", parents: ["base"] },
          { name: "fix", message: "HOTFIX: a", parents: ["base"] },
          { message: "Merge branch 'develop' into hotfix/x", parents: ["fix", "theirs"] },
        ],
      },
      "foreign-commits",
    ],
    [
      "a merge of a branch that had merged another",
      {
        commits: [
          { name: "deep", message: "Deep", parents: ["base"] },
          { name: "theirs", message: "Merge", parents: ["base", "deep"] },
          { name: "fix", message: "HOTFIX: a", parents: ["base"] },
          { message: "Merge", parents: ["fix", "theirs"] },
        ],
      },
      "foreign-commits",
    ],
  ])("%s: %s", (_, example, code) => {
    const state = ["ok", "behind"].includes(code) ? "satisfied" : "violated";
    expect(find(example)).toMatchObject({ state, code });
  });

  it("makes the branch again from its own commits, oldest first, on the same pull request", () => {
    const one = "1".repeat(40);
    const two = "2".repeat(40);
    const theirs = "3".repeat(40);
    const commits = known([
      commit({ sha: theirs, message: "New feature" }),
      commit({ sha: one }),
      commit({ sha: two, parents: [one] }),
      commit({ parents: [two, theirs] }),
    ]);
    expect(findingOf("branch-freshness", snapshot({ commits })).steps).toEqual([
      { kind: "rebuild-branch", commits: [one, two] },
    ]);
  });

  it("names the branch that it was made from, and picks its own commits only", () => {
    const theirs = commit({ sha: "1".repeat(40), message: "New feature" });
    const own = commit({ sha: "2".repeat(40), parents: [theirs.sha] });
    const last = commit({ parents: [own.sha] });
    const commits = known([theirs, own, last]);
    const foreign = known([{ branch: "develop", shas: [theirs.sha] }]);
    const found = findingOf("branch-freshness", snapshot({ commits, foreign }));
    expect(found).toMatchObject({ state: "violated", code: "made-from-another" });
    expect(found.data).toMatchObject({ branches: ["develop"], commits: ["1111111 New feature"] });
    expect(found.steps).toMatchObject([{ kind: "rebuild-branch", commits: [own.sha, last.sha] }]);
    const unread = findingOf("branch-freshness", snapshot({ commits, foreign: unknown("x") }));
    expect(unread).toMatchObject({ state: "unknown", data: { reason: "x" } });
  });

  it.each([
    "crossed-history",
    "hidden-changes",
    "takes-back",
    "queue-differs",
    "replay-differs",
    "too-many-commits",
  ])("has the words of %s", (code) => {
    // Found by `landingFinding`, with tests of its own: it holds at every level.
    expect(branchFreshness.meta.messages[code]?.fix).not.toBe("");
  });

  it("names the foreign commits by their titles", () => {
    const theirs = commit({ sha: "d".repeat(40), message: "New feature\n\nlong text" });
    const fix = commit({ sha: "e".repeat(40) });
    const merge = commit({ parents: [fix.sha, theirs.sha] });
    expect(
      findingOf("branch-freshness", snapshot({ commits: known([theirs, fix, merge]) })).data.commits,
    ).toEqual(["ddddddd New feature"]);
  });

  it("names the files that the base has changed, and how to update", () => {
    const finding = find({ base: "it's", behind: { by: 3, paths: ["README.md", path] } });
    expect(finding.data.paths).toEqual([path]);
    expect(finding.steps).toEqual([{ kind: "merge-base" }]);
  });

  it.each([
    ["the commits", { commits: unknown("commits: 502") }, "commits: 502"],
    ["how far it is behind", { comparison: unknown("compare: 502") }, "compare: 502"],
    [
      "the files, where it is behind",
      { files: unknown("files: 502"), comparison: behind("a") },
      "files: 502",
    ],
  ])("is unknown without %s", (_, facts, reason) => {
    expect(findingOf("branch-freshness", snapshot(facts))).toMatchObject({
      state: "unknown",
      data: { reason },
    });
  });

  it("needs no files where it is not behind", () => {
    expect(findingOf("branch-freshness", snapshot({ files: unknown("files: 502") })).code).toBe("ok");
  });

  it("ends on commits that are their own ancestors, and in linear time", () => {
    const loop = [commit({ sha: "x", parents: [HEAD] }), commit({ sha: HEAD, parents: ["x"] })];
    expect(findingOf("branch-freshness", snapshot({ commits: known(loop) })).code).toBe("ok");
    const many = Array.from({ length: 3000 }, (_, i) => file(`f${i}`));
    const started = performance.now();
    findingOf(
      "branch-freshness",
      snapshot({ files: known(many), comparison: behind(...many.map((f) => f.path)) }),
    );
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
