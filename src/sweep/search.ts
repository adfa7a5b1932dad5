import { isApp, toAccount } from "../github/api/account.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { allPages, describeFailure, PER_PAGE } from "../github/api/read.ts";
import { isUnderWay } from "../github/collect/git/installations.ts";
import type { WatchedKey } from "../jobs/watch-list.ts";

/** A hotfix or post-mortem as the search has it: a hint, maybe minutes old. */
export interface Hit {
  readonly key: WatchedKey;
  readonly updatedAt: string;
}

/** What a search has shown. */
export interface Found {
  readonly hits: readonly Hit[];
  /** False: GitHub says itself that it did not look everywhere. */
  readonly complete: boolean;
}

/** GitHub gives at most 1,000 results. */
const MAX_PAGES = 10;
/** Closed post-mortems, of which action items may be due, are looked for so far back, the latest first. */
const CLOSED_MS = 180 * 24 * 3_600_000;

/**
 * Hotfixes and post-mortems of all repositories of an account, in two requests where there are few: what the
 * app opened, and what comes from branches that begin with `hotfix`. Other hotfixes are not found. `since`:
 * those that changed since then, open or not; `null`: all that are open, and post-mortems that were closed
 * unfinished or have an action item that may be due (a third request). The result is `null` where this GitHub
 * has no search for the app.
 */
export async function searchAccount(
  client: GitHubClient,
  account: string,
  since: Date | null,
): Promise<Found | null> {
  // Without `user:` the whole of public GitHub would be searched.
  const where = `archived:false user:${account}`;
  const own = `author:app/${client.app.slug}`;
  const updated = (at: Date) => `updated:>=${at.toISOString().slice(0, 19)}Z`;
  // A whole day, so that GitHub can answer that nothing has changed.
  const recent = new Date(client.serverTime().getTime() - CLOSED_MS);
  recent.setUTCHours(0, 0, 0, 0);
  const queries: readonly (readonly [string, WatchedKey["kind"]])[] =
    since === null
      ? [
          [`is:issue is:open ${where} ${own}`, "post-mortem"],
          [`is:issue is:closed ${where} ${own} ${updated(recent)}`, "post-mortem"],
          [`is:pr is:open ${where} head:hotfix`, "pull-request"],
        ]
      : [
          [`is:issue ${where} ${own} ${updated(since)}`, "post-mortem"],
          [`is:pr ${where} head:hotfix ${updated(since)}`, "pull-request"],
        ];
  try {
    const found = await Promise.all(queries.map(([q, kind]) => search(client, q, kind)));
    return {
      hits: found.flatMap(({ hits }) => hits),
      complete: found.every(({ complete }) => complete),
    };
  } catch (error) {
    const { status, rateLimited } = describeFailure(error);
    if (status !== null && !rateLimited && [403, 404, 410, 422].includes(status)) return null;
    throw error;
  }
}

/**
 * The repositories of an account, in lower case, whose post-mortems changed since then; `null`: there is no
 * search.
 */
export async function searchRepositories(
  client: GitHubClient,
  account: string,
  since: Date,
): Promise<ReadonlySet<string> | null> {
  const day = since.toISOString().slice(0, 10);
  const q = `is:issue archived:false user:${account} author:app/${client.app.slug} updated:>=${day}`;
  try {
    const items = await allPages(async (page) => {
      const { data, headers } = await client.octokit.rest.search.issuesAndPullRequests({
        q,
        per_page: PER_PAGE,
        page,
      });
      return { data: data.items, headers };
    }, MAX_PAGES);
    return new Set(items.map(({ repository_url: url }) => url.split("/").slice(-2).join("/").toLowerCase()));
  } catch (error) {
    const { status, rateLimited } = describeFailure(error);
    if (status !== null && !rateLimited && [403, 404, 410, 422].includes(status)) return null;
    throw error;
  }
}

async function search(client: GitHubClient, q: string, kind: WatchedKey["kind"]): Promise<Found> {
  let complete = true;
  const now = client.serverTime();
  const items = await allPages(async (page) => {
    const { data, headers } = await client.octokit.rest.search.issuesAndPullRequests({
      q,
      sort: "updated",
      per_page: PER_PAGE,
      page,
    });
    complete &&= data.incomplete_results !== true;
    return { data: data.items, headers };
  }, MAX_PAGES);
  const hits = items.flatMap((item): readonly Hit[] => {
    const [repo, owner] = (item.repository_url ?? "").split("/").reverse();
    const isPull = item.pull_request !== undefined && item.pull_request !== null;
    if (!owner || !repo || isPull !== (kind === "pull-request")) return [];
    const ours = isApp(toAccount(item.user), item.performed_via_github_app, client.app);
    if (kind === "post-mortem" && !ours) return [];
    if (kind === "post-mortem" && item.state === "closed" && !isUnderWay(item, now)) return [];
    const { installationId } = client;
    return [
      { key: { kind, installationId, owner, repo, number: item.number }, updatedAt: item.updated_at ?? "" },
    ];
  });
  return { hits, complete };
}
