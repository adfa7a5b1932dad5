import { LRUCache } from "lru-cache";
import type { ProbotOctokit } from "probot";
import { describeFailure } from "../github/api/read.ts";
import { atMost } from "../jobs/at-most.ts";

/** GitHub keeps deliveries for three days, and redelivers none that is older. */
const OLDEST_MS = 3 * 24 * 3_600_000;
/** 30,000 deliveries: what lies behind them is left to the looks. */
const MOST_PAGES = 300;
/** Of each pass, the newest first; the rest follows at the next one. About three a second. */
const MOST = 300;
/**
 * A job waits or is tried again for at most so long: what was taken this long before the last delivery that
 * arrived may have been lost with the process.
 */
const UNFINISHED_MS = 10 * 60_000;
const MOST_REMEMBERED = 50_000;
/** A delivery that GitHub fails to send again is asked for at so many passes. */
const MOST_TRIES = 5;

/** The app's own answers to what will be no better the next time: a wrong signature, method, type or size. */
const REFUSED: readonly number[] = [400, 405, 413, 415];

/** What nothing but an event tells of; all else is found by a look at the repository. */
const ONLY_TOLD: readonly string[] = [
  "merge_group.checks_requested",
  "check_run.rerequested",
  "check_suite.rerequested",
  "deployment_protection_rule.requested",
];
/** GitHub waits 10 s for an answer: what is younger may still be under way. */
const UNDER_WAY_MS = 15_000;

/** A repository that an earlier process had taken events of, which may not have been worked on. */
export interface Unfinished {
  readonly installationId: number;
  readonly repositoryId: number;
  /** Milliseconds of GitHub's clock: the oldest of them. */
  readonly since: number;
}

/** What GitHub tells of the deliveries to this app. */
export interface Redelivery {
  /**
   * Asks GitHub to deliver again what failed in the last three days; it never does so by itself. Each
   * delivery is asked for once: where that failed too, or where the app refused it, it is left. Returns how
   * many. Where the list cannot be had (403, 404), none.
   */
  lost(): Promise<number>;
  /**
   * What arrived in the last minutes of the process before this one, and so may have been lost with it: the
   * repositories it was about. What only an event tells of is asked for again. `since`: the queue has lost
   * what it had, and was well at that time (GitHub's clock) at last: then what has arrived from some minutes
   * before on.
   */
  unfinished(since: number | null): Promise<readonly Unfinished[]>;
  stop(): void;
}

interface Seen {
  /**
   * In full: GitHub's ids have 19 digits, more than a number holds, and Octokit leaves a bigint out of a
   * path (octokit/request.js#797, octokit/endpoint.js#546).
   */
  readonly id: string;
  readonly at: number;
  /** `event.action`. */
  readonly event: string;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  count: number;
  arrived: boolean;
  refused: boolean;
}

/**
 * The app's deliveries as GitHub lists them, newest first: all of three days at first, then only what is new.
 * What was asked for again shows there as a second delivery of the same GUID, so a restart asks for nothing
 * twice.
 */
