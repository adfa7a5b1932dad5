/** An input that somebody could send, and how long it holds the event loop. */
export interface Case {
  readonly what: string;
  /** Milliseconds of processor time. */
  measure(): number;
}

const RUNS = 3;

/** So many, by their numbers. */
export function many<T>(count: number, one: (i: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, i) => one(i));
}

/** Milliseconds of processor time, the best of some runs: the first one compiles. */
export function longest<T>(make: () => T, run: (input: T) => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i++) {
    const input = make();
    const before = process.cpuUsage();
    run(input);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}
