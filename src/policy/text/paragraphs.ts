import { beginsHtmlBlock, type HtmlNesting, NOTHING_OPEN, nestingAfter } from "./html-nesting.ts";
import { beginsQuotedMail } from "./quoted-mail.ts";

/** A paragraph whose first line is looked for. */
export interface Paragraph {
  readonly first: string;
  /** The lines after the first. */
  readonly further: readonly string[];
}

interface Text {
  readonly kind: "text" | "html";
  readonly lines: string[];
  /** Its first line is what is looked for, where one may stand. */
  readonly first: boolean;
  /** It may be HTML or not. */
  readonly unsure: boolean;
}
interface Fence {
  readonly kind: "fence";
  readonly marks: string;
  /** Lines that are indented less are no longer in it. */
  readonly indent: number;
  /** It stands beside the mark of a list item. */
  readonly inItem: boolean;
}
interface Raw {
  readonly kind: "raw";
  readonly lines: string[];
  readonly closes: RegExp;
}
type Block = Text | Fence | Raw;

const EMPTY = /^[ \t]*$/;
const LIST_ITEM = /^\s*(?:[-+*]|\d{1,9}[.)])(?:\s|$)/;
/** In the middle of a paragraph a list begins with 1. */
const INTERRUPTING_ITEM = /^\s*(?:[-+*]|0{0,8}1[.)])[ \t]/;
const HEADING = /^ {0,3}#{1,6}(?:[ \t]|$)/;
const BREAK = /^ {0,3}([-_*])[ \t]*(?:\1[ \t]*){2,}$/;
/** It makes a heading of the lines above. */
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
/** It makes a table of the line above, which goes on. */
const TABLE = /^[-:| \t]*$/;
/**
 * A tag alone on its line makes HTML of what follows, up to an empty line; this takes some addresses for
 * tags, too.
 */
