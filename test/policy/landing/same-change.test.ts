import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import { landingFinding } from "../../../src/policy/landing/landing-finding.ts";
import { samePaths } from "../../../src/policy/landing/rollback.ts";
import { type Change, patchesOf, sameChange } from "../../../src/policy/landing/same-work.ts";
import type { Landing } from "../../../src/policy/snapshot/change.ts";
import { commit, file, HEAD, snapshot } from "../../support/snapshot.ts";

const PATCH = "@@ -9,3 +9,3 @@\n context\n-broken\n+fixed\n after";

/** A change of files: their state before and after (mode and blob; not set: not there), all by this patch. */
function change(
  states: Readonly<Record<string, readonly [string | undefined, string | undefined]>>,
  patch = PATCH,
): Change {
  const entries = Object.entries(states);
  const side = (i: 0 | 1) =>
    new Map(entries.flatMap(([path, both]) => (both[i] === undefined ? [] : [[path, both[i]]])));
  return {
    patches: patchesOf(entries.map(([path]) => file(path, { patch, additions: 1, deletions: 1 }))),
    effect: { paths: new Set(Object.keys(states)), before: side(0), after: side(1) },
  };
}

describe("two changes do the same", () => {
  const one = change({ a: ["100644 1", "100644 2"] });
  it.each<[string, Change, Change, boolean]>([
    ["the same files after them", one, change({ a: ["100644 9", "100644 2"] }, "@@ -1 +1 @@\n-x\n+y"), true],
    ["the same patch on other files", one, change({ a: ["100644 8", "100644 9"] }), true],
    ["another patch", one, change({ a: ["100644 8", "100644 9"] }, "@@ -1 +1 @@\n-x\n+y"), false],
    ["the same patch, and another mode", one, change({ a: ["100644 8", "100755 9"] }), false],
    ["the same patch of what had another mode", one, change({ a: ["100755 8", "100644 9"] }), false],
    ["the same patch, and the file is gone", one, change({ a: ["100644 8", undefined] }), false],
    ["other paths", one, change({ b: ["100644 1", "100644 2"] }), false],
    ["more paths", one, change({ a: ["100644 1", "100644 2"], b: ["100644 1", "100644 2"] }), false],
    [
      "one of two files with another mode",
      change({ a: ["100644 1", "100644 2"], b: ["100644 3", "100644 4"] }),
      change({ a: ["100644 5", "100644 6"], b: ["100644 7", "100755 8"] }),
      false,
    ],
    [
      "one of two files the same after it, the other not",
      change({ a: ["100644 1", "100644 2"], b: ["100644 3", "100644 4"] }),
      change({ a: ["100644 1", "100644 2"], b: ["100644 3", "100644 5"] }, "@@ -1 +1 @@\n-x\n+y"),
      false,
    ],
    ["nothing", change({}), change({}), false],
  ])("%s", (_, a, b, same) => {
    expect(sameChange(a, b)).toBe(same);
    expect(sameChange(b, a)).toBe(same);
  });

  it("paths are the same where none is only in one", () => {
    const set = (...paths: readonly string[]) => new Set(paths);
    expect(samePaths(set("a", "b"), set("b", "a"))).toBe(true);
    expect(samePaths(set("a", "b"), set("a", "c"))).toBe(false);
    expect(samePaths(set("a"), set("a", "b"))).toBe(false);
  });
});

describe("what to do where it is not shown what would land", () => {
  const c = (sha: string, message = "x", parents = ["p"]) => commit({ sha, message, parents });
  const paths = Array.from({ length: 12 }, (_, i) => `f${i}`);
  const found = (landing: Landing, commits = [c("1"), c("2", "HOTFIX: x", ["1"]), c(HEAD, "y", ["2"])]) =>
    landingFinding(snapshot({ landing: known(landing), commits: known(commits) }));
  const squash = (message: string) => [{ kind: "squash-branch", head: HEAD, message }];

  it.each<[string, Landing, object, object | undefined]>([
    ["too many commits", { shown: false, why: "replay-differs", paths: [] }, { base: "main" }, squash(HEAD)],
    [
      "another replay",
      { shown: false, why: "replay-differs", paths },
      { base: "main", paths: paths.slice(0, 10) },
      squash(HEAD),
    ],
    [
      "another queue",
      { shown: false, why: "queue-differs", paths },
      { base: "main", paths: paths.slice(0, 10) },
      [],
    ],
    [
      "what takes others' work back",
      { shown: false, why: "takes-back", pulls: [7, 8], shas: [HEAD] },
      { base: "main", pulls: ["#7", "#8"] },
      squash("1"),
    ],
  ])("%s", (_, landing, data, steps) => {
    const finding = found(landing);
    expect(finding?.data).toEqual(data);
    expect(finding?.steps).toEqual(steps);
  });

  it("hidden changes name ten paths, a crossed history none", () => {
    expect(found({ shown: false, why: "hidden-changes", paths })?.data).toEqual({
      base: "main",
      paths: paths.slice(0, 10),
    });
    expect(found({ shown: false, why: "crossed-history" })?.data).toEqual({ base: "main" });
  });

  it.each<[string, readonly ReturnType<typeof c>[], string]>([
    ["the first", [c("1", "HOTFIX: x"), c("2", "y", ["1"]), c(HEAD, "z", ["2"])], "1"],
    [
      "the first that is no revert",
      [c("1", "Revert “y”"), c("2", "HOTFIX: x", ["1"]), c(HEAD, "z", ["2"])],
      "2",
    ],
    [
      "the newest of reverts alone",
      [c("1", "Revert a"), c("2", "revert: b", ["1"]), c("3", "Revert c", ["2"]), c(HEAD, "z", ["3"])],
      "3",
    ],
    [
      "one that speaks of a revert",
      [c("1", "HOTFIX: Do not revert twice"), c("2", "x", ["1"]), c(HEAD, "z", ["2"])],
      "1",
    ],
    [
      "one whose first word only begins so",
      [c("1", "Reverting it"), c("2", "x", ["1"]), c(HEAD, "z", ["2"])],
      "1",
    ],
    ["the head, where nothing else is left", [c(HEAD, "z")], HEAD],
  ])("the message of what takes back is that of %s", (_, commits, message) => {
    const finding = found({ shown: false, why: "takes-back", pulls: [7], shas: [HEAD] }, [...commits]);
    expect(finding?.steps).toEqual(squash(message));
  });

  it("merges give a squash no message", () => {
    const commits = [c("1", "HOTFIX: x"), c(HEAD, "Merge", ["1", "q"])];
    const finding = found({ shown: false, why: "replay-differs", paths: [] }, commits);
    expect(finding?.steps).toEqual(squash("1"));
    const unread = snapshot({
      landing: known({ shown: false, why: "replay-differs", paths: [] }),
      commits: unknown("502"),
    });
    expect(landingFinding(unread)?.steps).toEqual(squash(HEAD));
  });
});
