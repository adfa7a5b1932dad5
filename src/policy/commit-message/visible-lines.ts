/** The opening marks of a code fence, in a list item too; an info string with backticks would make it inline code. */
const FENCE = /^ {0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]{1,4})?(`{3,}(?=[^`]*$)|~{3,})/;

/**
 * The lines of a Markdown text that a reader sees: without HTML comments (an open one hides all that follows, as on
 * GitHub), and, where `code` is false, without fenced code. Linear in the length of the text.
 */
export function visibleLines(text: string, { code }: { readonly code: boolean }): readonly string[] {
  const lines: string[] = [];
  let fence: string | null = null;
  let inComment = false;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (fence !== null) {
      if (code) lines.push(line);
      if (closes(line, fence)) fence = null;
      continue;
    }
    const visible = uncomment(line, inComment);
    inComment = visible.inComment;
    fence = FENCE.exec(visible.text)?.[1] ?? null;
    if (fence === null || code) lines.push(visible.text);
  }
  return lines;
}

function closes(line: string, fence: string): boolean {
  const marks = line.trim();
  return marks.length >= fence.length && marks === (fence[0] ?? "").repeat(marks.length);
}

function uncomment(line: string, startsInComment: boolean): { text: string; inComment: boolean } {
  let text = "";
  let at = 0;
  let inComment = startsInComment;
  for (;;) {
    const mark = line.indexOf(inComment ? "-->" : "<!--", at);
    if (!inComment) text += line.slice(at, mark === -1 ? line.length : mark);
    if (mark === -1) return { text, inComment };
    at = mark + (inComment ? 3 : 4);
    inComment = !inComment;
  }
}
