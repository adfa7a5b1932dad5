/** One figure that is printed. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit?: string;
  /** What else is worth knowing of it. */
  readonly more?: string;
  /** The most that `value` should be; not set: the figure is for information. */
  readonly aim?: number | undefined;
}

/** The middle one and the largest; `NaN` where there is none. */
export function spread(times: readonly number[]): { readonly median: number; readonly slowest: number } {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, slowest: sorted.at(-1) ?? Number.NaN };
}

/** A row's value in milliseconds, and how it varied. */
export function spreadRow(times: readonly number[]): Pick<Row, "value" | "unit" | "more"> {
  const { median, slowest } = spread(times);
  return { value: median, unit: "ms", more: `median of ${times.length}; slowest ${slowest.toFixed(1)} ms` };
}

/** The smallest of them that so large a share (0 to 1) of all does not exceed; `NaN` where there is none. */
export function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
