import type { Outcome } from "../acts/act.ts";
import type { Company } from "../company.ts";
import type { Facts } from "./facts.ts";

/** A button of the tour. */
export interface TourAct {
  readonly label: string;
  /** Who does it: logins of the cast; the last one acts from then on. */
  readonly who: readonly string[];
  run(company: Company, facts: Facts): Promise<Omit<Outcome, "login">>;
  /** Whether what was to come of it has come. */
  done(facts: Facts): boolean;
}

/** A step of the guided tour: what it shows, and what is to be done. */
export interface TourStep {
  readonly title: string;
  /** What is going on, and what to try. */
  readonly text: string;
  /** Where the same is done without the button. */
  readonly hand: string;
  /** In this order; the step is done with the last of them. */
  readonly acts: readonly TourAct[];
  /** What was seen, once it is done. */
  readonly seen: string;
  /** Where to look at that. */
  where(facts: Facts): string | null;
}
