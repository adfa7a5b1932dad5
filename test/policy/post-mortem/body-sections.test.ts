import { describe, expect, it } from "vitest";
import { sectionsOf } from "../../../src/policy/post-mortem/body-sections.ts";

/** The sections behind the text before the first heading: `2 Timeline`, and their lines. */
const found = (body: string) =>
  sectionsOf(body)
    .slice(1)
    .map(({ level, title, lines }) => [`${level} ${title}`, ...lines]);

describe("the sections of a body", () => {
  it("begin with what stands before the first heading", () => {
    expect(sectionsOf("Hello\n# Ours\nText")).toEqual([
      { title: "", names: [], level: 0, lines: ["Hello"] },
      { title: "Ours", names: [], level: 1, lines: ["Text"] },
    ]);
  });

  it.each<[string, string, readonly (readonly string[])[]]>([
    ["blank lines: one of each row", "## A\n\n\n\na\n\n\nb", [["2 A", "", "a", "", "b"]]],
    ["a heading in code", "## A\n```\n## B\n```\nb", [["2 A", "b"]]],
    ["no title", "##\na", [["2 ", "a"]]],
    ["spaces and marks around a title", "##   A ##\na", [["2 A", "a"]]],
    ["a third level that names no section", "## A\n### Details\na", [["2 A", "### Details", "a"]]],
    ["a third level that names one", "## A\n### Timeline\na", [["2 A"], ["3 Timeline", "a"]]],
    ["marks within a line", "## A\n**not** a # heading", [["2 A", "**not** a # heading"]]],
    ["no space behind the marks", "##Root Cause##\na", [["2 Root Cause", "a"]]],
    ["the same within a line", "## A\n**see** ##Timeline", [["2 A", "**see** ##Timeline"]]],
    [
      "the same, as long as a paragraph",
      `## A\n##Timeline and ${"more ".repeat(30)}`,
      [["2 A", `##Timeline and ${"more ".repeat(30)}`]],
    ],
    ["HTML", "<h2> Root Cause </h2>  \na", [["2 Root Cause", "a"]]],
    ["HTML that names no section", "## A\n<h2>Details</h2>", [["2 A", "<h2>Details</h2>"]]],
    ["text behind HTML", "## A\n<h2>Timeline</h2> at 10:00", [["2 A", "<h2>Timeline</h2> at 10:00"]]],
  ])("%s", (_, body, sections) => expect(found(body)).toEqual(sections));

  it("a line in bold is one where it is nothing but a section's name", () => {
    for (const line of ["**Root Cause**", "__Root Cause:__", "**Root Cause**:", "  **Root Cause**  "])
      expect(found(`${line}\na`), line).toEqual([["7 Root Cause", "a"]]);
    for (const line of [
      "**Root Cause**.",
      "*The* **Root Cause**",
      "**The timeline of all that went wrong**",
      "**Rollback**",
      "*Root Cause*",
    ])
      expect(found(`## A\n${line}`), line).toEqual([["2 A", line]]);
  });

  it.each<[string, string, readonly (readonly string[])[]]>([
    ["by equals signs", "a\n\n  Ours \n===\nb", [["1 Ours", "b"]]],
    ["by hyphens, with spaces behind", "Ours\n--  \nb", [["2 Ours", "b"]]],
    [
      "below blank lines",
      "## A\n \nOurs\n---\nb",
      [
        ["2 A", " "],
        ["2 Ours", "b"],
      ],
    ],
    ["as long as a line", `${"x".repeat(200)}\n---`, [[`2 ${"x".repeat(200)}`]]],
  ])("underlined %s", (_, body, sections) => expect(found(body)).toEqual(sections));

  it.each([
    ["nothing", "---\na"],
    ["an item", "- a\n---"],
    ["a quote", "> a\n---"],
    ["a row of a table", "| a |\n---"],
    ["a row without outer bars", "a | b\n---"],
    ["two lines", "a\nb\n---"],
    ["a paragraph", `${"x".repeat(201)}\n---`],
  ])("a rule below %s is no underline", (_, text) => expect(found(text)).toEqual([]));

  it("words beside hyphens make no underline", () => {
    for (const line of ["-- Jane", "connected ---", "- -"]) expect(found(`Then\n${line}`)).toEqual([]);
  });

  it("no more than five hundred; what looks like a heading behind them is text of the last", () => {
    for (const piece of ["# a\n", "a\n===\n\n"]) {
      const sections = found(piece.repeat(502));
      expect(sections).toHaveLength(500);
      expect(sections.at(-1)?.filter((line) => line !== "")).toHaveLength(
        1 + 2 * piece.trim().split("\n").length,
      );
    }
  });
});
