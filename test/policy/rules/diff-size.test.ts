import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/policy/fact.ts";
import { diffSize } from "../../../src/policy/rules/diff-size.ts";
import type { ChangedFile } from "../../../src/policy/snapshot/change.ts";
import { changed, check } from "../diff/input.ts";

/** A file with one added line of so many characters. */
const long = (path: string, characters: number, letter = "x"): ChangedFile =>
  changed(path, 1, { patch: `@@ -0,0 +1 @@\n+${letter.repeat(characters)}` });

const many = (count: number, lines = 1) =>
  Array.from({ length: count }, (_, i) => changed(`src/${i}.ts`, lines));

describe("diff-size", () => {
  it.each<[string, readonly ChangedFile[], string, string]>([
    ["nothing", [], "violated", "empty"],
    ["one file", [changed("a.ts")], "satisfied", "small"],
    ["ten files", many(10, 20), "satisfied", "small"],
    ["eleven files", many(11), "violated", "too-many-files"],
    [
      "tests are files too",
      [...many(5), ...many(6).map((f) => ({ ...f, path: `tests/${f.path}` }))],
      "violated",
      "too-many-files",
    ],
    ["201 lines", [changed("a.ts", 200), changed("b.ts", 1)], "violated", "too-many-lines"],
    ["deleted lines", [changed("a.ts", 0, { deletions: 201 })], "violated", "too-many-lines"],
    [
      "whitespace counts",
      [changed("a.py", 201, { patch: "@@ -1 +1 @@\n-a\n+ a" })],
      "violated",
      "too-many-lines",
    ],
    ["documentation counts", [changed("README.md", 201)], "violated", "too-many-lines"],
    [
      "400 lines of tests beside 200",
      [changed("a.ts", 200), changed("tests/a.test.ts", 400)],
      "satisfied",
      "small",
    ],
    [
      "401 lines of tests",
      [changed("a.ts"), changed("tests/a.test.ts", 401)],
      "violated",
      "too-many-test-lines",
    ],
    ["generated files are held to the same", [changed("dist/a.js", 401)], "violated", "too-many-test-lines"],
    ["generated files are shown", [changed("dist/a.js", 400)], "satisfied", "small-with-notes"],
    ["a lockfile of any length", [changed("package-lock.json", 5000)], "satisfied", "small-with-notes"],
    ["a binary file", [changed("logo.png", 0)], "satisfied", "small-with-notes"],
    [
      "a pointer of Git LFS that leads elsewhere",
      [
        changed("a.bin", 2, {
          patch: `@@ -2 +2 @@\n-oid sha256:${"a".repeat(64)}\n+oid sha256:${"b".repeat(64)}`,
        }),
      ],
      "satisfied",
      "small-with-notes",
    ],
    [
      "a text about one",
      [changed("a.py", 1, { patch: "@@ -1 +1 @@\n+oid sha256:abc" })],
      "satisfied",
      "small",
    ],
    ["too large to show", [changed("a.ts", 5000, { patch: null })], "violated", "too-many-lines"],
    ["one line of 300 kB", [long("src/a.js", 300_000)], "violated", "too-many-bytes"],
    [
      "… that is taken out",
      [changed("a.js", 1, { patch: `@@ -1 +0,0 @@\n-${"x".repeat(60_000)}` })],
      "violated",
      "too-many-bytes",
    ],
    ["bytes, not characters", [long("src/a.js", 20_000, "漢")], "violated", "too-many-bytes"],
    ["… emoji too", [long("src/a.js", 13_000, "🚨")], "violated", "too-many-bytes"],
    ["in several files together", [long("a.js", 30_000), long("b.js", 30_000)], "violated", "too-many-bytes"],
    ["behind a test's name", [long("tests/a.test.js", 150_001)], "violated", "too-many-test-bytes"],
    ["behind a generated file's name", [long("dist/a.min.js", 300_000)], "violated", "too-many-test-bytes"],
    ["in code and tests", [long("a.js", 60_000), long("tests/a.test.js", 200_000)], "violated", "too-large"],
    [
      "one line that GitHub does not show",
      [changed("src/a.js", 1, { patch: null })],
      "violated",
      "not-shown",
    ],
    [
      "200 lines of 200 characters",
      [changed("a.ts", 200, { patch: `@@ -0,0 +1,200 @@\n${`+${"y".repeat(200)}\n`.repeat(200)}` })],
      "satisfied",
      "small",
    ],
    ["a long line of a lockfile", [long("package-lock.json", 300_000)], "satisfied", "small-with-notes"],
    ["a minified line within the limit is named", [long("src/a.js", 1_001)], "satisfied", "small-with-notes"],
    ["all at once", [...many(11, 30), changed("tests/a.test.ts", 500)], "violated", "too-large"],
  ])("%s", (_, files, state, code) => {
    expect(check(diffSize, { files })).toMatchObject({ state, code });
  });

  it("tells the numbers and the limits, and what they do not tell", () => {
    const files = [
      changed("logo.png", 0),
      changed("dist/a.js", 7),
      changed("a.ts", 5),
      changed("a.test.ts", 3),
    ];
    expect(check(diffSize, { files }, { max_files: 4 }).data).toEqual({
      files: 4,
      lines: 5,
      test_lines: 10,
      max_files: 4,
      max_lines: 200,
      max_test_lines: 400,
      max_bytes: 50_000,
      max_test_bytes: 150_000,
      bytes: 30,
      test_bytes: 60,
      hidden: [],
      largest: ["dist/a.js (42)", "a.ts (30)", "a.test.ts (18)"],
      notes: ["dist/a.js (generated, 7 lines)", "logo.png (no lines to count: binary, or its mode)"],
    });
  });

  it("does not decide without the files", () => {
    const finding = check(diffSize, { files: [], snapshot: { files: unknown("GitHub answered 502") } });
    expect(finding).toMatchObject({ state: "unknown", data: { reason: "GitHub answered 502" } });
  });

  it.each([{ max_file: 1 }, { max_files: -1 }, { max_lines: 1.5 }, { max_files: "3" }])(
    "refuses the options %j",
    (options) => {
      expect(diffSize.meta.options.safeParse(options).success).toBe(false);
    },
  );

  it("never passes for one file more, and does not depend on the order", () => {
    const file = fc
      .tuple(fc.constantFrom("src/", "tests/", "dist/", ""), fc.nat(99), fc.nat(120))
      .map(([directory, name, lines]) => changed(`${directory}${name}.ts`, lines));
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 14 }), file, (files, more) => {
        const { state, data } = check(diffSize, { files });
        expect(check(diffSize, { files: files.toReversed() })).toMatchObject({ state, data });
        if (state === "violated") expect(check(diffSize, { files: [...files, more] }).state).toBe("violated");
      }),
    );
  });
});
