import { describe, expect, test } from "vitest";
import { boundary } from "../../../src/policy/landing/boundary.ts";
import { type Replay, replayDiffers } from "../../../src/policy/landing/replay.ts";
import { file } from "../../support/snapshot.ts";

const change = (path: string, ...lines: string[]) =>
  file(path, { patch: ["@@ -1,9 +1,9 @@", " context", ...lines].join("\n") });
const blob = (path: string, sha: string) => file(path, { patch: null, sha });
const FIX = change("a", "-broken", "+fixed");

describe("replaying the commits lands the same as merging them", () => {
  test.each<[string, Partial<Replay>, readonly string[]]>([
    ["one commit", { commits: [[FIX]] }, []],
    [
      "two commits of different lines",
      { whole: [change("a", "+1", "+2")], commits: [[change("a", "+1")], [change("a", "+2")]] },
      [],
    ],
    [
      "a line corrected later, the base elsewhere",
      {
        whole: [change("a", "+2")],
        commits: [[change("a", "+1")], [change("a", "-1", "+2")]],
        base: [change("b", "+1")],
      },
      [],
    ],
    [
      "a line corrected later, the base in other lines",
      {
        whole: [change("a", "+2")],
        commits: [[change("a", "+1")], [change("a", "-1", "+2")]],
        base: [change("a", "+x", "-y")],
      },
      [],
    ],
    [
      "a commit and its revert, the base doing the same",
      { commits: [[change("b", "+safe")], [change("b", "-safe")], [FIX]], base: [change("b", "+safe")] },
      ["b"],
    ],
    [
      "a commit and its revert, the base taking the same out",
      {
        commits: [[change("b", "-safe")], [change("b", "+safe")], [FIX]],
        base: [change("b", "-safe", "+safer")],
      },
      ["b"],
    ],
    [
      "a commit and its revert, of a file that the base renamed",
      {
        commits: [[change("b", "+safe")], [change("b", "-safe")], [FIX]],
        base: [{ ...change("c", "+safe"), previousPath: "b", status: "renamed" }],
      },
      ["b"],
    ],
    [
      "a commit and its revert, the base's change too large to show",
      { commits: [[change("b", "+safe")], [change("b", "-safe")], [FIX]], base: [blob("b", "1")] },
      ["b"],
    ],
    [
      "a commit and its revert, the base not known",
      { commits: [[change("b", "+safe")], [change("b", "-safe")], [FIX]], base: null },
      ["b"],
    ],
    [
      "a blank line put in and out again",
      { commits: [[change("b", "+")], [change("b", "-")], [FIX]], base: [change("b", "+")] },
      [],
    ],
    [
      "a binary changed twice, and by the base",
      { whole: [blob("b", "2")], commits: [[blob("b", "1")], [blob("b", "2")]], base: [blob("b", "3")] },
      ["b"],
    ],
    [
      "a binary changed twice",
      { whole: [blob("b", "2")], commits: [[blob("b", "1")], [blob("b", "2")]] },
      [],
    ],
    ["a clean merge of the base", { merges: true, commits: [[FIX]] }, []],
    [
      "a clean merge, and a line corrected later",
      { merges: true, whole: [change("a", "+2")], commits: [[change("a", "+1")], [change("a", "-1", "+2")]] },
      [],
    ],
    [
      "a merge that changes more",
      { merges: true, whole: [FIX, change("b", "-check()")], commits: [[FIX]] },
      ["b"],
    ],
    [
      "a merge that takes a commit's change out",
      { merges: true, whole: [FIX], commits: [[FIX], [change("b", "+guard")]] },
      ["b"],
    ],
    [
      "a merge that moves lines",
      { merges: true, whole: [FIX, change("b", "-x", "+x")], commits: [[FIX]] },
      ["b"],
    ],
    ["nothing but a merge", { merges: true, commits: [] }, ["a"]],
    [
      "a binary that only a merge changes",
      { merges: true, whole: [FIX, blob("b", "1")], commits: [[FIX]] },
      ["b"],
    ],
    [
      "a binary, merged cleanly",
      { merges: true, whole: [FIX, blob("b", "1")], commits: [[FIX, blob("b", "1")]] },
      [],
    ],
    [
      "a rename with a later change",
      {
        merges: true,
        whole: [{ ...change("b", "-1", "+2"), previousPath: "a", status: "renamed" }],
        commits: [[{ ...blob("b", "1"), previousPath: "a", status: "renamed" }], [change("b", "-1", "+2")]],
      },
      ["b"],
    ],
  ])("%s", (_, more, paths) => {
    expect(replayDiffers({ whole: [FIX], commits: [], merges: false, base: [], ...more })).toEqual(paths);
  });
});

describe("where a branch leaves the shared history", () => {
  const node = (sha: string, ...parents: string[]) => ({ sha, parents });
  test.each<[string, ReturnType<typeof node>[], string[]]>([
    ["a line", [node("1", "fork"), node("2", "1")], ["fork"]],
    ["a merge of the base", [node("1", "fork"), node("m", "1", "main")], ["fork", "main"]],
    ["a branch inside", [node("1", "fork"), node("2", "fork"), node("m", "1", "2")], ["fork"]],
    ["an octopus", [node("o", "x", "y", "z")], ["x", "y", "z"]],
    ["another root", [node("root"), node("1", "fork"), node("m", "1", "root")], ["fork"]],
    ["nothing", [], []],
  ])("%s", (_, commits, forks) => {
    expect([...boundary(commits)]).toEqual(forks);
  });
});
