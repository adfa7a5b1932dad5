import { duration, utc } from "../render/text/time.ts";
import type { Dora } from "./dora.ts";
import type { Group, Report } from "./report.ts";
import type { Bypass, HotfixRow } from "./row.ts";
import { SPANS, type SpanName, type SpanSummary, type Summary } from "./summary.ts";
import { type Cell, linked, name, names, sentence, type Table } from "./table.ts";

/** What spans are called. */
export const SPAN_NAMES: Readonly<Record<SpanName, string>> = {
  time_to_detection: "Detection",
  time_to_approval: "Approval",
  time_to_review: "Review",
  time_to_merge: "Merge",
  time_to_deployment: "Deployment",
  time_to_resolution: "Resolution",
};

const BYPASSES: Readonly<Record<Bypass, string>> = {
  pushed: "pushed directly to the branch",
  "deployed-early": "deployed before the merge",
  "no-check": "merged without a check",
  "failing-check": "merged past a failing check",
  "other-change": "what landed is not what was checked",
};

/** Seconds as people say them; a dash where there are none. */
export function spanText(seconds: number | null): string {
  return seconds === null ? "–" : duration(seconds * 1000);
}

/** A ratio as a percentage. */
export function percent(ratio: number | null): string {
  return ratio === null ? "–" : `${(ratio * 100).toFixed(ratio > 0 && ratio < 0.1 ? 1 : 0)}%`;
}

/** All tables of a report that have rows, in the order in which they are read. */
export function tablesOf(report: Report): readonly Table[] {
  const { hotfixes, byRepository, byTeam } = report;
  return [
    timesTable(report),
    doraTable(report),
    hotfixTable(report),
    exceptionTable(hotfixes),
    ...(byRepository.length > 1 ? [groupTable("By repository", "Repository", byRepository)] : []),
    ...(byTeam === null ? [] : [{ ...groupTable("By team", "Team", byTeam), note: TEAM_NOTE }]),
    actionItemTable(hotfixes),
    areaTable(report),
  ].filter(({ rows }) => rows.length > 0);
}

const TEAM_NOTE = "Teams of those who wrote the hotfix; somebody may be in several.";

function timesTable({ summary, previous }: Report): Table {
  const row = (of: string, now: SpanSummary, before: SpanSummary): Cell[] => [
    of,
    String(now.count),
    spanText(now.median),
    spanText(now.p90),
    spanText(before.median),
    spanText(before.p90),
  ];
  return {
    title: "Times",
    columns: ["Time to", "Measured", "Median", "90th percentile", "Median before", "90th percentile before"],
    rows:
      summary.hotfixes === 0
        ? []
        : SPANS.map((span) => row(SPAN_NAMES[span], summary.spans[span], previous.spans[span])),
  };
}

function doraTable({ dora, previousDora }: Report): Table {
  const row = (of: string, value: (dora: Dora) => string): Cell[] => [of, value(dora), value(previousDora)];
  return {
    title: "DORA",
    note: "Merged pull requests stand for deployments. Each hotfix repairs a change that failed; a hotfix that was rolled back is one itself.",
    columns: ["Measure", "This period", "The one before"],
    rows: [
      row("Change failure rate", (one) => percent(one.change_failure_rate)),
      row("Failed deployment recovery time (median)", (one) =>
        spanText(one.failed_deployment_recovery_time.median),
      ),
      row("Rework rate", (one) => percent(one.rework_rate)),
      row("Changes to production", (one) => (one.changes === null ? "–" : String(one.changes))),
    ],
  };
}

/** What a hotfix is called, with a link. */
export function changeCell(row: HotfixRow, withRepository: boolean): Cell {
  const repository = withRepository ? row.repository : "";
  if (row.pullRequest !== null) return linked(`${repository}#${row.pullRequest}`, row.url);
  return linked(row.commit === null ? "branch" : `${repository}@${row.commit.slice(0, 7)}`, row.url);
}

/** The state of the post-mortem in a few words, with a link. */
export function postMortemCell({ postMortem, onTime, complete, overdue }: HotfixRow): Cell {
  const finished =
    onTime === null ? null : `${onTime ? "on time" : "late"}${complete === false ? ", unfinished" : ""}`;
  const state = finished ?? (overdue ? "overdue" : "open");
  return linked(`#${postMortem.number}: ${state}`, postMortem.url);
}

