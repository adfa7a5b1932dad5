import Table from "cli-table3";
import type { List, Nodes, RootContent, Table as TableNode } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { toString as plainText } from "mdast-util-to-string";
import { gfm } from "micromark-extension-gfm";
import pc from "picocolors";

const WIDTH = Math.max(80, Math.min(process.stdout.columns ?? 110, 130));

/** A line of the story. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A step of the story, numbered. */
export function step(number: number, text: string): void {
  say(`\n${pc.bold(pc.cyan(`${number}. ${text}`))}`);
}

/**
 * Markdown as it reads on GitHub, for a terminal: headings, paragraphs, lists, tables and code; hidden comments stay hidden. Of a check's
 * table only the rows that ask for something are drawn, the others are counted.
 */
export function showMarkdown(markdown: string, indent = "   "): void {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const text = tree.children.map(block).filter((part) => part !== "");
  say(
    text
      .join("\n")
      .split("\n")
      .map((line) => `${indent}${line}`)
      .join("\n"),
  );
}

function block(node: RootContent): string {
  switch (node.type) {
    case "heading":
      return pc.bold(plainText(node));
    case "paragraph":
      return wrap(plainText(node)).join("\n");
    case "code":
      return node.value
        .split("\n")
        .map((line) => pc.dim(`  ${line}`))
        .join("\n");
    case "list":
      return list(node);
    case "table":
      return table(node);
    case "html": {
      // `<details><summary>…` frames are for the browser; their titles are worth a line.
      const summary = /<summary>(.*?)<\/summary>/.exec(node.value)?.[1];
      return summary === undefined ? "" : pc.bold(`▸ ${summary.replace(/<[^>]+>/g, "")}`);
    }
    case "thematicBreak":
      return "─".repeat(20);
    default:
      return "children" in node ? (node.children as RootContent[]).map(block).join("\n") : "";
  }
}

function list({ children, ordered }: List): string {
  return children
    .map((item, index) => {
      const box = item.checked === true ? "[x] " : item.checked === false ? "[ ] " : "";
      return `${ordered ? `${index + 1}.` : "•"} ${box}${plainText(item as Nodes)}`;
    })
    .join("\n");
}

/** States of a check's rows that ask for nothing. */
const QUIET = /^(?:✅|➖)/u;

function table({ children }: TableNode): string {
  const [columns = [], ...all] = children.map((row) => row.children.map((cell) => plainText(cell)));
  const rows = all.filter(([state = ""]) => !QUIET.test(state));
  const fine = all.filter(([state = ""]) => state.startsWith("✅")).map(([, rule]) => rule);
  const note = fine.length === 0 ? "" : wrap(`✅ fine: ${fine.join(", ")}`).join("\n");
  if (rows.length === 0) return note;
  const widest = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? "").length)));
  const drawn = new Table({
    ...(columns.some((name) => name !== "") ? { head: columns } : {}),
    colWidths: widths(widest),
    wordWrap: true,
    style: { head: pc.isColorSupported ? ["bold"] : [], border: pc.isColorSupported ? ["grey"] : [] },
  });
  drawn.push(...rows);
  return [drawn.toString(), note].filter((part) => part !== "").join("\n");
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Narrow columns as they are; the wide ones share what is left. */
function widths(widest: readonly number[]): number[] {
  let left = WIDTH - widest.length - 1;
  const result = widest.map((w) => w + 2);
  const wide = result.map((w, i) => ({ w, i })).sort((a, b) => a.w - b.w);
  wide.forEach(({ w, i }, n) => {
    const share = Math.floor(left / (wide.length - n));
    result[i] = Math.max(6, Math.min(w, share));
    left -= result[i] ?? 0;
  });
  return result;
}
