import { isRecord } from "./located.ts";
import { type JsonSchema, propertiesOf } from "./schema-keys.ts";

/** The tables of docs/configuration.md, made of the JSON Schema: for each section its keys, what they take, what holds without them. */
export function keyTables(schema: JsonSchema): string {
  const properties = Object.entries(propertiesOf(schema));
  const isSection = (node: unknown): boolean => Object.keys(propertiesOf(itemOf(node))).length > 0;
  const top = properties.filter(([, node]) => !isSection(node));
  const sections = properties.filter(([, node]) => isSection(node));
  return [
    `### Top level\n\n${table(top)}`,
    ...sections.map(([name, node]) => {
      const path = itemOf(node) === node ? name : `${name}[]`;
      const parts = [
        `### \`${name}\``,
        descriptionOf(node),
        defaultOf(node),
        table(rowsOf(itemOf(node), path)),
      ];
      return parts.filter((part) => part !== "").join("\n\n");
    }),
  ].join("\n\n");
}

type Row = readonly [key: string, node: unknown];

/** The keys of a section, those of maps within it below them. */
function rowsOf(node: unknown, path: string): readonly Row[] {
  const named = Object.entries(propertiesOf(node)).flatMap(([key, child]): readonly Row[] => {
    const here = `${path}.${key}`;
    const below = rowsOf(child, here);
    // A rule's own row says its level.
    return below.length > 0 && !hasChoice(child)
      ? below
      : [[here, child], ...below.filter(([one]) => !one.endsWith(".level"))];
  });
  return named;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(([key, node]) => {
    const standard = isRecord(node) && "default" in node ? `\`${JSON.stringify(node.default)}\`` : "";
    return `| ${[keyCell(key), typeOf(node), standard, descriptionOf(node)].map(cell).join(" | ")} |`;
  });
  return ["| key | takes | default | meaning |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

/** A rule's key leads to its page. */
function keyCell(key: string): string {
  const [, rule] = /^rules\.([^.]+)$/.exec(key) ?? [];
  return rule === undefined ? `\`${key}\`` : `[\`${key}\`](rules/${rule}.md)`;
}

function descriptionOf(node: unknown): string {
  const text = isRecord(node) ? node.description : undefined;
  return typeof text === "string" ? text.replaceAll("<", "\\<") : "";
}

/** What holds where a list of maps is not there at all. */
function defaultOf(node: unknown): string {
  if (!isRecord(node) || !Array.isArray(node.default)) return "";
  return ["Default:", "", "```yaml", ...node.default.map((item) => `- ${JSON.stringify(item)}`), "```"].join(
    "\n",
  );
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

function typeOf(node: unknown): string {
  if (!isRecord(node)) return "";
  if (Array.isArray(node.anyOf)) {
    return hasChoice(node) ? "level, or map" : node.anyOf.map(typeOf).join(" or ");
  }
  if (Array.isArray(node.enum)) return node.enum.map((one) => `\`${one}\``).join(", ");
  if (Array.isArray(node.type)) return node.type.map((type) => typeOf({ ...node, type })).join(" or ");
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.type === "array") return `list of: ${typeOf(node.items)}`;
  if (typeof node.title === "string")
    return node.title === "RE2 pattern" ? node.title : node.title.toLowerCase();
  if (node.type === "object") return `map of names to ${typeOf(node.additionalProperties)}`;
  return (
    { string: "text", boolean: "`true`, `false`", integer: "whole number", null: "`null`" }[
      String(node.type)
    ] ?? String(node.type)
  );
}

/** A level or a map: a rule. */
function hasChoice(node: unknown): boolean {
  return isRecord(node) && Array.isArray(node.anyOf) && Object.keys(propertiesOf(node)).length > 0;
}

/** What a list of maps repeats, else the node itself. */
function itemOf(node: unknown): unknown {
  return isRecord(node) && node.type === "array" ? node.items : node;
}
