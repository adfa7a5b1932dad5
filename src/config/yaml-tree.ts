import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from "yaml";
import type { Entry, Located, LocatedMap, Place, Scalar } from "./located.ts";
import { type ConfigProblem, problem, visible } from "./problem.ts";
import { Refusal } from "./refusal.ts";

export const DEEPEST = 40;
/** Counted with every use of an alias. */
const MOST_NODES = 5_000;

/** The refusal of what is nested deeper than any configuration; `offset` in the text. */
export function tooDeep(offset: number): Refusal {
  return new Refusal(offset, "nested too deeply", "The configuration is at most five levels deep.");
}

/**
 * The composed YAML as plain data with places. Keys that are refused are left out and told of; what makes
 * going on pointless is thrown as a `Refusal`. Aliases are followed here, so that their use can be counted.
 */
export function toLocated(
  contents: ParsedNode | null,
  place: (offset: number) => Place,
): { readonly root: Located; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const anchors = new Map<string, ParsedNode>();
  const open = new Set<ParsedNode>();
  let nodes = 0;

  const visit = (node: ParsedNode | null, path: readonly PropertyKey[], after: number): Located => {
    if (node === null) return { kind: "scalar", value: null, at: place(after) };
    const offset = node.range[0];
    if (++nodes > MOST_NODES) throw tooMany(offset);
    if (path.length > DEEPEST) throw tooDeep(offset);
    if (isAlias(node)) return visit(target(node.source, offset), path, offset);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    open.add(node);
    const result = visitNode(node, path, place(offset));
    open.delete(node);
    return result;
  };

  const visitNode = (node: ParsedNode, path: readonly PropertyKey[], at: Place): Located => {
    if (isMap<ParsedNode | null, ParsedNode | null>(node)) return visitMap(node, path, at);
    if (!isSeq<ParsedNode>(node)) return { kind: "scalar", value: scalar(node), at };
    return { kind: "list", items: node.items.map((item, i) => visit(item, [...path, i], 0)), at };
  };

  const visitMap = (
    node: YAMLMap<ParsedNode | null, ParsedNode | null>,
    path: readonly PropertyKey[],
    at: Place,
  ): LocatedMap => {
    const entries = new Map<string, Entry>();
    for (const { key, value } of node.items) {
      const keyAt = key === null ? at : place(key.range[0]);
      if (!isScalar(key) || key.value === null) {
        const fix = "Write key: value; put a text with special characters in quotes.";
        problems.push(problem(keyAt, path, "a key has to be a plain word", fix));
        continue;
      }
      const name = typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
      const here = [...path, name];
      const refused = keyRefusal(name, entries.get(name));
      if (refused === null) entries.set(name, { key: keyAt, value: visit(value, here, key.range[1]) });
      else problems.push(problem(keyAt, here, ...refused));
    }
    return { kind: "map", entries, at };
  };

  const target = (name: string, offset: number): ParsedNode => {
    const shown = visible(name);
    const found = anchors.get(name);
    if (found === undefined) {
      const fix = /^[\w-]+$/.test(name)
        ? `Put a text that begins with * in quotes, or define &${shown} further up.`
        : `Put a text that begins with * in quotes: '*${shown}'`;
      throw new Refusal(offset, `*${shown} names no anchor before it`, fix);
    }
    if (open.has(found))
      throw new Refusal(offset, "an alias stands within what it names", "Write the value out.");
    return found;
  };

  const root = visit(contents, [], 0);
  return { root, problems };
}

function tooMany(offset: number): Refusal {
  const message = `the file holds more than ${MOST_NODES} values, counted with every use of an alias (*name)`;
  return new Refusal(offset, message, "Write the values out, without aliases that stand for aliases.");
}

function keyRefusal(name: string, first: Entry | undefined): readonly [message: string, fix: string] | null {
  if (name === "<<") {
    return ["merge keys (<<) are not supported", "Write the keys out, or extend another file with extends."];
  }
  if (name === "__proto__") return ["this key is not allowed", "Take another name."];
  return first === undefined ? null : [`duplicate key, first on line ${first.key.line}`, "Keep one of them."];
}

/** Values outside JSON (an integer that no number holds) are text, which the schema then evaluates. */
function scalar(node: ParsedNode): Scalar {
  const value: unknown = isScalar(node) ? node.value : null;
  return value === null || ["string", "number", "boolean"].includes(typeof value)
    ? (value as Scalar)
    : String(value);
}
