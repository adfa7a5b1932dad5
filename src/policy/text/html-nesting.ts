/**
 * What is open where some text ends. `lost`: something began there that cannot be told from here; nothing is
 * certain any more.
 */
export interface HtmlNesting {
  readonly open: readonly string[];
  readonly lost: boolean;
}

export const NOTHING_OPEN: HtmlNesting = { open: [], lost: false };

/** They begin a block of HTML in the middle of a paragraph (CommonMark 0.31, "HTML blocks", 6). */
const BLOCKS =
  "address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead title tr track ul";
const INLINE =
  "a abbr acronym audio b bdi bdo big br button canvas cite code data del dfn em font i img input ins kbd label map mark meter object output picture pre progress q rp rt ruby s samp small source span strike strong sub sup template time tt u var video wbr";
/** What stands in them is no Markdown, and often no HTML either. */
const FOREIGN =
  "math noembed noscript plaintext script select style svg textarea xmp iframe title noframes template";
/** Nothing stands in them, or the next block closes them. */
const NEVER_OPEN = "area base br col embed hr img input link meta p param source track wbr";

const setOf = (names: string): ReadonlySet<string> => new Set(names.split(" "));
const ELEMENTS = setOf(`${BLOCKS} ${INLINE} ${FOREIGN} ${NEVER_OPEN}`);
const BLOCK_ELEMENTS = setOf(BLOCKS);
const FOREIGN_ELEMENTS = setOf(FOREIGN);
const NEVER_OPEN_ELEMENTS = setOf(NEVER_OPEN);

const NAME = /<(\/?)([a-z][a-z0-9-]{0,30})(?=[\s/>]|$)/iy;
const ATTRIBUTES = /(?:[^"'>]|"[^"]{0,2000}"|'[^']{0,2000}'){0,2000}>/y;
const MARKUP: readonly (readonly [opens: string, closes: string])[] = [
  ["<!--", "-->"],
  ["<?", ">"],
  ["<!", ">"],
];

/** Does the line begin a block of HTML, whatever stands before it? */
export function beginsHtmlBlock(line: string): boolean {
  const name = /^ {0,3}<\/?([a-z][a-z0-9]*)(?=[\s/>]|$)/i.exec(line)?.[1];
  return name !== undefined && BLOCK_ELEMENTS.has(name.toLowerCase());
}

/**
 * The elements of HTML that are open after `text`, where `before` were open before it. `raw`: the text is
 * HTML; else Markdown, in which tags in code are text. Where in doubt an element is open rather than closed.
 * Linear in the length.
 */
export function nestingAfter(before: HtmlNesting, text: string, raw: boolean): HtmlNesting {
  if (before.lost || !text.includes("<")) return before;
  const open = [...before.open];
  const codeEnd = raw ? () => null : codeSpans(text);
  for (let at = 0; at < text.length; ) {
    const character = text[at];
    if (character === "`") {
      at = codeEnd(at) ?? at + runAt(text, at);
    } else if (character === "\\" && !raw) {
      at += 2;
    } else if (character === "<") {
      const end = tagAt(text, at, open);
      if (end === null) return { open, lost: true };
      at = end;
    } else at++;
  }
  return { open, lost: false };
}

/**
 * Applies the tag at `at` to `open`; where it ends, or `null`: it does not, or nobody can tell what follows.
 */
function tagAt(text: string, at: number, open: string[]): number | null {
  for (const [opens, closes] of MARKUP) {
    if (!text.startsWith(opens, at)) continue;
    const end = text.indexOf(closes, at + opens.length);
    return end === -1 ? null : end + closes.length;
  }
  NAME.lastIndex = at;
  const [, slash, written] = NAME.exec(text) ?? [];
  const name = written?.toLowerCase();
  // Other names are shown as text, or taken out.
  if (name === undefined || !ELEMENTS.has(name)) return at + 1;
  ATTRIBUTES.lastIndex = NAME.lastIndex;
  if (!ATTRIBUTES.test(text) || FOREIGN_ELEMENTS.has(name)) return null;
  if (slash === "/") {
    const opened = open.lastIndexOf(name);
    if (opened !== -1) open.length = opened;
  } else if (!NEVER_OPEN_ELEMENTS.has(name)) open.push(name);
  // Deeper than anybody writes, and than can be searched for each closing tag.
  return open.length > 100 ? null : ATTRIBUTES.lastIndex;
}

/** Where the code that begins with the backticks at a place ends; `null`: they are text. */
function codeSpans(text: string): (at: number) => number | null {
  const runs = new Map<number, { readonly places: number[]; next: number }>();
  for (const { 0: marks, index } of text.matchAll(/`+/g)) {
    const run = runs.get(marks.length) ?? { places: [], next: 0 };
    run.places.push(index);
    runs.set(marks.length, run);
  }
  return (at) => {
    const length = runAt(text, at);
    const run = runs.get(length);
    // Asked for from left to right.
    while (run !== undefined && (run.places[run.next] ?? Infinity) <= at) run.next++;
    const place = run?.places[run.next];
    return place === undefined ? null : place + length;
  };
}

function runAt(text: string, at: number): number {
  let end = at;
  while (text[end] === "`") end++;
  return end - at;
}
