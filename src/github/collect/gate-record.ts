import type { CollectedPullRequest } from "./collected.ts";

/** When the app first found the head in a pull request on a base, by GitHub's clock. */
export interface Arrival {
  readonly pr: number;
  readonly base: string;
  readonly at: string;
}

/** What the app remembers on a head's check run, which nobody else can write: GitHub is the only store. */
export interface GateRecord {
  readonly arrivals: readonly Arrival[];
}

export const EMPTY_RECORD: GateRecord = { arrivals: [] };

const OPEN = "<!-- hotfix-guard:record ";
const CLOSE = " -->";
/** Most entries that are written, newest last: the record has to fit into the check's text. */
const MOST_ARRIVALS = 50;

/** The record as JSON, to be hidden at the very end of the check's `output.text` (`recordComment` of src/render). */
export function encodeRecord({ arrivals }: GateRecord): string {
  return JSON.stringify({
    v: 1,
    arrivals: arrivals.slice(-MOST_ARRIVALS).map(({ pr, base, at }) => ({ pr, base, at })),
  });
}

/**
 * The record to write on a head's check run: what its runs remember already, and now as the arrival of every pull request (on
 * its base) that they do not know yet. A time once written is kept.
 */
export function encodeArrivals(here: readonly Pick<CollectedPullRequest, "gates" | "snapshot">[]): string {
  const record = mergeRecords(
    here.flatMap(({ gates }) => (gates.known ? gates.value.map((run) => run.record) : [])),
  );
  const now = here.map(({ snapshot: { pullRequest, observedAt } }) => {
    const { number: pr, base } = pullRequest;
    return { pr, base: base.ref, at: arrivalFor(record, pr, base.ref) ?? observedAt };
  });
  const isHere = (arrival: Arrival) => now.some(({ pr, base }) => pr === arrival.pr && base === arrival.base);
  // In one order, whoever writes: else pull requests with one head would write the same record again and again.
  const arrivals = [...record.arrivals.filter((arrival) => !isHere(arrival)), ...now];
  return encodeRecord({
    arrivals: arrivals.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.pr - b.pr),
  });
}

/** The last record in the text of a check run of the app; what is missing or unreadable reads as nothing remembered. */
export function readRecord(text: string | null | undefined): GateRecord {
  const start = text?.lastIndexOf(OPEN) ?? -1;
  if (text == null || start < 0) return EMPTY_RECORD;
  const end = text.indexOf(CLOSE, start);
  if (end < 0) return EMPTY_RECORD;
  try {
    const raw: unknown = JSON.parse(text.slice(start + OPEN.length, end));
    if (!isObject(raw) || raw.v !== 1) return EMPTY_RECORD;
    return {
      arrivals: Array.isArray(raw.arrivals) ? raw.arrivals.filter(isArrival) : [],
    };
  } catch {
    return EMPTY_RECORD;
  }
}

/** The earliest time at which the head was found in this pull request on this base, or `null`. */
export function arrivalFor({ arrivals }: GateRecord, pr: number, base: string): string | null {
  const times = arrivals.filter((arrival) => arrival.pr === pr && arrival.base === base);
  return times.map(({ at }) => at).sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

/** What several runs on one head remember together. */
export function mergeRecords(records: readonly GateRecord[]): GateRecord {
  return {
    arrivals: records.flatMap(({ arrivals }) => arrivals),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isArrival(value: unknown): value is Arrival {
  return (
    isObject(value) &&
    typeof value.pr === "number" &&
    typeof value.base === "string" &&
    typeof value.at === "string" &&
    !Number.isNaN(Date.parse(value.at))
  );
}
