import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/policy/fact.ts";
import { scope } from "../../../src/policy/rules/scope.ts";
import type { ChangedFile } from "../../../src/policy/snapshot/change.ts";
import { changed, check, type Given, processorTime } from "../diff/input.ts";

const FIX = changed("src/payments/stripe.py", 30);
const OTHER = changed("src/admin/users.py", 21);
const declare = (...globs: string[]) => ({ scope: globs });
const whitespace = { patch: "@@ -1 +1 @@\n-a\n+  a" };
const moved = (previousPath: string): Partial<ChangedFile> => ({ status: "renamed", previousPath });
const movedOnly = (previousPath: string): Partial<ChangedFile> => ({ ...moved(previousPath), patch: null });

/** Why each unrelated file is, in the finding's words. */
const unrelated = (given: Given): unknown => check(scope, given).data.files;

describe("scope", () => {
  it.each<[string, Given, string, string]>([
    ["nothing", { files: [] }, "not-applicable", "empty"],
    ["one file", { files: [FIX] }, "satisfied", "all-related"],
    ["one file at the root", { files: [changed("server.js", 100)] }, "satisfied", "all-related"],
    [
      "two unrelated files with 20 lines",
      { files: [FIX, changed("a/b.py", 10), changed("c/d.py", 10)] },
      "satisfied",
      "related",
    ],
    ["21 unrelated lines", { files: [FIX, OTHER] }, "violated", "unrelated"],
    [
      "three unrelated files",
      { files: [FIX, changed("a/b", 1), changed("c/d", 1), changed("e/f", 1)] },
      "violated",
      "unrelated",
    ],
    [
      "three binary files elsewhere",
      { files: [FIX, changed("a/b", 0), changed("c/d", 0), changed("e/f", 0)] },
      "violated",
      "unrelated",
    ],
    [
      "scattered all over",
      { files: ["a", "b", "c", "d", "e"].map((d) => changed(`${d}/x.py`, 30)) },
      "violated",
      "unrelated",
    ],
    [
      "only documentation",
      { files: [changed("docs/a.md", 90), changed("docs/b.md", 90)] },
      "satisfied",
      "all-related",
    ],
    [
      "only renames",
      { files: [changed("src/a", 0, movedOnly("src/b")), changed("src/c", 0, movedOnly("src/d"))] },
      "satisfied",
      "all-related",
    ],
    [
      "declared",
      { files: [FIX, OTHER], deployment: declare("src/payments/**", "src/admin/**") },
      "satisfied",
      "all-declared",
    ],
    [
      "declared as a directory",
      { files: [FIX], deployment: declare("src/payments") },
      "satisfied",
      "all-declared",
    ],
    [
      "declared as a directory with a slash",
      { files: [FIX], deployment: declare("src/payments/") },
      "satisfied",
      "all-declared",
    ],
    [
      "declared as a file",
      { files: [FIX], deployment: declare("./src/payments/stripe.py") },
      "satisfied",
      "all-declared",
    ],
    [
      "a declared file with brackets",
      { files: [changed("app/[id]/page.tsx", 50)], deployment: declare("app/[id]/*.tsx") },
      "satisfied",
      "all-declared",
    ],
    [
      "declared, and more",
      { files: [FIX, OTHER], deployment: declare("src/payments/**") },
      "violated",
      "outside-declared",
    ],
    [
      "declared, and little more",
      { files: [FIX, changed("a/b.py", 10)], deployment: declare("src/payments/**") },
      "satisfied",
      "declared",
    ],
    ["declared elsewhere", { files: [FIX], deployment: declare("lib/x/**") }, "violated", "outside-declared"],
    [
      "three globs",
      { files: [FIX], deployment: declare("a/**", "b/**", "c/**") },
      "violated",
      "scope-too-many",
    ],
    ...[
      "**",
      "*",
      "*/**",
      "**/payments/**",
      "s*/**",
      "?rc/**",
      "/src/**",
      "/",
      "",
      ".",
      "./**",
      "././**",
      "src/**",
      "src",
      "src/",
      "src/*/**",
      "src/*/stripe.py",
      "src/p*/**",
      "src/**/stripe.py",
      "apps/*/src/**",
      "packages/**",
      "services/**",
      "internal/**",
      "src/main/java/**",
      "src/main/java/com/acme/**",
      "api/**",
      "src/api/**",
      "app/controllers/**",
      "app/models/*",
      "tests/**",
    ].map((glob): [string, Given, string, string] => [
      `declared ${JSON.stringify(glob)}`,
      { files: [FIX], deployment: declare(glob) },
      "violated",
      "scope-too-wide",
    ]),
    ["declared out", { files: [FIX], deployment: declare("src/../**") }, "violated", "scope-unusable"],
    ["declared above", { files: [FIX], deployment: declare("../x") }, "violated", "scope-unusable"],
    [
      "declared at length",
      { files: [FIX], deployment: declare("a".repeat(301)) },
      "violated",
      "scope-unusable",
    ],
    [
      "alternatives declared are plain text",
      { files: [FIX], deployment: declare("src/{payments,admin}/**") },
      "violated",
      "outside-declared",
    ],
    [
      "the dependency is the fix",
      { files: [FIX, changed("package-lock.json", 900)], deployment: { dependencyFix: "CVE" } },
      "satisfied",
      "all-related",
    ],
    [
      "one unrelated line of 300 kB",
      { files: [FIX, changed("lib/x.js", 1, { patch: `@@ -0,0 +1 @@\n+${"x".repeat(300_000)}` })] },
      "violated",
      "unrelated",
    ],
    [
      "one unrelated line that GitHub does not show",
      { files: [FIX, changed("lib/x.js", 1, { patch: null })] },
      "violated",
      "unrelated",
    ],
    [
      "the dependency is the fix, and something else is changed",
      { files: [FIX, OTHER, changed("package-lock.json", 900)], deployment: { dependencyFix: "CVE" } },
      "violated",
      "unrelated",
    ],
    ["a lockfile besides", { files: [FIX, changed("package-lock.json", 900)] }, "violated", "unrelated"],
  ])("%s", (_, given, state, code) => {
    expect(check(scope, given)).toMatchObject({ state, code });
  });

  it.each<[string, Given, string]>([
    [
      "the deepest directory with half",
      { files: [changed("src/a/x.py", 50), changed("src/b/y.py", 50)] },
      "src/a/",
    ],
    ["deeper at half", { files: [changed("src/x.py", 50), changed("src/a/y.py", 50)] }, "src/a/"],
    [
      "a common parent is no area",
      { files: [changed("src/a/x.py", 40), changed("src/b/y.py", 30), changed("src/c/z.py", 30)] },
      "src/a/",
    ],
    ["tests do not tell", { files: [FIX, changed("tests/other/test_x.py", 300)] }, "src/payments/"],
    ["documentation does not tell", { files: [FIX, changed("docs/a.md", 300)] }, "src/payments/"],
    ["generated files do not tell", { files: [FIX, changed("dist/a.js", 300)] }, "src/payments/"],
    ["only tests", { files: [changed("tests/payments/test_x.py")] }, "tests/payments/"],
    [
      "binary files weigh the same",
      { files: [changed("img/a.png", 0), changed("img/b.png", 0), changed("x/c.png", 0)] },
      "img/",
    ],
    [
      "as much in a directory as at the root",
      { files: [changed("server.js", 40), changed("lib/a.js", 40)] },
      "lib/",
    ],
    ["the root's own files", { files: [changed("server.js", 60), changed("src/a.js", 40)] }, "/"],
  ])("the area: %s", (_, given, area) => {
    expect(check(scope, given).data).toMatchObject({ area: [area], basis: "directory" });
  });

  it("the component with most changed lines, from the configuration", () => {
    const components = { web: ["web/**"], billing: ["src/payments/**", "lib/billing/**"], all: [] };
    const files = [changed("web/a.ts", 20), FIX, changed("lib/billing/b.py", 15), changed("other/c.py", 19)];
    expect(check(scope, { files, components }, { max_unrelated_lines: 39 })).toMatchObject({
      state: "satisfied",
      data: {
        area: ["billing"],
        basis: "component",
        files: [expect.stringContaining("web/a.ts"), expect.anything()],
      },
    });
    expect(check(scope, { files: [changed("x/a.py")], components }).data.basis).toBe("directory");
    const tie = [changed("web/a.ts", 5), changed("lib/billing/b.py", 5)];
    expect(check(scope, { files: tie, components }).data.area).toEqual(["billing"]);
  });

  it.each([
    "tests/payments/test_stripe.py",
    "tests/payments/webhooks/test_other.py",
    "tests/test_stripe.py",
    "tests/unit/test_stripe_webhook.py",
    "test/fixtures/stripe-event.json",
    "src/payments/__snapshots__/other.snap",
    "spec/payments/thing_spec.rb",
    "tests/payments/fixtures/a.json",
    "src/elsewhere/StripeTest.java",
  ])("%s belongs to the fix", (path) => {
    expect(unrelated({ files: [FIX, changed(path, 200)] })).toEqual([]);
  });

  it.each([
    "tests/admin/test_users.py",
    "tests/conftest.py",
    "src/admin/__tests__/index.test.ts",
    "tests/test_str.py",
  ])("%s does not belong to the fix", (path) => {
    expect(unrelated({ files: [FIX, changed(path, 200)] })).toEqual([path]);
  });

  it("mirrors the paths of Java", () => {
    const files = [
      changed("src/main/java/com/kamiyo/pay/Hook.java", 30),
      changed("src/test/java/com/kamiyo/pay/OtherTest.java", 90),
    ];
    expect(unrelated({ files })).toEqual([]);
  });

  it.each<[string | null, ChangedFile]>([
    ["moved, and nothing else", changed("src/payments/b.py", 0, movedOnly("src/payments/a.py"))],
    ["only whitespace changes", changed("src/payments/c.py", 3, whitespace)],
    ["documentation", changed("src/payments/README.md", 3)],
    ["CI configuration", changed(".github/workflows/ci.yml", 3)],
    ["the configuration of the hotfix gate", changed(".github/hotfix.yml", 3)],
    ["the configuration of the hotfix gate", changed("src/payments/x.yml", 3, moved(".github/hotfix.yml"))],
    [null, changed("lib/x.py", 3)],
    [null, changed("tests/test_fees.py", 3)],
    [null, changed("src/payments/x.py", 3, moved("lib/x.py"))],
    [null, changed("lib/x.py", 3, moved("src/payments/x.py"))],
  ])("why, where it is not the place: %s", (why, file) => {
    const named = why === null ? file.path : `${file.path} (${why})`;
    expect(unrelated({ files: [FIX, file] })).toEqual([named]);
    const declared = { files: [FIX, file], deployment: declare("src/payments/**", ".github/**") };
    expect(unrelated(declared)).toEqual([named]);
  });

  it.each<[string, ChangedFile, string]>([
    ["the directory", FIX, "Scope: src/payments/** <path>"],
    ["no directory at the root", changed("server.js", 50), "Scope: <path> <path>"],
  ])("how to declare more starts with %s", (_, fix, line) => {
    expect(check(scope, { files: [fix, OTHER] }).data).toMatchObject({
      declare: line,
    });
  });

  it.each<[string, Given, string]>([
    [
      "too many files",
      { files: [FIX, ...["a", "b", "c"].map((name) => changed(`lib/${name}.py`, 1))] },
      "3 files (max 2)",
    ],
    ["too many lines", { files: [FIX, changed("lib/a.py", 21)] }, "21 lines (max 20)"],
    [
      "both",
      { files: [FIX, ...["a", "b", "c"].map((name) => changed(`lib/${name}.py`, 9))] },
      "3 files (max 2), 27 lines (max 20)",
    ],
    ["neither", { files: [FIX, changed("lib/a.py", 1)] }, "1 file, 1 line"],
  ])("says what exceeds its limit: %s", (_, setup, size) => {
    expect(check(scope, setup).data.size).toBe(size);
  });

  it("a file whose change is no fix brings no test", () => {
    const files = [
      FIX,
      changed("src/payments/fees.py", 3, whitespace),
      changed("tests/test_fees.py", 200),
      changed("src/payments/copy.py", 3, { status: "copied", previousPath: "lib/x.py" }),
    ];
    expect(unrelated({ files })).toEqual([
      "tests/test_fees.py",
      "src/payments/fees.py (only whitespace changes)",
    ]);
  });

  it("a file moved within the area and changed belongs to the fix", () => {
    expect(unrelated({ files: [FIX, changed("src/payments/b.py", 3, moved("src/payments/a.py"))] })).toEqual(
      [],
    );
  });

  it("shows each unrelated file in the diff, and drops it", () => {
    const files = [
      FIX,
      OTHER,
      changed("lib/it's new.py", 5, { status: "added" }),
      changed("lib/b\u202ey.py", 1, moved("old\n.py")),
    ];
    const finding = check(scope, { files });
    expect(finding.annotations.map(({ path, startLine, level }) => [path, startLine, level])).toEqual([
      ["src/admin/users.py", 7, "failure"],
      ["lib/it's new.py", 7, "failure"],
      ["lib/b\u202ey.py", 7, "failure"],
    ]);
    expect(finding.steps).toEqual([
      {
        kind: "drop-files",
        restored: ["src/admin/users.py", "old\n.py"],
        removed: ["lib/it's new.py", "lib/b\u202ey.py"],
      },
    ]);
  });

  it("does not decide without files or message; reads a message that is not there", () => {
    expect(check(scope, { files: [], snapshot: { files: unknown("no files") } })).toMatchObject({
      state: "unknown",
      data: { reason: "no files" },
    });
    expect(check(scope, { files: [FIX], hotfix: { commit: unknown("no commits") } })).toMatchObject({
      state: "unknown",
      data: { reason: "no commits" },
    });
    expect(check(scope, { files: [FIX], hotfix: { commit: { known: true, value: null } } }).state).toBe(
      "satisfied",
    );
  });

  const path = fc
    .tuple(
      fc.array(fc.constantFrom("src", "lib", "tests", "docs", "payments"), { maxLength: 3 }),
      fc.constantFrom("a.py", "test_a.py", "README.md", "b.ts"),
    )
    .map(([directories, name]) => [...directories, name].join("/"));
  const file = fc.tuple(path, fc.nat(40)).map(([name, lines]) => changed(name, lines));
  const files = fc.uniqueArray(file, { minLength: 1, maxLength: 8, selector: (each) => each.path });

  it("does not depend on the order of the files", () => {
    fc.assert(
      fc.property(files, (list) => {
        expect(check(scope, { files: list.toReversed() })).toEqual(check(scope, { files: list }));
      }),
    );
  });

  it("never passes for a file more that is outside of what is declared", () => {
    fc.assert(
      fc.property(files, fc.nat(99), (list, lines) => {
        const deployment = declare("src/payments/**");
        const violated = check(scope, { files: list, deployment }).state === "violated";
        const more = [...list, changed("elsewhere/x.py", lines)];
        if (violated && list.some(({ path }) => /\.(py|ts)$/.test(path))) {
          expect(check(scope, { files: more, deployment }).state).toBe("violated");
        }
      }),
    );
  });

  it("never passes for documentation or CI configuration more", () => {
    const extra = fc.constantFrom(changed("docs/more.md", 500), changed(".github/workflows/more.yml", 1));
    fc.assert(
      fc.property(files, extra, (list, more) => {
        if (check(scope, { files: list }).state === "violated") {
          expect(check(scope, { files: [...list, more] }).state).toBe("violated");
        }
      }),
    );
  });

  it("is linear in deep paths", () => {
    const deep = Array.from({ length: 3000 }, (_, i) => changed(`${"ab/".repeat(1300)}${i}.py`, 1));
    const time = processorTime(() => {
      check(scope, { files: deep, deployment: declare(`a/${"*a".repeat(140)}`) });
      check(scope, { files: deep });
    });
    expect(time).toBeLessThan(5000);
  });
});
