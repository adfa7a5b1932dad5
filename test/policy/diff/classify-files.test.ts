import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ClassifiedFile, classifyFiles } from "../../../src/policy/diff/classify-files.ts";
import type { ChangedFile } from "../../../src/policy/snapshot/change.ts";
import { changed, processorTime } from "./input.ts";

const one = (file: ChangedFile): ClassifiedFile => classifyFiles([file])[0] as ClassifiedFile;

/** The flags that are set, and the package manager. */
function kinds(path: string, more: Partial<ChangedFile> = {}): string[] {
  const {
    file: _,
    lines: __,
    bytes: ___,
    longestLine: ____,
    packageManager,
    ...flags
  } = one(changed(path, 3, more));
  const set = Object.entries(flags).flatMap(([name, value]) => (value ? [name] : []));
  return [...set, ...(packageManager === null ? [] : [packageManager])].sort();
}

describe("classifyFiles", () => {
  it.each([
    ["src/payments/stripe.py", []],
    ["src/contest.java", []],
    ["src/Contest.java", []],
    ["src/latest.py", []],
    ["src/testing.ts", []],
    ["src/docs/controller.ts", []],
    ["src/github/workflows/a.yml", []],
    ["distribution/a.js", []],
    ["tests/payments/test_stripe.py", ["test"]],
    ["src/test_stripe.py", ["test"]],
    ["pkg/stripe_test.go", ["test"]],
    ["spec/stripe_spec.rb", ["test"]],
    ["src/stripe.test.tsx", ["test"]],
    ["src/test/java/StripeTest.java", ["test"]],
    ["src/StripeIT.kt", ["test"]],
    ["Tests/AppTests/StripeTests.swift", ["test"]],
    ["src/__snapshots__/stripe.test.ts.snap", ["generated", "test"]],
    ["tests/fixtures/README.md", ["test"]],
    ["web/app.min.js", ["generated"]],
    ["dist/bundle.js", ["generated"]],
    ["api/stripe_pb2.py", ["generated"]],
    ["api/stripe.pb.go", ["generated"]],
    ["README.md", ["documentation"]],
    ["LICENSE", ["documentation"]],
    ["docs/conf.py", ["documentation"]],
    ["CHANGES.txt", ["documentation"]],
    // Code that is about what documentation is often called after.
    ["src/billing/license.ts", []],
    ["app/models/history.rb", []],
    ["src/auth/security.py", []],
    [".npmrc", ["npm"]],
    [".yarnrc.yml", ["yarn"]],
    ["buildSrc/versions.gradle", ["gradle"]],
    [".cargo/config.toml", ["cargo"]],
    ["vendor/modules.txt", ["go"]],
    ["src/modules.txt", []],
    [".github/workflows/deploy.yml", ["ci"]],
    [".github/hotfix.yml", ["ci"]],
    [".gitlab-ci.yml", ["ci"]],
    ["Jenkinsfile", ["ci"]],
    ["package.json", ["npm"]],
    ["web/package-lock.json", ["generated", "lockfile", "npm"]],
    ["yarn.lock", ["generated", "lockfile", "yarn"]],
    ["pnpm-lock.yaml", ["generated", "lockfile", "pnpm"]],
    ["requirements.txt", ["pip"]],
    ["requirements/prod.txt", ["pip"]],
    ["requirements-dev.in", ["pip"]],
    ["pyproject.toml", ["python"]],
    ["poetry.lock", ["generated", "lockfile", "poetry"]],
    ["uv.lock", ["generated", "lockfile", "uv"]],
    ["Pipfile", ["pipenv"]],
    ["Pipfile.lock", ["generated", "lockfile", "pipenv"]],
    ["go.mod", ["go"]],
    ["src/clock", []],
    ["go.sum", ["generated", "go", "lockfile"]],
    ["Cargo.lock", ["cargo", "generated", "lockfile"]],
    ["pom.xml", ["maven"]],
    ["build.gradle.kts", ["gradle"]],
    ["gradle/libs.versions.toml", ["gradle"]],
    ["Gemfile.lock", ["bundler", "generated", "lockfile"]],
    ["composer.json", ["composer"]],
    ["src/App.csproj", ["nuget"]],
    ["packages.lock.json", ["generated", "lockfile", "nuget"]],
    ["mix.exs", ["mix"]],
    ["pubspec.lock", ["generated", "lockfile", "pub"]],
    ["Package.resolved", ["generated", "lockfile", "swift"]],
    ["Dockerfile", []],
    ["docs/requirements.txt", ["pip"]],
    [".gitmodules", ["git"]],
  ])("%s: %j", (path, expected) => {
    expect(kinds(path)).toEqual(expected);
  });

  it.each<[string, Partial<ChangedFile>, string[]]>([
    [
      "moved",
      { status: "renamed", previousPath: "b", additions: 0, deletions: 0, patch: null },
      ["renameOnly"],
    ],
    ["moved and changed", { status: "renamed", previousPath: "b" }, []],
    ["binary", { additions: 0, deletions: 0, patch: null }, ["withoutLines"]],
    [
      "empty",
      {
        status: "added",
        additions: 0,
        deletions: 0,
        patch: null,
        sha: "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
      },
      [],
    ],
    ["too large to show", { patch: null }, []],
    ["whitespace", { patch: "@@ -1 +1 @@\n-a\n+  a" }, ["whitespaceOnly"]],
    [
      "submodule",
      {
        additions: 1,
        deletions: 1,
        patch: `@@ -1 +1 @@\n-Subproject commit ${"a".repeat(40)}\n+Subproject commit ${"b".repeat(40)}`,
      },
      ["git", "submodule"],
    ],
    [
      "a text that has a line of a submodule",
      { additions: 3, patch: `@@ -1,0 +1,3 @@\n+a\n+b\n+Subproject commit ${"b".repeat(40)}` },
      [],
    ],
    ["moved from a manifest", { status: "renamed", previousPath: "package.json" }, ["npm"]],
    ["moved from a manifest in a folder", { status: "renamed", previousPath: "web/package.json" }, ["npm"]],
    ["copied from a manifest", { status: "copied", previousPath: "package.json" }, []],
  ])("%s", (_, more, expected) => {
    expect(kinds("vendor/a", more)).toEqual(expected);
  });

  it("what is moved to a manifest's name is one", () => {
    expect(kinds("Cargo.toml", { status: "renamed", previousPath: "a" })).toEqual(["cargo"]);
  });

  it("never throws, keeps the order, and asks each list once", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom("", "/", "//", "a/../b", ".", "Test.java", "\u0000"));
    const file = fc.record({
      path: text,
      previousPath: fc.option(text),
      status: fc.constantFrom<ChangedFile["status"]>("added", "removed", "modified", "renamed", "copied"),
      additions: fc.nat(500),
      deletions: fc.nat(500),
      patch: fc.option(
        fc.oneof(
          fc.string(),
          fc.string().map((more) => `@@ -1 +1 @@\n${more}`),
        ),
      ),
      sha: fc.option(fc.string()),
    });
    fc.assert(
      fc.property(fc.array(file), (files) => {
        const classified = classifyFiles(files);
        expect(classified.map((each) => each.file)).toEqual(files);
        expect(classifyFiles(files)).toBe(classified);
      }),
    );
  });

  it("is linear in long paths and patches", () => {
    const evil = ["/", "test", "-", ".min", "_pb", "[", "a", "requirements-", "\t"].map((part) =>
      part.repeat(50_000),
    );
    const time = processorTime(() => {
      for (const text of evil) one(changed(text, 2, { patch: `@@ -1 +1 @@\n-${text}\n+${text} ` }));
    });
    expect(time).toBeLessThan(5000);
  });
});
