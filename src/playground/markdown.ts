import type { Element, Root, RootContent } from "hast";
import { raw } from "hast-util-raw";
import { sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { LRUCache } from "lru-cache";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { toHast } from "mdast-util-to-hast";
import { gfm } from "micromark-extension-gfm";

/** What GitHub's sanitizer puts before ids and names, so that text cannot take those of the page. */
const PREFIX = "user-content-";
/** Where the app's documentation is on GitHub; the playground serves the same files. */
const DOCS = /^https:\/\/github\.com\/[\w-]+\/hotfix-guard\/blob\/[\w.-]+\/docs(?=\/|$)/;

const cache = new LRUCache<string, string>({ max: 500 });

/**
 * GitHub's Markdown as HTML that is safe to show: by GitHub's own list of what is allowed. Links to the
 * embedded GitHub (`github`: its address) and to the documentation stay in the playground.
 */
export function markdown(text: string, github: string): string {
  const key = `${github} ${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const tree = toHast(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }), {
    allowDangerousHtml: true,
  });
  const safe = sanitize(raw(tree)) as Root;
  change(safe, github);
  const html = toHtml(safe);
  cache.set(key, html);
  return html;
}

function change(parent: Root | Element, github: string): void {
  const children = parent.children as RootContent[];
  for (const [at, child] of children.entries()) {
    if (child.type !== "element") continue;
    const diagram = diagramIn(child);
    if (diagram !== null) {
      children[at] = frame(diagram);
      continue;
    }
    adapt(child, github);
    change(child, github);
  }
}

function adapt(element: Element, github: string): void {
  const { tagName, properties } = element;
  if (tagName === "a" && typeof properties.href === "string")
    properties.href = within(properties.href, github);
  if (tagName === "input") properties.ariaLabel = properties.checked ? "Done" : "Not done";
  // What scrolls has to be reached by keyboard.
  if (tagName === "pre" || tagName === "table") properties.tabIndex = 0;
  if (tagName === "th" && element.children.length === 0) element.tagName = "td";
}

function within(href: string, github: string): string {
  if (href.startsWith("#")) return `#${PREFIX}${href.slice(1)}`;
  if (href.startsWith(`${github}/`)) return href.slice(github.length).replace(/\/runs\/\d+$/, "");
  return href.replace(DOCS, "/docs");
}

/** The text of a Mermaid diagram; `null`: something else. */
function diagramIn({ tagName, children: [code, ...more] }: Element): string | null {
  if (tagName !== "pre" || code?.type !== "element" || more.length > 0) return null;
  const classes = code.properties.className;
  if (!Array.isArray(classes) || !classes.includes("language-mermaid")) return null;
  return code.children.map((child) => (child.type === "text" ? child.value : "")).join("");
}

/** A page of its own draws it, which may do nothing else, as GitHub has it. */
function frame(diagram: string): Element {
  return {
    type: "element",
    tagName: "iframe",
    properties: {
      src: `/diagram#${encodeURIComponent(diagram)}`,
      sandbox: ["allow-scripts"],
      title: `Diagram: ${/^\s*title (.+)$/m.exec(diagram)?.[1] ?? "see the table"}`,
      className: ["diagram"],
    },
    children: [],
  };
}
