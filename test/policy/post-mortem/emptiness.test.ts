import { describe, expect, it } from "vitest";
import { isNoContent, saysNothing } from "../../../src/policy/post-mortem/emptiness.ts";

describe("no content", () => {
  it.each([
    ["", true],
    ["  \t ", true],
    ["&#8212;", true],
    ["&#x2014;", true],
    ["&#xa0;&nbsp;", true],
    ["no&nbsp;action&#160;needed", true],
    ["[Brief cause]", true],
    ["{{ impact }}", true],
    ["Lorem ipsum dolor sit amet, and some more of it", true],
    ["The page said lorem ipsum dolor", false],
    ["&#8212; an encoding", false],
    ["&co; was down", false],
  ])("%j: %s", (text, is) => expect(isNoContent(text)).toBe(is));

  it.each<[string, string, boolean]>([
    ["a rule", "-".repeat(2_000), true],
    ["filler over and over", "bla ".repeat(100), true],
    ["filler with an answer far behind", `${"bla ".repeat(260)}an encoding`, false],
    ["a long text of printers", `Lorem ipsum dolor ${"sit amet ".repeat(200)}`, true],
    ["a long answer", "Payments failed. ".repeat(100), false],
  ])("in a long text: %s", (_, text, is) => expect(isNoContent(text)).toBe(is));
});

describe("a line that says nothing", () => {
  it.each([
    ["- [ ] ", true],
    ["> 1. ### none", true],
    ["#7", false],
    ["- #7", false],
    ["| nothing to do | tbd |", true],
    ["  | nothing to do | tbd", true],
    ["| none | an encoding |", false],
    ["an encoding |", false],
    ["**Cause:**", true],
    ["**Cause:** n/a", true],
    ["Cause: an encoding", false],
    ["None: it was the provider's", false],
  ])("%j: %s", (line, nothing) => expect(saysNothing(line)).toBe(nothing));
});
