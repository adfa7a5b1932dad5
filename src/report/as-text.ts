import CliTable from "cli-table3";
import { oneLine } from "../render/text/neutralize.ts";
import { factsOf, titleOf } from "./headline.ts";
import type { Report } from "./report.ts";
import { type Table, textOf } from "./table.ts";
import { tablesOf } from "./tables.ts";

/** For a terminal: foreign text cannot steer it. */
export function asText(report: Report): string {
  const tables = tablesOf(report).map(forTerminal);
  return `${[titleOf(report), "", ...factsOf(report).map((fact) => `  ${fact}`)].join("\n")}\n${tables
    .map((table) => `\n${tableAsText(table)}`)
    .join("")}`;
}

/** What a terminal has no room for stands in the other forms. */
const LEFT_OUT = ["Reviewed by", "Commit", "To approval", "Owner", "90th percentile before"];

function forTerminal({ columns, rows, ...table }: Table): Table {
  const kept = columns.flatMap((column, i) => (LEFT_OUT.includes(column) ? [] : [i]));
  const pick = <T>(all: readonly T[]): readonly T[] => kept.flatMap((i) => all[i] ?? []);
  return { ...table, columns: pick(columns), rows: rows.map((row) => kept.map((i) => row[i] ?? "")) };
}

const NO_BORDER = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
  ].map((place) => [place, ""]),
);
const WIDEST = 60;

/** Columns under their names, without lines. */
export function tableAsText({ title, columns, rows }: Table): string {
  const drawn = new CliTable({
    head: [...columns],
    chars: { ...NO_BORDER, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  drawn.push(...rows.map((row) => row.map((cell) => oneLine(textOf(cell), WIDEST))));
  const lines = drawn.toString().split("\n");
  return `  ${title}\n${lines.map((line) => `    ${line.trimEnd()}\n`).join("")}`;
}
