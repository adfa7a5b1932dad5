import { describe, expect, it } from "vitest";
import { COMMON_MESSAGES } from "../../../src/policy/rule.ts";
import { messageOf, RULES, ruleById } from "../../../src/policy/rules/registry.ts";

describe("the registry of rules", () => {
  it("knows each rule by its id", () => {
    for (const rule of RULES) expect(ruleById(rule.meta.id)).toBe(rule);
    expect(() => ruleById("other" as never)).toThrow("there is no rule other");
  });

  it.each([
    ["severity", "none", ruleById("severity").meta.messages.none],
    ["severity", "unknown", COMMON_MESSAGES.unknown],
  ] as const)("has the message of %s, %s", (rule, code, message) => {
    expect(message).toBeDefined();
    expect(messageOf(rule, code)).toBe(message);
  });

  it("has no message of another rule's code", () => {
    expect(() => messageOf("severity", "wrong-base")).toThrow("the rule severity has no message wrong-base");
  });
});