function hotfixTable({ hotfixes, kind, byRepository }: Report): Table {
  const many = kind === "owner" || byRepository.length > 1;
  return {
    title: "Hotfixes",
    columns: [
      "Merged (UTC)",
      "Hotfix",
      "Title",
      "Severity",
      "Author",
      "Approved by",
      "Reviewed by",
      "Commit",
      "To approval",
      "To merge",
      "To resolution",
      "On target",
      "Post-mortem",
      "Owner",
    ],
    rows: hotfixes.map((row) => [
      utc(row.landedAt).replace(" UTC", ""),
      changeCell(row, many),
      sentence(row.title),
      row.severity ?? "–",
      name(row.author),
      names(row.approvedBy),
      names(row.reviewedBy),
      row.commit === null ? "–" : linked(row.commit.slice(0, 7), row.commitUrl),
      spanText(row.spans.time_to_approval),
      spanText(row.spans.time_to_merge),
      spanText(row.spans.time_to_resolution),
      row.late === null ? "–" : row.late ? "no" : "yes",
      postMortemCell(row),
      names(row.postMortem.assignees),
    ]),
  };
}

/** How a hotfix bypassed the gate, and why, as far as somebody said so. */
export function bypassCell({ bypass, gate, bypassReason }: HotfixRow): Cell {
  if (bypass === null) return "–";
  const said = gate === null || bypass === "no-check" || bypass === "pushed" ? "" : ` (${gate})`;
  const what = `${BYPASSES[bypass]}${/^ \([a-z_]{1,40}\)$/.test(said) ? said : ""}`;
  return bypassReason === null ? what : [what, sentence(bypassReason)];
}

/** Overrides, bypasses, rollbacks and merges without a valid approval. */
function exceptionTable(hotfixes: readonly HotfixRow[]): Table {
  const rows = hotfixes.flatMap((row): Cell[][] => [
    ...row.overridden.map(({ rule, by, reason }): Cell[] => [
      changeCell(row, true),
      ["overridden", { foreign: rule }],
      { foreign: by },
      sentence(reason),
    ]),
    ...(row.overrides > row.overridden.length
      ? [
          [
            changeCell(row, true),
            `overridden: ${row.overrides - row.overridden.length} more`,
            "–",
            "see the post-mortem",
          ],
        ]
      : []),
    ...(row.bypass === null
      ? []
      : [[changeCell(row, true), "bypassed", name(row.mergedBy), bypassCell(row)]]),
    ...(row.approvalValid === false
      ? [[changeCell(row, true), "no valid approval", name(row.mergedBy), "–"]]
      : []),
    ...(row.rolledBack
      ? [
          [
            changeCell(row, true),
            "rolled back",
            "–",
            row.at.rolledBack === null ? "–" : utc(row.at.rolledBack),
          ],
        ]
      : []),
  ]);
  return { title: "Exceptions", columns: ["Hotfix", "What", "By", "Why"], rows };
}

function groupTable(title: string, column: string, groups: readonly Group[]): Table {
  return {
    title,
    columns: [
      column,
      "Hotfixes",
      "P0",
      "P1",
      "Median to merge",
      "90th percentile",
      "On target",
      "Bypassed",
      "Overrides",
      "Post-mortems on time",
    ],
    rows: groups.map(({ name: of, summary }) => [
      { foreign: of },
      String(summary.hotfixes),
      String(summary.severities.P0 ?? 0),
      String(summary.severities.P1 ?? 0),
      spanText(summary.spans.time_to_merge.median),
      spanText(summary.spans.time_to_merge.p90),
      onTarget(summary),
      String(summary.bypasses),
      String(summary.overrides),
      `${summary.post_mortems.on_time} of ${summary.post_mortems.on_time + summary.post_mortems.late}`,
    ]),
  };
}

/** How many met their response time. */
export function onTarget({ response: { met, missed } }: Summary): string {
  return `${met} of ${met + missed}`;
}

/** Overdue ones first. */
function actionItemTable(hotfixes: readonly HotfixRow[]): Table {
  const items = hotfixes.flatMap((row) => row.actionItems.map((item) => ({ row, item })));
  const sorted = items.toSorted(
    (a, b) =>
      Number(b.item.overdue) - Number(a.item.overdue) || (a.item.due ?? "9").localeCompare(b.item.due ?? "9"),
  );
  return {
    title: "Open action items",
    columns: ["State", "Due", "Owner", "Action item", "Post-mortem"],
    rows: sorted.map(({ row, item }) => [
      item.overdue ? "overdue" : "open",
      item.due ?? "–",
      names(item.owners),
      sentence(item.text),
      linked(`${row.postMortem.repository}#${row.postMortem.number}`, row.postMortem.url),
    ]),
  };
}

function areaTable({ summary }: Report): Table {
  return {
    title: "Areas that keep breaking",
    columns: ["Area", "Hotfixes"],
    rows: summary.repeated_areas.map(({ area, count }) => [{ foreign: area }, String(count)]),
  };
}
