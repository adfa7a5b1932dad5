import type { Act } from "../acts/act.ts";
import type { Company } from "../company.ts";
import { type Facts, readFacts } from "./facts.ts";
import type { TourAct } from "./step.ts";
import { STEPS } from "./steps.ts";

/** Where the visitor is. */
export interface TourState {
  /** From 0; `STEPS.length`: through. */
  readonly at: number;
  /** The button to press; `null`: none, through. */
  readonly act: TourAct | null;
  /** Pressed, and the app is at it. */
  readonly waiting: boolean;
  readonly facts: Facts;
}

/** A visitor's guided tour. It goes on by what is there on GitHub, and never back. */
export interface Tour {
  state(): Promise<TourState>;
  /** Presses the button of the current step. */
  readonly press: Act;
}

/** The app writes a comment in three seconds at most; what takes longer than this did not work. */
const PATIENCE_MS = 25_000;

/**
 * Follows what happens, whoever makes it happen: a step is done when its outcome is there, by the button or
 * by hand, and stays done.
 */
export function createTour(company: Company): Tour {
  let step = 0;
  let actAt = 0;
  let pressedAt: number | null = null;

  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: what one has read is old once another has gone a step on. */
  function state(): Promise<TourState> {
    const next = last.then(goOn);
    last = next.catch(() => undefined);
    return next;
  }

  async function goOn(): Promise<TourState> {
    const facts = await readFacts(company.sandbox);
    for (let act = current(); act?.done(facts); act = current()) {
      pressedAt = null;
      actAt++;
      if (actAt >= (STEPS[step]?.acts.length ?? 0)) {
        step++;
        actAt = 0;
      }
    }
    const waiting = pressedAt !== null && Date.now() - pressedAt < PATIENCE_MS;
    return { at: step, act: current(), waiting, facts };
  }

  function current(): TourAct | null {
    return STEPS[step]?.acts[actAt] ?? null;
  }

  return {
    state,
    async press() {
      const { act, facts, waiting } = await state();
      if (act === null) return { said: "The tour is over." };
      if (waiting) return { said: "Hotfix Guard is still working on it." };
      pressedAt = Date.now();
      try {
        const { said, to } = await act.run(company, facts);
        const login = act.who.at(-1);
        return { said, ...(to === undefined ? {} : { to }), ...(login === undefined ? {} : { login }) };
      } catch (error) {
        pressedAt = null;
        throw error;
      }
    },
  };
}
