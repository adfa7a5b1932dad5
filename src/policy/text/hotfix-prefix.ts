import { plainLetters } from "./plain-letters.ts";

/**
 * The word that says hotfix at the beginning of a title, in all the ways in which people write it: `HOTFIX:
 * x`, `HOTFIX x`, `[Hotfix][PAY-12] x`, `hotfix(payments)!: x`, `🚨 HOTFIX： x`, `hotfix - x`, `Hotfix/x` (as
 * GitHub makes it of a branch), `Хотфикс: x`. In lower case it needs a mark behind it or brackets around it:
 * "hotfix procedure" is about hotfixes.
 */

/** Longer titles are read up to here. */
const LONGEST = 300;

/** In plain letters (`plainLetters`), where Cyrillic о and х have become Latin. */
const WORD =
  /(?<![\p{L}\p{N}])(?:hot[- _]?fix|xo[tт]фик[cс]|핫 ?픽스|ホットフィックス|热修复|熱修復|热修|热补丁|緊急修正|紧急修复)(?![\p{L}\p{N}])/u;
/** Before it stand signs, emoji and at most two tickets: `[PAY-12]`, `PAY-12:`, `#12`. */
const BEFORE =
  /^[^\p{L}\p{N}]{0,20}?(?:(?:[[(][^\])]{0,30}\d[^\])]{0,30}[\])]|\p{L}{2,10}-\d{1,9} ?[:|-]?|#\d{1,9}:?) ?){0,2}[^\p{L}\p{N}]{0,9}$/u;
const OPEN = /[[({<【〔「«*_`]{1,3}$/u;
/** Behind it, from here on, stands what the title says. */
const CLOSED = /^[\])}>】〕」»*_`]{1,3}(?: ?[:|>»→/]| ?[-–—]{1,3} )?/u;
const MARKED = /^(?: ?\([^()]{0,100}\)|\[[^[\]]{0,100}\](?= ?[:!]))?!?(?: ?[:|>»→/]| ?[-–—]{1,3} )/u;
/** In capitals it needs no mark; signs and emoji behind it go with it. */
const CAPITALS = /^(?: ?!)?[^\p{L}\p{N}\p{M}\p{Sc}"'`([{<#@/~.\\]{0,9}/u;

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
  if (word === null || !BEFORE.test(lower.slice(0, word.index))) return null;
  const from = word.index + word[0].length;
  const inBrackets = OPEN.test(lower.slice(0, word.index)) && CLOSED.test(lower.slice(from));
  const capitals = plain.slice(word.index, from) === "HOTFIX";
  // The key of a tracker's project.
  if (capitals && /^-\d/.test(plain.slice(from))) return { description: title.trim(), fromBranch: false };
  const mark =
    (inBrackets ? CLOSED : MARKED).exec(lower.slice(from)) ??
    (capitals ? CAPITALS : null)?.exec(lower.slice(from));
  if (!mark) return null;
  const before = lower.slice(0, word.index).replace(inBrackets ? OPEN : "", "");
  const ticket = at[before.search(/[\p{L}\p{N}#[(]/u)];
  const tag = ticket === undefined ? "" : `${title.slice(ticket, at[before.length]).trim()} `;
  const rest = title.slice(at[from + mark[0].length] ?? title.length).replace(/^[\s\p{Cf}]+/u, "");
  return { description: (tag + rest).trim(), fromBranch: mark[0].endsWith("/") };
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
