/** A table of a report, as data: each format writes it in its own way. */
export interface Table {
  readonly title: string;
  /** Said under the title. */
  readonly note?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * What stands in a cell: our own words, or foreign text, which is data. `url` is made of what GitHub gave and
 * was checked, never of foreign text. A list is shown with commas.
 */
export type Cell = string | Foreign | Linked | readonly (string | Foreign | Linked)[];

/** What people wrote. */
export interface Foreign {
  readonly foreign: string;
  /** A sentence of people, and no name. */
  readonly sentence?: true;
}

/** Our own words that lead somewhere. */
export interface Linked {
  readonly text: string;
  readonly url: string;
}

/** A name that somebody chose. */
export function name(foreign: string | null): Cell {
  return foreign === null ? "–" : { foreign };
}

/** Names, or a dash. */
export function names(all: readonly string[]): Cell {
  return all.length === 0 ? "–" : all.map((foreign) => ({ foreign }));
}

/** A sentence that somebody wrote. */
export function sentence(foreign: string): Foreign {
  return { foreign, sentence: true };
}

/** With a link, where there is one. */
export function linked(text: string, url: string | null): string | Linked {
  return url === null ? text : { text, url };
}

/** The parts of a cell. */
export function partsOf(cell: Cell): readonly (string | Foreign | Linked)[] {
  return Array.isArray(cell) ? cell : [cell as string | Foreign | Linked];
}

/** As text, without links. */
export function textOf(cell: Cell): string {
  return partsOf(cell)
    .map((part) => (typeof part === "string" ? part : "foreign" in part ? part.foreign : part.text))
    .join(", ");
}
