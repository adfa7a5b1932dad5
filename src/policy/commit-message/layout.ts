/** `<b>Severity:</b> P1`, as editors of rich text leave it. */
const HTML_MARKS = /^(\s{0,3}(?:[-*+] {1,3})?)<(b|strong|em|i|u)>([^<>]{1,60})<\/\2>/iu;
const ROW = /^ {0,3}\|([^|]{1,80})\|([^|]{1,2000})\|?\s*$/u;
/** Below the head of a table. */
const RULE_OF_TABLE = /^ {0,3}\|(?: {0,3}:?-{1,40}:? {0,3}\|){1,2}\s*$/u;
/** `: P1` below `Severity`, as definition lists have it; below `Severity: P1` it is a line like others. */
const DEFINITION = /^ {0,3}[:：][ \t]+\S/u;
const UNDERLINE = /^ {0,3}(?:={2,}|-{2,})\s*$/u;
/** What `git merge --squash` writes, and the heads of the commits in it. */
const SQUASHED = /^Squashed commit of the following:\s*$/u;
const COMMIT = /^commit [0-9a-f]{7,64}(?: \(.{1,200}\))?\s*$/u;
const HEAD = /^(?:Author|AuthorDate|Commit|CommitDate|Date|Merge):\s/u;

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
  const squashed = lines.findIndex((line) => SQUASHED.test(line));
  for (const [i, written] of lines.entries()) {
    const line = squashed >= 0 && i > squashed ? withoutListing(written) : written;
    const [, cell, value] = ROW.exec(line) ?? [];
    const before = plain.at(-1) ?? "";
    if (cell !== undefined && value !== undefined && isKey(`${cell.trim()}:`)) {
      plain.push(`${cell.trim()}: ${value.trim()}`);
    } else if (DEFINITION.test(line) && isKeyAlone(`${before.trim()}:`)) {
      plain[plain.length - 1] = `${before.trim()}${line.trim()}`;
    } else if (RULE_OF_TABLE.test(line)) {
      plain.push("");
    } else if (UNDERLINE.test(line) && before.trim() !== "" && isKey(`${before.trim()}:`)) {
      plain[plain.length - 1] = `## ${before.trim()}`;
    } else plain.push(line.replace(HTML_MARKS, "$1**$3**"));
  }
  return plain;
}

/** A line of git's listing: the message's own without its indent, the head of a commit as a rule. */
function withoutListing(line: string): string {
  if (COMMIT.test(line)) return "---";
  return HEAD.test(line) ? "" : line.replace(/^ {4}/, "");
}
