import { html, raw } from "hono/html";
import { oneLine } from "../../render/text/neutralize.ts";
import { type Cell, partsOf, type Table, textOf } from "../table.ts";
import type { Chart } from "./chart.ts";
import { STYLE } from "./style.ts";

/** What a page shows. */
export interface PageContent {
  readonly title: string;
  readonly facts: readonly string[];
  readonly charts: readonly Chart[];
  readonly tables: readonly Table[];
  /** Who made it, and when. */
  readonly footer: string;
}

/** Keeps the file from loading or running anything, whatever stood in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A whole page in one file that loads nothing. Foreign text is text in it. */
export function pageOf({ title, facts, charts, tables, footer }: PageContent): string {
  return `${html`<!doctype html>
${(
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={POLICY} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      <style>{raw(STYLE)}</style>
    </head>
    <body>
      <main>
        <h1>{title}</h1>
        <ul>
          {facts.map((fact) => (
            <li>{fact}</li>
          ))}
        </ul>
        {charts.length === 0 ? null : (
          <div class="charts">
            {charts.map((chart) => (
              <Figure chart={chart} />
            ))}
          </div>
        )}
        {tables.map((table) => (
          <Section table={table} />
        ))}
      </main>
      <footer>{footer}</footer>
    </body>
  </html>
)}
`}`;
}

function Figure({ chart: { title, svg, key } }: { chart: Chart }) {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {raw(svg)}
      <ul class="key" aria-hidden="true">
        {key.map(({ name, color }) => (
          <li>
            <i style={`background: var(--${color})`} />
            {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function Section({ table: { title, note, columns, rows } }: { table: Table }) {
  const wide = columns.map((_, i) => rows.some((row) => textOf(row[i] ?? "").length > WIDE));
  return (
    <section>
      <h2>{title}</h2>
      {note === undefined ? null : <p class="note">{note}</p>}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                {row.map((cell, i) => (
                  <td class={wide[i] ? "wide" : undefined}>{contentOf(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const WIDE = 24;
const LONGEST = 500;

function contentOf(cell: Cell) {
  return partsOf(cell).map((part, i) => (
    <>
      {i === 0 ? "" : ", "}
      {typeof part === "string" ? (
        part
      ) : "url" in part ? (
        <a href={part.url} rel="noreferrer">
          {part.text}
        </a>
      ) : (
        <bdi>{oneLine(part.foreign, LONGEST)}</bdi>
      )}
    </>
  ));
}
