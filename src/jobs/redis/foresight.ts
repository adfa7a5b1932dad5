import type { Lane } from "../key.ts";
import { BAND } from "./scripts.ts";

/** Which priority a job is likely to get, before Redis has said it. */
export interface Foresight {
  /** Of an installation's next job in a band: its place there. */
  guess(lane: Lane, band: number, flow: string): number;
  /** Redis has given the installation's job this priority. */
  given(lane: Lane, flow: string, priority: number): void;
  /** A job of this priority has begun. */
  begun(lane: Lane, priority: number): void;
}

/**
 * What `scripts.ts` keeps of places in line, as far as this process has seen it. To ask for a place before
 * the job is put there would cost whoever waits for it, GitHub, one more way to Redis and back.
 */
export function createForesight(): Foresight {
  /** Places: of bands, what has begun last; of installations in bands, what was given last. */
  const last = new Map<string, number>();
  return {
    guess(lane, band, flow) {
      const clock = last.get(`${lane} ${band}`) ?? 0;
      return Math.min(BAND - 1, Math.max(clock, last.get(`${lane} ${band} ${flow}`) ?? 0) + 1);
    },
    given(lane, flow, priority) {
      last.set(`${lane} ${Math.floor(priority / BAND)} ${flow}`, priority % BAND);
    },
    begun(lane, priority) {
      last.set(`${lane} ${Math.floor(priority / BAND)}`, priority % BAND);
    },
  };
}
