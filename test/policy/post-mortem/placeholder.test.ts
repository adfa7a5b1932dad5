import { describe, expect, it } from "vitest";
import { placeholderAt, placeholdersIn } from "../../../src/policy/post-mortem/placeholder.ts";

describe("what placeholders ask for", () => {
  it("without the spaces and marks around it", () => {
    expect(placeholdersIn("| TODO: time | Fix deployed |")).toEqual(["time"]);
    expect(placeholdersIn("TODO: **the reason** \nTODO:")).toEqual(["the reason", "text"]);
  });

  it("a hundred of a line are told, however they are written", () => {
    expect(placeholdersIn("_TODO: a_ ".repeat(150))).toHaveLength(100);
    expect(placeholdersIn("to be written: a |".repeat(150))).toHaveLength(100);
  });
});

describe("where the first placeholder of a line begins", () => {
  it.each([
    ["10:00 – _To be written: end_", 8],
    ["Why: **TODO : the reason**", 5],
    ["TODO: a, TODO: b", 0],
    ["We had left a TODO: retry in the code", -1],
    ["All said", -1],
  ])("%j: %i", (line, at) => expect(placeholderAt(line)).toBe(at));
});
