import { isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { asMeant } from "./as-meant.ts";
import { parseConfig } from "./index.ts";
import type { Located, Place } from "./located.ts";
import { type ConfigSource, show } from "./problem.ts";
import { readYaml } from "./yaml.ts";

/** A word of the file, and what was put in its place. */
export interface Correction {
  readonly line: number;
  readonly column: number;
  readonly was: string;
  readonly now: string;
}

/** A configuration's text after corrections that change nothing but what they name. */
export interface Corrected {
  readonly text: string;
  /** In the order of the file; empty: nothing that could be corrected. */
  readonly corrections: readonly Correction[];
}

interface Wish extends Place {
  readonly meant: string;
}

/**
 * The file with every word corrected of which it is sure what was meant: old names of keys, misspelt keys and
 * values, and settings in another tool's notation. Nothing else is touched, comments and layout neither. What
 * is no YAML comes back as it is.
 */
export function correctConfig(source: ConfigSource): Corrected {
  const text = new TextDecoder().decode(source.bytes);
  const result = parseConfig([source], { alone: true });
  const told = "problems" in result ? result.problems : result.warnings;
  const wishes: Wish[] = told.flatMap(({ meant, ...place }) =>
    meant === undefined ? [] : [{ ...place, meant }],
  );
  const read = readYaml(source);
  if ("root" in read) wishes.push(...readings(read.root, asMeant(read.root)));
  return replaced(text, wishes);
}

/** The values that are read as something else than they say. */
function readings(was: Located, meant: Located): readonly Wish[] {
  if (was.kind === "scalar" && meant.kind === "scalar")
    return was.value === meant.value ? [] : [{ ...was.at, meant: String(meant.value) }];
  if (was.kind === "list" && meant.kind === "list")
    return was.items.flatMap((item, i) => readings(item, meant.items[i] ?? item));
  if (was.kind === "map" && meant.kind === "map")
    return [...was.entries].flatMap(([key, entry]) =>
      readings(entry.value, meant.entries.get(key)?.value ?? entry.value),
    );
  return [];
}

function replaced(text: string, wishes: readonly Wish[]): Corrected {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  if (document.errors.length > 0) return { text, corrections: [] };
  const corrections: (Correction & {
    readonly from: number;
    readonly to: number;
    readonly written: string;
  })[] = [];
  visit(document, {
    Scalar(key, node) {
      // What is tagged is meant as it says.
      if (!isScalar(node) || !node.range || node.tag !== undefined) return;
      const [from, to] = node.range;
      const { line, col } = lines.linePos(from);
      const wish = wishes.find((one) => one.line === line && one.column === col);
      if (wish === undefined) return;
      // Of a block the end of its last line is a part.
      const end = node.type?.startsWith("BLOCK_") === true ? "\n" : "";
      const written = key === "key" ? wish.meant : `${quoted(wish.meant)}${end}`;
      corrections.push({ line, column: col, was: String(node.value), now: wish.meant, from, to, written });
    },
  });
  if (!isMap(document.contents)) return { text, corrections: [] };
  return {
    text: corrections.reduceRight(
      (done, { from, to, written }) => done.slice(0, from) + written + done.slice(to),
      text,
    ),
    corrections: corrections.map(({ line, column, was, now }) => ({ line, column, was, now })),
  };
}

/** Plain where that says the same in every place of YAML. */
function quoted(value: string): string {
  return /^[\p{L}][\p{L}\p{N}_./-]*$/u.test(value) && !/^(?:yes|no|on|off|null|y|n)$/i.test(value)
    ? value
    : `'${value.replaceAll("'", "''")}'`;
}

/** A correction as a line. */
export function correctionLine(file: string, { line, column, was, now }: Correction): string {
  return `${file}:${line}:${column}: fixed: ${show(was)} is ${show(now)} now`;
}