export function createRedelivery(appClient: () => Promise<ProbotOctokit>, now: () => number): Redelivery {
  const seen = new LRUCache<string, Seen>(atMost(MOST_REMEMBERED));
  /** Each attempt by its id: whether ids grow with time GitHub does not say. */
  const known = new LRUCache<string, true>(atMost(MOST_REMEMBERED));
  /** How often each was asked for, by GUID; once it was taken no more. */
  const asked = new LRUCache<string, number>(atMost(MOST_REMEMBERED));
  let startedAt = Number.NaN;
  let stopped = false;

  /** False: there is no such list for this app. */
  async function readNew(): Promise<boolean> {
    const octokit = await appClient();
    if (Number.isNaN(startedAt)) startedAt = now();
    const fresh: ListedDelivery[] = [];
    try {
      let pages = 0;
      for await (const { data } of octokit.paginate.iterator("GET /app/hook/deliveries", { per_page: 100 })) {
        pages += 1;
        const wanted = data.filter(
          ({ id, delivered_at }) => !known.has(String(id)) && Date.parse(delivered_at) >= now() - OLDEST_MS,
        );
        fresh.push(...wanted);
        if (stopped || pages === MOST_PAGES || wanted.length < data.length) break;
      }
    } catch (error) {
      const { status } = describeFailure(error);
      if (status === 403 || status === 404) return false;
      throw error;
    }
    for (const one of fresh.reverse()) {
      // A list that grows while it is read shows some twice.
      if (known.has(String(one.id))) continue;
      const at = Date.parse(one.delivered_at);
      if (at > startedAt && at > now() - UNDER_WAY_MS && !hasArrived(one.status_code)) break;
      take(one);
    }
    return true;
  }

  function take({ id, guid, status_code: status, ...one }: ListedDelivery): void {
    known.set(String(id), true);
    const former = seen.get(guid);
    seen.set(guid, {
      id: former?.id ?? String(id),
      at: Date.parse(one.delivered_at),
      event: `${one.event}.${one.action ?? ""}`,
      installationId: one.installation_id === null ? null : Number(one.installation_id),
      repositoryId: one.repository_id === null ? null : Number(one.repository_id),
      count: (former?.count ?? 0) + 1,
      arrived: former?.arrived === true || hasArrived(status),
      refused: former?.refused === true || REFUSED.includes(status),
    });
  }

  /**
   * False: GitHub has it no more, or fails at this one, which is then asked for again at the next pass: if
   * it was delivered all the same the list shows that by then. Rejects where no answer is to be had.
   */
  async function ask(guid: string, id: string): Promise<boolean> {
    const tries = (asked.get(guid) ?? 0) + 1;
    asked.set(guid, MOST_TRIES);
    try {
      const octokit = await appClient();
      // As text, whatever the types say: see `Seen.id`.
      const delivery_id = id as unknown as number;
      await octokit.request("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id });
      return true;
    } catch (error) {
      const { status, rateLimited } = describeFailure(error);
      if (status === null || rateLimited) {
        asked.set(guid, tries - 1);
        throw error;
      }
      if (status >= 500) asked.set(guid, tries);
      return false;
    }
  }

  return {
    async lost() {
      if (!(await readNew())) return 0;
      const lost = [...seen].filter(
        ([guid, one]) =>
          !one.arrived &&
          !one.refused &&
          one.count === 1 &&
          one.installationId !== null &&
          one.at >= now() - OLDEST_MS &&
          (asked.get(guid) ?? 0) < MOST_TRIES,
      );
      let count = 0;
      for (const [guid, { id }] of lost.slice(0, MOST)) {
        if (stopped) break;
        if (await ask(guid, id)) count += 1;
      }
      return count;
    },
    async unfinished(since) {
      if (!(await readNew())) return [];
      const until = since === null ? startedAt : Number.POSITIVE_INFINITY;
      const taken = [...seen].filter(([, { arrived, at }]) => arrived && at <= until);
      const before = since ?? startedAt;
      const last = Math.max(...taken.map(([, { at }]) => at).filter((at) => at <= before));
      const from = (Number.isFinite(last) ? last : before) - UNFINISHED_MS;
      const repositories = new Map<number, Unfinished>();
      for (const [guid, { id, at, event, count, installationId, repositoryId }] of taken) {
        if (at < from || installationId === null || repositoryId === null || stopped) continue;
        if (ONLY_TOLD.includes(event) && count === 1 && !asked.has(guid)) await ask(guid, id);
        const first = Math.min(at, repositories.get(repositoryId)?.since ?? at);
        repositories.set(repositoryId, { installationId, repositoryId, since: first });
      }
      return [...repositories.values()];
    },
    stop() {
      stopped = true;
    },
  };
}

function hasArrived(status: number): boolean {
  return status >= 200 && status < 300;
}

interface ListedDelivery {
  readonly id: number | bigint;
  readonly guid: string;
  readonly delivered_at: string;
  readonly event: string;
  readonly action: string | null;
  readonly status_code: number;
  readonly installation_id: number | bigint | null;
  readonly repository_id: number | bigint | null;
}
