/** Who goes first within a process: what somebody waits for, before work that can wait a moment. */
export interface Precedence {
  /** Runs at once, and goes before what asks for a turn until it has settled. */
  first<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Resolves when nothing goes first, one caller in each turn of the event loop; after `longestMs` in any
   * case.
   */
  turn(): Promise<void>;
}

/** A webhook is answered within some milliseconds, most of them Redis's. */
const LONGEST_MS = 50;

/**
 * One thread does all: evaluations that go on in a row, as many answers of GitHub arrive at once, would hold
 * a delivery up for as long as they take together.
 */
export function createPrecedence(longestMs: number = LONGEST_MS): Precedence {
  const waiting: { readonly since: number; readonly go: () => void }[] = [];
  let going = 0;
  let isScheduled = false;
  let late: NodeJS.Timeout | undefined;

  function schedule(): void {
    clearTimeout(late);
    if (isScheduled || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(next);
  }

  function next(): void {
    isScheduled = false;
    const [one] = waiting;
    if (one === undefined) return;
    const leftMs = going === 0 ? 0 : longestMs - (performance.now() - one.since);
    if (leftMs > 0) {
      late = setTimeout(next, leftMs);
      return;
    }
    waiting.shift();
    one.go();
    schedule();
  }

  return {
    async first(work) {
      going += 1;
      try {
        return await work();
      } finally {
        going -= 1;
        if (going === 0) schedule();
      }
    },
    turn() {
      return new Promise((go) => {
        waiting.push({ since: performance.now(), go });
        schedule();
      });
    },
  };
}
