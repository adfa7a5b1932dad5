import { plainLetters } from "./plain-letters.ts";

/**
 * The word that says hotfix at the beginning of a title, in all the ways in which people write it: `HOTFIX:
 * x`, `HOTFIX x`, `[Hotfix][PAY-12] x`, `hotfix(payments)!: x`, `🚨 HOTFIX： x`, `hotfix - x`, `Hotfix/x` (as
 * GitHub makes it of a branch), `Хотфикс: x`. In lower case it needs a mark behind it or brackets around it:
 * "hotfix procedure" is about hotfixes.
 */

/** Longer titles are read up to here. */
const LONGEST = 300;

/** In plain letters (`plainLetters`), where Cyrillic о, х and і have become Latin. */
const WORD =
  /(?<![\p{L}\p{N}])(?:hot[- _]?fi\p{M}?x|xo[tт][- ]?ф[иi]к[cс]|핫 ?픽스|긴급 ?(?:수정|패치)|ホットフィッ?クス|热修复|熱修復|热修|热补丁|緊急修正|紧急修复|correctif (?:urgent|d['’]urgence)|corrección urgente|correção urgente|correzione urgente|acil düzeltme|إصلاح عاجل)(?![\p{L}\p{N}])/u;
const OPEN = /[[({<【〔〖『「［«*_`]{1,3} ?$/u;
/** Behind it, from here on, stands what the title says. */
const CLOSED =
  /^ ?[\])}>】〕〗』」］»*_`]{1,3}(?: ?[[(【［](?:p[0-3]|sev[- ]?[0-4])[\])】］])?(?: ?[:|>»→/]| ?[-–—]{1,3} )?/u;
/** `[HOTFIX/PAY-12]`, `[hotfix: api]`, and in capitals `[HOTFIX api]`: more stands in its brackets. */
const AND_MORE = /^ ?(?:[:/|,·]|[-–—] ) ?([^()[\]{}【】［］]{1,60})[\])}】］]{1,3}:?/u;
const AND_MORE_IN_CAPITALS = /^[ _-]([^()[\]{}【】［］]{1,60})[\])}】］]{1,3}:?/u;
const MARKED =
  /^(?: ?[[(]?(?:p[0-3]|sev[- ]?[0-4])[\])]?)?(?: ?\([^()]{0,100}\)|\[[^[\]]{0,100}\](?= ?[:!]))?!?(?: ?(?:[-=]{1,2}>|:{1,2}|>{1,3}|[→➜➔⇒|»/;~・•])| ?[-–—]{1,3} )/u;
