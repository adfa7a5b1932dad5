import type { Policy } from "../policy.ts";
import { instant } from "../time.ts";

/** A notice of the app on a post-mortem issue, known by its hidden marker. */
export interface Notice {
  readonly at: string;
  readonly kind: string;
  readonly key: string;
}

/** One reminder, at its time, whether posted or not. */
export interface Reminder {
  /** The marker's key: `before-14400` (seconds), `due`, `overdue-1` (days). */
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
  /** Milliseconds to the due time; negative after it. */
  readonly left: number;
}

const DAY_MS = 24 * 3_600_000;
/** After the due time it is reminded of daily, so many times. */
const DAYS = 7;

/**
 * All reminders of a post-mortem, oldest first: as configured up to the due time, then one a day for a week.
 * None where none is configured.
 */
function remindersOf(due: string, { remind }: Policy["post_mortem"]): readonly Reminder[] {
  if (remind.length === 0) return [];
  const end = instant(due);
  const configured = [...new Set(remind)].map(
    (before): Reminder => ({
      id: before === 0 ? "due" : `before-${Math.round(before / 1000)}`,
      at: end - before,
      left: before,
    }),
  );
  const daily = Array.from({ length: DAYS }, (_, i): Reminder => {
    const late = (i + 1) * DAY_MS;
    return { id: `overdue-${i + 1}`, at: end + late, left: -late };
  });
  return [...configured, ...daily].toSorted((a, b) => a.at - b.at);
}

/** What decides which reminder is due; times are ISO 8601 in UTC. */
export interface ReminderInput {
  readonly due: string;
  readonly createdAt: string;
  readonly observedAt: string;
  readonly notices: readonly Notice[];
}

/**
 * The reminder to be posted now: the newest whose time has come, unless it, or one after its time, was posted
 * already. Those that were missed are left out, and so are those from before the issue was there. `null`:
 * none.
 */
export function reminderDue(
  { due, createdAt, observedAt, notices }: ReminderInput,
  policy: Policy,
): { readonly reminder: Reminder; readonly escalates: boolean } | null {
  const now = instant(observedAt);
  const reminder = remindersOf(due, policy.post_mortem).findLast(({ at }) => at <= now);
  if (reminder === undefined || reminder.at <= instant(createdAt)) return null;
  const posted = notices.some(
    ({ kind, key, at }) => kind === "reminder" && (key === reminder.id || instant(at) >= reminder.at),
  );
  if (posted) return null;
  const escalates =
    policy.mode === "enforce" &&
    now >= instant(due) + DAY_MS &&
    !notices.some(({ kind }) => kind === "escalated");
  return { reminder, escalates };
}

/** The next time at which a post-mortem that stays as it is has to be looked at; `null`: no more. */
export function nextReminderAt(due: string, observedAt: string, policy: Policy): number | null {
  const now = instant(observedAt);
  const times = [instant(due), ...remindersOf(due, policy.post_mortem).map(({ at }) => at)];
  const later = times.filter((at) => at > now);
  return later.length === 0 ? null : Math.min(...later);
}

/**
 * The roles that are told a day after the due time: the manager's, else those at the end of the escalation
 * path.
 */
export function managerRoles(policy: Policy): readonly string[] {
  if (Object.hasOwn(policy.roles, "engineering-manager")) return ["engineering-manager"];
  return policy.escalation.toSorted((a, b) => a.after - b.after).at(-1)?.notify ?? [];
}
