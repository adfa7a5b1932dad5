import type { Group, Report } from "./report.ts";

/** As data; keys are added, none is taken away. */
export function asJson(report: Report): string {
  const { about, kind, since, until, summary, previous, unreadable } = report;
  const value = {
    version: 1,
    repository: kind === "repository" ? about : null,
    organization: kind === "owner" ? about : null,
    since,
    until,
    ...summary,
    dora: report.dora,
    previous: { since: report.previousSince, ...previous, dora: report.previousDora },
    by_repository: report.byRepository.map(group),
    by_team: report.byTeam?.map(group) ?? null,
    list: report.hotfixes.map(({ spans, at, ...row }) => ({ ...row, ...spans, times: at })),
    // Numbers alone, where they are all of one repository.
    unreadable: kind === "repository" ? unreadable.map((name) => Number(name.split("#").at(-1))) : unreadable,
    notes: report.notes,
  };
  return `${JSON.stringify(value, snakeCase, 2)}\n`;
}

function group({ name, summary }: Group) {
  return { name, ...summary };
}

/** One way of writing names, as in the block of metrics. */
function snakeCase(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      one,
    ]),
  );
}
