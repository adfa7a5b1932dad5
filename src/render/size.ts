import type { RootContent } from "mdast";
import { markdown, p } from "./markdown.ts";

/** GitHub's limit for each of a check's `summary` and `text`, in characters; bytes are counted here, which is never less. */
export const CHECK_LIMIT = 65_535;
/** GitHub's limit for the body of an issue or a comment. */
export const BODY_LIMIT = 65_536;

const NOTE = "Cut here: GitHub takes no more text. What is left out matters less than what is shown.";

export function size(text: string): number {
  return Buffer.byteLength(text);
}

/**
 * Serialises within a limit in bytes. What comes first survives; a table or a list loses whole rows from its end; a note says
 * that something was left out. `tail` (a hidden marker, a data block) is always kept.
 */
export function fitted(
  nodes: readonly RootContent[],
  limit: number,
  tail: readonly RootContent[] = [],
): string {
  const whole = markdown([...nodes, ...tail]);
  if (size(whole) <= limit) return whole;
  const end = [p(NOTE), ...tail];
  const fits = (kept: readonly RootContent[]): boolean => size(markdown([...kept, ...end])) <= limit;
  // How many nodes fit, then how many rows of the next: both by halving, for serialising is what costs time.
  const n = most(nodes.length, (k) => fits(closed(nodes.slice(0, k))));
  const kept = nodes.slice(0, n);
  const next = nodes[n];
  if (next?.type === "table" || next?.type === "list") {
    const head = next.type === "table" ? 1 : 0;
    const part = (k: number): RootContent =>
      next.type === "table"
        ? { ...next, children: next.children.slice(0, k + head) }
        : { ...next, children: next.children.slice(0, k) };
    const rows = most(next.children.length - head, (k) => k === 0 || fits(closed([...kept, part(k)])));
    if (rows > 0) kept.push(part(rows));
  }
  return markdown([...closed(kept), ...end]);
}

/** Closes a fold that was cut open, and drops a heading that has lost what it stood above. */
function closed(nodes: readonly RootContent[]): RootContent[] {
  const result = [...nodes];
  while (result.at(-1)?.type === "heading") result.pop();
  const opened = result.filter((n) => n.type === "html" && n.value.startsWith("<details>")).length;
  const ended = result.filter((n) => n.type === "html" && n.value === "</details>").length;
  return opened > ended ? [...result, { type: "html", value: "</details>" }] : result;
}

/** The largest k in 0…n for which `ok` holds; `ok` holds up to some k and for none above. */
function most(n: number, ok: (k: number) => boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ok(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
