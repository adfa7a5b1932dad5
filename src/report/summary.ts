/**
 * One post-mortem's metrics, as far as they can be used: people may have edited the block. Spans in seconds.
 */
export interface ReportRow {
  readonly severity: string | null;
  readonly spans: Readonly<Record<SpanName, number | null>>;
  readonly late: boolean | null;
  readonly overrides: number;
  readonly bypassed: boolean | null;
  readonly rolledBack: boolean;
  /** `null`: the post-mortem is not closed for good. */
  readonly onTime: boolean | null;
  readonly complete: boolean | null;
  /** Where the cause lies: what people wrote, else the part that was changed. Foreign text. */
  readonly area: string | null;
}

/** The spans in the order of an incident, by their name in the block. */
export const SPANS = [
  "time_to_detection",
  "time_to_approval",
  "time_to_review",
  "time_to_merge",
  "time_to_deployment",
  "time_to_resolution",
] as const;

/** One of `SPANS`. */
export type SpanName = (typeof SPANS)[number];

/** Of `count` hotfixes the value is known; seconds. */
export interface SpanSummary {
  readonly count: number;
  readonly median: number | null;
  readonly p90: number | null;
}

/** The hotfixes of a time, summed up. Keys are those of the report's JSON. */
export interface Summary {
  readonly hotfixes: number;
  /** `unknown`: no severity was recorded. */
  readonly severities: Readonly<Record<string, number>>;
  readonly spans: Readonly<Record<SpanName, SpanSummary>>;
  readonly response: { readonly met: number; readonly missed: number };
  readonly rollbacks: number;
  readonly bypasses: number;
  readonly overrides: number;
  /** `unfinished`: let pass on record; these are on time or late as well. */
  readonly post_mortems: {
    readonly on_time: number;
    readonly late: number;
    readonly open: number;
    readonly unfinished: number;
  };
  /** Those that came up more than once, the most frequent first. */
  readonly repeated_areas: readonly { readonly area: string; readonly count: number }[];
}

const SEVERITIES = ["P0", "P1", "P2", "P3"];

/** The metrics of a block, each value only where it has the form that it should have. */
export function rowOf(values: Readonly<Record<string, unknown>>, affected: string | null): ReportRow {
  const { severity, late, overrides, bypassed, rolled_back, on_time, complete, root_cause_area } = values;
  return {
    severity: SEVERITIES.find((one) => one === severity) ?? null,
    spans: perSpan((name) => amount(values[name])),
    late: flag(late),
    overrides: Math.floor(amount(overrides) ?? 0),
    bypassed: flag(bypassed),
    rolledBack: rolled_back === true,
    onTime: flag(on_time),
    complete: flag(complete),
    area:
      typeof root_cause_area === "string" && root_cause_area.trim() !== ""
        ? root_cause_area.trim()
        : affected,
  };
}

/** Sums up any number of post-mortems. */
export function summarize(rows: readonly ReportRow[]): Summary {
  const number = (holds: (row: ReportRow) => boolean): number => rows.filter(holds).length;
  const unknown = number(({ severity }) => severity === null);
  return {
    hotfixes: rows.length,
    severities: {
      ...Object.fromEntries(SEVERITIES.map((one) => [one, number(({ severity }) => severity === one)])),
      ...(unknown === 0 ? {} : { unknown }),
    },
    spans: perSpan((name) => spanSummary(rows.flatMap(({ spans }) => spans[name] ?? []))),
    response: { met: number(({ late }) => late === false), missed: number(({ late }) => late === true) },
    rollbacks: number(({ rolledBack }) => rolledBack),
    bypasses: number(({ bypassed }) => bypassed === true),
    overrides: rows.reduce((sum, { overrides }) => sum + overrides, 0),
    post_mortems: {
      on_time: number(({ onTime }) => onTime === true),
      late: number(({ onTime }) => onTime === false),
      open: number(({ onTime }) => onTime === null),
      unfinished: number(({ complete }) => complete === false),
    },
    repeated_areas: repeated(rows.flatMap(({ area }) => area ?? [])),
  };
}

function perSpan<T>(of: (name: SpanName) => T): Record<SpanName, T> {
  return Object.fromEntries(SPANS.map((name) => [name, of(name)])) as Record<SpanName, T>;
}

/** The median is the mean of the middle two; the percentile is a value that occurred (nearest rank). */
export function spanSummary(seconds: readonly number[]): SpanSummary {
  const sorted = seconds.toSorted((a, b) => a - b);
  const count = sorted.length;
  const [low, high] = [sorted[Math.floor((count - 1) / 2)], sorted[Math.floor(count / 2)]];
  return {
    count,
    median: low === undefined || high === undefined ? null : Math.round((low + high) / 2),
    p90: sorted[Math.ceil(count * 0.9) - 1] ?? null,
  };
}

function repeated(areas: readonly string[]): Summary["repeated_areas"] {
  const counts = new Map<string, { area: string; count: number }>();
  for (const area of areas) {
    const one = counts.get(area.toLowerCase()) ?? { area, count: 0 };
    counts.set(area.toLowerCase(), { ...one, count: one.count + 1 });
  }
  return [...counts.values()].filter(({ count }) => count > 1).toSorted((a, b) => b.count - a.count);
}

/** About 30 years in seconds: what is more was mistyped, and would be all that the report shows. */
const MOST = 1e9;

function amount(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && value <= MOST ? value : null;
}

function flag(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}
