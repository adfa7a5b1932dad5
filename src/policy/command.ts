import { distance } from "fastest-levenshtein";
import { RULE_IDS, type RuleId } from "./policy.ts";
import { topLevelParagraphs } from "./text/paragraphs.ts";

const COMMANDS = ["help", "recheck", "override", "verified", "rollback", "unfreeze"] as const;

/** What may follow `/hotfix`. */
export type CommandName = (typeof COMMANDS)[number];

/**
 * What a comment asks of the app. `further` counts the commands after the first, which are not carried out.
 * Words that were not understood are as written, cut to 64 characters, and foreign text: neutralize them
 * where they are shown.
 */
export type Command = (
  | { readonly kind: Exclude<CommandName, "override" | "unfreeze"> }
  /** Ends a freeze; the reason as in `override`. */
  | { readonly kind: "unfreeze"; readonly reason: string }
  | { readonly kind: "invalid-unfreeze" }
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

const COMMAND_LINE = /^[\p{Cf}\0]{0,8} {0,3}\/hotfix(?:\s|$)/iu;

/**
 * Reads the `/hotfix` command of a comment: the first line of a paragraph that stands by itself, not in a
 * quote, a list, code, HTML, folded text or a mail that is replied to. `null`: there is none. Case does not
 * matter; `/hotfix` alone asks for help. Linear in the length of the body.
 */
export function parseCommand(body: string): Command | null {
  // Most comments have none: that is told without reading them.
  if (!/\/hotfix/i.test(body)) return null;
  const paragraphs = topLevelParagraphs(body, (line) => COMMAND_LINE.test(line));
  const [first, ...others] = paragraphs.flatMap(({ first, further }) => [
    first,
    ...further.filter((line) => COMMAND_LINE.test(line)),
  ]);
  return first === undefined
    ? null
    : { ...readCommand(first.replace(COMMAND_LINE, "")), further: others.length };
}

type Parsed = Command extends infer C ? (C extends unknown ? Omit<C, "further"> : never) : never;

/** `text` is what follows `/hotfix` on its line. */
function readCommand(text: string): Parsed {
  const [word, rest] = takeWord(text);
  const name = word === "" ? "help" : COMMANDS.find((command) => command === word.toLowerCase());
  if (name === undefined) return { kind: "unknown", word, nearest: nearestOf(word, COMMANDS) };
  if (name === "override") return readOverride(rest);
  if (name !== "unfreeze") return { kind: name };
  return hasWords(rest) ? { kind: name, reason: rest } : { kind: "invalid-unfreeze" };
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
  if (!hasWords(reason)) {
    return { kind: "invalid-override", problem: "missing-reason", rule: rule ?? POST_MORTEM, nearest: null };
  }
  return rule === undefined ? { kind: "override-post-mortem", reason } : { kind: "override", rule, reason };
}

function hasWords(reason: string): boolean {
  return /[\p{L}\p{N}]/u.test(reason);
}

/**
 * The first word, without invisible characters and the marks people copy along (`<scope>`, `scope:`), and the
 * rest.
 */
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
