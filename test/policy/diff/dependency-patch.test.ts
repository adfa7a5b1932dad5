import { describe, expect, it } from "vitest";
import type { ClassifiedFile } from "../../../src/policy/diff/classify-files.ts";
import { changesDependencies } from "../../../src/policy/diff/dependency-patch.ts";
import { dropFiles } from "../../../src/policy/diff/drop-files.ts";
import { resourcesOf } from "../../../src/policy/diff/resources.ts";
import type { ChangedFile } from "../../../src/policy/snapshot/change.ts";
import { file } from "../../support/snapshot.ts";

function changes(
  lines: readonly string[],
  more: Partial<ChangedFile> = {},
  start = 1,
  path = "package.json",
) {
  const patch = [`@@ -${start},9 +${start},9 @@`, ...lines].join("\n");
  return changesDependencies({
    file: file(path, { patch, ...more }),
    packageManager: "npm",
  } as unknown as ClassifiedFile);
}
const CHANGE = ['-  "version": "1.0.0",', '+  "version": "1.0.1",'];

describe("what is built in", () => {
  it.each<[string, readonly string[], boolean]>([
    ["the version", [" {", ...CHANGE, ' "x": 1'], false],
    ["a key that may be anything", [" {", '-  "main": "a.js",', '+  "main": "b.js",'], true],
    ["a dependency called version", [" {", '   "dependencies": {', ...CHANGE], true],
    [
      "the version behind other objects",
      [" {", '   "dependencies": {', '     "a": "1"', "   },", ...CHANGE],
      false,
    ],
    ["behind a list", [" {", '   "files": [', '     "dist"', "   ],", ...CHANGE], false],
    [
      "behind objects on one line",
      [" {", '   "files": ["dist"],', '   "engines": { "node": ">=20" },', "    ", ...CHANGE],
      false,
    ],
    [
      "behind objects with other blanks",
      [" {", '   "engines" :  {', '     "node": ">=20"', "   }  ,", '   "files" :  ["dist"]  , ', ...CHANGE],
      false,
    ],
    [
      "behind an object in an object",
      [" {", '   "a": {', '     "b": {', '       "c": 1', "     }", "   },", ...CHANGE],
      false,
    ],
    ["behind what nobody can tell", [" {", '   "a": { "b": {', ...CHANGE], true],
    ["behind a brace that something follows", [" {", '   "a": {', '   } "b"', ...CHANGE], true],
    ["a script", [" {", '   "scripts": {', '-    "lint": "a"', '+    "lint": "b"'], false],
    ["a script that runs by itself", [" {", '   "scripts": {', '+    "postinstall": "b"'], true],
    ["scripts in a list", [" {", '   "scripts": {', '+    "lint": ["b"]'], true],
    [
      "what is below the scripts, by the end of a line",
      [" {", '   "scripts": {', '   }, "files": ["a"],', '-  "main": "a.js",', '+  "main": "b.js",'],
      true,
    ],
    ["a script of something else", [" {", '   "config": {', '+    "lint": "b"'], true],
    ["the project in a lockfile", [" {", '   "packages": {', '     "": {', ...CHANGE], false],
    ["a package in a lockfile", [" {", '   "packages": {', '     "node_modules/a": {', ...CHANGE], true],
    ["a package in a list", [" {", '   "packages": [', "     {", ...CHANGE], true],
    ["what is called so elsewhere", [" {", '   "overrides": {', '     "": {', ...CHANGE], true],
    ["too deep", [" {", '   "packages": {', '     "": {', '       "engines": {', ...CHANGE], true],
    ["another key of the project", [" {", '   "packages": {', '     "": {', '+      "a": "1"'], true],
    ["more than an entry on the line", [" {", '+  "version": "1", "main": "x"'], true],
  ])("%s: %s", (_, lines, does) => expect(changes(lines)).toBe(does));

  it.each<[string, boolean, () => boolean]>([
    ["further down", true, () => changes([" {", ...CHANGE], {}, 7)],
    ["without a patch", true, () => changes([], { patch: null })],
    ["of a new file", true, () => changes([" {", ...CHANGE], { status: "added" })],
    ["of another manifest", true, () => changes([" {", ...CHANGE], {}, 1, "Cargo.toml")],
    ["of one that only ends so", true, () => changes([" {", ...CHANGE], {}, 1, "my-package.json")],
    ["of one that only begins so", true, () => changes([" {", ...CHANGE], {}, 1, "package.json.tmpl")],
    ["in a folder", false, () => changes([" {", ...CHANGE], {}, 1, "web/package.json")],
    ["that moved", true, () => changes(["@@ -1,9 +2,9 @@", " {", ...CHANGE], {}, 1)],
    ["that was further down", true, () => changes(["@@ -7,9 +1,9 @@", " {", ...CHANGE], {}, 1)],
  ])("a change %s: %s", (_, does, run) => expect(run()).toBe(does));
});

it("files are dropped by bringing back what was and removing what is new", () => {
  const files = [
    file("changed"),
    file("new", { status: "added" }),
    file("copy", { status: "copied", previousPath: "changed" }),
    file("to", { status: "renamed", previousPath: "from" }),
    file("gone", { status: "removed" }),
  ];
  expect(dropFiles(files)).toEqual({
    kind: "drop-files",
    restored: ["changed", "from", "gone"],
    removed: ["new", "copy", "to"],
  });
});

describe("Android's resources", () => {
  const belongs = resourcesOf([
    "app/src/main/java/com/acme/shop/checkout/PaymentActivity.kt",
    "app/src/main/java/com/acme/shop/checkout/QRScanner.kt",
    "app/src/main/java/com/acme/shop/checkout/IdCheck.kt",
  ]);
  it.each([
    ["app/src/main/res/layout/activity_payment.xml", true],
    ["app/src/main/res/layout/item_checkout_total.xml", true],
    ["app/src/main/res/values/strings.xml", true],
    ["app/src/main/res/values-de/strings.xml", true],
    ["app/src/main/res/layout/activity_login.xml", false],
    ["app/src/main/res/layout/acme.xml", false],
    ["app/src/main/res/layout/shop_banner.xml", false],
    ["app/src/main/res/layout/qrscanner.xml", true],
    ["app/src/main/res/layout/id_card.xml", false],
    ["app/src/debug/res/values/strings.xml", false],
    ["app/src/main/assets/payment.xml", false],
  ])("%s: %s", (path, does) => expect(belongs(path)).toBe(does));
});
