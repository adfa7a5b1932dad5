import {
  heading,
  type Inline,
  inline,
  link,
  list,
  listed,
  markdown,
  p,
  plain,
  table,
} from "../render/text/markdown.ts";
import { code, prose } from "../render/text/neutralize.ts";
import { factsOf, titleOf } from "./headline.ts";
import type { Report } from "./report.ts";
import { type Cell, partsOf, type Table } from "./table.ts";
import { tablesOf } from "./tables.ts";

/** For an issue, a wiki or a chat: foreign text mentions nobody and breaks no table. */
export function asMarkdown(report: Report): string {
  return markdown([
    heading(2, titleOf(report)),
    list(factsOf(report).map((line) => [line])),
    ...tablesOf(report).flatMap(nodesOf),
  ]);
}

/** A table under its title. */
export function tableAsMarkdown(one: Table): string {
  return markdown(nodesOf(one));
}

function nodesOf({ title, note, columns, rows }: Table) {
  return [
    heading(3, title),
    ...(note === undefined ? [] : [p(note)]),
    table(
      columns,
      rows.map((row) => row.map(toInline)),
    ),
  ];
}

function toInline(cell: Cell): Inline {
  const parts = partsOf(cell).map((part): Inline => {
    if (typeof part === "string") return part;
    if ("url" in part) return link(part.url, plain(part.text));
    return part.sentence ? inline(prose(part.foreign)) : code(part.foreign);
  });
  return parts.length === 1 ? (parts[0] ?? "") : listed(parts, null, MOST_PARTS);
}

const MOST_PARTS = 20;
