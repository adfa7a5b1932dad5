/**
 * Work is counted, not timed: patterns and globs of a configuration meet paths, names and messages that
 * anybody may choose, and their product has a bound. The count depends on the input alone, so what is decided
 * by it stays pure.
 */

/** What `withinWork` throws where the bound is reached. */
export class TooMuchWork extends Error {}

/** `null`: not counted. Everything here is synchronous, so that no two counts ever run side by side. */
let left: number | null = null;

/**
 * Runs `run`; once its patterns and globs have taken more than `most` steps (some nanoseconds each), it
 * throws `TooMuchWork`.
 */
export function withinWork<T>(most: number, run: () => T): T {
  const before = left;
  left = most;
  try {
    return run();
  } finally {
    left = before;
  }
}

/** Counts steps that were taken or are about to be. */
export function spend(steps: number): void {
  if (left === null) return;
  left -= steps;
  if (left < 0) throw new TooMuchWork("patterns and globs take too long on these names");
}
