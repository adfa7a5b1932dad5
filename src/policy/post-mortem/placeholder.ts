/**
 * What a person has to write is a placeholder of this one form, so that what is still missing can be seen by
 * everybody and found by the app. GitHub shows it in italics.
 */
const START = "_TODO: ";
/** How versions before 1.0 began it; their post-mortems may still be open. */
const FORMER_START = "_To be written: ";

/** `what` is our own text, in one line and without underscores. */
function placeholder(what: string): string {
  return `${START}${what}_`;
}

/** The placeholder in every form that the app has written, the present one first. */
export function placeholderForms(what: string): readonly string[] {
  return [placeholder(what), `${FORMER_START}${what}_`];
}

/**
 * Emphasis, code, quotes and brackets of any script, HTML tags, escapes and invisible characters: they change
 * nothing.
 */
const MARKS = /<\/?[a-z][a-z0-9]{0,9}>|[*_~`\\＊＿"'“”„«»‹›‘’「」『』【】()（）[\]［］\p{Cf}]/giu;
/** Nobody writes this by chance, wherever it stands; with or without what is asked for. */
const TO_BE_WRITTEN =
  /(?<![\p{L}\p{N}])to\s{1,9}be\s{1,9}written\s{0,9}[:：﹕∶;=–—-]\s{0,9}([^|\n]{0,200})/giu;
/**
 * At the start of a line, an item, a quote, a table's cell, a label's value or a sentence that is nothing
 * else.
 */
const TODO =
  /(?:^|[|:：>–—]|\s-\s)[\s>+#-]{0,20}(?:\d{1,9}[.)]\s+)?(?:[ xX]?\s+)?to-?do\s{0,9}(?:[:：﹕∶;=]|[–—-]\s)\s{0,9}([^|\n]{0,200})/giu;
/** In the middle of a sentence only where it is marked as one. */
const MARKED_TODO = /[_*]{1,3}to-?do\s{0,9}(?:[:：﹕∶;=]|[–—-]\s)\s{0,9}([^_*|\n]{1,200})[_*]/giu;
/** The older form, whose end is known. */
const MARKED = /[_*]To be written: ([^_*\n]{1,200})[_*]/g;

/**
 * What the placeholders that still stand in a post-mortem's body ask for, in order, whatever marks they wear.
 * Linear in its length.
 */
export function placeholdersIn(body: string): readonly string[] {
  return body.split("\n").flatMap(inLine);
}

/** Letters as East Asian keyboards write them. */
const FULL_WIDTH = /[\uff21-\uff3a\uff41-\uff5a\u3000]/gu;
const MAY_BE_ONE = /to\s{1,9}be\s{1,9}written|to-?do/i;
/** So many of a line are told. */
const MOST = 100;

function inLine(written: string): readonly string[] {
  const line = written.replace(FULL_WIDTH, (letter) => letter.normalize("NFKC"));
  if (!MAY_BE_ONE.test(line.replace(MARKS, ""))) return [];
  const marked = [...line.matchAll(MARKED), ...line.matchAll(MARKED_TODO)].slice(0, MOST);
  const rest = line.replace(MARKED, " ").replace(MARKED_TODO, " ").replace(MARKS, "");
  const bare = [...rest.matchAll(TO_BE_WRITTEN), ...rest.matchAll(TODO)].slice(0, MOST);
  return [...marked, ...bare].map(([, what = ""]) => what.replace(MARKS, "").trim() || "text");
}

/** Where the first placeholder of a line begins; -1: there is none. */
export function placeholderAt(line: string): number {
  if (placeholdersIn(line).length === 0) return -1;
  return line.search(/[_*]{0,3}(?:to be written|to-?do)\s{0,9}[:：]/i);
}

/** How the line begins that says what an action item looks like: the app's words, and no item. */
export const ACTION_ITEMS_HINT = "Each with one owner and a due date";

/** As above, in older versions. */
const FORMER_HINT = "Each with one person and a date";

/** Is the line the app's own hint on how to write action items? */
export function isActionItemsHint(line: string): boolean {
  return line.includes(ACTION_ITEMS_HINT) || line.includes(FORMER_HINT);
}
