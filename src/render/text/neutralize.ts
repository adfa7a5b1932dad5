import type { Code, InlineCode, PhrasingContent } from "mdast";

/**
 * The one place where foreign text (titles, messages, names of files, branches and people, reasons) is made
 * harmless.
 *
 * GitHub makes mentions, references (`#1`, `GH-1`, SHAs), short links and emoji from *text nodes of the
 * rendered HTML*: neither a backslash nor an entity (`&#64;`) stops it. It leaves `<code>` and `<pre>` alone
 * (html-pipeline's mention filters; github/markup#1168). So what could be more than a word is always shown as
 * code, whole and unchanged, and only harmless words become text.
 */

/** The longest foreign text in a cell or a line, and in a paragraph of its own. */
const CELL_LIMIT = 300;
const PROSE_LIMIT = 4_000;
const BLOCK_LIMIT = 8_000;
const TITLE_LIMIT = 200;

/** What is shown where a value is empty. */
const EMPTY = "(empty)";

/**
 * Cuts to so many characters, with a visible mark. A surrogate pair is never split. `whole`: how long it is
 * in all.
 */
export function cut(text: string, limit: number, whole = text.length): string {
  if (text.length <= limit && whole <= text.length) return text;
  return `${text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, "")} … (cut, ${whole} characters in all)`;
}

// Invisible and direction-changing characters, lone surrogates, and the fillers that are letters in name
// only.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]+/gu;
const LEFT_ALONE = new Set(["\n", "\t", "\uFE0F"]);
const EMOJI_JOINER =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)\u200D(?=\p{Extended_Pictographic})/gu;
const JOINER_STAND_IN = "\uE0FF";

/**
 * Makes every invisible character visible (`⟨U+202E⟩`), so that none can hide or reorder text; line ends and
 * tabs stay. Stacks of combining marks are cut to four. `<!--` becomes `‹!--`: no hidden comment of ours can
 * be forged, wherever the text lands.
 */
function visible(text: string): string {
  return text
    .replaceAll(JOINER_STAND_IN, "⟨U+E0FF⟩")
    .replace(EMOJI_JOINER, JOINER_STAND_IN)
    .replace(INVISIBLE, named)
    .replaceAll(JOINER_STAND_IN, "\u200D")
    .replace(/(\p{M}{4})\p{M}+/gu, "$1")
    .replaceAll("<!--", "‹!--");
}

