import { describe, expect, test } from "vitest";
import { patchesOf, samePatches, workOf } from "../../../src/policy/landing/same-work.ts";
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
  ["another line", { patch: "@@ -9 +9 @@\n-broken\n+other" }, false],
  ["another path", { path: "src/b" }, false],
  ["another kind of change", { status: "added" }, false],
  ["binary, of another content", { patch: null, sha: "2" }, false],
])("%s", (_, more, same) => {
  expect(samePatches(patchesOf([file(more)]), patchesOf([file()]))).toBe(same);
  expect(samePatches(patchesOf([file()]), patchesOf([file(more)]))).toBe(same);
});

test("the order of files says nothing, their number does", () => {
  const [a, b] = [file(), file({ path: "src/b", patch: null })];
  expect(samePatches(patchesOf([a, b]), patchesOf([b, a]))).toBe(true);
  expect(samePatches(patchesOf([a, b]), patchesOf([a]))).toBe(false);
  expect(samePatches(patchesOf([a]), patchesOf([a, b]))).toBe(false);
});

describe("work, whatever lies around it", () => {
  test.each<[string, Partial<ChangedFile>, boolean]>([
    ["elsewhere in another file", { patch: "@@ -1,2 +1,2 @@\n other\n-broken\n+fixed", sha: "2" }, true],
    ["another line", { patch: "@@ -9 +9 @@\n-broken\n+other" }, false],
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
