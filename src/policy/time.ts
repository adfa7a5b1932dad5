/**
 * Milliseconds of an ISO 8601 time as GitHub gives it; `NaN` for anything else, which is newer than nothing.
 */
export function instant(iso: string): number {
  return Date.parse(iso);
}

/** Strictly newer. GitHub's times have a resolution of one second, so the same second is not newer. */
export function isAfter(a: string, b: string): boolean {
  return instant(a) > instant(b);
}

/**
 * The newest of some times; the first must be there. Unreadable times win, so that nothing is newer than
 * them.
 */
export function newest(first: string, ...rest: readonly string[]): string {
  return rest.reduce((a, b) => (Number.isNaN(instant(b)) || isAfter(b, a) ? b : a), first);
}

/** The first of these times; `null`: there is none. */
export function soonest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}
