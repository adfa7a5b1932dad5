import type { Job } from "../jobs/queue.ts";
import type { Seen, WatchedKey } from "../jobs/watch-list.ts";
import type { Action } from "../policy/action.ts";
import type { GateRequirement } from "../policy/branch-rules.ts";

/**
 * What is to be done about one thing, as data: a dry run prints it, `carryOut` (src/reconcile/carry-out.ts)
 * does it. Made of facts alone: no client, no clock, no memory.
 */
export interface Plan {
  /** What is written on GitHub, in the place that the plan is for. */
  readonly actions: readonly Action[];
  /** What else is to be looked at, put into the queue once the actions are through. */
  readonly jobs: readonly PlannedJob[];
  /** For the sweep; `null`: nothing. What was seen counts where nothing is tried again. */
  readonly watch: Watching | null;
  /** What the process keeps in mind, where all actions went well. It saves requests and is no loss. */
  readonly remember: readonly Remembered[];
  /** What is told outside GitHub: each with the trace that it leaves there, so that it is told once. */
  readonly announcements: readonly Announcement[];
  /** Not done with it although every action goes well: something could not be read. */
  readonly retry: Retry;
  readonly log: readonly LogLine[];
  /** The verdict that people are shown, to be counted; `null`: none. */
  readonly shows: string | null;
  /** What the base branch asks of the check, to be counted with the verdict; not set where nobody read it. */
  readonly requirement?: GateRequirement;
}

/** A job that a plan makes, always or depending on what became of one of its actions. */
export interface PlannedJob extends Job {
  /** Only where this action of the plan was done (it is in `actions`, the same object). */
  readonly after?: Action;
  /** Only where this action of the plan made something new. */
  readonly ifNew?: Action;
}

/** What the watch list keeps about a key, so that the sweep looks at it only when there is reason to. */
export interface Watching {
  readonly key: WatchedKey;
  /** `over`: nothing is to be done here any more, unless an event says so. */
  readonly seen: Seen | "over";
}

/** Something to keep in mind while the process lives. */
export interface Remembered {
  /**
   * Of the lists in `ReconcileMemory`: heads without a green check; what was told about a pull request; what
   * was said last to a waiting run; runs that the gate has nothing more to say to.
   */
  readonly list: "cleared" | "told" | "said" | "settled";
  readonly key: string;
  /** What is kept under the key, where that matters. */
  readonly value?: string;
  /** As soon as this action of the plan was done, whatever becomes of the others. */
  readonly after?: Action;
}

/**
 * Stands in an announcement for where the post-mortem is that the plan opens: that is only known afterwards.
 */
export const POST_MORTEM_URL = "{post-mortem url}";

/** A message to the channel outside GitHub (Slack), as plain text. */
export interface Announcement {
  readonly text: string;
  /** Told only where this action of the plan made something new; `null`: where all of them went well. */
  readonly ifNew: Action | null;
}

/**
 * `null`: done. `later`: at the next step of the retry times, and not by itself any more once those are over.
 * `until-done`: as `later`, but never given up.
 */
export type Retry = null | "later" | "until-done";

/** `warn`: somebody may have to do something. */
export interface LogLine {
  readonly level: "info" | "warn";
  /** Only where this action of the plan was done. */
  readonly after?: Action;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A plan with these parts, and nothing else to be done. */
export function plan(parts: Partial<Plan> = {}): Plan {
  return {
    actions: [],
    jobs: [],
    watch: null,
    remember: [],
    announcements: [],
    retry: null,
    log: [],
    shows: null,
    ...parts,
  };
}

/**
 * What both ask for. What only one of them has stays; the more persistent of two retries, the first of two
 * watches.
 */
export function both(a: Plan, b: Plan): Plan {
  const requirement = a.requirement ?? b.requirement;
  const persistence: readonly Retry[] = [null, "later", "until-done"];
  return {
    actions: [...a.actions, ...b.actions],
    jobs: [...a.jobs, ...b.jobs],
    watch: a.watch ?? b.watch,
    remember: [...a.remember, ...b.remember],
    announcements: [...a.announcements, ...b.announcements],
    retry: persistence.indexOf(a.retry) > persistence.indexOf(b.retry) ? a.retry : b.retry,
    log: [...a.log, ...b.log],
    shows: a.shows ?? b.shows,
    ...(requirement === undefined ? {} : { requirement }),
  };
}
