import { describe, expect, test } from "vitest";
import {
  type Change,
  patchesOf,
  sameAsSeveral,
  samePatches,
  workOf,
} from "../../../src/policy/landing/same-work.ts";
import type { ChangedFile } from "../../../src/policy/snapshot/change.ts";

const file = (more: Partial<ChangedFile> = {}): ChangedFile => ({
  path: "src/a",
  previousPath: null,
  status: "modified",
  additions: 1,
  deletions: 1,
  patch: "@@ -9,3 +9,3 @@ def pay\n context\n-broken\n+fixed\n after",
  sha: "1",
  ...more,
});

test.each<[string, Partial<ChangedFile>, boolean]>([
  ["elsewhere in the file", { patch: "@@ -1,3 +1,3 @@\n context\n-broken\n+fixed", sha: "2" }, true],
  [
    "with other lines farther off",
    { patch: "@@ -8,4 +8,4 @@\n other\n context\n-broken\n+fixed", sha: "2" },
    true,
  ],
  ["the same lines at another place", { patch: "@@ -1,2 +1,2 @@\n other\n-broken\n+fixed" }, false],
  ["another line after it", { patch: "@@ -9,3 +9,3 @@\n context\n-broken\n+fixed\n other" }, false],
  [
    "without the newline at the end",
    { patch: "@@ -9,3 +9,3 @@\n context\n-broken\n+fixed\n\\ No newline at end of file" },
    false,
  ],
  ["a patch that is not all of it", { additions: 2, sha: "2" }, false],
  ["a patch that has not all that is taken out", { deletions: 2, sha: "2" }, false],
  ["at the beginning of the file", { patch: "@@ -1,3 +1,3 @@\n-broken\n+fixed\n after", sha: "2" }, true],
  [
    "where the line beside has a minus in it, and none is there",
    { patch: "@@ -1,3 +1,3 @@\n-broken\n+fixed\n after - all", sha: "2" },
    false,
  ],
  [
    "where the line after it has no newline",
    {
      patch: "@@ -9,3 +9,3 @@\n context\n-broken\n+fixed\n after\n\\ No newline at end of file",
      sha: "2",
    },
    true,
  ],
  [
    "and more farther down",
    {
      patch: "@@ -9,3 +9,3 @@\n context\n-broken\n+fixed\n after\n@@ -30,3 +30,3 @@\n x\n-y\n+z\n w",
      additions: 2,
      deletions: 2,
      sha: "2",
    },
    false,
  ],
  ["binary, by a name as long as the patch", { patch: null, sha: "1234" }, false],
  ["another line", { patch: "@@ -9 +9 @@\n-broken\n+other" }, false],
  ["another path", { path: "src/b" }, false],
  ["another kind of change", { status: "added" }, false],
  ["binary, of another content", { patch: null, sha: "2" }, false],
])("%s", (_, more, same) => {
  expect(samePatches(patchesOf([file(more)]), patchesOf([file()]))).toBe(same);
  expect(samePatches(patchesOf([file()]), patchesOf([file(more)]))).toBe(same);
});

const RENAMED = { status: "renamed", previousPath: "src/x" } as const;
const COPIED = { status: "copied", previousPath: "src/x" } as const;
const patch = (text: string, additions = 1, deletions = 0) => ({ patch: text, additions, deletions });

test.each<[string, Partial<ChangedFile>, Partial<ChangedFile>, boolean]>([
  ["a rename of the same file", RENAMED, { ...RENAMED, sha: "2" }, true],
  ["a rename of another file", RENAMED, { ...RENAMED, previousPath: "src/y" }, false],
  ["a copy of another file", COPIED, { ...COPIED, previousPath: "src/y" }, true],
  [
    "a line beside which there is one with a minus, and at the beginning of the file",
    patch("@@ -5,2 +5,3 @@\n pay - fee\n+guard()\n after"),
    patch("@@ -1,1 +1,2 @@\n+guard()\n after"),
    true,
  ],
  [
    "one line that is added at another place",
    patch("@@ -9,2 +9,3 @@\n context\n+guard()\n after"),
    patch("@@ -5,2 +5,3 @@\n other\n+guard()\n after"),
    false,
  ],
  [
    "more lines where the other one shows nothing",
    patch("@@ -1 +0,0 @@\n-x\n@@ -5,0 +4 @@\n+y", 1, 1),
    patch("@@ -1,2 +1,2 @@\n-x\n-k\n+m\n+y", 2, 2),
    false,
  ],
])("by the patch: %s", (_, a, b, same) => {
  expect(samePatches(patchesOf([file(a)]), patchesOf([file(b)]))).toBe(same);
  expect(samePatches(patchesOf([file(b)]), patchesOf([file(a)]))).toBe(same);
});

test("the order of files says nothing, their number does", () => {
  const [a, b] = [file(), file({ path: "src/b", patch: null })];
  expect(samePatches(patchesOf([a, b]), patchesOf([b, a]))).toBe(true);
  expect(samePatches(patchesOf([a, b]), patchesOf([a]))).toBe(false);
  expect(samePatches(patchesOf([a]), patchesOf([a, b]))).toBe(false);
});