/** `hotfix[PAY-12] x`, `Hotfix #12: x`, `Hotfix 2.3.1 - x`: the ticket is the title's. */
const TICKET_BEHIND =
  /^ ?(?=\[[^[\]]{0,30}\d[^[\]]{0,30}\] )|^ (?=(?:#\d{1,9}|\p{L}{2,10}-\d{1,9}|v?\d{1,4}(?:\.\d{1,6}){1,3})(?: ?:| [-–—]{1,3}) )/u;
/** In capitals it needs no mark; signs and emoji behind it go with it. */
const CAPITALS = /^(?: ?!)?[^\p{L}\p{N}\p{M}\p{Sc}"'`([{<#@/~.\\]{0,9}(?:\. )?/u;

/** What may stand before it, piece by piece: signs and emoji, also by name as `:ambulance:`. */
const SIGNS = /^(?::[\p{L}\p{N}_+-]{2,40}:|[^\p{L}\p{N}[(【［#])/u;
/** `[PAY-12]`, `PAY-12:`, `#12`, `v1.2`: kept. */
const TICKET =
  /^(?:[[(【［][^\])】］]{0,30}\d[^\])】］]{0,30}[\])】］]|\p{L}{2,10}-\d{1,9}(?!\d)|v?\d{1,4}(?:\.\d{1,6}){1,3}(?!\d)|#\d{1,9}:?)(?: ?[:|-])?/u;
/** How urgent or how ready it is, as people and GitLab say: dropped. */
const QUALIFIER =
  /^[[(【［]?(?:urgent|emergency|critical|prod(?:uction)?|wip|draft|p[0-3]|sev[- ]?[0-4]|re|dringend|urgente?|срочно|acil|緊急|紧急|긴급)[\])】］]?(?![\p{L}\p{N}]|-\d)[:|]?/u;
/** `[BE][HOTFIX]`: kept, where the word itself stands in brackets or in capitals. */
const TAG = /^[[【［][^\]】］]{1,30}[\]】］]/u;
const MOST_PIECES = 30;

/** A title that begins with the word. */
export interface HotfixTitle {
  /** Without the word; a ticket before it is kept, a scope is not. May be empty. */
  readonly description: string;
  /** `Hotfix/x`: a branch's name as GitHub makes a title of it, which says no more than the branch does. */
  readonly fromBranch: boolean;
}

/** `null`: the title does not begin with the word. Never throws; looks at the first 300 characters only. */
export function readHotfixTitle(title: string): HotfixTitle | null {
  const once = readOnce(title);
  if (once === null) return null;
  // `HOTFIX: hotfix: x` says it twice.
  return { ...once, description: readOnce(once.description)?.description ?? once.description };
}

function readOnce(title: string): HotfixTitle | null {
  const { plain, at } = aligned(title.slice(0, LONGEST));
  const lower = plain.toLowerCase();
  const word = WORD.exec(lower);
  if (word === null) return null;
  const from = word.index + word[0].length;
  const before = lower.slice(0, word.index);
  const behind = lower.slice(from);
  const bracket = OPEN.exec(before);
  const capitals = plain.slice(word.index, from) === "HOTFIX" || /(?<![^\s\p{P}\p{S}])#$/u.test(before);
  // The key of a tracker's project.
  const isKey = capitals && /^-\d/.test(behind);
  const mark = bracket === null ? markBehind(behind, capitals) : markInBrackets(behind, capitals);
  const inBrackets = bracket !== null && mark !== null;
  const kept = keptBefore(inBrackets ? before.slice(0, bracket.index) : before, inBrackets || capitals);
  if (kept === null) return null;
  if (isKey) return { description: title.trim(), fromBranch: false };
  const end = mark ?? (bracket === null ? null : markBehind(behind, capitals));
  if (end === null) return null;
  const original = (start: number, length: number): string =>
    title.slice(at[start], at[start + length] ?? title.length).trim();
  const tags = kept.map(({ start, length }) => original(start, length));
  if (end.inside !== null) tags.push(`[${original(from + end.inside.start, end.inside.length)}]`);
  const rest = title
    .slice(at[from + end.length] ?? title.length)
    .replace(/^(?:[\s\p{Cf}]|\ufe0f)+|[\s\u200e\u200f\u202c\u2069]+$/gu, "");
  return { description: [joinedTags(tags), rest].join(" ").trim(), fromBranch: end.fromBranch };
}

/** `[PAY-12]` and `[api]` beside each other, as people write them. */
function joinedTags(tags: readonly string[]): string {
  return tags.join(" ").replace(/(?<=[\]】］]) (?=[[【［])/gu, "");
}

interface Span {
  readonly start: number;
  readonly length: number;
}

interface Mark {
  /** So much belongs to the word. */
  readonly length: number;
  /** What else stands in its brackets. */
  readonly inside: Span | null;
  readonly fromBranch: boolean;
}

/** What closes the brackets behind the word; `null`: nothing does. */
function markInBrackets(behind: string, capitals: boolean): Mark | null {
  const closed = CLOSED.exec(behind);
  if (closed !== null) return { length: closed[0].length, inside: null, fromBranch: false };
  const more = AND_MORE.exec(behind) ?? (capitals ? AND_MORE_IN_CAPITALS.exec(behind) : null);
  if (more === null) return null;
  const [all, inside = ""] = more;
  return {
    length: all.length,
    inside: { start: all.indexOf(inside), length: inside.length },
    fromBranch: false,
  };
}

function markBehind(behind: string, capitals: boolean): Mark | null {
  const mark =
    MARKED.exec(behind) ?? TICKET_BEHIND.exec(behind) ?? (capitals ? CAPITALS : null)?.exec(behind) ?? null;
  return mark === null ? null : { length: mark[0].length, inside: null, fromBranch: mark[0].endsWith("/") };
}

/** The tickets and tags before the word; `null`: something else stands there. */
function keptBefore(before: string, withTags: boolean): readonly Span[] | null {
  const kept: Span[] = [];
  let start = 0;
  for (let pieces = 0; start < before.length; pieces++) {
    if (pieces >= MOST_PIECES) return null;
    const rest = before.slice(start);
    const dropped = QUALIFIER.exec(rest) ?? SIGNS.exec(rest);
    const piece = dropped ?? TICKET.exec(rest) ?? (withTags ? TAG.exec(rest) : null);
    if (piece === null) return /^[[(【［#]$/u.test(rest) ? kept : null;
    if (dropped === null) kept.push({ start, length: piece[0].length });
    start += piece[0].length;
  }
  return kept;
}

/** What the title says without the word; all of it where it does not begin with the word. */
export function withoutHotfix(title: string): string {
  return readHotfixTitle(title)?.description ?? title.trim();
}

/** Each character as a plain one, and where it stands in the text. */
function aligned(text: string): { readonly plain: string; readonly at: readonly number[] } {
  let plain = "";
  const at: number[] = [];
  let index = 0;
  for (const character of text) {
    const letters = plainLetters(character);
    const one = letters.length <= character.length ? letters : character;
    // In capitals it is a sign of its own.
    const cased = /^[a-z]$/.test(one) && character.normalize("NFKC") !== one ? one.toUpperCase() : one;
    const shown = /^\s$/u.test(cased) ? " " : cased;
    for (let i = 0; i < shown.length; i++) at.push(index);
    plain += shown;
    index += character.length;
  }
  return { plain, at: [...at, text.length] };
}
