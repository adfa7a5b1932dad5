import { z } from "zod";
import type { Vocabulary } from "./explain.ts";
import { isRecord, type Path } from "./located.ts";
import type { PolicySchema } from "./schema.ts";

/** A JSON Schema, or a part of one, as Zod writes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The configuration's schema as JSON Schema (draft 7, which editors know best), of what people write. */
export function jsonSchema(schema: PolicySchema): JsonSchema {
  return z.toJSONSchema(schema, { io: "input", target: "draft-7" });
}

/** The configuration's keys, from its JSON Schema. */
export function vocabularyOf(schema: PolicySchema): Vocabulary {
  let made: JsonSchema | undefined;
  const root = (): JsonSchema => {
    made ??= jsonSchema(schema);
    return made;
  };
  return {
    keysAt: (path: Path) => Object.keys(propertiesOf(path.reduce<unknown>(below, root()))),
    homesOf: (key) => homes(root(), key, ""),
  };
}

function homes(node: unknown, key: string, path: string): readonly string[] {
  const properties = propertiesOf(node);
  const here = path !== "" && Object.hasOwn(properties, key) ? [path] : [];
  const deeper = Object.entries(properties).flatMap(([name, child]) =>
    homes(child, key, path === "" ? name : `${path}.${name}`),
  );
  return [...here, ...deeper];
}

/** The schema of what stands below a key or a list's item. */
function below(node: unknown, step: PropertyKey): unknown {
  if (!isRecord(node)) return undefined;
  if (typeof step === "number") return node.items;
  const properties = propertiesOf(node);
  const name = String(step);
  return Object.hasOwn(properties, name) ? properties[name] : node.additionalProperties;
}

/** The keys of a map; of a choice, those of the map in it. */
export function propertiesOf(node: unknown): JsonSchema {
  if (!isRecord(node)) return {};
  if (isRecord(node.properties)) return node.properties;
  const choices = Array.isArray(node.anyOf) ? node.anyOf : [];
  return choices.map(propertiesOf).find((one) => Object.keys(one).length > 0) ?? {};
}
