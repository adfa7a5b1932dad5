import type { ProbotOctokit } from "probot";
import { describeFailure } from "../github/api/read.ts";

/** Deliveries that are older were made up for by earlier looks, or nobody waits for them any more. */
const OLDEST_MS = 6 * 3_600_000;
const MAX_PAGES = 10;
/** A write a second: more would hold up what is new. */
const MOST = 100;

/**
 * Asks GitHub to deliver again what failed in the last hours: it never does so by itself. The looks find
 * hotfixes and post-mortems without this; it brings back merge groups, re-runs, direct pushes, deployments
 * and ordinary pull requests, which wait for a check as well. Each is asked for once: where that failed too,
 * it is left. Returns how many. Where the route cannot be had, none.
 */
export async function redeliverLost(asApp: ProbotOctokit, now: () => number): Promise<number> {
  const attempts = new Map<string, { id: number; count: number; arrived: boolean; installed: boolean }>();
  try {
    await readBack(asApp, now, ({ id, guid, status_code, installation_id }) => {
      const former = attempts.get(guid);
      const arrived = status_code >= 200 && status_code < 300;
      attempts.set(guid, {
        id: former?.id ?? Number(id),
        count: (former?.count ?? 0) + 1,
        arrived: arrived || former?.arrived === true,
        installed: installation_id !== null,
      });
    });
  } catch (error) {
    const { status } = describeFailure(error);
    if (status === 403 || status === 404) return 0;
    throw error;
  }
  const lost = [...attempts.values()].filter((one) => !one.arrived && one.count === 1 && one.installed);
  // The newest first: what waits now matters more.
  for (const { id } of lost.slice(0, MOST))
    await asApp.request("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: id });
  return Math.min(lost.length, MOST);
}

interface ListedDelivery {
  readonly id: number | bigint;
  readonly guid: string;
  readonly delivered_at: string;
  readonly status_code: number;
  readonly installation_id: number | bigint | null;
}

async function readBack(
  asApp: ProbotOctokit,
  now: () => number,
  take: (delivery: ListedDelivery) => void,
): Promise<void> {
  let pages = 0;
  const all = asApp.paginate.iterator("GET /app/hook/deliveries", { per_page: 100 });
  for await (const { data } of all) {
    pages += 1;
    const young = data.filter(({ delivered_at }) => Date.parse(delivered_at) >= now() - OLDEST_MS);
    for (const delivery of young) take(delivery);
    if (pages === MAX_PAGES || young.length < data.length) return;
  }
}
