import { distance } from "fastest-levenshtein";
import { RULE_IDS, type RuleId } from "./policy.ts";

export const COMMANDS = ["help", "recheck", "override", "verified", "rollback"] as const;
export type CommandName = (typeof COMMANDS)[number];

/**
 * What a comment asks of the app. `further` counts the commands after the first, which are not carried out. Words that
 * were not understood are as written, cut to 64 characters, and foreign text: neutralise them where they are shown.
 */
export type Command = (
  | { readonly kind: Exclude<CommandName, "override"> }
  /** `reason` is the rest of the line as written and holds at least one letter or digit. */
  | { readonly kind: "override"; readonly rule: RuleId; readonly reason: string }
  /** Lets a post-mortem be closed unfinished. */
  | { readonly kind: "override-post-mortem"; readonly reason: string }
  | {
      readonly kind: "invalid-override";
      readonly problem: "missing-rule" | "unknown-rule" | "missing-reason";
      /** The rule as written; `""` where it is missing. */
      readonly rule: string;
      readonly nearest: RuleId | typeof POST_MORTEM | null;
    }
  | { readonly kind: "unknown"; readonly word: string; readonly nearest: CommandName | null }
) & { readonly further: number };

/** What can be overridden beside rules. */
export const POST_MORTEM = "post-mortem";
const WORD_LIMIT = 64;

/**
 * Reads the `/hotfix` command of a comment: the first line that starts with `/hotfix` and is neither quoted, nor code,
 * nor inside an HTML comment. `null`: there is none. Case does not matter; `/hotfix` alone asks for help. Linear in the
 * length of the body.
 */
export function parseCommand(body: string): Command | null {
  const lines = commandLines(body);
  const first = lines[0];
  return first === undefined ? null : { ...readCommand(first), further: lines.length - 1 };
}

type Parsed = Command extends infer C ? (C extends unknown ? Omit<C, "further"> : never) : never;

/** `text` is what follows `/hotfix` on its line. */
function readCommand(text: string): Parsed {
  const [word, rest] = takeWord(text);
  const name = word === "" ? "help" : COMMANDS.find((command) => command === word.toLowerCase());
  if (name === undefined) return { kind: "unknown", word, nearest: nearestOf(word, COMMANDS) };
  return name === "override" ? readOverride(rest) : { kind: name };
}

function readOverride(text: string): Parsed {
  const [word, reason] = takeWord(text);
  if (word === "") return { kind: "invalid-override", problem: "missing-rule", rule: "", nearest: null };
  const rule = RULE_IDS.find((id) => id === word.toLowerCase());
  if (rule === undefined && word.toLowerCase() !== POST_MORTEM) {
    return {
      kind: "invalid-override",
      problem: "unknown-rule",
      rule: word,
      nearest: nearestOf(word, [...RULE_IDS, POST_MORTEM]),
    };
  }
  if (!/[\p{L}\p{N}]/u.test(reason)) {
    return { kind: "invalid-override", problem: "missing-reason", rule: rule ?? POST_MORTEM, nearest: null };
  }
  return rule === undefined ? { kind: "override-post-mortem", reason } : { kind: "override", rule, reason };
}

/** The first word, without invisible characters and the marks people copy along (`<scope>`, `scope:`), and the rest. */
function takeWord(text: string): readonly [word: string, rest: string] {
  const trimmed = text.trim();
  const end = trimmed.search(/\s/);
  const raw = end === -1 ? trimmed : trimmed.slice(0, end);
  // Cut before cleaning and measuring: both then take constant time.
  const word = raw.slice(0, WORD_LIMIT).replace(/[\p{Cc}\p{Cf}<>`"',:]/gu, "");
  return [word, end === -1 ? "" : trimmed.slice(end).trim()];
}

/** The candidate that was probably meant, or `null` where none is close. */
function nearestOf<T extends string>(word: string, candidates: readonly T[]): T | null {
  let best: T | null = null;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const d = distance(word.toLowerCase(), candidate);
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/** What follows `/hotfix` on each line that is a command. */
function commandLines(body: string): readonly string[] {
  const found: string[] = [];
  let fence: string | null = null;
  let inComment = false;
  for (const line of body.split(/\r\n|\r|\n/)) {
    if (fence !== null) {
      if (closesFence(line, fence)) fence = null;
      continue;
    }
    if (!inComment) {
      if (line.trimStart().startsWith(">")) continue;
      fence = openedFence(line);
      if (fence !== null) continue;
      const command = /^[\p{Cf}\0]{0,8} {0,3}\/hotfix(?:\s|$)/iu.exec(line);
      if (command !== null) found.push(line.slice(command[0].length));
    }
    // The later of the two marks says how the line ends.
    const opened = line.lastIndexOf("<!--");
    const closed = line.lastIndexOf("-->");
    if (opened !== closed) inComment = opened > closed;
  }
  return found;
}

/** The marks of a code fence that the line opens, in a list item too. */
function openedFence(line: string): string | null {
  const match = /^ {0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]{1,4})?(`{3,}|~{3,})(.*)$/.exec(line);
  const marks = match?.[1];
  // An info string with backticks makes it inline code.
  if (marks === undefined || (marks.startsWith("`") && match?.[2]?.includes("`"))) return null;
  return marks;
}

function closesFence(line: string, fence: string): boolean {
  const marks = line.trim();
  return marks.length >= fence.length && marks === (fence[0] ?? "").repeat(marks.length);
}
