import { nameKey } from "../repository.ts";
import { type IssueReference, issueKey } from "../snapshot/issue.ts";
import type { RepositoryFacts } from "../snapshot.ts";
import { asItLooks } from "../text/look-alikes.ts";
import { compilePattern } from "../text/pattern.ts";

/** What `Fixes` names. */
export interface References {
  /**
   * In the order written, each once, at most `MOST`: each costs a look-up, and one hotfix fixes one thing.
   */
  readonly fixes: readonly IssueReference[];
  /** The value, cut to 200 characters, where nothing in it has one of the accepted forms. */
  readonly unreadable: readonly string[];
}

const MOST = 10;
const MOST_WORDS = 200;
/** Longer words are no references, and not worth a pattern's time. */
const LONGEST_WORD = 500;
/** Of a description, so much is looked through. */
const LONGEST_TEXT = 65_536;
const SHORT = /^(?:([\w.-]+\/[\w.-]+))?#(\d{1,10})$/;
const ADDRESS = /^https?:\/\/([^/]+)\/([\w.-]+\/[\w.-]+)\/(?:issues|pull)\/(\d{1,10})(?:[/?#]\S*)?$/i;

/**
 * GitHub's closing keywords (docs, "Linking a pull request to an issue"), and a word between them and the
 * number.
 */
const CLOSING =
  /(?<![\p{L}\p{N}])(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)[*_]{0,2}(?:\s(?:for|the|issue|bug|ticket)){0,2}\s{0,2}(?:[:=]|-(?= ))?[*_]{0,2}\s{0,2}(?:(?<=[\s:=])[[(<`*_]{1,3})?(?=(?:[\w.-]{1,100}\/[\w.-]{1,100})?#\d|gh-\d|https?:\/\/|[A-Z][A-Z0-9]{1,9}-\d)/iu;

/** The same in other languages and words, of which GitHub knows nothing: enough for a proposal. */
const CLOSING_ELSEWHERE =
  /(?<![\p{Script=Latin}\p{Script=Cyrillic}\p{N}])(?:issue|ticket|bug|implements|addresses|behebt|schließt|löst|corrige|ferme|résout|cierra|resuelve|soluciona|arregla|fecha|resolve|chiude|risolve|naprawia|zamyka|rozwiązuje|исправляет|исправлено|закрывает|чинит|düzeltir|kapatır|çözer|修复|修正|解决|关闭|対応|解決|해결|수정|닫기):? ?(?=(?:[\w.-]{1,100}\/[\w.-]{1,100})?#\d)/iu;

/**
 * What a line closes by one of GitHub's keywords, with or without colon: `Fixes #12`, `closes:
 * owner/repo#12`, `Resolves https://…`. `null`: nothing, or the keyword does not begin the line.
 */
export function closingLine(line: string): string | null {
  const looks = asItLooks(line.slice(0, LONGEST_WORD)).replace(
    /^(?:[-*+•] {1,3}|\d{1,2}[.)] {1,3})?(?:\[[xX]\] {1,3}|#{1,6} {1,3})?[[(*_`]{0,3}/,
    "",
  );
  const match = CLOSING.exec(looks);
  return match?.index === 0 ? looks.slice(match[0].length) : null;
}

/**
 * The first reference that a text closes by a keyword, wherever it stands: `#12` of "Retry webhooks (fixes
 * #12)".
 */
export function closedIn(text: string): string | null {
  const looks = asItLooks(text.slice(0, LONGEST_TEXT));
  const match = CLOSING.exec(looks) ?? CLOSING_ELSEWHERE.exec(looks);
  if (match === null) return null;
  const from = match.index + match[0].length;
  const [word = ""] = looks.slice(from, from + 300).split(/[\s,;)\]>"'`*]/);
  return formsOf(withoutEnd(word)).at(-1) ?? null;
}

/** The number in a value that is no reference: `#12` of `Issue 12`. */
export function numberIn(value: string): string | null {
  const [, number] =
    /(?<![\p{L}\p{N}.,:/-])(\d{1,10})(?![\p{L}\p{N}.,:/-])/u.exec(asItLooks(value.slice(0, LONGEST_WORD))) ??
    [];
  return number === undefined ? null : `#${number}`;
}

/**
 * Reads the value of `Fixes`: references among words, separated by spaces or commas; the patterns say which
 * forms count.
 */
export function readReferences(
  value: string,
  accepted: readonly string[],
  repository: RepositoryFacts,
): References {
  const patterns = accepted.map(compilePattern);
  const isAccepted = (text: string): boolean => patterns.some((pattern) => pattern?.matches(text));
  const fixes = new Map<string, IssueReference>();
  const parts = asItLooks(value)
    .split(/[\s,;、]+/u)
    .slice(0, MOST_WORDS);
  for (const part of parts.filter(({ length }) => length <= LONGEST_WORD)) {
    // As it stands, for patterns that allow brackets; else what is in them, in quotes or in bold, as in a
    // Markdown link.
    const whole = withoutTail(part);
    const inText = [...part.matchAll(WITHIN)].map(([number]) => number);
    for (const word of isAccepted(whole)
      ? [whole]
      : [...inText, ...part.split(/[()[\]<>{}"'`*“”„«»‘’]/u).map(withoutEnd)]) {
      const text = formsOf(word).find(isAccepted);
      if (text === undefined) continue;
      const reference = toReference(text, repository);
      const key = issueKey(reference, repository);
      if (!fixes.has(key)) fixes.set(key, reference);
    }
  }
  return {
    fixes: [...fixes.values()].slice(0, MOST),
    unreadable: fixes.size === 0 && value !== "" ? [value.slice(0, 200)] : [],
  };
}

/** `#12` among other signs and words of scripts without spaces: `#12/#13`, `「#12」`, `#12和#13`. */
const WITHIN = /(?<![\p{Script=Latin}\p{N}&;#.-]|\p{L}\/)#\d{1,10}(?![\p{Script=Latin}\p{N}#]|-\d)/gu;

/** Without the end of a sentence, and a bracket that nothing opens: `https://….` is no other address. */
function withoutTail(part: string): string {
  const text = part.replace(/[.,:;!?。]{1,3}$/u, "");
  return /[)\]}>]$/.test(text) && !/[([{<]/.test(text) ? text.slice(0, -1) : text;
}

function withoutEnd(text: string): string {
  return text.replace(/[_.:!?。]{1,3}$/u, "");
}

/**
 * The reference as written, and what it is short for: `GH-12`, a comment's `#12#issuecomment-3`, an address
 * without `https://`, a project's.
 */
function formsOf(text: string): readonly string[] {
  const [, short] = /^gh-(\d{1,10})$/i.exec(text) ?? [];
  const [, withoutAnchor] = /^([^#]{0,201}#\d{1,10})#[a-z]+-?\d+$/i.exec(text) ?? [];
  const [, place] = /^((?:www\.)?[\w-]+(?:\.[\w-]+)+\/[\w.-]+\/[\w.-]+\/issues\/\d.*)$/i.exec(text) ?? [];
  const [, owner, name, number] =
    /^https:\/\/\S+[?&]issue=([\w.-]+)%7C([\w.-]+)%7C(\d{1,10})/i.exec(text) ?? [];
  return [
    ...(number === undefined ? [] : [`${owner}/${name}#${number}`]),
    text,
    ...(short === undefined ? [] : [`#${short}`]),
    ...(withoutAnchor === undefined ? [] : [withoutAnchor]),
    ...(place === undefined ? [] : [`https://${place}`]),
  ];
}

/**
 * An address on another host is another tracker's, whatever its path looks like, unless it names this
 * repository.
 */
function toReference(text: string, repository: RepositoryFacts): IssueReference {
  const here = nameKey(repository);
  const [, shortPlace, shortNumber] = SHORT.exec(text) ?? [];
  const [, host, place, number] = ADDRESS.exec(text) ?? [];
  const ours = host?.toLowerCase() === hostOf(repository.url) || place?.toLowerCase() === here;
  const where = shortPlace ?? place;
  if (shortNumber === undefined && !ours) return { repository: null, number: null, text };
  return {
    repository: where === undefined || where.toLowerCase() === here ? null : where,
    number: Number(shortNumber ?? number),
    text,
  };
}

function hostOf(address: string): string | undefined {
  return /^https?:\/\/([^/]+)/i.exec(address)?.[1]?.toLowerCase();
}
