import fc from "fast-check";
import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { anyCharacter } from "../support/any-text.ts";

/** Pieces of which text that means harm is made. */
export const PIECES = [
  ..."@|`\\<>&#*_[]{}()!~$^=+-.:;/'\"? \n\r\t\0\u0007\u001b\u0085\u2028\u2029\u202e\u2066\u200b\u200d\u2060\ufeff\u00ad\u3164\ud800\udc00",
  "@everyone",
  "@org/everyone",
  "@user",
  "#1",
  "GH-1",
  "owner/repo#1",
  "user@abcdef1",
  "0123456789abcdef0123456789abcdef01234567",
  "https://evil.example/a?b=c",
  "http://x.y",
  "www.evil.example",
  "mail@evil.example",
  "<img src=x onerror=alert(1)>",
  "<!--",
  "-->",
  "--!>",
  "<!-- hotfix-guard:status kamiyo/api#42 -->",
  "</details>",
  "<script>",
  "&#64;user",
  "&commat;user",
  "&lt;b&gt;",
  "\\|",
  "\\\\|",
  "||",
  "| --- |",
  "```",
  "~~~~",
  "```mermaid",
  "$$x$$",
  "$`x`$",
  ":tada:",
  ":+1:",
  "[^1]",
  "[^1]: note",
  "[a](javascript:alert(1))",
  "![a](https://evil.example/x.png)",
  "[x]: https://evil.example",
  "- [ ] task",
  "- [x] task",
  "1. one",
  "# heading",
  "===",
  "---",
  "> [!CAUTION]",
  "    indented",
  "/hotfix override scope because",
  "\r\n",
  "\n\n",
  "word",
  "Zürich",
  "مرحبا",
  "👩‍👩‍👧",
  "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
  "{{title}}",
  "_To be written: x_",
];

/** Arbitrary nasty text. */
export const nasty = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: anyCharacter })), {
    maxLength: 25,
  })
  .map((parts) => parts.join(""));

export function parse(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** All nodes of a kind, in order. */
export function all<T extends Nodes["type"]>(root: Nodes, type: T): Extract<Nodes, { type: T }>[] {
  const found: Extract<Nodes, { type: T }>[] = [];
  const walk = (node: Nodes): void => {
    if (node.type === type) found.push(node as Extract<Nodes, { type: T }>);
    if ("children" in node) for (const child of node.children) walk(child);
  };
  walk(root);
  return found;
}

/**
 * What GitHub would make of the text outside code: mentions, references, links, emoji, formulas. Empty where
 * it is harmless.
 */
export function dangers(root: Root): string[] {
  const patterns = [
    /(?:^|[^\w`])@\w/,
    /#\d/,
    /\bGH-\d/i,
    /\b[0-9a-f]{7,40}\b/,
    /https?:\/\/|www\./i,
    /:[\w+-]+:/,
    /\$/,
    /&(?:#\d+|#x[0-9a-f]+|\w+);/i,
    /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
  ];
  const found: string[] = [];
  for (const node of all(root, "text")) {
    // `#42` alone is the text of a link of ours, where GitHub makes no references. Joiners of emoji stay.
    const own = node.value.replaceAll("\u200d", "").replace(/^#\d+$/, "");
    for (const pattern of patterns) if (pattern.test(own)) found.push(`${pattern}: ${node.value}`);
  }
  return found;
}
