import type { RestEndpointMethodTypes } from "@octokit/rest";
import { type Fact, known, mapFact } from "../../../policy/fact.ts";
import { instant } from "../../../policy/time.ts";
import { count, list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import type { LandingChange } from "./change.ts";
import { arrivalFor, changedSince, recordOf, withoutArrivals } from "./record.ts";
import { type GateRecord, readRecord } from "./record-text.ts";

/** The name of the check that is required in branch protection. */
export const GATE_NAME = "hotfix-gate";

/** A check run of this app, and nobody else's, named `hotfix-gate`. */
export interface GateRun {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  /** Since when the conclusion stands; `null`: there is none yet. */
  readonly completedAt: string | null;
  /** As the app wrote it; not set: none. */
  readonly title?: string;
  /** Digest of what it says: an evaluation that says the same writes nothing. */
  readonly externalId: string | null;
  /** Without arrivals in a cancelled run: the head was given up, and has to arrive again. */
  readonly record: GateRecord;
}

type RawRun = RestEndpointMethodTypes["checks"]["listForRef"]["response"]["data"]["check_runs"][number];

/** The app's gates on a commit, newest first: the first is the one that counts. */
export function readGates(client: GitHubClient, repo: Repo, sha: string): Promise<Fact<readonly GateRun[]>> {
  // Nobody said which app is the gate (a person's token): there are none of it.
  if (client.app.id === 0) return Promise.resolve(known([]));
  return read(`the check runs of ${sha.slice(0, 7)}`, async () => {
    const { data } = await client.octokit.rest.checks.listForRef({
      ...repo,
      ref: sha,
      check_name: GATE_NAME,
      app_id: client.app.id,
      filter: "latest",
      per_page: 100,
    });
    return list(data.check_runs)
      .filter((run) => run.name === GATE_NAME && Number(run.app?.id) === client.app.id)
      .map(toGateRun)
      .sort((a, b) => b.id - a.id);
  });
}

/** When the app first found this head in this pull request on this base; `null`: not before now. */
export function firstSeenAt(
  gates: Fact<readonly GateRun[]>,
  pullRequest: number,
  base: string,
): Fact<string | null> {
  return mapFact(gates, (runs) => arrivalFor(recordOf(runs), pullRequest, base));
}

/**
 * When what would land became what it is now, on this head; `null`: as far as the app has seen, it always
 * was.
 */
export function changedAt(
  gates: Fact<readonly GateRun[]>,
  number: number,
  base: string,
  change: Fact<LandingChange>,
  now: string,
): Fact<string | null> {
  return mapFact(gates, (runs) => changedSince(recordOf(runs), number, base, change, now));
}

/**
 * Since when the gate was green at that time (`null`: is green now), where it was; else `null`, as where that
 * cannot be told.
 */
export function greenSince(gates: Fact<readonly GateRun[]>, until: string | null): string | null {
  const said = gates.known ? recordOf(gates.value).said : [];
  const last = said.findLast(({ at }) => until === null || instant(at) <= instant(until));
  return last?.conclusion === "success" ? last.at : null;
}

/** Does the gate that counts say that it has failed, or is that not known? */
export function hasFailed(gates: Fact<readonly GateRun[]>): boolean {
  return !gates.known || gates.value[0]?.conclusion === "failure";
}

/** A check run of the app as the others read it. */
export function toGateRun(raw: RawRun): GateRun {
  const conclusion = raw.conclusion ?? null;
  const record = readRecord(raw.output?.text);
  return {
    id: count(raw.id),
    status: text(raw.status),
    conclusion,
    completedAt: raw.completed_at ?? null,
    ...(raw.output?.title ? { title: raw.output.title } : {}),
    externalId: raw.external_id ?? null,
    record: conclusion === "cancelled" ? withoutArrivals(record) : record,
  };
}
