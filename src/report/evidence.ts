import type { Report } from "./report.ts";
import type { HotfixRow } from "./row.ts";
import { type Cell, linked, name, names, sentence, type Table } from "./table.ts";
import { bypassCell, changeCell, postMortemCell } from "./tables.ts";

/**
 * The auditor's table (SOC 2, CC8.1: changes are authorized, tested, approved and documented): a row a
 * change, with links to the evidence. What was not recorded is a dash.
 */
export function evidenceTable({ hotfixes, since, until }: Report): Table {
  return {
    title: "Evidence of hotfixes (SOC 2, CC8.1)",
    note: `All hotfixes that reached production from ${since} to ${until}, as the app recorded them when they were merged.`,
    columns: Object.keys(COLUMNS),
    rows: hotfixes.map((row) => Object.values(COLUMNS).map((cell) => cell(row))),
  };
}

const COLUMNS: Readonly<Record<string, (row: HotfixRow) => Cell>> = {
  Change: (row) => changeCell(row, true),
  Title: (row) => sentence(row.title),
  Severity: (row) => row.severity ?? "–",
  Author: (row) => name(row.author),
  "Opened (UTC)": (row) => row.at.opened ?? "–",
  "Approved by": (row) => names(row.approvedBy),
  "Approved (UTC)": (row) => row.at.approved ?? "–",
  "Approval valid at the merge": (row) => yes(row.approvalValid),
  "Approved by another person": (row) =>
    row.approvedBy.length === 0 ? "–" : yes(row.approvedBy.some((login) => !same(login, row.author))),
  "Reviewed by": (row) => names(row.reviewedBy),
  "Reviewed (UTC)": (row) => row.at.reviewed ?? "–",
  "Merged by": (row) => name(row.mergedBy),
  "Merged (UTC)": (row) => row.at.merged ?? "–",
  Commit: (row) => (row.commit === null ? "–" : linked(row.commit, row.commitUrl)),
  "Gate passed": (row) => (row.gate === null ? "–" : yes(row.gate === "success" && row.bypass === null)),
  Bypassed: (row) => (row.bypassed === null ? "–" : row.bypass === null ? "no" : bypassCell(row)),
  Overrides: overrides,
  "Deployed (UTC)": (row) => row.at.deployed ?? "–",
  "Verified in production (UTC)": (row) => row.at.resolved ?? "–",
  "Rolled back (UTC)": (row) => (row.rolledBack ? (row.at.rolledBack ?? "yes") : "no"),
  "Post-mortem": postMortemCell,
  "Post-mortem due (UTC)": (row) => row.at.due ?? "–",
  "Post-mortem closed (UTC)": (row) => row.at.closed ?? "–",
};

function overrides({ overridden, overrides: count }: HotfixRow): Cell {
  if (overridden.length === 0) return count === 0 ? "none" : `${count}, see the post-mortem`;
  return overridden.map(({ rule, by, reason }) => sentence(`${rule} by ${by}: ${reason}`));
}

function yes(value: boolean | null): string {
  return value === null ? "–" : value ? "yes" : "no";
}

function same(login: string, author: string | null): boolean {
  return login.toLowerCase() === author?.toLowerCase();
}
