import { evidenceTable } from "./evidence.ts";
import { factsOf, titleOf } from "./headline.ts";
import { chartsOf } from "./html/charts.ts";
import { pageOf } from "./html/page.tsx";
import type { Report } from "./report.ts";
import { tablesOf } from "./tables.ts";

/** A page of its own: charts, and the tables under them. */
export function asHtml(report: Report): string {
  return pageOf({
    title: titleOf(report),
    facts: factsOf(report),
    charts: chartsOf(report),
    tables: tablesOf(report),
    footer: footerOf(report),
  });
}

/** The auditor's table as a page. */
export function evidenceAsHtml(report: Report): string {
  const table = evidenceTable(report);
  return pageOf({
    title: `${table.title}: ${report.about}`,
    facts: [],
    charts: [],
    tables: [table],
    footer: footerOf(report),
  });
}

function footerOf({ about, since, until }: Report): string {
  return `${about}, from ${since} to ${until}. Made by hotfix-guard report. Times are UTC.`;
}
