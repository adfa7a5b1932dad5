import { count } from "../render/text/markdown.ts";
import type { Report } from "./report.ts";
import type { Summary } from "./summary.ts";
import { onTarget } from "./tables.ts";

/** What the report is about, and since when. */
export function titleOf({ about, since }: Pick<Report, "about" | "since">): string {
  return `Hotfixes of ${about} since ${since.slice(0, 10)}`;
}

/** The most important in a few lines: our own words, names of issues excepted. */
export function factsOf(report: Report): readonly string[] {
  const { summary, previous, hotfixes } = report;
  const { post_mortems: posts } = summary;
  const items = hotfixes.flatMap(({ actionItems }) => actionItems);
  const overdue = hotfixes.filter((row) => row.overdue).length;
  return [
    `${counted(summary)}; in the period before: ${counted(previous)}`,
    ...(summary.hotfixes === 0
      ? []
      : [
          `Within the response time: ${onTarget(summary)}`,
          `Rollbacks: ${summary.rollbacks}; bypassed the gate: ${summary.bypasses}; overrides: ${summary.overrides}`,
          `Post-mortems: ${posts.on_time} on time, ${posts.late} late, ${posts.open} open (${overdue} overdue); closed unfinished: ${posts.unfinished}`,
          `Action items: ${items.length} open, ${items.filter((one) => one.overdue).length} overdue`,
        ]),
    ...(report.unreadable.length === 0
      ? []
      : [`Not counted, metrics unreadable: ${report.unreadable.join(", ")}`]),
    ...report.notes,
  ];
}

function counted({ hotfixes, severities }: Summary): string {
  const each = Object.entries(severities).filter(([, n]) => n > 0);
  const list = each.map(([name, n]) => `${n} ${name}`).join(", ");
  return `${count(hotfixes, "hotfix", "hotfixes")}${list === "" ? "" : `: ${list}`}`;
}
