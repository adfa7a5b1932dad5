import { describe, expect, test } from "vitest";
import { boundary } from "../../../src/policy/landing/boundary.ts";
import { type Replay, replayDiffers } from "../../../src/policy/landing/replay.ts";
import { file } from "../../support/snapshot.ts";

const change = (path: string, ...lines: string[]) =>
  file(path, { patch: ["@@ -1,9 +1,9 @@", " context", ...lines].join("\n") });
const blob = (path: string, sha: string) => file(path, { patch: null, sha });
const moved = (previousPath: string, to: ReturnType<typeof file>) => {
  return { ...to, previousPath, status: "renamed" as const };
};
/** As GitHub shows a file that is moved and nothing else. */
const unchanged = (path: string) => file(path, { patch: null, sha: "1", additions: 0, deletions: 0 });
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
      "a commit, a rename and the revert, the base doing the same under the old name",
      {
        whole: [FIX, moved("b", unchanged("c"))],
        commits: [[change("b", "+safe")], [moved("b", unchanged("c"))], [change("c", "-safe")], [FIX]],
        base: [change("b", "+safe")],
      },
      ["c"],
    ],
    [
      "a commit, two renames and the revert, the base doing the same under the old name",
      {
        whole: [FIX, moved("b", change("d"))],
        commits: [
          [change("b", "+safe")],
          [moved("b", change("c"))],
          [moved("c", change("d")), FIX],
          [change("d", "-safe")],
        ],
        base: [change("b", "+safe")],
      },
      ["d"],
    ],
    [
      "a commit, a rename to where there was a file, and the revert",
      {
        whole: [FIX, moved("b", change("c"))],
        commits: [
          [change("b", "+safe")],
          [change("c", "+x")],
          [change("c", "-x")],
          [moved("b", change("c"))],
          [change("c", "-safe"), FIX],
        ],
        base: [change("b", "+safe")],
      },
      ["c"],
    ],
    [
      "a commit, a rename and the revert, the base elsewhere",
      {
        whole: [FIX, moved("b", change("c"))],
        commits: [[change("b", "+safe")], [moved("b", change("c"))], [change("c", "-safe")], [FIX]],
        base: [change("b", "+other"), change("d", "+safe")],
      },
      [],
    ],
    [
      "a file renamed and then corrected, the base elsewhere in it",
      {
        whole: [FIX, moved("b", change("c", "+2"))],
        commits: [[moved("b", unchanged("c"))], [change("c", "+1"), FIX], [change("c", "-1", "+2")]],
        base: [change("b", "+x")],
      },
      [],
    ],
    [
      "a file renamed twice, where a binary may have been in between, and the base in it",
      {
        whole: [FIX, moved("b", change("d", "+1"))],
        commits: [[moved("b", unchanged("c"))], [moved("c", unchanged("d"))], [change("d", "+1"), FIX]],
        base: [change("b", "+x")],
      },
      ["d"],
    ],
    [
      "a binary renamed, perhaps with a change, and changed once more, and by the base",
      {
        whole: [FIX, moved("b", blob("c", "2"))],
        commits: [[moved("b", unchanged("c"))], [blob("c", "2")], [FIX]],
        base: [blob("b", "3")],
      },
      ["c"],
    ],
    [
      "a copy of a file, of which the base did what is undone in the first one",
      {
        whole: [FIX, change("c", "+x")],
        commits: [
          [change("b", "+safe")],
          [{ ...change("c", "+x"), previousPath: "b", status: "copied" }],
          [change("b", "-safe"), FIX],
        ],
        base: [change("b", "+safe")],
      },
      ["b"],
    ],
    [
      "a line put in twice and taken out once, the base doing the same",
      {
        whole: [FIX, change("b", "+safe")],
        commits: [[change("b", "+safe", "+safe")], [change("b", "-safe")], [FIX]],
        base: [change("b", "+safe")],
      },
      ["b"],
    ],
    [
      "two lines put in and out again, the base doing one of them",
      { commits: [[change("b", "+1", "+2")], [change("b", "-1", "-2")], [FIX]], base: [change("b", "+1")] },
      ["b"],
    ],
    [
      "a line moved, the base taking it out",
      {
        whole: [FIX, change("b", "-x", "+x")],
        commits: [[change("b", "-x", "+x")], [FIX]],
        base: [change("b", "-x")],
      },
      [],
    ],
    [
      "a line of blanks put in and out again",
      { commits: [[change("b", "+   ")], [change("b", "-   ")], [FIX]], base: [change("b", "+   ")] },
      [],
    ],
    [
      "a binary changed once, and by the base",
      { whole: [FIX, blob("b", "1")], commits: [[blob("b", "1")], [FIX]], base: [blob("b", "3")] },
      [],
    ],
    [
      "a binary that becomes a text, and the base's change to it",
      {
        whole: [FIX, blob("b", "1")],
        commits: [[blob("b", "1")], [change("b", "-x", "+y")], [FIX]],
        base: [blob("b", "3")],
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
    [
      "a merge that changes more of the same file",
      { merges: true, whole: [change("a", "-broken", "+fixed", "-check()")], commits: [[FIX]] },
      ["a"],
    ],
    [
      "a merge that takes the second version of a binary back",
      {
        merges: true,
        whole: [FIX, blob("b", "1")],
        commits: [[FIX, blob("b", "1")], [blob("b", "2")]],
      },
      ["b"],
    ],
    [
      "a rename, a later change and a clean merge",
      {
        merges: true,
        whole: [FIX, moved("b", change("c", "-1", "+2"))],
        commits: [[moved("b", unchanged("c"))], [change("c", "-1", "+2")], [FIX]],
      },
      [],
    ],
    [
      "a rename, a line put in and out again, and a clean merge",
      {
        merges: true,
        whole: [FIX, moved("b", unchanged("c"))],
        commits: [[change("b", "+1")], [moved("b", unchanged("c"))], [change("c", "-1")], [FIX]],
      },
      [],
    ],
    [
      "a rename of a binary, and a merge that changes it",
      {
        merges: true,
        whole: [FIX, moved("b", blob("c", "2"))],
        commits: [[moved("b", unchanged("c"))], [FIX]],
      },
      ["c"],
    ],
    [
      "a file of which nothing at all is shown, and a merge",
      {
        merges: true,
        whole: [FIX, file("b", { patch: null, sha: null })],
        commits: [[FIX, file("b", { patch: null, sha: null })]],
      },
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
