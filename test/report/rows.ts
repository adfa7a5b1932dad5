import { type Report, reportOf } from "../../src/report/report.ts";
import { type HotfixRow, hotfixOf } from "../../src/report/row.ts";
import { type Asked, NOW, postMortem, STORY } from "./post-mortems.ts";

/** The rows of these post-mortems, as if GitHub had listed them. */
export function rowsOf(all: readonly Asked[]): readonly HotfixRow[] {
  return all.flatMap((asked) => {
    const number = 1000 + asked.number;
    const row = hotfixOf(
      {
        ...postMortem(asked),
        repository: "kamiyo/api",
        number,
        url: `https://github.example/kamiyo/api/issues/${number}`,
        open: true,
        createdAt: String(asked.values?.merged_at),
        assignees: ["john-smith"],
      },
      NOW,
    );
    return row === null || row === "unreadable" ? [] : [row];
  });
}

/** The report of the tests' story. */
export function storyReport(more: Partial<Parameters<typeof reportOf>[0]> = {}): Report {
  return reportOf({
    about: "kamiyo/api",
    kind: "repository",
    since: new Date("2025-08-03T12:00:00Z"),
    until: NOW,
    rows: rowsOf(STORY),
    unreadable: [],
    merged: 40,
    previousMerged: 0,
    teams: new Map([["john", ["payments", "backend"]]]),
    notes: [],
    ...more,
  });
}
