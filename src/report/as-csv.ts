import { stringify } from "csv-stringify/sync";
import type { Report } from "./report.ts";
import type { HotfixRow } from "./row.ts";
import { SPANS } from "./summary.ts";
import { partsOf, type Table, textOf } from "./table.ts";

type Value = string | number | boolean | null;

/** A row each hotfix; times are ISO 8601, spans seconds. A cell that a spreadsheet would run is only text. */
export function asCsv({ hotfixes }: Report): string {
  const rows = hotfixes.map((row) => Object.values(COLUMNS).map((cell) => cell(row)));
  return written([Object.keys(COLUMNS), ...rows]);
}

/** A table with its links as columns of their own. */
export function tableAsCsv({ columns, rows }: Table): string {
  const urlsOf = (row: Table["rows"][number], at: number): string =>
    partsOf(row[at] ?? "")
      .flatMap((part) => (typeof part !== "string" && "url" in part ? part.url : []))
      .join(" ");
  const linked = columns.map((_, i) => rows.some((row) => urlsOf(row, i) !== ""));
  const head = columns.flatMap((column, i) => (linked[i] ? [column, `${column} (link)`] : [column]));
  const body = rows.map((row) =>
    columns.flatMap((_, i) => {
      const text = textOf(row[i] ?? "").replace(/^–$/, "");
      return linked[i] ? [text, urlsOf(row, i)] : [text];
    }),
  );
  return written([head, ...body]);
}

function written(rows: readonly (readonly Value[])[]): string {
  const safe = rows.map((row) => row.map((value) => (typeof value === "string" ? visible(value) : value)));
  return stringify(safe, {
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
    record_delimiter: "windows",
  });
}

/** Without what steers a terminal or hides text; lines of a cell become one. */
function visible(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
}

const COLUMNS: Readonly<Record<string, (row: HotfixRow) => Value>> = {
  repository: (row) => row.repository,
  pull_request: (row) => row.pullRequest,
  title: (row) => row.title,
  severity: (row) => row.severity,
  author: (row) => row.author,
  approved_by: (row) => row.approvedBy.join(" "),
  reviewed_by: (row) => row.reviewedBy.join(" "),
  merged_by: (row) => row.mergedBy,
  commit: (row) => row.commit,
  detected_at: (row) => row.at.detected,
  opened_at: (row) => row.at.opened,
  approved_at: (row) => row.at.approved,
  reviewed_at: (row) => row.at.reviewed,
  merged_at: (row) => row.at.merged,
  deployed_at: (row) => row.at.deployed,
  resolved_at: (row) => row.at.resolved,
  rolled_back_at: (row) => row.at.rolledBack,
  ...Object.fromEntries(SPANS.map((name) => [name, (row: HotfixRow) => row.spans[name]])),
  late: (row) => row.late,
  approval_valid: (row) => row.approvalValid,
  overrides: (row) => row.overridden.map(({ rule, by, reason }) => `${rule} by ${by}: ${reason}`).join("; "),
  override_count: (row) => row.overrides,
  bypass: (row) => row.bypass,
  bypass_reason: (row) => row.bypassReason,
  rolled_back: (row) => row.rolledBack,
  area: (row) => row.area,
  post_mortem: (row) => `${row.postMortem.repository}#${row.postMortem.number}`,
  post_mortem_open: (row) => row.onTime === null,
  post_mortem_on_time: (row) => row.onTime,
  post_mortem_complete: (row) => row.complete,
  overdue: (row) => row.overdue,
  owners: (row) => row.postMortem.assignees.join(" "),
  open_action_items: (row) => row.actionItems.length,
  overdue_action_items: (row) => row.actionItems.filter((one) => one.overdue).length,
  url: (row) => row.url,
  commit_url: (row) => row.commitUrl,
  post_mortem_url: (row) => row.postMortem.url,
};
