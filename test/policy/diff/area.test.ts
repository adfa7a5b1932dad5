import { describe, expect, it } from "vitest";
import { compare, globArea, heaviestComponent } from "../../../src/policy/diff/area.ts";
import { classifyFiles } from "../../../src/policy/diff/classify-files.ts";
import { subjectOf } from "../../../src/policy/diff/containers.ts";
import { heaviestDirectory } from "../../../src/policy/diff/heaviest-directory.ts";
import { changed } from "./input.ts";

describe("the directory that globs lie in", () => {
  it.each([
    ["src/payments/**", "src/payments"],
    ["src/payments/*.ts", "src/payments"],
    ["src/pay*/webhooks/**", "src"],
    ["src/payments/verify.ts", "src/payments"],
    ["src/[id]/page.tsx", "src"],
    ["src/{a,b}/**", "src"],
    ["src/?/**", "src"],
    ["src/a\\*b/c", "src"],
    ["**/payments/**", ""],
    ["server.js", ""],
  ])("%s: %j", (glob, directory) => {
    expect(globArea("component", ["x"], [glob]).directories).toEqual([directory]);
  });
});

describe("which area is the heaviest", () => {
  const binary = ["web/b.png", "img/a.png", "web/c.png"].map((path) => changed(path, 0));

  it("of binary files, which have no lines: the one with most of them", () => {
    const files = classifyFiles(binary);
    expect(heaviestDirectory(files, "kamiyo").names).toEqual(["web/"]);
    expect(heaviestComponent(files, { a: ["img/**"], b: ["web/**"] })?.names).toEqual(["b"]);
  });

  it("of no files is none that covers anything", () => {
    const area = heaviestDirectory([], "kamiyo");
    expect(area).toMatchObject({ basis: "directory", names: ["/"], directories: [""] });
    expect(area.covers("a")).toBe(false);
  });

  it.each([
    ["a", "b", -1],
    ["b", "a", 1],
    ["a", "a", 0],
    ["Z", "a", -1],
  ])("names in the order of code units: %s, %s", (a, b, order) => expect(compare(a, b)).toBe(order));
});

describe("what a file in a layer is about", () => {
  it.each<[string, string[]]>([
    ["payment", ["PaymentController.java"]],
    ["payment", ["payments_controller.rb"]],
    ["payment", ["payments", "show.html.erb"]],
    ["payment", ["_payment.html.erb"]],
    ["payment", ["v1.payments", "create.ts"]],
    ["payment", ["use-payment.test.ts"]],
    ["pdfinvoice", ["PDFInvoices.ts"]],
    ["s3", ["S3Upload.ts"]],
    ["category", ["categories.ts"]],
    ["session", ["sessions.ts"]],
    ["car", ["cars.ts"]],
    ["gas", ["gas.ts"]],
    ["status", ["status.ts"]],
    ["address", ["address.ts"]],
    // Nothing but words of layers, and no words at all.
    ["page", ["+page.svelte"]],
    ["", ["$.ts"]],
  ])("%s: %j", (subject, below) => expect(subjectOf(below)).toBe(subject));
});
