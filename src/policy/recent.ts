const HOUR_MS = 3_600_000;

/**
 * What happened within this time is looked at again without an event: one that was lost makes things late
 * rather than never.
 */
export const MISSED_MS = 24 * HOUR_MS;
/**
 * What happened longer ago gets no post-mortem any more: the app came too late, or was not there yet. A
 * process that was down for days looks so far back.
 */
export const REMEMBERED_MS = 7 * 24 * HOUR_MS;
