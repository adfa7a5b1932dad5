import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { effectOf, type FileTree, takesBack, touchedPaths } from "../../../src/policy/landing/rollback.ts";
import { file } from "../../support/snapshot.ts";

type Files = Readonly<Record<string, string | null>>;

const tree = (files: Files): FileTree =>
  new Map(
    Object.entries(files).flatMap(([path, state]) => (state === null ? [] : [[path, `100644 ${state}`]])),
  );
const change = (from: FileTree, files: Files): FileTree => {
  const next = new Map(from);
  for (const [path, state] of Object.entries(files)) {
    if (state === null) next.delete(path);
    else next.set(path, `100644 ${state}`);
  }
  return next;
};

const BEFORE = tree({ fixed: "1", deleted: "1", "old-name": "r", other: "1" });
/** The hotfix: a change, a deletion, an addition, a rename. */
const AFTER = change(BEFORE, { fixed: "2", deleted: null, added: "1", "old-name": null, "new-name": "r" });
const HOTFIX = effectOf(BEFORE, AFTER);

test("exactly the hotfix's files, each as it was before, is a rollback", () => {
  expect(takesBack(HOTFIX, { head: BEFORE, base: AFTER, mergeBase: AFTER })).toBe(true);
});

test("what others have merged since into other files does not matter", () => {
  const later = change(AFTER, { elsewhere: "1" });
  expect(takesBack(HOTFIX, { head: BEFORE, base: later, mergeBase: AFTER })).toBe(true);
  const head = change(later, { fixed: "1", deleted: "1", added: null, "old-name": "r", "new-name": null });
  expect(takesBack(HOTFIX, { head, base: later, mergeBase: later })).toBe(true);
});

describe("anything else is none", () => {
  const modeChanged = new Map(BEFORE).set("fixed", "100755 1");
  test.each<[string, FileTree, FileTree, FileTree]>([
    ["one file more", change(BEFORE, { other: "2" }), AFTER, AFTER],
    ["one file fewer", change(BEFORE, { "new-name": "r", "old-name": null }), AFTER, AFTER],
    ["an added file is left", change(BEFORE, { added: "1" }), AFTER, AFTER],
    ["an added file is emptied rather than removed", change(BEFORE, { added: "0" }), AFTER, AFTER],
    ["a file is older than before the hotfix", change(BEFORE, { fixed: "0" }), AFTER, AFTER],
    ["a file's mode is not what it was", modeChanged, AFTER, AFTER],
    ["nothing is changed", AFTER, AFTER, AFTER],
    ["the base no longer has it: taken back already", BEFORE, BEFORE, AFTER],
    ["the base has changed one of the files since", BEFORE, change(AFTER, { fixed: "3" }), AFTER],
    ["the branch was made before the hotfix", BEFORE, AFTER, BEFORE],
    ["the revert of a revert", AFTER, BEFORE, BEFORE],
  ])("%s", (_what, head, base, mergeBase) => {
    expect(takesBack(HOTFIX, { head, base, mergeBase })).toBe(false);
  });
});

test("for any hotfix its inverse is a rollback, and the inverse with any other change is none", () => {
  const state = fc.option(fc.constantFrom("1", "2", "3"), { nil: null });
  const files = fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__", "constructor"), state);
  fc.assert(
    fc.property(files, files, files, (start, edit, extra) => {
      const before = tree(start);
      const after = change(before, edit);
      const hotfix = effectOf(before, after);
      fc.pre(hotfix.paths.size > 0);
      expect(takesBack(hotfix, { head: before, base: after, mergeBase: after })).toBe(true);
      const head = change(before, extra);
      fc.pre(effectOf(before, head).paths.size > 0);
      expect(takesBack(hotfix, { head, base: after, mergeBase: after })).toBe(false);
    }),
  );
});

test("a rename touches both names, a copy the new one", () => {
  const renamed = file("new", { status: "renamed", previousPath: "old" });
  const copied = file("copy", { status: "copied", previousPath: "source" });
  expect([...touchedPaths([renamed, copied])]).toEqual(["new", "old", "copy"]);
});

test("a hotfix that changed nothing is never taken back", () => {
  const nothing = effectOf(BEFORE, BEFORE);
  expect(takesBack(nothing, { head: BEFORE, base: BEFORE, mergeBase: BEFORE })).toBe(false);
});

test("an effect knows of nothing but its own paths", () => {
  const { paths, before, after } = effectOf(BEFORE, AFTER);
  expect([...paths].sort()).toEqual(["added", "deleted", "fixed", "new-name", "old-name"]);
  expect([...before.keys()].sort()).toEqual(["deleted", "fixed", "old-name"]);
  expect([...after.keys()].sort()).toEqual(["added", "fixed", "new-name"]);
});