describe("work, whatever lies around it", () => {
  test.each<[string, Partial<ChangedFile>, Partial<ChangedFile>, boolean]>([
    ["a rename of the same file", RENAMED, { ...RENAMED, sha: "2" }, true],
    ["a rename of another file", RENAMED, { ...RENAMED, previousPath: "src/y" }, false],
    ["a copy of another file", COPIED, { ...COPIED, previousPath: "src/y" }, true],
  ])("%s", (_, a, b, same) => expect(workOf([file(a)]) === workOf([file(b)])).toBe(same));

  test.each<[string, Partial<ChangedFile>, boolean]>([
    ["elsewhere in another file", { patch: "@@ -1,2 +1,2 @@\n other\n-broken\n+fixed", sha: "2" }, true],
    ["another line", { patch: "@@ -9 +9 @@\n-broken\n+other" }, false],
    ["another line taken out", { patch: "@@ -9 +9 @@\n-other\n+fixed" }, false],
    ["another path", { path: "src/b" }, false],
    ["another kind of change", { status: "added" }, false],
    ["binary, of another content", { patch: null, sha: "2" }, false],
  ])("%s", (_, more, same) => {
    expect(workOf([file(more)]) === workOf([file()])).toBe(same);
  });

  test("the order of files says nothing, their number does", () => {
    const [a, b] = [file(), file({ path: "src/b", patch: null })];
    expect(workOf([a, b])).toBe(workOf([b, a]));
    expect(workOf([a, b])).not.toBe(workOf([a]));
  });
});

describe("a back-merge does what several hotfixes did", () => {
  /** What is at each path before and after, as mode and content; `null`: nothing. */
  type Paths = Readonly<Record<string, readonly [before: string | null, after: string | null]>>;
  const change = (paths: Paths, patches: readonly ChangedFile[] = binary(paths)): Change => {
    const states = (which: 0 | 1) =>
      new Map(
        Object.entries(paths).flatMap(([path, states]): [string, string][] => {
          const state = states[which];
          return state === null ? [] : [[path, state]];
        }),
      );
    return {
      patches: patchesOf(patches),
      effect: { paths: new Set(Object.keys(paths)), before: states(0), after: states(1) },
    };
  };
  function binary(paths: Paths): readonly ChangedFile[] {
    return Object.entries(paths).map(([path, [before, after]]) => {
      const status = before === null ? "added" : after === null ? "removed" : "modified";
      return file({ path, status, patch: null, sha: after ?? "" });
    });
  }
  const A: Paths = { a: ["100644 a0", "100644 a1"] };
  const AGAIN: Paths = { a: ["100644 a1", "100644 a2"] };
  const B: Paths = { b: ["100644 b0", "100644 b1"] };
  const NEW: Paths = { c: [null, "100644 c1"] };
  const GONE: Paths = { d: ["100644 d0", null] };

  test.each<[string, Paths, readonly Paths[], boolean]>([
    ["two, in files of their own", { ...A, ...B }, [A, B], true],
    ["in the other order", { ...A, ...B }, [B, A], true],
    ["three", { ...A, ...B, ...NEW }, [A, B, NEW], true],
    ["a file that is deleted", { ...A, ...GONE }, [A, GONE], true],
    [
      "the same file twice: as the last left it",
      { a: ["100644 a0", "100644 a2"], ...B },
      [A, AGAIN, B],
      true,
    ],
    [
      "the same file twice, one of them reverted since: as the first left it",
      { ...A, ...B },
      [A, AGAIN, B],
      true,
    ],
    ["from another state, to the same", { a: ["100644 own", "100644 a1"], ...B }, [A, B], true],
    ["one alone is no several", A, [A], false],
    ["one left out", A, [A, B], false],
    ["one file more", { ...A, ...B, ...NEW }, [A, B], false],
    ["another content", { a: ["100644 a0", "100644 x"], ...B }, [A, B], false],
    ["another mode", { a: ["100644 a0", "100755 a1"], ...B }, [A, B], false],
    ["a file kept that one deleted", { ...A, d: ["100644 d0", "100644 d1"] }, [A, GONE], false],
    ["a file deleted that one changed", { a: ["100644 a0", null], ...B }, [A, B], false],
    ["nothing at all", {}, [A, B], false],
  ])("%s", (_, own, several, same) => {
    expect(
      sameAsSeveral(
        change(own),
        several.map((one) => change(one)),
        null,
      ),
    ).toBe(same);
  });

  const patched = (path: string, sha: string, patch: string): ChangedFile => file({ path, sha, patch });
  const PATCH = "@@ -9,3 +9,3 @@\n context\n-broken\n+fixed\n after";
  const AT_HEAD = "@@ -90,3 +90,3 @@\n context\n-broken\n+fixed\n after";

  test.each<[string, string, boolean]>([
    ["by its patch, elsewhere in the file", AT_HEAD, true],
    ["by another patch", "@@ -90,3 +90,3 @@\n context\n-broken\n+other\n after", false],
  ])("%s", (_, patch, same) => {
    const own = change({ a: ["100644 own0", "100644 own1"], ...B }, [
      patched("a", "o", patch),
      patched("b", "b", PATCH),
    ]);
    const one = change(A, [patched("a", "1", PATCH)]);
    expect(sameAsSeveral(own, [one, change(B)], null)).toBe(same);
    // Of a file that another one changed as well, what one of them did is a part.
    expect(sameAsSeveral(own, [one, change(AGAIN), change(B)], null)).toBe(false);
  });

  test("where two touched a file that develop has otherwise, all that they did together decides", () => {
    const both = "@@ -1,3 +1,3 @@\n context\n-one\n+two\n after";
    const own = change({ a: ["100644 own0", "100644 own1"], ...B }, [
      patched("a", "o", both),
      patched("b", "b", PATCH),
    ]);
    const several = [
      change(A, [patched("a", "1", PATCH)]),
      change(AGAIN, [patched("a", "2", AT_HEAD)]),
      change(B),
    ];
    const together = (patch: string) =>
      change({ a: ["100644 a0", "100644 a2"], ...B }, [patched("a", "t", patch), patched("b", "b", PATCH)]);
    expect(sameAsSeveral(own, several, null)).toBe(false);
    expect(sameAsSeveral(own, several, together(both))).toBe(true);
    expect(sameAsSeveral(own, several, together(PATCH))).toBe(false);
  });
});
