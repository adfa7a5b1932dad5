import { describe, expect, it } from "vitest";
import { mentions, rolesNamed } from "../../../src/policy/commit-message/names.ts";

describe("mentions", () => {
  it.each([
    ["Jane Doe (Engineering Manager)", "jane doe", true],
    ["Jane Doe (Engineering Manager)", "engineering-manager", true],
    ["@jane-doe", "jane-doe", true],
    ["approved by jane.", "Jane", true],
    ["José Núñez", "Jose Nunez", true],
    ["Jane  Doe", "jane doe", true],
    ["Jane (Doe)", "jane-doe", true],
    ["Janet", "jane", false],
    ["the director", "cto", false],
    ["CTO", "cto", true],
    ["Jane", "", false],
    ["", "jane", false],
    ["Jane", "-", false],
  ])("%j names %j: %j", (text, name, expected) => expect(mentions(text, name)).toBe(expected));
});

describe("rolesNamed", () => {
  it("finds the roles that are named in words", () => {
    const roles = ["on-call", "engineering-manager", "cto"];
    expect(rolesNamed("John, on call, for the Engineering Manager", roles)).toEqual([
      "on-call",
      "engineering-manager",
    ]);
    expect(rolesNamed("the director", roles)).toEqual([]);
  });
});
