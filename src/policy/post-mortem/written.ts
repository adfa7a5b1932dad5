import { visibleLines } from "../commit-message/visible-lines.ts";
import { type MetricsBlock, metricsIn } from "./metrics-block.ts";

/**
 * What people wrote into a post-mortem that the app reads back: times as ISO 8601, `null` where there is none
 * that can be read.
 */
export interface Written {
  /** The line *Began* of the summary: when the incident began. */
  readonly began: string | null;
  /** The timeline's row *Issue detected*. */
  readonly detected: string | null;
  /** The block of metrics as it stands. */
  readonly metrics: MetricsBlock["values"] | null;
}

const BEGAN = /^\s{0,3}(?:[-*+]\s+)?\*\*Began:?\*\*:?\s+(.{1,200})/i;

/** Reads a body, linear in its length. */
export function writtenIn(body: string): Written {
  let began: string | null = null;
  let detected: string | null = null;
  for (const line of visibleLines(body, { code: false })) {
    began ??= timeAtStart(BEGAN.exec(line)?.[1]);
    const [before, time, what] = line.split("|", 3);
    if (before?.trim() === "" && /^\s{0,9}Issue detected(?![\p{L}\p{N}])/iu.test(what ?? ""))
      detected ??= timeAtStart(time);
  }
  return { began, detected, metrics: metricsIn(body)?.values ?? null };
}

const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?\b/i;

/** A time with whatever may follow it: `2025-10-14 09:10 UTC, with the release of v12`. */
function timeAtStart(text: string | undefined): string | null {
  const time = TIME.exec((text ?? "").replace(/^[`_*\s]+/, ""))?.[0];
  return time === undefined ? null : detectedTime(time);
}

/**
 * A time as people write it (`2025-10-14 09:30`, with or without `T`, seconds, a zone), as ISO 8601; without
 * a zone it is UTC.
 */
export function detectedTime(text: string): string | null {
  const match =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.\d{1,9})? ?(?:(Z|UTC|GMT)|([+-]\d\d):?(\d\d))?$/i.exec(
      text.trim(),
    );
  if (match === null) return null;
  const [, day, time, seconds = "", , hours, minutes] = match;
  return iso(Date.parse(`${day}T${time}${seconds}${hours === undefined ? "Z" : `${hours}:${minutes}`}`));
}

/** ISO 8601 in UTC with whole seconds, as GitHub writes times; `null` for `NaN`. */
export function iso(milliseconds: number): string | null {
  return Number.isNaN(milliseconds) ? null : new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
