import { z } from "zod";
import { type Policy, RULE_IDS, type RuleId } from "../policy/policy.ts";
import { RULES } from "../policy/rules/registry.ts";
import { createParser } from "./parse.ts";
import { createPolicySchema, type RuleSpecs } from "./schema.ts";

export { CONFIG_PATH, type ExtendsReference, parseExtends, readExtends } from "./inherit.ts";
export type { ParseOptions, ParseResult } from "./parse.ts";
export type { ConfigProblem, ConfigSource } from "./problem.ts";

// Until every rule has landed; then Object.fromEntries of the registry is all of it.
const WARN: readonly RuleId[] = [
  "branch-freshness",
  "approved-by",
  "hotfix-comment",
  "staging-tested",
  "checklist",
];
const specOf = (id: RuleId): RuleSpecs[RuleId] =>
  RULES.find((rule) => rule.meta.id === id)?.meta ?? {
    title: id,
    level: WARN.includes(id) ? "warn" : "error",
    options: z.strictObject({}),
  };

export const policySchema = createPolicySchema(
  Object.fromEntries(RULE_IDS.map((id) => [id, specOf(id)])) as RuleSpecs,
);

export const parseConfig = createParser(policySchema);

/** The policy where there is no configuration at all. */
export function defaultPolicy(): Policy {
  return policySchema.parse({});
}
