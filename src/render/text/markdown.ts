import type {
  Heading,
  Html,
  Link,
  List,
  ListItem,
  Paragraph,
  PhrasingContent,
  RootContent,
  Strong,
  Table,
} from "mdast";
import { gfmToMarkdown } from "mdast-util-gfm";
import { toMarkdown } from "mdast-util-to-markdown";
import { joined, words } from "./neutralize.ts";

/**
 * Builders for Markdown. Strings given to them are our own words; foreign text comes as nodes from
 * `neutralize.ts`.
 */
export type Inline = string | PhrasingContent | readonly PhrasingContent[];

/**
 * Our own words and neutralized nodes in one line. Our words may name branches or keys: these are shown as
 * code, too.
 */
export function inline(...parts: readonly Inline[]): PhrasingContent[] {
  return joined(
    parts.flatMap((part) => (typeof part === "string" ? words(part) : Array.isArray(part) ? part : [part])),
  );
}

/** A paragraph. */
export function p(...parts: readonly Inline[]): Paragraph {
  return { type: "paragraph", children: inline(...parts) };
}

/** Bold text. */
export function bold(...parts: readonly Inline[]): Strong {
  return { type: "strong", children: inline(...parts) };
}

/** A link to an address that we made or that GitHub gave, never to one from foreign text. */
export function link(url: string, ...parts: readonly Inline[]): Link {
  return { type: "link", url, children: inline(...parts) as Link["children"] };
}

/** Plain text for the words of a link, where GitHub makes no references. */
export function plain(value: string): PhrasingContent {
  return { type: "text", value };
}

/** A heading; `depth` 1 is the largest. */
export function heading(depth: Heading["depth"], ...parts: readonly Inline[]): Heading {
  return { type: "heading", depth, children: inline(...parts) };
}

/** A list with bullets; `checked` not null: a task list, all ticked or none. */
export function list(items: readonly (readonly Inline[])[], checked: boolean | null = null): List {
  return {
    type: "list",
    ordered: false,
    spread: false,
    children: items.map(
      (parts): ListItem => ({ type: "listItem", spread: false, checked, children: [p(...parts)] }),
    ),
  };
}

/** A table; each row has as many cells as the head. */
export function table(head: readonly string[], rows: readonly (readonly Inline[])[]): Table {
  const cells = (row: readonly Inline[]): Table["children"][number] => ({
    type: "tableRow",
    children: row.map((cell) => ({ type: "tableCell", children: inline(cell) })),
  });
  return { type: "table", align: head.map(() => null), children: [cells(head), ...rows.map(cells)] };
}

/**
 * Folded text. The only HTML that is written, besides the hidden markers; `title` is our own, constant text.
 */
export function details(title: string, children: readonly RootContent[]): RootContent[] {
  return [html(`<details><summary>${title}</summary>`), ...children, html("</details>")];
}

/** Our own constant HTML, or a hidden comment from `marker.ts`. */
export function html(value: string): Html {
  return { type: "html", value };
}

// Made once: it keeps its compiled patterns.
const GFM = gfmToMarkdown({ tablePipeAlign: false });

/** Serialises; ends with a line end. */
export function markdown(nodes: readonly RootContent[]): string {
  return toMarkdown(
    { type: "root", children: [...nodes] },
    { bullet: "-", emphasis: "_", rule: "-", extensions: [GFM] },
  );
}

/** "a", "a or b", "a, b or c"; "a, b, c" where there is no last word. */
export function listed(items: readonly Inline[], last: "and" | "or" | null, most = 10): PhrasingContent[] {
  const shown = items.slice(0, most);
  const more = items.length - shown.length;
  const all: Inline[] = more > 0 ? [...shown, `${more} more`] : shown;
  return inline(
    ...all.flatMap((item, i): Inline[] => {
      if (i === 0) return [item];
      return [i === all.length - 1 ? (more > 0 ? " and " : last === null ? ", " : ` ${last} `) : ", ", item];
    }),
  );
}

/** "1 rule", "3 rules". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
