/** `<b>Severity:</b> P1`, as editors of rich text leave it. */
const HTML_MARKS = /^(\s{0,3}(?:[-*+] {1,3})?)<(b|strong|em|i|u)>([^<>]{1,60})<\/\2>/iu;
const ROW = /^ {0,3}\|([^|]{1,80})\|([^|]{1,2000})\|?\s*$/u;
/** Below the head of a table. */
const RULE_OF_TABLE = /^ {0,3}\|(?: {0,3}:?-{1,40}:? {0,3}\|){1,2}\s*$/u;
/** `: P1` below `Severity`, as definition lists have it; below `Severity: P1` it is a line like others. */
const DEFINITION = /^ {0,3}[:：][ \t]+\S/u;
const UNDERLINE = /^ {0,3}(?:={2,}|-{2,})\s*$/u;
/** What `git merge --squash` writes, and the first line of each commit in it. */
const SQUASHED = /^Squashed commit of the following:\s*$/u;
const COMMIT = /^commit [0-9a-f]{7,64}(?: \(.{1,200}\))?\s*$/u;

/**
 * The lines with fields in another layout as lines of key and value: the rows of a table of two columns,
 * underlined headings, definitions, bold in HTML, and the indented messages that `git merge --squash` lists,
 * which a rule parts. `isKey`: does a line like `Severity:` begin a field? `isKeyAlone`: is it one that has
 * no value yet? Linear in the length of the text.
 */
export function plainLayout(
  lines: readonly string[],
  isKey: (line: string) => boolean,
  isKeyAlone: (line: string) => boolean,
): readonly string[] {
  const plain: string[] = [];
  let listed = false;
  for (const written of lines) {
    const line = listed ? withoutListing(written) : written;
    listed ||= SQUASHED.test(line);
    const [, cell, value] = ROW.exec(line) ?? [];
    const before = (plain.at(-1) ?? "").trim();
    if (cell !== undefined && isKey(`${cell.trim()}:`)) {
      plain.push(`${cell.trim()}: ${value}`);
    } else if (DEFINITION.test(line) && isKeyAlone(`${before}:`)) {
      plain[plain.length - 1] = `${before}${line}`;
    } else if (RULE_OF_TABLE.test(line)) {
      plain.push("");
    } else if (UNDERLINE.test(line) && isKey(`${before}:`)) {
      plain[plain.length - 1] = `## ${before}`;
    } else plain.push(line.replace(HTML_MARKS, "$1**$3**"));
  }
  return plain;
}

/**
 * A line of git's listing: the message's own without its indent, the first line of a commit as a rule, which
 * ends a value. Between that and the message stand author and date, which are no fields.
 */
function withoutListing(line: string): string {
  return COMMIT.test(line) ? "---" : line.replace(/^ {4}/, "");
}
