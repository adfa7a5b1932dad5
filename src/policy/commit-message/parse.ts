import { asItLooks, inLatinLetters } from "../text/look-alikes.ts";
import { FIELDS, type Field, type ParsedMessage, REQUIRED_FIELDS } from "./fields.ts";
import { footerLines, isTrailer } from "./footers.ts";
import { plainLayout } from "./layout.ts";
import { isMissing, isPending } from "./left-over.ts";
import { closingLine } from "./references.ts";
import { closedFences, withoutComments } from "./visible-lines.ts";

/**
 * The key at the beginning of a line, as it looks: `Severity`, also in bold, in brackets, as an item of a
 * list, as a heading, behind an emoji, with a hint: `Impact (users)`.
 */
const KEY =
  /^(?:[-*+] {1,3}|[•‣▪◦●■·・►▶] {0,3}|\d{1,2}[.)] {1,3})?(?:\[[xX✓✔]\] {1,2})?(#{1,6} +(?:\d{1,2}[.)] +)?)?(?:(?:\p{Extended_Pictographic}|\p{RI}{2}|\d\u20e3|:[\p{L}\p{N}_+-]{1,40}:) {0,2}){0,3}([*_`]{0,3}|\[|【)(?:(?:\p{Extended_Pictographic}|:[\p{L}\p{N}_+-]{1,40}:) {0,2}){0,3}(\p{L}{1,12}(?:[ _-]{1,2}\p{L}{1,12})?)(?: ?\([^()]{1,40}\))?(?: {0,2}\p{Extended_Pictographic}){0,3}[*_`\]】]{0,3} {0,8}$/u;
/** As nearly all are written that are no keys of the format: `Co-authored-by:`. */
const UNADORNED = /^[A-Za-z][A-Za-z_-]*:$/;
/** What a heading and a line in bold have. */
const MAY_STAND_ALONE = /[#＃]|[*＊]{2}|[_＿]{2}/u;
/** Emoji by their names, and what may stand before them: each has colons of its own. */
const CODES = /^(?:[^\p{L}:]{0,12}:[\p{L}\p{N}_+-]{1,40}:){1,3} ?/u;

/** What a line has to have to be looked at closely: most have not. */
const MAY_BE_KEY = /^.{0,60}?[:：﹕∶꞉ː#＃*_=＝→\]】］]|^.{0,60}?\s[-–—][\s>]|^.{0,9}(?:fix|clos|resolv)/iu;

/**
 * What else parts a key from its value: `Severity = P1`, `Severity – P1`, `[Severity] P1`, `**Severity** P1`.
 */
const OTHER_SEPARATOR =
  /^.{1,60}?(?:[=＝]>?|→|(?<=\s)(?:[-–—](?=\s)|->)|[\]】］]|(?:\*\*|__)(?=\s)(?:\s[-–—](?=\s))?)/u;

/**
 * The titles of `git merge --squash`, and of Bitbucket's merges, which list the commits' messages as well.
 */
const SQUASHED_TITLE = /^Squashed commit of the following:\s*$/u;
const BITBUCKET_TITLE = /^Merged in .{1,200} \(pull request #\d+\)\s*$/u;

/** What editors of rich text end a line with. */
const LINE_BREAK = /<br ?\/?>\s*$/iu;

/** `rootcause` → `Root Cause`: keys are alike without case, spaces and hyphens. */
const FIELD_BY_KEY = new Map<string, Field>(FIELDS.map((field) => [plainKey(field), field]));

/** One paragraph at most: what follows is something else. */
const SHORT: readonly Field[] = ["Fixes", "Approved-By", "Deployed-By", "Detected"];

function plainKey(key: string): string {
  // The lower case of a Turkish `İ` is an `i` with a dot of its own.
  return inLatinLetters(key)
    .toLowerCase()
    .replace(/[ _-]|\u0307/gu, "");
}

/**
 * Reads a message by the procedure's format. Known keys count at the start of a line whatever their case and
 * typography; a value goes on until the next known key, the trailers, or the next message of a squash. Of
 * several values of a key the first counts that is filled in. What is commented out (`<!-- … -->`), as a
 * template's hints are, is not there. Never throws; linear in the length of the text.
 */
export function parseMessage(text: string): ParsedMessage {
  const [title = "", ...rest] = text.split(/\r\n|\r|\n/);
  const body = rest.flatMap((line) => line.split(/[\u2028\u2029\u0085\v\f]/u));
  const written = SQUASHED_TITLE.test(title) ? [title, ...body] : body;
  const keyOf = reader();
  const isKey = (line: string): boolean => keyOf(line) !== null;
  const isKeyAlone = (line: string): boolean => keyOf(line)?.value === "";
  const lines = plainLayout(withoutIndent(withoutComments(written), isKey), isKey, isKeyAlone);
  const values = new Map<Field, string[][]>();
  for (const [field, value] of valuesIn(lines, keyOf, BITBUCKET_TITLE.test(title))) {
    const those = values.get(field);
    if (those === undefined) values.set(field, [value]);
    else those.push(value);
  }
  const fields: Partial<Record<Field, string>> = {};
  for (const [field, candidates] of values) fields[field] = best(field, candidates.map(joined));
  return { title: title.trim(), fields };
}

/** The values of all keys, in order. `squash`: the messages of several commits stand below each other. */
function valuesIn(
  lines: readonly string[],
  keyOf: KeyReader,
  squash: boolean,
): readonly (readonly [Field, string[]])[] {
  const footers = footerLines(lines, (line) => keyOf(line) !== null, squash);
  const fences = closedFences(lines);
  const found: (readonly [Field, string[]])[] = [];
  let current: readonly [Field, string[]] | null = null;
  let hasText = false;
  let isList = false;
  let codeOfValue = false;
  let afterBlank = false;
  for (const [i, line] of lines.entries()) {
    const fence = fences.get(i);
    if (fence === "open") codeOfValue = current !== null;
    if (fence !== undefined && codeOfValue) {
      current?.[1].push(line);
    } else if (fence === "close") {
      // A fence around the fields is as if it were not there.
      current = null;
    } else {
      const key = keyOf(line);
      if (key !== null && !(key.bullet && current !== null && isList)) {
        current = [key.field, [key.value]];
        [hasText, isList] = [isText(key.value), false];
        found.push(current);
      } else if (
        footers.has(i) ||
        (current !== null && hasText && endsBefore(line, current[0], afterBlank))
      ) {
        current = null;
      } else {
        current?.[1].push(line);
        hasText ||= isText(line);
        // What follows in a list is an item of it, whatever it begins with.
        isList ||= isBullet(line);
      }
    }
    afterBlank = !isText(line);
  }
  return found;
}

/** Does a value end before the line, whatever it is the beginning of? */
function endsBefore(line: string, field: Field, afterBlank: boolean): boolean {
  if (/^(?:`{3,}|~{3,})\s*$/.test(line)) return true;
  if (/^#{1,6} /.test(line) && (afterBlank || line.startsWith("##"))) return true;
  return SHORT.includes(field) && isText(line) && (afterBlank || isTrailer(line));
}

interface KeyLine {
  readonly field: Field;
  /** What stands behind the key in its line. */
  readonly value: string;
  readonly bullet: boolean;
}

type KeyReader = (line: string) => KeyLine | null;

/** For one message, whose lines are looked at several times. */
function reader(): KeyReader {
  const read = new Map<string, KeyLine | null>();
  return (line) => {
    const known = read.get(line);
    if (known !== undefined) return known;
    const key = fieldAt(line);
    read.set(line, key);
    return key;
  };
}

function fieldAt(line: string): KeyLine | null {
  if (!MAY_BE_KEY.test(line)) return null;
  const visible = line.replace(/^\p{Cf}+/u, "");
  if (/^\s/u.test(visible)) return null;
  return (
    keyBefore(visible, /^.{1,60}?[:：﹕∶꞉ː]{1,2}/u.exec(visible)?.[0]) ??
    keyBehindCode(visible) ??
    otherKey(visible) ??
    keyAlone(visible) ??
    closingKey(visible)
  );
}

/** `:fire: Severity: P1`, `- :fire: Severity: P1`. */
function keyBehindCode(visible: string): KeyLine | null {
  const code = CODES.exec(visible)?.[0];
  return code === undefined
    ? null
    : keyBefore(visible, /^.{1,60}?[:：﹕∶꞉ː]/u.exec(visible.slice(code.length))?.[0], code);
}

/** The key in the line's beginning, which ends with what parts it from its value. */
function keyBefore(visible: string, beginning: string | undefined, code = ""): KeyLine | null {
  if (beginning === undefined) return null;
  // As nearly all are written: without these two, 20,000 lines take half as long again.
  const plain = FIELD_BY_KEY.get(
    beginning
      .slice(0, -1)
      .toLowerCase()
      .replace(/(?<=[^ _-])[ _-]/g, ""),
  );
  if (plain !== undefined && code === "")
    return { field: plain, value: visible.slice(beginning.length), bullet: false };
  if (UNADORNED.test(beginning) && code === "") return null;
  const head = asItLooks(code + beginning.replace(/[:：﹕∶꞉ː]{1,2}$/u, ""));
  const [, , open = "", key = ""] = KEY.exec(head) ?? [];
  const field = FIELD_BY_KEY.get(plainKey(key));
  if (field === undefined) return null;
  const value = visible.slice(code.length + beginning.length);
  // `**Severity:** P1`: the marks close behind the colon.
  const closed = /^[*_`]/.test(open) && value.startsWith(open);
  return { field, value: closed ? value.slice(open.length) : value, bullet: isBullet(head) };
}

/** What is no format of the procedure's but can mean nothing else. No exception is declared by it. */
function otherKey(visible: string): KeyLine | null {
  const beginning = OTHER_SEPARATOR.exec(visible)?.[0];
  if (beginning === undefined) return null;
  const head = asItLooks(beginning).replace(/(?:[=-]>|[=→-])$/u, "");
  const [, heading, , key = ""] = KEY.exec(head) ?? [];
  const field = FIELD_BY_KEY.get(plainKey(key));
  const value = visible.slice(beginning.length);
  if (field === undefined || heading !== undefined || field === "Fixes" || !isText(value)) return null;
  return REQUIRED_FIELDS.includes(field) ? { field, value, bullet: isBullet(head) } : null;
}

/** A heading, or a line in bold, whose value follows. */
function keyAlone(visible: string): KeyLine | null {
  if (!MAY_STAND_ALONE.test(visible)) return null;
  const head = asItLooks(visible).trim();
  const [, heading, open = "", key = ""] = KEY.exec(head) ?? [];
  const field = FIELD_BY_KEY.get(plainKey(key));
  const alone = heading !== undefined || /^(?:\*\*|__)/.test(open);
  return field === undefined || !alone ? null : { field, value: "", bullet: isBullet(head) };
}

/** `Fixes #12`, without a colon. */
function closingKey(visible: string): KeyLine | null {
  const closing = closingLine(visible);
  return closing === null ? null : { field: "Fixes", value: closing, bullet: isBullet(visible) };
}

function isBullet(head: string): boolean {
  return /^(?:[-*+] |[•‣▪◦●■·・►▶]|\d{1,2}[.)] )/u.test(head);
}

/** Of several values the first that is filled in; the first that says `pending` where none is. */
function best(field: Field, values: readonly string[]): string {
  const filled = values.filter((value) => !isMissing(field, value));
  return filled.find((value) => !isPending(field, value)) ?? filled[0] ?? values[0] ?? "";
}

function joined(value: readonly string[]): string {
  return value
    .map((part) => part.replace(LINE_BREAK, "").trimEnd())
    .join("\n")
    .trim();
}

/**
 * Without the indent that all keys share, as `git log`, here-documents and the items of a list have it: a
 * key that is indented further belongs to a value.
 */
function withoutIndent(lines: readonly string[], isKey: (line: string) => boolean): readonly string[] {
  let indent = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const text = line.trimStart();
    if (!isKey(text)) continue;
    indent = Math.min(indent, /^[ \t]{0,16}/.exec(line)?.[0].length ?? 0);
    if (indent === 0) return lines;
  }
  return lines.map((line) => line.slice(Math.min(indent, line.length - line.trimStart().length)));
}

function isText(line: string): boolean {
  return line.trim() !== "";
}
