import type { Fact } from "../../../policy/fact.ts";
import type { PullRequestSnapshot } from "../../../policy/snapshot.ts";
import type { LandingChange } from "./change.ts";
import {
  type Arrival,
  CLOSE,
  encodeRecord,
  type GateRecord,
  OPEN,
  type SeenChange,
  type Told,
  withChanges,
  withTold,
} from "./record-text.ts";

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
