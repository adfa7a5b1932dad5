import { keyId, repositoryOf } from "./key.ts";
import { IMPORTANCES, type Job } from "./queue.ts";
import { createRoundRobin, type RoundRobin } from "./round-robin.ts";

/** A place taken; `release` gives it back. */
export interface Turn {
  readonly id: string;
  release(): void;
}

/** Which of the jobs that wait is the next to run. It starts none. */
export interface Turns {
  /** The key waits for its turn. It must not be waiting already. */
  push(id: string, job: Job): void;
  /**
   * The key waits already, and what it waits for has changed: an event came for it, or something more
   * important.
   */
  move(id: string, before: Job, now: Job): void;
  /** Whose turn it is; `undefined`: nobody's, or those who wait have their share of the places already. */
  take(): Turn | undefined;
}

/**
 * How many jobs run side by side: all, of one installation, of one repository, of those that no event asks
 * for.
 */
export interface Places {
  readonly all: number;
  readonly ofInstallation: number;
  readonly ofRepository: number;
  readonly ofBackground: number;
}

/** So many turns go to events for one to the background, where both wait. */
const EVENTS_TO_ONE = 3;

/**
 * Whose turn it is: the more important before the less, events before the background, installations one after
 * the other and so the repositories of each. Nobody takes all places, so that an event of another
 * installation finds one.
 */
export function createTurns(places: Places): Turns {
  const events = new Map(IMPORTANCES.map((importance) => [importance, createRoundRobin()]));
  const background = createRoundRobin();
  const taken = createCounter();
  let eventsInARow = 0;

  function linesOf(job: Job): RoundRobin {
    const line = job.background ? undefined : events.get(job.importance ?? "answer");
    return line ?? background;
  }

  function push(id: string, job: Job): void {
    linesOf(job).push([installationOf(job), repositoryIn(job)], id);
  }

  function move(id: string, before: Job, now: Job): void {
    if (linesOf(before) === linesOf(now)) return;
    linesOf(before).remove([installationOf(before), repositoryIn(before)], id);
    push(id, now);
  }

  function take(): Turn | undefined {
    if (taken.of("all") >= places.all) return undefined;
    const backgroundFirst = eventsInARow >= EVENTS_TO_ONE;
    return backgroundFirst ? (takeBackground() ?? takeEvent()) : (takeEvent() ?? takeBackground());
  }

  function takeEvent(): Turn | undefined {
    for (const line of events.values()) {
      const turn = takeFrom(line, []);
      if (turn === undefined) continue;
      eventsInARow += 1;
      return turn;
    }
    return undefined;
  }

  function takeBackground(): Turn | undefined {
    if (taken.of("background") >= places.ofBackground) return undefined;
    const turn = takeFrom(background, ["background"]);
    if (turn !== undefined) eventsInARow = 0;
    return turn;
  }

  function takeFrom(line: RoundRobin, more: readonly string[]): Turn | undefined {
    const found = line.take(
      ([installation, repository]) =>
        taken.of(installation) < places.ofInstallation &&
        (repository === undefined || taken.of(repository) < places.ofRepository),
    );
    if (found === undefined) return undefined;
    const counted = ["all", ...found.path, ...more];
    for (const name of counted) taken.add(name, 1);
    return {
      id: found.id,
      release() {
        for (const name of counted) taken.add(name, -1);
      },
    };
  }

  return { push, move, take };
}

function installationOf({ key }: Job): string {
  return `installation ${key.installationId}`;
}

function repositoryIn({ key }: Job): string {
  return `repository ${repositoryOf(key) ?? keyId(key)}`;
}

function createCounter() {
  const counts = new Map<string, number>();
  return {
    of: (name: string) => counts.get(name) ?? 0,
    add(name: string, by: number): void {
      const now = (counts.get(name) ?? 0) + by;
      if (now > 0) counts.set(name, now);
      else counts.delete(name);
    },
  };
}
