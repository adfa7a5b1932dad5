import { z } from "zod";
import { EXAMPLES } from "./examples.ts";
import { isRecord } from "./located.ts";
import type { PolicySchema } from "./schema.ts";
import { type JsonSchema, jsonSchema } from "./schema-keys.ts";

/** Where the files are to be had, for editors and other programs; it stays, whatever version is released. */
const ADDRESS = "https://raw.githubusercontent.com/hotfix-guard/hotfix-guard/main/docs/schema";

const TITLE = {
  title: "Hotfix Guard configuration",
  description: "The file .github/hotfix.yml. Every key is optional.",
};

/** What is made of the schema for editors and catalogs: names of files in docs/schema, and their content. */
export function schemaFiles(schema: PolicySchema): Readonly<Record<string, string>> {
  const newest = z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" });
  return {
    // Draft 7 is what editors know best.
    "hotfix.schema.json": file("hotfix.schema.json", jsonSchema(schema)),
    "hotfix.2020-12.schema.json": file("hotfix.2020-12.schema.json", newest as JsonSchema),
    "schemastore.json": `${JSON.stringify(CATALOG_ENTRY, null, 2)}\n`,
  };
}

/** What SchemaStore's catalog takes, so that editors know the file without any line in it. */
const CATALOG_ENTRY = {
  name: "Hotfix Guard",
  description: "Configuration of Hotfix Guard, a GitHub App that gates hotfix pull requests",
  fileMatch: ["**/.github/hotfix.yml", "**/.github/hotfix.yaml"],
  url: `${ADDRESS}/hotfix.schema.json`,
};

function file(name: string, schema: JsonSchema): string {
  const { $schema, ...rest } = withExamples(schema, "");
  return `${JSON.stringify({ $schema, $id: `${ADDRESS}/${name}`, ...TITLE, ...rest }, null, 2)}\n`;
}

/** Every key with an example: its own, what holds without it, or the first of what it takes. */
function withExamples(node: JsonSchema, path: string): JsonSchema {
  const walk = (one: unknown, here: string): unknown => (isRecord(one) ? withExamples(one, here) : one);
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => {
    if (key === "properties" && isRecord(value))
      return [
        key,
        Object.fromEntries(
          Object.entries(value).map(([name, child]) => [
            name,
            walk(child, path === "" ? name : `${path}.${name}`),
          ]),
        ),
      ];
    if (key === "items") return [key, walk(value, `${path}[]`)];
    if (key === "additionalProperties") return [key, walk(value, `${path}.*`)];
    if (key === "anyOf" && Array.isArray(value)) return [key, value.map((one) => walk(one, path))];
    return [key, value];
  });
  const example = path === "" || !("description" in node) ? undefined : exampleOf(node, path);
  return Object.fromEntries(example === undefined ? entries : [...entries, ["examples", [example]]]);
}

function exampleOf(node: JsonSchema, path: string): unknown {
  if (path in EXAMPLES) return EXAMPLES[path];
  if ("default" in node) return node.default;
  throw new Error(`src/config/examples.ts lacks an example of ${path}`);
}
