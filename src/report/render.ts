import { count, heading, type Inline, list, markdown, p, table } from "../render/text/markdown.ts";
import { code, oneLine } from "../render/text/neutralize.ts";
import { duration } from "../render/text/time.ts";
import type { ReportData } from "./read.ts";
import { SPANS, type SpanName, type SpanSummary, type Summary } from "./summary.ts";

/** A report as it is printed, for people or as JSON. */
export interface Report {
  readonly repository: string;
  /** ISO 8601. */
  readonly since: string;
  readonly summary: Summary;
  readonly unreadable: ReportData["unreadable"];
}

const NAMES: Readonly<Record<SpanName, string>> = {
  time_to_detection: "Detection",
  time_to_approval: "Approval",
  time_to_review: "Review",
  time_to_merge: "Merge",
  time_to_deployment: "Deployment",
  time_to_resolution: "Resolution",
};

/** As data; the keys are kept. */
export function reportJson({ repository, since, summary, unreadable }: Report): string {
  return `${JSON.stringify({ version: 1, repository, since, ...summary, unreadable }, null, 2)}\n`;
}

/** The report as Markdown, with foreign text made harmless. */
export function reportMarkdown(report: Report): string {
  const { summary } = report;
  const areas = summary.repeated_areas.map(({ area, count }): Inline[] => [code(area), `: ${count}`]);
  return markdown([
    heading(2, titleOf(report)),
    list(facts(report).map((line) => [line])),
    ...(summary.hotfixes === 0
      ? []
      : [
          table(
            ["Time to", "Measured", "Median", "90th percentile"],
            SPANS.map((name) => cells(name, summary.spans[name])),
          ),
        ]),
    ...(areas.length === 0 ? [] : [p("Areas with more than one hotfix:"), list(areas)]),
  ]);
}

/** For a terminal: foreign text cannot steer it. */
export function reportText(report: Report): string {
  const { summary } = report;
  const rows = [
    ["Time to", "Measured", "Median", "90th percentile"],
    ...SPANS.map((name) => cells(name, summary.spans[name])),
  ];
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, i) => (i === 3 ? cell : cell.padEnd([13, 10, 20][i] ?? 0))).join("")}`;
  return [
    titleOf(report),
    "",
    ...facts(report).map((fact) => `  ${fact}`),
    ...(summary.hotfixes === 0 ? [] : ["", ...rows.map(line)]),
    ...(summary.repeated_areas.length === 0 ? [] : ["", "  Areas with more than one hotfix:"]),
    ...summary.repeated_areas.map(({ area, count }) => `    ${oneLine(area)}: ${count}`),
    "",
  ].join("\n");
}

function titleOf({ repository, since }: Report): string {
  return `Hotfixes of ${repository} since ${since.slice(0, 10)}`;
}

function facts({ summary, unreadable }: Report): readonly string[] {
  const { hotfixes, severities, response, post_mortems: posts } = summary;
  const each = Object.entries(severities).filter(([, n]) => n > 0);
  const evaluated = response.met + response.missed;
  return [
    `${count(hotfixes, "hotfix", "hotfixes")}${each.length === 0 ? "" : ": "}${each.map(([name, n]) => `${n} ${name}`).join(", ")}`,
    ...(hotfixes === 0
      ? []
      : [
          `Within the response time: ${response.met} of ${evaluated}`,
          `Rollbacks: ${summary.rollbacks}; bypassed the gate: ${summary.bypasses}; overrides: ${summary.overrides}`,
          `Post-mortems: ${posts.on_time} on time, ${posts.late} late, ${posts.open} open; closed unfinished: ${posts.unfinished}`,
        ]),
    ...(unreadable.length === 0
      ? []
      : [`Not counted, metrics unreadable: ${unreadable.map((n) => `#${n}`).join(", ")}`]),
  ];
}

function cells(name: SpanName, { count, median, p90 }: SpanSummary): string[] {
  const shown = (seconds: number | null): string => (seconds === null ? "–" : duration(seconds * 1000));
  return [NAMES[name], String(count), shown(median), shown(p90)];
}
