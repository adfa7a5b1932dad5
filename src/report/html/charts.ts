import type { RectYOptions } from "@observablehq/plot";
import * as Plot from "@observablehq/plot";
import type { Report } from "../report.ts";
import type { HotfixRow } from "../row.ts";
import { SPAN_NAMES, spanText } from "../tables.ts";
import { type Chart, draw, type KeyEntry } from "./chart.ts";

/** Begins on Sunday, in UTC. */
const WEEK = Plot.utcInterval("week");

/** The charts of a report; none where there is nothing to see. */
export function chartsOf(report: Report): readonly Chart[] {
  return report.hotfixes.length === 0
    ? []
    : [bySeverity(report), distributions(report), onTime(report), exceptions(report)];
}

const SEVERITIES: readonly KeyEntry[] = ["P0", "P1", "P2", "P3"].map((name) => ({
  name,
  color: name.toLowerCase(),
}));
const UNKNOWN: KeyEntry = { name: "unknown", color: "open" };

function bySeverity(report: Report): Chart {
  const { hotfixes } = report;
  const named = hotfixes.map((row) => ({ at: new Date(row.landedAt), name: row.severity ?? UNKNOWN.name }));
  const key = [...SEVERITIES, UNKNOWN].filter(({ name }) => named.some((one) => one.name === name));
  return weekly(report, "Hotfixes by week and severity", named, key);
}

function exceptions(report: Report): Chart {
  const key = [
    { name: "bypassed the gate", color: "bad", holds: (row: HotfixRow) => row.bypassed === true },
    { name: "rule overridden", color: "two", holds: (row: HotfixRow) => row.overrides > 0 },
    { name: "no valid approval", color: "p1", holds: (row: HotfixRow) => row.approvalValid === false },
    { name: "rolled back", color: "one", holds: (row: HotfixRow) => row.rolledBack },
  ];
  const all = report.hotfixes.flatMap((row) =>
    key.filter(({ holds }) => holds(row)).map(({ name }) => ({ at: new Date(row.landedAt), name })),
  );
  return weekly(report, "Bypasses and other exceptions by week", all, key);
}

function weekly(
  { since, until }: Report,
  title: string,
  all: readonly { readonly at: Date; readonly name: string }[],
  key: readonly KeyEntry[],
): Chart {
  const counts = key.map(({ name }) => `${all.filter((one) => one.name === name).length} ${name}`);
  return draw(
    { title, description: counts.join(", "), key: key.map(({ name, color }) => ({ name, color })) },
    {
      x: {
        type: "utc",
        domain: [WEEK.floor(new Date(since)), new Date(until)],
        label: null,
      },
      y: { label: "hotfixes", grid: true, interval: 1, tickFormat: "d" },
      marginBottom: 36,
    },
    [
      Plot.rectY(
        all,
        Plot.binX<RectYOptions>({ y: "count" }, { x: "at", fill: "name", interval: WEEK, inset: 1 }),
      ),
      Plot.ruleY([0]),
    ],
  );
}

const SHOWN_SPANS = ["time_to_approval", "time_to_merge", "time_to_resolution"] as const;
/** Where the axis of times has marks, in seconds. */
const MARKS = [60, 300, 900, 3_600, 4 * 3_600, 86_400, 3 * 86_400, 14 * 86_400];

function distributions({ hotfixes, summary }: Report): Chart {
  const all = hotfixes.flatMap((row) =>
    SHOWN_SPANS.flatMap((span) => {
      const seconds = row.spans[span];
      return seconds === null ? [] : [{ name: SPAN_NAMES[span], seconds: Math.max(60, seconds) }];
    }),
  );
  const names = SHOWN_SPANS.map((span) => SPAN_NAMES[span]);
  const colors = ["one", "two", "three"];
  const said = SHOWN_SPANS.map(
    (span) =>
      `${SPAN_NAMES[span]}: median ${spanText(summary.spans[span].median)} of ${summary.spans[span].count}`,
  );
  const last = Math.max(...all.map(({ seconds }) => seconds), MARKS[3] ?? 0);
  const marks = MARKS.filter((mark) => mark <= last);
  return draw(
    {
      title: "Time to approval, merge and resolution",
      description: said.join("; "),
      key: names.map((name, i) => ({ name, color: colors[i] ?? "one" })),
    },
    {
      marginLeft: 90,
      x: {
        type: "log",
        domain: [60, last * 1.2],
        axis: null,
      },
      y: { domain: names, label: null },
    },
    [
      Plot.gridX(marks),
      // The library's own axis leaves out names of most marks on a logarithmic scale.
      Plot.text(marks, {
        x: (mark: number) => mark,
        text: spanText,
        frameAnchor: "bottom",
        lineAnchor: "top",
        dy: 8,
      }),
      Plot.boxX(all, {
        x: "seconds",
        y: "name",
        fill: "none",
        stroke: "currentColor",
        strokeOpacity: 0.45,
        r: 0,
      }),
      Plot.dot(all, { x: "seconds", y: "name", fill: "name", r: 4, fillOpacity: 0.7 }),
    ],
  );
}

function onTime({ hotfixes, summary }: Report): Chart {
  const overdue = hotfixes.filter((row) => row.overdue).length;
  const { response, post_mortems: posts } = summary;
  const key = [
    { name: "on time", color: "good" },
    { name: "late", color: "bad" },
    { name: "open", color: "open" },
    { name: "overdue", color: "p1" },
  ];
  const all = [
    { of: "Merge", name: "on time", count: response.met },
    { of: "Merge", name: "late", count: response.missed },
    { of: "Post-mortem", name: "on time", count: posts.on_time },
    { of: "Post-mortem", name: "late", count: posts.late },
    { of: "Post-mortem", name: "open", count: posts.open - overdue },
    { of: "Post-mortem", name: "overdue", count: overdue },
  ].filter(({ count }) => count > 0);
  return draw(
    {
      title: "On time",
      description: all.map(({ of, name, count }) => `${of} ${name}: ${count}`).join(", "),
      key,
    },
    {
      marginLeft: 90,
      x: { label: "hotfixes", grid: true, interval: 1, tickFormat: "d" },
      marginBottom: 36,
      y: { domain: ["Merge", "Post-mortem"], label: null },
    },
    [
      Plot.barX(
        all,
        Plot.stackX({
          order: key.map(({ name }) => name),
          x: "count",
          y: "of",
          fill: "name",
          z: "name",
          inset: 1,
        }),
      ),
      Plot.ruleX([0]),
    ],
  );
}
