import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/policy/fact.ts";
import { diffSize } from "../../../src/policy/rules/diff-size.ts";
import type { ChangedFile } from "../../../src/policy/snapshot.ts";
import { changed, check } from "../diff/input.ts";

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
    ["too large to show", [changed("a.ts", 5000, { patch: null })], "violated", "too-many-lines"],
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
