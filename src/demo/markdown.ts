import Table from "cli-table3";
import type { List, Nodes, PhrasingContent, RootContent, Table as TableNode } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { toString as plainText } from "mdast-util-to-string";
import { gfm } from "micromark-extension-gfm";
import pc from "picocolors";
import { COLUMNS, INDENT, say, wrap } from "./terminal.ts";

/**
 * Markdown as it reads on GitHub, for a terminal: headings, paragraphs, lists, tables and code; hidden
 * comments stay hidden. Of a check's table only the rows that ask for something are drawn, the others are
 * counted.
 */
export function showMarkdown(markdown: string): void {
  show(parse(markdown).map(block));
}

/** The same as one text, with an empty line between its parts. */
export function markdownText(markdown: string): string {
  return parse(markdown)
    .map(block)
    .filter((part) => part !== "")
    .join("\n\n");
}

/**
 * Only the parts with these titles ("": what stands above the first), then what the others are called, or
 * with `brief` that there are some. A title that is not there is an error.
 */
export function showParts(markdown: string, titles: readonly string[], { brief = false } = {}): void {
  const parts = partsOf(parse(markdown));
  for (const title of titles)
    if (!parts.some((part) => part.title === title))
      throw new Error(`"${title}" is missing in:\n${markdown}`);
  const others = parts.map(({ title }) => title).filter((title) => title !== "" && !titles.includes(title));
  const note = brief ? "[…]" : `[not shown here: ${[...new Set(others)].join(" · ")}]`;
  show([
    ...parts.filter(({ title }) => titles.includes(title)).flatMap(({ nodes }) => nodes.map(block)),
    others.length === 0 ? "" : pc.dim(wrap(note).join("\n")),
  ]);
}

function parse(markdown: string): readonly RootContent[] {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children;
}

function show(blocks: readonly string[]): void {
  const text = blocks.filter((part) => part !== "").join("\n");
  for (const line of text.split("\n")) say(`${INDENT}${line}`);
}

interface Part {
  /** Its heading, or the summary of its frame; above the first heading also the table's and the block's. */
  readonly title: string;
  readonly nodes: RootContent[];
}

export const TABLE = "the table";
export const BLOCK = "the block to copy";

function partsOf(nodes: readonly RootContent[]): readonly Part[] {
  const parts: Part[] = [{ title: "", nodes: [] }];
  let outer = "";
  nodes.forEach((node, i) => {
    if (node.type === "heading") outer = plainText(node);
    const title = titleAt(nodes, i, outer === "");
    if (title === null) parts.at(-1)?.nodes.push(node);
    else parts.push({ title, nodes: [node] });
    const ends =
      node.type === "html" ? node.value.startsWith("</details>") : /^(?:table|code)$/.test(node.type);
    if (ends) parts.push({ title: outer, nodes: [] });
  });
  return parts;
}

/** The title of the part that begins here; `null`: none does. */
function titleAt(nodes: readonly RootContent[], i: number, above: boolean): string | null {
  const node = nodes[i];
  if (node?.type === "heading") return plainText(node);
  if (node?.type === "html") return summaryOf(node.value);
  if (above && node?.type === "table") return TABLE;
  return above && node?.type === "code" ? BLOCK : null;
}

/** `<details><summary>…` frames are for the browser; their titles are worth a line. */
function summaryOf(value: string): string | null {
  return /<summary>(.*?)<\/summary>/.exec(value)?.[1]?.replace(/<[^>]+>/g, "") ?? null;
}

function block(node: RootContent): string {
  switch (node.type) {
    case "heading":
      return pc.bold(plainText(node));
    case "paragraph":
      return wrap(inline(node.children)).join("\n");
    case "code":
      if (node.lang === "mermaid") return pc.dim("[a diagram of it, which GitHub draws]");
      return node.value
        .split("\n")
        .map((line) => pc.dim(`  ${line}`))
        .join("\n");
    case "list":
      return list(node);
    case "table":
      return table(node);
    case "html": {
      const summary = summaryOf(node.value);
      return summary === null ? "" : pc.bold(`▸ ${summary}`);
    }
    case "thematicBreak":
      return "─".repeat(20);
    default:
      return "children" in node ? (node.children as RootContent[]).map(block).join("\n") : "";
  }
}

function inline(nodes: readonly PhrasingContent[]): string {
  return nodes
    .map((node): string => {
      if (node.type === "strong") return pc.bold(inline(node.children));
      if (node.type === "emphasis") return pc.italic(inline(node.children));
      if (node.type === "inlineCode") return pc.cyan(node.value);
      if (node.type === "break") return " ";
      return "children" in node
        ? inline(node.children)
        : "value" in node && node.type === "text"
          ? node.value
          : "";
    })
    .join("");
}

function list({ children, ordered }: List): string {
  return children
    .map((item, index) => {
      const box = item.checked === true ? "[x] " : item.checked === false ? "[ ] " : "";
      const mark = `${ordered ? `${index + 1}.` : "•"} ${box}`;
      const text = item.children.map((node) =>
        node.type === "paragraph" ? inline(node.children) : plainText(node as Nodes),
      );
      const [first, ...rest] = wrap(text.join(" "), COLUMNS - mark.length);
      return [`${mark}${first}`, ...rest.map((line) => `${" ".repeat(mark.length)}${line}`)].join("\n");
    })
    .join("\n");
}

/** States of a check's rows that ask for nothing. */
const QUIET = /^(?:✅|➖)/u;

function table({ children }: TableNode): string {
  const [columns = [], ...all] = children.map((row) => row.children.map((cell) => plainText(cell)));
  const rows = all.filter(([state = ""]) => !QUIET.test(state));
  const passed = all.filter(([state = ""]) => state.startsWith("✅")).map(([, rule]) => rule);
  const note = passed.length === 0 ? "" : wrap(`✅ passed: ${passed.join(", ")}`).join("\n");
  if (rows.length === 0) return note;
  const widest = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? "").length)));
  const drawn = new Table({
    ...(columns.some((name) => name !== "") ? { head: columns } : {}),
    colWidths: widths(widest),
    wordWrap: true,
    style: {
      // Rows of one line need none between them.
      compact: columns.length < 4,
      head: pc.isColorSupported ? ["bold"] : [],
      border: pc.isColorSupported ? ["grey"] : [],
    },
  });
  drawn.push(...rows);
  return [drawn.toString(), note].filter((part) => part !== "").join("\n");
}

/** Narrow columns as they are; the wide ones share what is left. */
function widths(widest: readonly number[]): number[] {
  let left = COLUMNS - widest.length - 1;
  const result = widest.map((w) => w + 2);
  const wide = result.map((w, i) => ({ w, i })).sort((a, b) => a.w - b.w);
  wide.forEach(({ w, i }, n) => {
    const share = Math.floor(left / (wide.length - n));
    result[i] = Math.max(6, Math.min(w, share));
    left -= result[i] ?? 0;
  });
  return result;
}
