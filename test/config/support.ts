import { type ConfigProblem, type ParseOptions, parseConfig } from "../../src/config/index.ts";
import type { Policy } from "../../src/policy/policy.ts";

/** Parses a file `own.yml`, and `base.yml` that it extends. */
export function parse(own: string | Uint8Array, base?: string, options?: ParseOptions) {
  const bytes = (text: string | Uint8Array): Uint8Array =>
    typeof text === "string" ? new TextEncoder().encode(text) : text;
  const sources = [{ file: "own.yml", bytes: bytes(own) }];
  if (base !== undefined) sources.push({ file: "base.yml", bytes: bytes(base) });
  return parseConfig(sources, options);
}

/** The policy of a valid file. */
export function policyOf(own: string, base?: string): Policy {
  const result = parse(own, base);
  if ("problems" in result) throw new Error(result.problems.map(lineOf).join("\n"));
  return result.policy;
}

/** The problems of an invalid file. */
export function problemsOf(
  own: string | Uint8Array,
  base?: string,
  options?: ParseOptions,
): readonly ConfigProblem[] {
  const result = parse(own, base, options);
  if (!("problems" in result)) throw new Error("the file is valid");
  return result.problems;
}

export function lineOf({ file, line, column, key, message, fix }: ConfigProblem): string {
  return `${file}:${line}:${column}: ${key}: ${message} — ${fix}`;
}
