import { type Changes, createChanges } from "./changes.ts";
import { type Company, type Manifest, startCompany } from "./company.ts";
import { createTour, type Tour } from "./tour/tour.ts";

/** What a request works with; another one after "Start over". */
export interface Game {
  readonly company: Company;
  readonly tour: Tour;
}

/** The game that is on, and how to begin another. */
export interface Games {
  now(): Promise<Game>;
  /** Of whichever game is on. */
  readonly changes: Changes;
  /** A fresh GitHub, and the app anew. Requests wait until it is there. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** How every visitor's game is set up. */
export interface GameOptions {
  readonly manifest: Manifest;
  /** False: GitHub alone, without the app; for tests of pages. */
  readonly withApp: boolean;
}

/** Begins the first game. */
export function createGames({ manifest, withApp }: GameOptions): Games {
  const changes = createChanges();
  const begin = async (): Promise<Game> => {
    const company = await startCompany(manifest, { withApp, changed: changes.tell });
    return { company, tour: createTour(company) };
  };
  let game = begin();
  /** Also where it could not even begin. */
  const end = () => game.then(({ company }) => company.close()).catch(() => undefined);
  return {
    now: () => game,
    changes,
    async restart() {
      game = end().then(begin);
      await game;
      changes.tell();
    },
    close: end,
  };
}
