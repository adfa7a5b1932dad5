import { z } from "zod";
import type { Path } from "./located.ts";
import { isRecord } from "./located.ts";
import type { PolicySchema } from "./schema.ts";

const schemas = new WeakMap<PolicySchema, Readonly<Record<string, unknown>>>();

/** The configuration's schema as JSON Schema (draft 7, which editors know best), of what people write. */
export function jsonSchema(schema: PolicySchema): Readonly<Record<string, unknown>> {
  let made = schemas.get(schema);
  if (made === undefined) {
    made = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
    schemas.set(schema, made);
  }
  return made;
}

/** The keys that a map at this path may have; `[]`: any. */
export function knownKeys(schema: PolicySchema, path: Path): readonly string[] {
  const node = path.reduce<unknown>(below, jsonSchema(schema));
  return Object.keys(propertiesOf(node));
}

function below(node: unknown, step: PropertyKey): unknown {
  if (!isRecord(node)) return undefined;
  return typeof step === "number"
    ? node.items
    : (propertiesOf(node)[String(step)] ?? node.additionalProperties);
}

function propertiesOf(node: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(node)) return {};
  if (isRecord(node.properties)) return node.properties;
  const alternatives = Array.isArray(node.anyOf) ? node.anyOf : [];
  return alternatives.map(propertiesOf).find((one) => Object.keys(one).length > 0) ?? {};
}
