import type { Policy } from "../policy/policy.ts";
import { RULES } from "../policy/rules/registry.ts";
import { createParser } from "./parse.ts";
import { createPolicySchema, type RuleSpecs } from "./schema.ts";

export {
  CONFIG_PATH,
  CONFIG_PATHS,
  type ExtendsReference,
  parseExtends,
  placeInFile,
  placeOfExtends,
  readExtends,
} from "./inherit.ts";
export type { ParseOptions, ParseResult } from "./parse.ts";
export type { ConfigProblem, ConfigSource } from "./problem.ts";

/**
 * The schema with the options of the rules that there are; the registry has every id
 * (test/rules-parity.test.ts).
 */
export const policySchema = createPolicySchema(
  Object.fromEntries(RULES.map(({ meta }) => [meta.id, meta])) as unknown as RuleSpecs,
);

/** See `createParser`. */
export const parseConfig = createParser(policySchema);

/** The policy where there is no configuration at all. */
export function defaultPolicy(): Policy {
  return policySchema.parse({});
}
