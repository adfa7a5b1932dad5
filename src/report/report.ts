import { type Dora, doraOf } from "./dora.ts";
import type { HotfixRow } from "./row.ts";
import { type Summary, summarize } from "./summary.ts";

/** A report: the period, the one before it, and each hotfix. Plain data; names and texts are foreign. */
export interface Report {
  /** `owner/name`, or the organization. */
  readonly about: string;
  readonly kind: "repository" | "owner";
  /** ISO 8601. */
  readonly since: string;
  readonly until: string;
  readonly previousSince: string;
  readonly summary: Summary;
  readonly previous: Summary;
  readonly dora: Dora;
  readonly previousDora: Dora;
  /** The newest first. */
  readonly hotfixes: readonly HotfixRow[];
  readonly byRepository: readonly Group[];
  /** By the teams of those who wrote them; `null`: not known. Somebody may be in several. */
  readonly byTeam: readonly Group[] | null;
  /** Post-mortems of the period whose metrics were deleted or broken, as `owner/name#4`. */
  readonly unreadable: readonly string[];
  /** What could not be read, in plain words. */
  readonly notes: readonly string[];
}

/** The hotfixes that have a repository or a team in common. */
export interface Group {
  readonly name: string;
  readonly summary: Summary;
}

/** What a report is made of. */
export interface Material {
  readonly about: string;
  readonly kind: Report["kind"];
  readonly since: Date;
  readonly until: Date;
  readonly rows: readonly HotfixRow[];
  readonly unreadable: readonly string[];
  /** Merged pull requests of the period and of the one before; `null`: not known. */
  readonly merged: number | null;
  readonly previousMerged: number | null;
  readonly teams: ReadonlyMap<string, readonly string[]> | null;
  readonly notes: readonly string[];
}

/** The beginning of the period before, which is as long. */
export function previousStart(since: Date, until: Date): Date {
  return new Date(2 * since.getTime() - until.getTime());
}

/** Sums up the rows of both periods. */
export function reportOf(material: Material): Report {
  const { about, kind, since, until, rows, teams } = material;
  const [start, middle] = [previousStart(since, until), since];
  const between = (from: Date, to: Date | null) =>
    rows.filter(({ landedAt }) => {
      const at = Date.parse(landedAt);
      return at >= from.getTime() && (to === null || at < to.getTime());
    });
  const current = between(middle, null).toSorted((a, b) => Date.parse(b.landedAt) - Date.parse(a.landedAt));
  const before = between(start, middle);
  return {
    about,
    kind,
    since: iso(since),
    until: iso(until),
    previousSince: iso(start),
    summary: summarize(current),
    previous: summarize(before),
    dora: doraOf(current, material.merged),
    previousDora: doraOf(before, material.previousMerged),
    hotfixes: current,
    byRepository: grouped(current, ({ repository }) => [repository]),
    byTeam:
      teams === null ? null : grouped(current, ({ author }) => teams.get(author?.toLowerCase() ?? "") ?? []),
    unreadable: material.unreadable,
    notes: material.notes,
  };
}

/** The largest group first. */
function grouped(
  rows: readonly HotfixRow[],
  namesOf: (row: HotfixRow) => readonly string[],
): readonly Group[] {
  const groups = new Map<string, HotfixRow[]>();
  for (const row of rows)
    for (const name of namesOf(row)) groups.set(name, [...(groups.get(name) ?? []), row]);
  return [...groups]
    .map(([name, of]) => ({ name, summary: summarize(of) }))
    .toSorted((a, b) => b.summary.hotfixes - a.summary.hotfixes || a.name.localeCompare(b.name));
}

function iso(at: Date): string {
  return at.toISOString().replace(".000Z", "Z");
}
