import { POST_MORTEM_OVERDUE_LABEL } from "../labels.ts";
import type { Policy } from "../policy.ts";
import type { Account } from "../snapshot/account.ts";
import type { LabelEvent } from "../snapshot/history.ts";
import { instant, isAfter, soonest } from "../time.ts";
import { type Completeness, type CompletenessInput, completenessOf } from "./completeness.ts";
import { type Notice, nextReminderAt, type Reminder, reminderDue } from "./reminders.ts";
import { nextVerificationAt, type VerificationDue, verificationDue } from "./verification.ts";

/** A post-mortem issue and what its life is decided from, read at one moment. */
export interface PostMortemSnapshot extends CompletenessInput {
  readonly observedAt: string;
  readonly createdAt: string;
  readonly state: "open" | "closed";
  readonly labels: readonly string[];
  readonly due: string;
  /** Oldest first, all of them. */
  readonly closings: readonly StateChange[];
  readonly reopenings: readonly StateChange[];
  readonly labelEvents: readonly LabelEvent[];
  /** The app's own notices on the issue. */
  readonly notices: readonly Notice[];
  /** The first `/hotfix override post-mortem` that counts. */
  readonly override: { readonly at: string } | null;
  /** When the fix was deployed, as long as nobody has verified it (`unverifiedSince`). */
  readonly unverifiedSince: string | null;
}

/** An issue was closed or reopened; `actor: null`: the account is gone. */
export interface StateChange {
  readonly at: string;
  readonly actor: Account | null;
  readonly byApp: boolean;
}

/** What is to be done about a post-mortem now. */
export interface Life extends Completeness {
  readonly next:
    | { readonly do: "nothing" }
    /** Whether it is complete could not be read: to be tried again. */
    | { readonly do: "wait" }
    /** Closed without being complete: reopened, saying what is missing. */
    | { readonly do: "reopen"; readonly closedAt: string }
    /**
     * As before, but it was reopened often enough today: it is as overdue as an open one, and is opened
     * again at `againAt` (milliseconds).
     */
    | { readonly do: "leave"; readonly closedAt: string; readonly againAt: number }
    /** Somebody who may let it pass unfinished. */
    | { readonly do: "close" }
    /** Closed for good. */
    | { readonly do: "finish"; readonly end: PostMortemEnd };
  readonly reminder: { readonly reminder: Reminder; readonly escalates: boolean } | null;
  /** The deployment is to be verified. */
  readonly verification: VerificationDue | null;
  readonly overdueLabel: "add" | "remove" | null;
  /** It is left closed unfinished, and somebody who can act has not been told yet. */
  readonly tellsLeft: boolean;
  /** When it has to be looked at although nothing changes, in milliseconds; `null`: never. */
  readonly nextAt: number | null;
}

/** How a post-mortem ended; times as in the snapshot. */
export interface PostMortemEnd {
  readonly closedAt: string;
  readonly onTime: boolean;
  /** False: let pass on record. */
  readonly complete: boolean;
}

/** The kind of the notice that tells of a post-mortem that is left closed unfinished. */
const LEFT_CLOSED = "left-closed";

const DAY_MS = 24 * 3_600_000;
/**
 * A post-mortem is reopened so many times within a day: against a bot that keeps closing it, and against
 * a person.
 */
const MOST_REOPENINGS = { bot: 3, person: 10 };

/** Decides what becomes of a post-mortem. */
export function lifeOf(snapshot: PostMortemSnapshot, policy: Policy): Life {
  const completeness = completenessOf(snapshot);
  const next = nextOf(snapshot, completeness, policy);
  // Closing it does not shake it off.
  const stays = next.do === "nothing" || next.do === "leave";
  return {
    ...completeness,
    next,
    reminder: stays ? reminderDue(snapshot, policy) : null,
    verification: stays ? verificationDue(snapshot, policy) : null,
    nextAt: soonest(
      nextReminderAt(snapshot.due, snapshot.observedAt, policy),
      nextVerificationAt(snapshot, policy),
      next.do === "leave" ? next.againAt : null,
    ),
    tellsLeft: next.do === "leave" && !snapshot.notices.some(({ kind }) => kind === LEFT_CLOSED),
    overdueLabel: overdueLabel(snapshot, stays, next.do),
  };
}

function nextOf(
  snapshot: PostMortemSnapshot,
  { missing, undecided }: Completeness,
  { post_mortem: { reopen } }: Policy,
): Life["next"] {
  const { state, override, closings, due } = snapshot;
  const closing = closings.at(-1);
  if (state === "open") {
    // What was reopened after that stays open.
    const done = override === null || closings.some(({ at }) => !isAfter(override.at, at));
    return { do: done ? "nothing" : "close" };
  }
  // The state was read before the event was there to be seen.
  if (closing === undefined) return { do: "wait" };
  const complete = missing.length === 0;
  const mayStay = override !== null || (!complete && !reopen);
  if (mayStay || (complete && undecided.length === 0)) {
    const onTime = !isAfter(closing.at, due);
    return { do: "finish", end: { closedAt: closing.at, onTime, complete } };
  }
  if (complete) return { do: "wait" };
  const againAt = tooOften(snapshot, closing);
  return againAt === null
    ? { do: "reopen", closedAt: closing.at }
    : { do: "leave", closedAt: closing.at, againAt };
}

/** When it may be reopened, in milliseconds; `null`: now. */
function tooOften({ reopenings, observedAt }: PostMortemSnapshot, { actor }: StateChange): number | null {
  const since = instant(observedAt) - DAY_MS;
  const recent = reopenings
    .filter(({ byApp }) => byApp)
    .map(({ at }) => instant(at))
    .filter((at) => at > since);
  const most = MOST_REOPENINGS[actor?.type === "User" ? "person" : "bot"];
  const oldest = recent.at(-most);
  return oldest === undefined ? null : oldest + DAY_MS + 1_000;
}

/** On from the due time until it is closed for good; a label that people took off stays off. */
function overdueLabel(
  { labels, labelEvents, observedAt, due }: PostMortemSnapshot,
  stays: boolean,
  next: Life["next"]["do"],
): Life["overdueLabel"] {
  const isIt = (label: string): boolean => label.toLowerCase() === POST_MORTEM_OVERDUE_LABEL;
  const on = labels.some(isIt);
  if (on) return next === "finish" ? "remove" : null;
  const last = labelEvents.findLast(({ label }) => isIt(label));
  const takenOff = last !== undefined && last.event === "unlabeled" && !last.byApp;
  return stays && instant(observedAt) >= instant(due) && !takenOff ? "add" : null;
}
