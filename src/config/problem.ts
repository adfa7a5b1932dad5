import type { Place } from "./located.ts";

/**
 * What is wrong with a configuration, where, and how to fix it. All texts are one line, safe for a terminal.
 */
export interface ConfigProblem extends Place {
  /** Dotted path of the key, `severities.P0.approvers[1]`; `""`: the file as a whole. */
  readonly key: string;
  readonly message: string;
  readonly fix: string;
  /**
   * The word that was surely meant in place of the key or value at this place; `validate --fix` writes it.
   */
  readonly meant?: string;
}

/** A configuration file as it was read. `file` is how people know it: a path, or `owner/repo:path`. */
export interface ConfigSource {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** A problem at a place of a file; `path` leads to the key it is about. */
export function problem(
  at: Place,
  path: readonly PropertyKey[],
  message: string,
  fix: string,
): ConfigProblem {
  return { file: at.file, line: at.line, column: at.column, key: dotted(path), message, fix };
}

/** `["severities", "P0", "approvers", 1]` → `severities.P0.approvers[1]`. */
function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) =>
      typeof step === "number" ? `[${step}]` : `${i === 0 ? "" : "."}${visible(String(step))}`,
    )
    .join("");
}

const LONGEST_SHOWN = 60;

/** A value of the file, quoted and short, for a message. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  if (value === null || value === undefined) return "nothing";
  return typeof value === "string" ? `"${visible(value)}"` : String(value);
}

/**
 * Control, format (right-to-left marks too) and separator characters as escapes, and not longer than a line.
 */
export function visible(text: string, longest = LONGEST_SHOWN): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return short.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** In source order, each once, and not more than a person will read. */
export function inOrder(
  problems: readonly ConfigProblem[],
  files: readonly string[],
): readonly ConfigProblem[] {
  const sorted = [...problems].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
  const distinct = [...new Map(sorted.map((one) => [JSON.stringify(one), one])).values()];
  const shown = distinct.slice(0, MOST_SHOWN);
  const last = shown.at(-1);
  if (last === undefined || distinct.length === shown.length) return shown;
  const more = { ...last, key: "", message: `${distinct.length - shown.length} more problems follow` };
  return [...shown, { ...more, fix: "Fix these first." }];
}

const MOST_SHOWN = 50;
