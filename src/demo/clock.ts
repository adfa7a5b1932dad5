const MINUTE_MS = 60_000;

/** The clock of the demo's GitHub: the real one, until it is put forward. */
export interface DemoClock {
  now(): Date;
  /** By so many minutes. */
  forward(minutes: number): void;
}

/** A clock that runs as the real one does, ahead of it by what it was put forward. */
export function createClock(): DemoClock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    forward(minutes) {
      aheadMs += minutes * MINUTE_MS;
    },
  };
}
