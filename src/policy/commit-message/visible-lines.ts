/**
 * The opening marks of a code fence, in a list item too; an info string with backticks would make it inline
 * code.
 */
const FENCE = /^ {0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]{1,4})?(`{3,}(?=[^`]*$)|~{3,})/;

/**
 * The lines of a Markdown text that a reader sees: without HTML comments (an open one hides all that follows,
 * as on GitHub), and, where `code` is false, without fenced code. Linear in the length of the text.
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
    const visible: Uncommented =
      inComment || line.includes("<!--") ? uncomment(line, inComment) : { text: line, inComment: false };
    inComment = visible.inComment;
    fence = visible.text.length < 3 ? null : (FENCE.exec(visible.text)?.[1] ?? null);
    if (fence === null || code) lines.push(visible.text);
  }
  return lines;
}

function closes(line: string, fence: string): boolean {
  const marks = line.trim();
  return marks.length >= fence.length && marks === (fence[0] ?? "").repeat(marks.length);
}

interface Uncommented {
  readonly text: string;
  readonly inComment: boolean;
}

function uncomment(line: string, startsInComment: boolean): Uncommented {
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

/**
 * The lines without HTML comments that are closed, wherever they begin: what a template says in them is
 * nobody's answer. One that is never closed is text, and so is one in a code span. Linear in the length of
 * the text.
 */
export function withoutComments(lines: readonly string[]): readonly string[] {
  const text = lines.join("\n");
  let visible = "";
  let at = 0;
  for (let open = text.indexOf("<!--"); open >= 0; open = text.indexOf("<!--", open)) {
    if (text[open - 1] === "`") {
      open += 4;
      continue;
    }
    const close = text.indexOf("-->", open + 4);
    if (close < 0) break;
    visible += text.slice(at, open);
    open = close + 3;
    at = open;
  }
  return (visible + text.slice(at)).split("\n");
}

/** The lines of fenced code, by number, where the fence is closed. */
export function closedFences(lines: readonly string[]): ReadonlyMap<number, "open" | "inside" | "close"> {
  const found = new Map<number, "open" | "inside" | "close">();
  let open: { readonly at: number; readonly fence: string } | null = null;
  for (const [i, line] of lines.entries()) {
    if (open === null) {
      const fence = FENCE.exec(line)?.[1];
      if (fence !== undefined) open = { at: i, fence };
    } else if (closes(line, open.fence)) {
      found.set(open.at, "open").set(i, "close");
      for (let inside = open.at + 1; inside < i; inside++) found.set(inside, "inside");
      open = null;
    }
  }
  return found;
}
