import { createHash } from "node:crypto";
import { type ConfigSource, parseConfig } from "../../../config/index.ts";
import type { PolicyReading } from "../../../policy/verdict.ts";
import { remembered } from "../../api/memory.ts";

/** Parsed files by their bytes: parsing takes longer than all the rest of an evaluation. */
const readings = remembered<PolicyReading>("parsed configurations")({});

/** `alone`: what it extends is not read. */
export function parsed(sources: readonly ConfigSource[], source: string, alone = false): PolicyReading {
  const key = `${digestOf(sources, source)}${alone ? " alone" : ""}`;
  const earlier = readings.get(key);
  if (earlier !== undefined) return earlier;
  const result = parseConfig(sources, { alone });
  const reading: PolicyReading =
    "policy" in result
      ? {
          state: "valid",
          policy: result.policy,
          source,
          ...(result.warnings.length > 0 ? { warnings: result.warnings } : {}),
        }
      : { state: "invalid", problems: result.problems };
  readings.set(key, frozen(reading));
  return reading;
}

function digestOf(sources: readonly ConfigSource[], source: string): string {
  const hash = createHash("sha256").update(JSON.stringify([source, ...sources.map(({ file }) => file)]));
  for (const { bytes } of sources) hash.update(`\0${bytes.byteLength}\0`).update(bytes);
  return hash.digest("base64");
}

/** What several evaluations share can be changed by none of them. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
