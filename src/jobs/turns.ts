import { keyId, repositoryOf } from "./key.ts";
import type { Job } from "./queue.ts";

/** A place taken; `release` gives it back. */
export interface Turn {
  readonly id: string;
  release(): void;
}

export interface Turns {
  /** The key waits for its turn. It must not be waiting already. */
  push(id: string, job: Job): void;
  /** An event came for a key that waits in the background. */
  promote(id: string, job: Job): void;
  /** Whose turn it is; `undefined`: nobody's, or those who wait have their share of the places already. */
  take(): Turn | undefined;
}

/** Keys that wait, by repository. The map's order is the order of turns. */
type Lanes = Map<string, Set<string>>;

/** So many turns go to events for one to the background, where both wait. */
const EVENTS_TO_ONE = 3;

/**
 * Whose turn it is: repositories one after the other, events before the background. One repository takes at most three
 * quarters of the places and the background half of them, so that an event of another repository finds one.
 */
export function createTurns(places: number): Turns {
  const perLane = Math.max(1, Math.floor((places * 3) / 4));
  const perBackground = Math.max(1, Math.floor(places / 2));
  const events: Lanes = new Map();
  const background: Lanes = new Map();
  const takenByLane = new Map<string, number>();
  let takenByBackground = 0;
  let eventsInARow = 0;

  function push(id: string, job: Job): void {
    const lanes = job.background ? background : events;
    const lane = laneOf(job);
    const waiting = lanes.get(lane);
    if (waiting === undefined) lanes.set(lane, new Set([id]));
    else waiting.add(id);
  }

  function promote(id: string, job: Job): void {
    removeFrom(background, laneOf(job), id);
    push(id, job);
  }

  function take(): Turn | undefined {
    const backgroundFirst = eventsInARow >= EVENTS_TO_ONE;
    return backgroundFirst ? (takeBackground() ?? takeEvent()) : (takeEvent() ?? takeBackground());
  }

  function takeEvent(): Turn | undefined {
    const turn = takeFrom(events, () => {});
    if (turn !== undefined) eventsInARow += 1;
    return turn;
  }

  function takeBackground(): Turn | undefined {
    if (takenByBackground >= perBackground) return undefined;
    const turn = takeFrom(background, () => {
      takenByBackground -= 1;
    });
    if (turn === undefined) return undefined;
    takenByBackground += 1;
    eventsInARow = 0;
    return turn;
  }

  function takeFrom(lanes: Lanes, onRelease: () => void): Turn | undefined {
    for (const [lane, waiting] of lanes) {
      const taken = takenByLane.get(lane) ?? 0;
      const [id] = waiting;
      if (taken >= perLane || id === undefined) continue;
      removeFrom(lanes, lane, id);
      // To the end: the other repositories come first now.
      if (lanes.delete(lane)) lanes.set(lane, waiting);
      takenByLane.set(lane, taken + 1);
      return {
        id,
        release() {
          const left = (takenByLane.get(lane) ?? 0) - 1;
          if (left > 0) takenByLane.set(lane, left);
          else takenByLane.delete(lane);
          onRelease();
        },
      };
    }
    return undefined;
  }

  return { push, promote, take };
}

function removeFrom(lanes: Lanes, lane: string, id: string): void {
  const waiting = lanes.get(lane);
  waiting?.delete(id);
  if (waiting?.size === 0) lanes.delete(lane);
}

function laneOf({ key }: Job): string {
  return repositoryOf(key) ?? keyId(key);
}
