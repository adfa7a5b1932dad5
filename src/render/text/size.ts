import type { RootContent } from "mdast";
import { markdown } from "./markdown.ts";

/**
 * GitHub's limit for each of a check's `summary` and `text`, in characters; bytes are counted here, which is
 * never less.
 */
export const CHECK_LIMIT = 65_535;
/** GitHub's limit for the body of an issue or a comment. */
export const BODY_LIMIT = 65_536;

const NOTE = "Cut here: GitHub takes no more text. What is left out matters less than what is shown.";

/** Bytes of UTF-8, which is what GitHub's limits count. */
export function size(text: string): number {
  return Buffer.byteLength(text);
}

/**
 * Serialises within a limit in bytes. What comes first survives; a table or a list, whose rows are a line
 * each, loses whole rows from its end; a note says that something was left out. `tail` (a hidden marker) is
 * always kept.
 */
export function fitted(
  nodes: readonly RootContent[],
  limit: number,
  tail: readonly RootContent[] = [],
): string {
  const blocks = nodes.map((node) => ({ node, text: markdown([node]) }));
  const end = tail.map((node) => markdown([node]));
  const whole = [...blocks.map(({ text }) => text), ...end].join("\n");
  if (size(whole) <= limit) return whole;
  const reserve = size([NOTE, CLOSE, "", ...end].join("\n\n"));
  let left = limit - reserve;
  const kept: typeof blocks = [];
  for (const { node, text } of blocks) {
    const part = size(text) + 1 <= left ? text : firstRows(node, text, left - 1);
    if (part !== "") kept.push({ node, text: part });
    if (part !== text) break;
    left -= size(text) + 1;
  }
  while (kept.at(-1)?.node.type === "heading") kept.pop();
  const folds = kept.filter(({ node }) => node.type === "html" && node.value.startsWith("<details>")).length;
  const closed = kept.filter(({ node }) => node.type === "html" && node.value === CLOSE).length;
  return [
    ...kept.map(({ text }) => text),
    ...(folds > closed ? [`${CLOSE}\n`] : []),
    `${NOTE}\n`,
    ...end,
  ].join("\n");
}

const CLOSE = "</details>";

/** As many rows as there is room for; `""`: none, or no rows to be had. */
function firstRows({ type }: RootContent, text: string, room: number): string {
  if (type !== "table" && type !== "list") return "";
  const lines = text.split("\n");
  const head = type === "table" ? 2 : 0;
  let used = 0;
  let n = 0;
  for (const line of lines) {
    used += size(line) + 1;
    if (used > room) break;
    n++;
  }
  return n > head ? `${lines.slice(0, n).join("\n")}\n` : "";
}
