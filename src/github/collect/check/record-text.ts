import type { ChangeDigest } from "./change.ts";

/** When the app first found the head in a pull request on a base, by GitHub's clock. */
export interface Arrival {
  readonly pr: number;
  readonly base: string;
  readonly at: string;
}

/** What would land with the head, of a pull request on a base, as it was last seen. */
export interface SeenChange extends ChangeDigest {
  readonly pr: number;
  readonly base: string;
  /** When it was seen to have become another one, by GitHub's clock; `null`: it always was this one. */
  readonly since: string | null;
  /**
   * The commit that its files were compared with; not set: not to be told, or an older release wrote this.
   */
  readonly from?: string;
}

/** What the gate said, and since when, by GitHub's clock. */
export interface Said {
  readonly conclusion: string;
  readonly at: string;
}

/** What was told about a pull request, once in its life: an escalation step, the alert outside GitHub. */
export interface Told {
  readonly pr: number;
  readonly key: string;
}

/** What the app remembers on a head's check run, which nobody else can write: GitHub is the only store. */
export interface GateRecord {
  readonly arrivals: readonly Arrival[];
  /** Oldest first. A run is written over: what it said before, only this tells. */
  readonly said: readonly Said[];
  /** Comments can be deleted; this cannot. */
  readonly told?: readonly Told[];
  /**
   * One for each pull request and base. Approvals are of a change: those given before it became another one
   * end.
   */
  readonly changes?: readonly SeenChange[];
}

export const EMPTY_RECORD: GateRecord = { arrivals: [], said: [] };
export const OPEN = "<!-- hotfix-guard:record ";
export const CLOSE = " -->";

/** Most entries that are written, newest last: the record has to fit into the check's text. */
const MOST_ARRIVALS = 50;
const MOST_SAID = 20;
const MOST_TOLD = 60;
const LONGEST_KEY = 140;
const MOST_CHANGES = 10;

/**
 * The record as JSON, to be hidden at the very end of the check's `output.text` (`recordComment` of
 * src/render).
 */
export function encodeRecord({ arrivals, said, told = [], changes = [] }: GateRecord): string {
  return JSON.stringify({
    v: 1,
    arrivals: arrivals.slice(-MOST_ARRIVALS).map(({ pr, base, at }) => ({ pr, base, at })),
    ...(said.length === 0
      ? {}
      : { said: said.slice(-MOST_SAID).map(({ conclusion, at }) => ({ conclusion, at })) }),
    ...(told.length === 0 ? {} : { told: told.slice(-MOST_TOLD).map(({ pr, key }) => ({ pr, key })) }),
    ...(changes.length === 0 ? {} : { changes: changes.slice(-MOST_CHANGES) }),
  });
}

/**
 * The last record in the text of a check run of the app; what is missing or unreadable reads as nothing
 * remembered.
 */
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
      said: Array.isArray(raw.said) ? raw.said.filter(isSaid) : [],
      ...withTold(Array.isArray(raw.told) ? raw.told.filter(isTold) : []),
      ...withChanges(Array.isArray(raw.changes) ? raw.changes.filter(isSeenChange) : []),
    };
  } catch {
    return EMPTY_RECORD;
  }
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

function isTold(value: unknown): value is Told {
  return (
    isObject(value) &&
    typeof value.pr === "number" &&
    typeof value.key === "string" &&
    value.key.length <= LONGEST_KEY
  );
}

function isSaid(value: unknown): value is Said {
  return (
    isObject(value) &&
    typeof value.conclusion === "string" &&
    /^[a-z_]{1,30}$/.test(value.conclusion) &&
    typeof value.at === "string" &&
    !Number.isNaN(Date.parse(value.at))
  );
}

function isSeenChange(value: unknown): value is SeenChange {
  return (
    isObject(value) &&
    typeof value.pr === "number" &&
    typeof value.base === "string" &&
    typeof value.digest === "string" &&
    (value.from === undefined || typeof value.from === "string") &&
    (value.since === null || (typeof value.since === "string" && !Number.isNaN(Date.parse(value.since)))) &&
    (value.files === null ||
      (Array.isArray(value.files) && value.files.every((key) => typeof key === "string")))
  );
}

/** Each once, in one order. */
export function withTold(told: readonly Told[]): Pick<GateRecord, "told"> {
  const each = new Map(told.map((one) => [`${one.pr} ${one.key}`, one]));
  const sorted = [...each].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  return sorted.length === 0 ? {} : { told: sorted };
}

/** Nothing where there is nothing. */
export function withChanges(changes: readonly SeenChange[]): Pick<GateRecord, "changes"> {
  return changes.length === 0 ? {} : { changes };
}
