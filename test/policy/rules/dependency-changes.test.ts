import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/policy/fact.ts";
import { dependencyChanges } from "../../../src/policy/rules/dependency-changes.ts";
import type { ChangedFile } from "../../../src/policy/snapshot/change.ts";
import { changed, check } from "../diff/input.ts";

const json = (path: string, patch: string, more: Partial<ChangedFile> = {}) =>
  changed(path, 2, { patch: patch.trim(), ...more });

const VERSION = `
@@ -1,5 +1,5 @@
 {
   "name": "kamiyo",
-  "version": "1.0.0",
+  "version": "1.0.1",
   "keywords": ["a", "b"],
   "dependencies": {`;
const SCRIPTS = `
@@ -1,6 +1,6 @@
 {
   "name": "kamiyo",
   "files": [
     "dist"
   ],
   "scripts": {
-    "test": "jest"
+    "test": "jest --ci"
   },`;
const LOCK_VERSION = `
@@ -1,12 +1,12 @@
 {
   "name": "kamiyo",
-  "version": "1.0.0",
+  "version": "1.0.1",
   "lockfileVersion": 3,
   "packages": {
     "": {
       "name": "kamiyo",
-      "version": "1.0.0",
+      "version": "1.0.1",
       "dependencies": {`;
/** There is a package called `version`. */
const DEPENDENCY_VERSION = `
@@ -1,5 +1,5 @@
 {
   "name": "kamiyo",
   "dependencies": {
-    "version": "1.0.0"
+    "version": "1.0.1"
   }`;

describe("dependency-changes", () => {
  it.each<[string, ChangedFile]>([
    ["code", changed("src/a.ts")],
    ["a Dockerfile", changed("Dockerfile")],
    ["the version of the package", json("package.json", VERSION)],
    ["scripts", json("web/package.json", SCRIPTS)],
    ["scripts whose names begin alike", json("package.json", SCRIPTS.replaceAll('"test"', '"prettier"'))],
    ["the version in a lockfile", json("package-lock.json", LOCK_VERSION)],
  ])("satisfied: %s", (_, file) => {
    expect(check(dependencyChanges, { files: [file] })).toMatchObject({ state: "satisfied", code: "none" });
  });

  it.each<[string, ChangedFile]>([
    ["a manifest", changed("requirements.txt")],
    ["a lockfile", changed("yarn.lock")],
    ["a manifest further down", json("package.json", VERSION.replace("-1,5 +1,5", "-9,5 +9,5"))],
    ["a dependency called version", json("package.json", DEPENDENCY_VERSION)],
    ["a new dependency", json("package.json", `${VERSION}\n+    "left-pad": "1.0.0",`)],
    ["a new brace", json("package.json", `${VERSION}\n+  "overrides": {`)],
    [
      "two things on a line",
      json("package.json", `${VERSION}\n+  "license": "MIT", "dependencies": {"a": "1"}`),
    ],
    ["a context that cannot be read", json("package.json", VERSION.replace('["a", "b"],', '["a", {'))],
    ["a second hunk", json("package.json", `${VERSION}\n@@ -20 +20 @@\n-    "a": "1"\n+    "a": "2"`)],
    [
      "a script that whoever installs runs",
      json("package.json", SCRIPTS.replaceAll('"test"', '"postinstall"')),
    ],
    ["a script that whoever packs runs", json("package.json", SCRIPTS.replaceAll('"test"', '"prepare"'))],
    ["another registry", changed(".npmrc", 1)],
    ["no patch", changed("package.json", 2, { patch: null })],
    ["a patch of no form", changed("package.json", 2, { patch: "oops" })],
    ["a new manifest", json("package.json", VERSION, { status: "added" })],
    ["the same in another format", json("pyproject.toml", VERSION)],
    ["moved away", changed("old.json", 0, { status: "renamed", previousPath: "package.json", patch: null })],
    ["a submodule", changed("vendor/x", 1, { patch: `@@ -0,0 +1 @@\n+Subproject commit ${"a".repeat(40)}` })],
  ])("violated: %s", (_, file) => {
    expect(check(dependencyChanges, { files: [file] })).toMatchObject({ state: "violated", code: "changed" });
  });

  it("names each file, shows it in the diff and says how to take it out", () => {
    const files = [changed("go.sum", 3), changed("go.mod", 1), changed("a.go")];
    const finding = check(dependencyChanges, { files });
    expect(finding.data).toEqual({
      files: ["go.mod (go)", "go.sum (go)"],
      declare: "Dependency-Fix: <reason>",
    });
    expect(finding.annotations.map(({ path, level }) => [path, level])).toEqual([
      ["go.mod", "failure"],
      ["go.sum", "failure"],
    ]);
    expect(finding.steps).toEqual([{ kind: "drop-files", restored: ["go.mod", "go.sum"], removed: [] }]);
  });

  it("lets the dependency be the fix", () => {
    const given = { files: [changed("go.mod")], deployment: { dependencyFix: "CVE-2025-1234 in x/net" } };
    expect(check(dependencyChanges, given)).toMatchObject({
      state: "satisfied",
      code: "declared",
      data: { reason: "CVE-2025-1234 in x/net", files: ["go.mod (go)"] },
    });
  });

  it("decides nothing that hangs on an unknown fact", () => {
    const noMessage = { hotfix: { commit: unknown("no commits") } };
    const files = [changed("go.mod")];
    expect(check(dependencyChanges, { files, ...noMessage }).state).toBe("unknown");
    expect(check(dependencyChanges, { files: [changed("a.go")], ...noMessage }).state).toBe("satisfied");
    expect(check(dependencyChanges, { files, snapshot: { files: unknown("no files") } }).state).toBe(
      "unknown",
    );
    const none = { hotfix: { commit: { known: true, value: null } as const } };
    expect(check(dependencyChanges, { files, ...none }).state).toBe("violated");
  });
});