const TAG_ALONE = /^ {0,3}<\/?[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>[ \t]*$/i;
/**
 * Blocks of HTML that go on over empty lines (CommonMark 0.31, "HTML blocks", 1 to 5), and what ends them.
 */
const RAW: readonly (readonly [opens: RegExp, closes: RegExp])[] = [
  [/^ {0,3}<(?:pre|script|style|textarea)(?=[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<![a-z]/i, />/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
];

/**
 * The paragraphs of a Markdown text that stand at its top level, outside of quotes, lists, code, HTML and
 * folded text, above any mail that is quoted, and whose first line `matches`. Where that is not certain a
 * paragraph is left out: whatever is found is one in the tree of mdast (test/policy/text/paragraphs.test.ts).
 * No parser is asked: on hostile text it takes seconds; this is linear.
 */
export function topLevelParagraphs(text: string, matches: (line: string) => boolean): readonly Paragraph[] {
  const reader = new Reader(matches);
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (reader.over) break;
    reader.read(line);
  }
  reader.end();
  return reader.found;
}

class Reader {
  readonly found: Paragraph[] = [];
  /** Nothing further is anybody's own, or can be told. */
  over = false;
  readonly #matches: (line: string) => boolean;
  #block: Block | null = null;
  #nesting: HtmlNesting = NOTHING_OPEN;
  /** A line here begins a block: there is no paragraph that it could go on with. */
  #fresh = true;
  /** Lines that are indented may be a list's. */
  #listed = false;
  /** The last line of the last block of text. */
  #above = "";

  constructor(matches: (line: string) => boolean) {
    this.#matches = matches;
  }

  read(line: string): void {
    const block = this.#block;
    const empty = EMPTY.test(line);
    if (block?.kind === "fence" && this.#readInFence(line, empty, block)) return;
    if (block?.kind === "raw") this.#readRaw(line, block);
    else if (empty) this.#endBefore(true);
    else if (block?.kind === "html") this.#readHtml(line, block);
    else this.#readText(line, this.#block?.kind === "text" ? this.#block : null);
  }

  #readInFence(line: string, empty: boolean, fence: Fence): boolean {
    const indent = indentOf(line);
    if (empty || indent >= fence.indent) {
      if (!closesFence(line, fence)) return true;
      // In a list it may be too far to the right to close anything.
      if (fence.indent > 0 && indent > fence.indent) this.over = true;
      if (fence.indent === 0 && indent > 3) return true;
      this.#block = null;
      // So far to the right it may be a paragraph's text.
      this.#fresh = fence.inItem || fence.indent < 4;
      return true;
    }
    // With its list item the code ends, too; whether a fence that is only indented is in one, nobody can
    // tell.
    if (indent > 0 || !fence.inItem) this.over = true;
    this.#block = null;
    this.#fresh = true;
    return this.over;
  }

  #readHtml(line: string, block: Text): void {
    block.lines.push(line);
    this.#listed ||= LIST_ITEM.test(line);
    // Where this is text after all, another block begins here.
    if (block.unsure && (openedFence(line, true) !== null || RAW.some(([opens]) => opens.test(line))))
      this.over = true;
  }

  #readRaw(line: string, block: Raw): void {
    block.lines.push(line);
    if (block.closes.test(line)) this.#endBefore(true);
  }

  #readText(line: string, open: Text | null): void {
    const raw = RAW.find(([opens]) => opens.test(line));
    const fence = openedFence(line, this.#listed);
    if (/^\s*>/.test(line)) this.#endBefore(false);
    else if (raw !== undefined) {
      this.end();
      const block: Raw = { kind: "raw", lines: [], closes: raw[1] };
      this.#block = block;
      this.#readRaw(line, block);
    } else if (fence !== null) {
      this.end();
      this.#listed ||= LIST_ITEM.test(line);
      this.#block = fence;
    } else if (open !== null && (UNDERLINE.test(line) || (open.lines.length === 1 && TABLE.test(line)))) {
      this.#listed ||= LIST_ITEM.test(line);
      this.#endBefore(false, false);
    } else if (BREAK.test(line) || HEADING.test(line)) {
      this.end();
      this.#block = { kind: "text", lines: [line], first: false, unsure: false };
      this.#endBefore(true);
    } else if (open !== null && !this.#interrupts(line)) {
      open.lines.push(line);
    } else this.#begin(line);
  }

  /** Does a paragraph end above the line? */
  #interrupts(line: string): boolean {
    if (INTERRUPTING_ITEM.test(line) && (this.#listed || indentOf(line) < 4)) return true;
    return beginsHtmlBlock(line) || TAG_ALONE.test(line);
  }

  #begin(line: string): void {
    const block = this.#block;
    const [html, tag] = [beginsHtmlBlock(line), TAG_ALONE.test(line)];
    // Such a tag goes on with a paragraph, but not with a list's, a quote's or a table's.
    const unsure = !html && tag && !this.#fresh;
    if (unsure && block?.kind === "text" && block.lines.some((one) => one.includes("`"))) this.over = true;
    this.end(!unsure);
    const indent = indentOf(line);
    const item = LIST_ITEM.test(line);
    if (item) this.#listed = true;
    else if (this.#fresh && indent === 0) this.#listed = false;
    // Code, unless it is of a list or a footnote.
    if (this.#fresh && indent >= 4 && !this.#listed) {
      this.#fresh = false;
      return;
    }
    const first = this.#fresh && !item && indent < (this.#listed ? 1 : 4) && this.#matches(line);
    this.#block = { kind: html || tag ? "html" : "text", lines: [line], first, unsure };
    this.#fresh = false;
  }

  #endBefore(fresh: boolean, isParagraph = true): void {
    this.end(isParagraph);
    this.#fresh = fresh;
  }

  /** Ends the block that is open, if any. */
  end(isParagraph = true): void {
    const block = this.#block;
    this.#block = null;
    if (block === null || block.kind === "fence") return;
    const [line = "", ...further] = block.lines;
    const free = !this.#nesting.lost && this.#nesting.open.length === 0;
    if (block.kind === "text" && block.first && isParagraph && free)
      this.found.push({ first: line, further });
    this.#nesting = nestingOf(block, this.#nesting);
    this.over ||= this.#nesting.lost || (block.kind !== "raw" && beginsQuotedMail(block.lines, this.#above));
    this.#above = block.lines.at(-1) ?? "";
  }
}

/** Whether a block is HTML or text is not always certain; where that makes a difference, nothing is. */
function nestingOf({ kind, lines }: Exclude<Block, Fence>, before: HtmlNesting): HtmlNesting {
  const text = lines.join("\n");
  if (kind === "raw" || !/^\s*</.test(text)) return nestingAfter(before, text, kind === "raw");
  const [asText, asHtml] = [nestingAfter(before, text, false), nestingAfter(before, text, true)];
  return asText.open.join() === asHtml.open.join() ? asHtml : { open: [], lost: true };
}

/** Columns before the first character. */
function indentOf(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === " ") columns++;
    else if (character === "\t") columns += 4 - (columns % 4);
    else break;
  }
  return columns;
}

/** The code fence that the line opens, in a list item too. */
function openedFence(line: string, listed: boolean): Fence | null {
  const match = /^(\s*(?:(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}){0,9})(`{3,}|~{3,})(.*)$/.exec(line);
  const [, before = "", marks = "", info = ""] = match ?? [];
  // An info string with backticks makes it inline code.
  if (marks === "" || (marks.startsWith("`") && info.includes("`"))) return null;
  const indent = indentOf(before.replace(/\S/g, " "));
  const inItem = before.trim() !== "";
  if (listed || inItem) return { kind: "fence", marks, indent, inItem };
  return indent < 4 ? { kind: "fence", marks, indent: 0, inItem } : null;
}

function closesFence(line: string, { marks: opened }: Fence): boolean {
  const marks = /^[ \t]*([`~]{3,})[ \t]*$/.exec(line)?.[1] ?? "";
  return marks.length >= opened.length && marks === (opened[0] ?? "").repeat(marks.length);
}
