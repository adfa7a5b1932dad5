/** The days on which a digest can come. */
export const WEEKDAYS = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const;

/** One of `WEEKDAYS`. */
export type Weekday = (typeof WEEKDAYS)[number];

const DAY_MS = 24 * 3_600_000;
/** At this hour of its day, UTC. */
const HOUR = 8;

/** The week that a digest is about. */
export interface DigestWeek {
  /** The day on which it ends, `2026-11-30`: the marker's key. */
  readonly id: string;
  readonly since: Date;
  readonly until: Date;
}

/** The week that ended last: at 08:00 UTC of that weekday. */
export function digestWeek(now: Date, on: Weekday): DigestWeek {
  const until = new Date(now);
  until.setUTCHours(HOUR, 0, 0, 0);
  until.setUTCDate(until.getUTCDate() - until.getUTCDay() + WEEKDAYS.indexOf(on));
  if (until > now) until.setUTCDate(until.getUTCDate() - 7);
  return { id: until.toISOString().slice(0, 10), since: new Date(until.getTime() - 7 * DAY_MS), until };
}

/** The last day on which digests came due, `2026-11-30`: whoever looks once on each misses none. */
export function digestDay(now: Date): string {
  return new Date(now.getTime() - HOUR * 3_600_000).toISOString().slice(0, 10);
}

/** The hidden text of the issue in which digests are posted. */
export const DIGEST_ISSUE = "<!-- hotfix-guard:digest-issue weekly -->";
