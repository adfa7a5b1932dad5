import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  differingPaths,
  type FileTree,
  type MergedHotfix,
  proveRollback,
  touchedPaths,
} from "../../../src/policy/landing/rollback.ts";
import { at, file } from "../../support/snapshot.ts";

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

function merged(before: FileTree, after: FileTree, more: Partial<MergedHotfix> = {}): MergedHotfix {
  return {
    number: 42,
    title: "HOTFIX: x",
    mergeSha: "d".repeat(40),
    mergedAt: at("10:00:00"),
    paths: differingPaths(before, after),
    before,
    after,
    ...more,
  };
}

const BEFORE = tree({ fixed: "1", deleted: "1", "old-name": "r", other: "1" });
/** The hotfix: a change, a deletion, an addition, a rename. */
const AFTER = change(BEFORE, { fixed: "2", deleted: null, added: "1", "old-name": null, "new-name": "r" });
const HOTFIX = merged(BEFORE, AFTER);
const PROOF = { number: 42, title: "HOTFIX: x", mergeSha: "d".repeat(40) };

test("exactly the hotfix's files, each as it was before, is a rollback", () => {
  expect(proveRollback([HOTFIX], { head: BEFORE, base: AFTER, mergeBase: AFTER })).toEqual(PROOF);
});

test("what others have merged since into other files does not matter", () => {
  const later = change(AFTER, { elsewhere: "1" });
  expect(proveRollback([HOTFIX], { head: BEFORE, base: later, mergeBase: AFTER })).toEqual(PROOF);
  const head = change(later, { fixed: "1", deleted: "1", added: null, "old-name": "r", "new-name": null });
  expect(proveRollback([HOTFIX], { head, base: later, mergeBase: later })).toEqual(PROOF);
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
    expect(proveRollback([HOTFIX], { head, base, mergeBase })).toBeNull();
  });

  test("taking back a hotfix that took one back brings the fault in again", () => {
    const revert = merged(AFTER, BEFORE, { number: 43, mergedAt: at("11:00:00") });
    const change = { head: AFTER, base: BEFORE, mergeBase: BEFORE };
    expect(proveRollback([revert, HOTFIX], change)).toBeNull();
    // Alone it is a hotfix like any other: that it took one back is only seen beside that one.
    expect(proveRollback([revert], change)).toMatchObject({ number: 43 });
  });

  test("no hotfix", () => {
    expect(proveRollback([], { head: BEFORE, base: AFTER, mergeBase: AFTER })).toBeNull();
  });
});

test("for any hotfix its inverse is a rollback, and the inverse with any other change is none", () => {
  const state = fc.option(fc.constantFrom("1", "2", "3"), { nil: null });
  const files = fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__", "constructor"), state);
  fc.assert(
    fc.property(files, files, files, (start, edit, extra) => {
      const before = tree(start);
      const after = change(before, edit);
      fc.pre(differingPaths(before, after).size > 0);
      const hotfix = merged(before, after);
      expect(proveRollback([hotfix], { head: before, base: after, mergeBase: after })).toEqual(PROOF);
      const head = change(before, extra);
      fc.pre(differingPaths(before, head).size > 0);
      expect(proveRollback([hotfix], { head, base: after, mergeBase: after })).toBeNull();
    }),
  );
});

test("a rename touches both names, a copy the new one", () => {
  const renamed = file("new", { status: "renamed", previousPath: "old" });
  const copied = file("copy", { status: "copied", previousPath: "source" });
  expect([...touchedPaths([renamed, copied])]).toEqual(["new", "old", "copy"]);
});
