/**
 * What the patterns and globs of one file may be together, counted before any of them is compiled: each bound
 * by itself is met by a hundred of them.
 */

interface Budget {
  patterns: number;
  globs: number;
}

/** Steps of all patterns' programs (pattern-size.ts); a hundred is a long one. */
const MOST_STEPS = 6_000;
/** Characters of all globs, with their alternatives written out. */
const MOST_GLOB_CHARACTERS = 40_000;

let current: Budget | null = null;

/** Runs the synchronous `check` of one file with a budget of its own. */
export function withBudget<T>(check: () => T): T {
  const before = current;
  current = { patterns: MOST_STEPS, globs: MOST_GLOB_CHARACTERS };
  try {
    return check();
  } finally {
    current = before;
  }
}

/**
 * Takes so much from what is left; false: it is not there any more. Outside of `withBudget` nothing is
 * counted.
 */
export function take(what: keyof Budget, size: number): boolean {
  if (current === null) return true;
  if (current[what] < size) return false;
  current[what] -= size;
  return true;
}
