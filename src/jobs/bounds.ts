import type { Places } from "./turns.ts";

/** What the queue in memory and the one on Redis both keep to. */

/** How many jobs that write verdicts run side by side in a process, where nothing else is set. */
export const CONCURRENCY = 20;
/**
 * Most of the time such a job waits for its turn to write: few of one installation, so that what they write
 * is new.
 */
export const PEOPLE: Places = { all: 48, ofInstallation: 4, ofRepository: 4, ofBackground: 24 };
/** Until a job that threw once is tried again, where nothing else is set. */
export const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** After so many failures in a row without a new event between them, a job is dropped: about four minutes. */
export const MAX_FAILURES = 10;

/** Three quarters of the places at most for one installation, and of these for one repository. */
export function placesFor(all: number): Places {
  const some = (of: number, share: number) => Math.max(1, Math.floor(of * share));
  const ofInstallation = some(all, 3 / 4);
  return {
    all,
    ofInstallation,
    ofRepository: some(ofInstallation, 3 / 4),
    ofBackground: some(all, 1 / 2),
  };
}

/** Milliseconds until a job that threw so often in a row is tried again. */
export function failurePause(failures: number, firstPauseMs = FIRST_PAUSE_MS): number {
  return Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** (failures - 1));
}
