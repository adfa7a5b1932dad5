import type { Fact } from "../../../policy/fact.ts";
import type { PullRequestSnapshot } from "../../../policy/snapshot.ts";
import type { ChangeDigest, LandingChange } from "./change.ts";

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
  /** The commit that its files were compared with; not set: not to be told, or an older release wrote this. */
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

/** What is read of a check run to go on with its record. */
export interface RecordedRun {
  readonly conclusion: string | null;
  readonly completedAt: string | null;
  readonly record: GateRecord;
}

/** A pull request with this head, and what was read of the head's runs. */
export interface HeldPullRequest {
  readonly gates: Fact<readonly RecordedRun[]>;
  readonly snapshot: Pick<PullRequestSnapshot, "origin" | "pullRequest" | "observedAt">;
  /** What would land; not set: nothing is to land, or it is no hotfix. */
  readonly change?: Fact<LandingChange>;
}

export const EMPTY_RECORD: GateRecord = { arrivals: [], said: [] };

const OPEN = "<!-- hotfix-guard:record ";
const CLOSE = " -->";
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

/** The text of a run that says nothing else any more: what was said and told stays, arrivals do not. */
export function saidAlone(run: RecordedRun): string {
  return `${OPEN}${encodeRecord(withoutArrivals(recordOf([run])))}${CLOSE}`;
}

/** The record of a head that has to arrive again. */
export function withoutArrivals({ said, told }: GateRecord): GateRecord {
  return { arrivals: [], said, ...(told === undefined ? {} : { told }) };
}

/**
 * The record to write on a head's check run: what its runs remember already, what they say now, and now as
 * the arrival of every pull request (on its base) that they do not know yet. A time once written is kept.
 * `told`: what else was told about these pull requests.
 */
export function nextRecord(here: readonly HeldPullRequest[], told: readonly Told[] = []): GateRecord {
  const record = recordOf(here.flatMap(({ gates }) => (gates.known ? gates.value : [])));
  const now = here.flatMap(({ snapshot: { origin, pullRequest, observedAt } }) => {
    if (origin.kind !== "pull-request") return [];
    const { number: pr } = origin;
    const { base } = pullRequest;
    return { pr, base: base.ref, at: arrivalFor(record, pr, base.ref) ?? observedAt };
  });
  const isHere = (arrival: Arrival) => now.some(({ pr, base }) => pr === arrival.pr && base === arrival.base);
  // In one order, whoever writes: else pull requests with one head would write the same record again and
  // again.
  const arrivals = [...record.arrivals.filter((arrival) => !isHere(arrival)), ...now];
  return {
    arrivals: arrivals.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.pr - b.pr),
    said: record.said,
    ...withTold([...(record.told ?? []), ...told]),
    ...withChanges(nextChanges(record, here)),
  };
}

/** Each once, in one order. */
function withTold(told: readonly Told[]): Pick<GateRecord, "told"> {
  const each = new Map(told.map((one) => [`${one.pr} ${one.key}`, one]));
  const sorted = [...each].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  return sorted.length === 0 ? {} : { told: sorted };
}

function withChanges(changes: readonly SeenChange[]): Pick<GateRecord, "changes"> {
  return changes.length === 0 ? {} : { changes };
}

function nextChanges(record: GateRecord, here: readonly HeldPullRequest[]): readonly SeenChange[] {
  const now = here.flatMap(({ snapshot: { origin, pullRequest, observedAt }, change }): SeenChange[] => {
    if (origin.kind !== "pull-request" || change === undefined || !change.known) return [];
    const { number: pr } = origin;
    const { base } = pullRequest;
    const { digest, files } = change.value;
    const seen = changeFor(record, pr, base.ref);
    const from = change.value.from ?? (seen?.digest === digest ? seen.from : undefined);
    const since = changedSince(record, pr, base.ref, change, observedAt);
    return [{ pr, base: base.ref, since, digest, files, ...(from === undefined ? {} : { from }) }];
  });
  const isHere = (seen: SeenChange) => now.some(({ pr, base }) => pr === seen.pr && base === seen.base);
  const changes = [...(record.changes ?? []).filter((seen) => !isHere(seen)), ...now];
  return changes.toSorted((a, b) => a.pr - b.pr || (a.base < b.base ? -1 : 1));
}

/**
 * What was last seen to land with the head by this pull request on this base; `null`: nothing was written
 * down.
 */
export function changeFor({ changes = [] }: GateRecord, pr: number, base: string): SeenChange | null {
  return changes.find((seen) => seen.pr === pr && seen.base === base) ?? null;
}

/**
 * When what would land became what it is `now`: at `observedAt`, where it was something else before; `null`:
 * it always was.
 */
export function changedSince(
  record: GateRecord,
  pr: number,
  base: string,
  now: Fact<LandingChange>,
  observedAt: string,
): string | null {
  const seen = changeFor(record, pr, base);
  if (seen === null || !now.known) return seen?.since ?? null;
  const same = seen.digest === now.value.digest && now.value.otherModes !== true;
  return same ? seen.since : observedAt;
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

/** The earliest time at which the head was found in this pull request on this base, or `null`. */
export function arrivalFor({ arrivals }: GateRecord, pr: number, base: string): string | null {
  const times = arrivals.filter((arrival) => arrival.pr === pr && arrival.base === base);
  return times.map(({ at }) => at).sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

/** What several runs on one head remember together, and what each of them says now. */
export function recordOf(runs: readonly RecordedRun[]): GateRecord {
  const said = runs.flatMap(({ conclusion, completedAt, record }) => [
    ...record.said,
    ...(conclusion === null || completedAt === null ? [] : [{ conclusion, at: completedAt }]),
  ]);
  const changes = runs.flatMap(({ record }) => record.changes ?? []);
  const each = new Map(said.map((one) => [`${one.at} ${one.conclusion}`, one]));
  return {
    arrivals: runs.flatMap(({ record }) => record.arrivals),
    said: [...each.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    ...withTold(runs.flatMap(({ record }) => record.told ?? [])),
    // Of what several runs say, the newest counts: they come newest first.
    ...withChanges(
      changes.filter(
        (seen, i) => changes.findIndex(({ pr, base }) => pr === seen.pr && base === seen.base) === i,
      ),
    ),
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