/** A run of invisible characters by their names, the first four of them. */
function named(run: string): string {
  const shown = [...run].map((c) =>
    LEFT_ALONE.has(c) ? c : `⟨U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
  const hidden = shown.filter((c) => !LEFT_ALONE.has(c));
  return hidden.length <= 4
    ? shown.join("")
    : `${hidden.slice(0, 4).join("")}⟨and ${hidden.length - 4} more⟩`;
}

/** Foreign text as one line of plain text: for check titles, and for everything below. */
export function oneLine(text: string, limit = CELL_LIMIT): string {
  // What is beyond twice the limit is not looked at: the text may be a megabyte.
  const near = text.slice(0, limit * 2);
  const line = near.replace(/\s+/g, " ").trim();
  return visible(cut(line, limit, near.length < text.length ? text.length : line.length));
}

/**
 * Foreign text for the title of an issue, where Markdown does not apply: a word joiner after `@` and `#`
 * stops both.
 */
export function titleText(text: string): string {
  return (oneLine(text, TITLE_LIMIT) || EMPTY).replace(/[@#＠﹫＃﹟](?=[\p{L}\p{N}_])/gu, "$&\u2060");
}

/** Foreign text as code in a line, a table's cell or a link: shown as it is, whatever it holds. */
export function code(text: string, limit = CELL_LIMIT): InlineCode {
  // In a table a backslash before a pipe cannot be written inside code: the pipe would end the cell.
  const value = oneLine(text, limit).replace(/\\\|/g, "\\∣");
  return { type: "inlineCode", value: value === "" ? EMPTY : value };
}

// A word with any of these may be more than a word: mark-up, mention, reference, URL, formula, emoji code,
// SHA, ticket.
const MORE_THAN_A_WORD =
  /[@#$<>&`\\*_[\]{}|~^=＠﹫＃﹟]|:[^:]*:|:\/|\/\/|www\.|\b[0-9a-f]{7,}\b|[a-z]-\d|GHSA-|^[-+]{2,}$/i;

/** Names with a number that are no tickets: `UTF-8`, `SHA-256`. */
const STANDARD =
  /(?<![\p{L}\p{N}-])(?:utf|ucs|sha|iso|iec|ieee|rfc|aes|rsa|md|crc|tls|ssl|http|ipv|base|latin|windows|cp|x|ecma|es)-\d{1,5}(?:-\d{1,4})?(?![\p{L}\p{N}-])/giu;

/** Foreign text to be read as prose, in one line: harmless words as text, all others as code. */
export function prose(text: string, limit = CELL_LIMIT): PhrasingContent[] {
  const line = oneLine(text, limit);
  return line === "" ? [{ type: "text", value: EMPTY }] : words(line);
}

/**
 * Splits one line, whose outer spaces stay, into text and code. Only for text that is `visible` or our own.
 */
export function words(line: string): PhrasingContent[] {
  const nodes: PhrasingContent[] = [];
  for (const part of line.split(/( +)/)) {
    if (part === "") continue;
    if (MORE_THAN_A_WORD.test(part.replace(STANDARD, "x"))) nodes.push(...codeWord(part));
    else nodes.push({ type: "text", value: part });
  }
  return joined(nodes);
}

/**
 * A word as code, without the marks of the sentence around it: `(#1),` is a reference in brackets before a
 * comma.
 */
function codeWord(word: string): PhrasingContent[] {
  const open = /^["'(]*/.exec(word)?.[0] ?? "";
  const rest = word.slice(open.length);
  // `f(x)` keeps its bracket.
  const close = (rest.includes("(") ? /[,.;!?]*$/ : /[,.;!?"')]*$/).exec(rest)?.[0] ?? "";
  const core = word.slice(open.length, word.length - close.length);
  if (core === "") return [{ type: "inlineCode", value: word }];
  const text = (value: string): PhrasingContent[] => (value === "" ? [] : [{ type: "text", value }]);
  return [...text(open), { type: "inlineCode", value: core.replace(/\\\|/g, "\\∣") }, ...text(close)];
}

/**
 * Neighbours of one kind as one node: code spans that touch would run into each other, and words may make one
 * span.
 */
export function joined(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  const result: PhrasingContent[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    const isCode = node.type === "inlineCode";
    if ((isCode || node.type === "text") && last?.type === node.type) {
      result[result.length - 1] = { ...last, value: (last.value + node.value).replaceAll("<!--", "‹!--") };
    } else result.push(node);
  }
  return result;
}

/** Foreign text of several lines as paragraphs of prose: blank lines part paragraphs, line ends stay. */
export function paragraphs(text: string, limit = PROSE_LIMIT): PhrasingContent[][] {
  const whole = cut(text.trim(), limit).replace(/\r\n?/g, "\n");
  return whole
    .split(/\n[^\S\n]*\n/)
    .map((paragraph) =>
      paragraph
        .split("\n")
        .filter((line) => line.trim() !== "")
        .flatMap((line, i): PhrasingContent[] => [
          ...(i === 0 ? [] : [{ type: "text" as const, value: "\n" }]),
          ...prose(line, limit * 2),
        ]),
    )
    .filter((paragraph) => paragraph.length > 0)
    .map(joined);
}

/** Foreign text as a block of code; the fence is made longer than any in it. */
export function codeBlock(text: string, lang: string | null = null, limit = BLOCK_LIMIT): Code {
  const value = visible(cut(text, limit).replace(/\r\n?/g, "\n"));
  return { type: "code", lang, value };
}

/**
 * Text for a label in a Mermaid `timeline`: letters, digits and a few marks; all else (`:`, `;`, `#`, quotes,
 * HTML) is a space.
 */
export function mermaidLabel(text: string): string {
  const label = oneLine(text, 60).replace(/[^\p{L}\p{M}\p{N} ,.()/+-]/gu, " ");
  return label.replace(/ +/g, " ").trim() || "-";
}
