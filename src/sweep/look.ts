import type { GitHubClient } from "../github/api/client.ts";
import { learnRepository } from "../github/api/repositories.ts";
import {
  type Installation,
  type ListedRepository,
  listRepositories,
} from "../github/collect/git/installations.ts";
import type { Look } from "../jobs/hint.ts";
import { keyId, type RepositoryKey } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";
import type { Watch, WatchedKey } from "../jobs/watch-list.ts";
import { digestDay } from "../policy/digest.ts";
import { MISSED_MS, REMEMBERED_MS } from "../policy/recent.ts";
import type { Unfinished } from "./deliveries.ts";
import type { Memory, RepositoryMemory } from "./memory.ts";
import { searchAccount, searchRepositories } from "./search.ts";

const MINUTE_MS = 60_000;
/** The open pull requests of a repository are listed at least so often, whatever is told of it. */
const LIST_EVERY_MS = 80 * MINUTE_MS;
/** All that is open is searched for at least so often; in between only what changed. */
const SEARCH_ALL_MS = 60 * MINUTE_MS;
/** GitHub's search lags: what changed so long before the last one is asked for again. */
const SEARCH_LAG_MS = 15 * MINUTE_MS;
const SEARCH_STEP_MS = 10 * MINUTE_MS;
/** GitHub's times are whole seconds: what was pushed right before a listing may not be the last push. */
const SAME_TIME_MS = 2_000;
/** Clocks and listings may be late. */
const OVERLAP_MS = 10 * MINUTE_MS;
/** Where there is no search, a look costs some requests a repository: so much time is left for each. */
const NO_SEARCH_MS = 3_000;
const PER_PAGE = 100;
/**
 * What is due as before although it was looked at (the app is switched off there, or only observes) is looked
 * at again after this time.
 */
const STILL_DUE_MS = 30 * MINUTE_MS;

/** An installation, and what is known of it. */
export interface LookOptions {
  readonly client: GitHubClient;
  readonly account: Installation["account"];
  readonly memory: Memory;
  readonly watch: Pick<Watch, "wants" | "due" | "heardPush" | "entries" | "over">;
  /** What an earlier process may have left undone here. */
  readonly unfinished: readonly Unfinished[];
  /** Milliseconds of the local clock. */
  readonly now: number;
}

/**
 * What an installation has to be looked at for. Where nothing happened three requests at most: the list of
 * its repositories, whose times of the last push tell where something landed that no event told of, and two
 * searches for what changed. The first time, and then every so often, the open pull requests of each
 * repository are listed as well, one request each.
 */
export async function lookAtInstallation(options: LookOptions): Promise<readonly Job[]> {
  const { client, account, memory, watch, now } = options;
  const found = account === null ? null : await searchAll(client, account, memory, now);
  const looks = await lookAtRepositories(options, found === null);
  const keys = new Map<string, WatchedKey>();
  if (found !== null) {
    const byName = new Map([...memory.repositories.values()].map((one) => [nameOf(one), one]));
    const githubNow = client.serverTime().getTime();
    const shown = new Map<string, string>();
    for (const { key, updatedAt } of found) {
      // A public repository of the account may be found although the app is not installed on it.
      const there = byName.get(nameOf(key));
      if (there === undefined) continue;
      const known = { ...key, ...placeOf(client, there) };
      const id = keyId(known);
      shown.set(id, updatedAt);
      if (memory.shown.get(id) !== updatedAt && watch.wants(known, updatedAt, githubNow)) keys.set(id, known);
    }
    memory.shown = shown;
  }
  const digests = await digestJobs(options);
  for (const key of dueKeys(options)) keys.set(keyId(key), key);
  return [
    ...looks,
    ...digests,
    ...[...keys.values()].map((key): Job => ({ key, hint: {}, background: true })),
  ];
}

function dueKeys({ client, memory, watch }: LookOptions): readonly WatchedKey[] {
  const now = client.serverTime().getTime();
  const due = watch.due(client.installationId, now);
  const { asked: before = {} } = memory;
  const asked = Object.fromEntries(
    due.map(({ key, dueAt }) => {
      const last = before[keyId(key)];
      const isAsked = last !== undefined && last.dueAt === dueAt && last.at > now - STILL_DUE_MS;
      return [keyId(key), isAsked ? last : { dueAt, at: now }];
    }),
  );
  memory.asked = asked;
  return due.map(({ key }) => key).filter((key) => asked[keyId(key)]?.at === now);
}

/**
 * Once a day, after 08:00 UTC: the repositories in which post-mortems changed lately; each knows its own day.
 */
async function digestJobs({ client, account, memory }: LookOptions): Promise<readonly Job[]> {
  const now = client.serverTime();
  const today = digestDay(now);
  if (memory.digestDay === today) return [];
  const names =
    account === null
      ? null
      : await searchRepositories(client, account, new Date(now.getTime() - DIGEST_WINDOW_MS));
  memory.digestDay = today;
  return [...memory.repositories.values()]
    .filter((one) => names === null || names.has(nameOf(one)))
    .map((one): Job => ({ key: { ...placeOf(client, one), kind: "digest" }, hint: {}, background: true }));
}

/** Post-mortems that are open change at least so often: they are reminded of. */
const DIGEST_WINDOW_MS = 30 * 24 * 60 * MINUTE_MS;

/** `null`: there is no search for the app. */
async function searchAll(client: GitHubClient, account: string, memory: Memory, now: number) {
  const at = client.serverTime().getTime();
  const all = memory.searchedAt === null || memory.searchAllAt <= now;
  // In steps, so that GitHub can answer that nothing has changed.
  const from = (memory.searchedAt ?? at) - SEARCH_LAG_MS;
  const since = all ? null : new Date(from - (from % SEARCH_STEP_MS));
  const found = await searchAccount(client, account, since);
  if (found === null) return null;
  if (found.complete) {
    memory.searchedAt = at;
    if (all) memory.searchAllAt = now + SEARCH_ALL_MS;
  }
  return found.hits;
}

async function lookAtRepositories(
  { client, memory, watch, unfinished, now }: LookOptions,
  noSearch: boolean,
): Promise<readonly Job[]> {
  const { repositories } = memory;
  if (now < memory.listAgainAt && unfinished.length === 0) return [];
  const at = client.serverTime().getTime();
  const listed = await listRepositories(client);
  const former = memory.listedAt;
  memory.listedAt = at;
  memory.listAgainAt = now + listEvery(listed.length);
  const every = noSearch ? Math.min(LIST_EVERY_MS, listed.length * NO_SEARCH_MS) : LIST_EVERY_MS;
  // Deployments and runs that wait are in no list of pull requests.
  const deploys = await client.permits("deployments", "read");
  const left = new Map(unfinished.map((one) => [one.repositoryId, one.since]));
  const jobs = listed.flatMap((one, place): readonly Job[] => {
    const id = one.id === null ? nameOf(one) : String(one.id);
    const known = repositories.get(id);
    const isNews = hasNewPush(one, known, former ?? at, at, watch);
    const undone = one.id === null ? undefined : left.get(one.id);
    // A push that an event told of may have come after one that none did.
    const isBehind = known !== undefined && one.pushedAt !== null && known.landed.pushedAt !== one.pushedAt;
    const isDue = (known?.lookAt ?? 0) <= now && (one.hasOpen || noSearch || deploys || isBehind);
    const isPushed = isNews || (isDue && isBehind);
    const isFirst = known === undefined;
    const lookAt =
      known !== undefined && !isDue
        ? known.lookAt
        : // Not all at the same time again.
          now + (isFirst ? every * (0.25 + (0.75 * (place + 1)) / listed.length) : every);
    const { owner, repo, pushedAt } = one;
    if (one.id !== null) learnRepository(client, one, one.id);
    const landed = known === undefined || isPushed ? { pushedAt, at } : known.landed;
    const entry: RepositoryMemory = { owner, repo, repositoryId: one.id, pushedAt, landed, lookAt };
    repositories.set(id, entry);
    if (!isDue && !isPushed && undone === undefined) return [];
    const look: Look = {
      ...(pushedAt === null ? {} : { pushedAt }),
      ...(isPushed || noSearch
        ? { closedSince: iso(isFirst ? at - REMEMBERED_MS : since(known, isPushed, former ?? at)) }
        : {}),
      ...(isPushed && one.defaultBranch !== null && Date.parse(pushedAt ?? "") >= at - MISSED_MS
        ? { pushesTo: one.defaultBranch }
        : {}),
      ...(undone === undefined ? {} : { ordinarySince: iso(undone) }),
      ...(noSearch ? { postMortems: true } : {}),
    };
    return [{ key: { ...placeOf(client, entry), kind: "look" }, hint: { look }, background: true }];
  });
  const there = new Set(listed.flatMap((one) => [nameOf(one), ...(one.id === null ? [] : [String(one.id)])]));
  for (const id of repositories.keys()) if (!there.has(id)) repositories.delete(id);
  // Deleted, or taken from the app: nobody will tell that what was open there is over.
  for (const { key } of watch.entries())
    if (
      key.installationId === client.installationId &&
      !there.has(String(key.repositoryId)) &&
      !there.has(nameOf(key))
    )
      watch.over(key);
  return jobs;
}

/** Since when merges are looked for: the last look at them, or where nothing was pushed the last list. */
function since({ landed }: RepositoryMemory, isPushed: boolean, listedAt: number): number {
  return (isPushed ? Math.min(landed.at, listedAt) : listedAt) - OVERLAP_MS;
}

/** Was it pushed to, and no event has told of it? The first time: in the last week. */
function hasNewPush(
  { id, pushedAt }: ListedRepository,
  known: RepositoryMemory | undefined,
  listedAt: number,
  now: number,
  watch: Pick<Watch, "heardPush">,
): boolean {
  if (pushedAt === null) return false;
  const at = Date.parse(pushedAt);
  if (known === undefined) return at >= now - REMEMBERED_MS;
  const isNew = known.pushedAt !== pushedAt || at >= listedAt - SAME_TIME_MS;
  return isNew && !(id !== null && (watch.heardPush(id) ?? 0) >= at);
}

/** A list of many pages is not read every minute: a fifth of a request a repository and hour. */
function listEvery(repositories: number): number {
  const pages = Math.max(1, Math.ceil(repositories / PER_PAGE));
  const anHour = Math.max(60, repositories / 5);
  return pages === 1 ? 0 : (pages * 60 * MINUTE_MS) / anHour;
}

function placeOf(
  { installationId }: GitHubClient,
  { owner, repo, repositoryId }: RepositoryMemory,
): RepositoryKey {
  return { installationId, owner, repo, ...(repositoryId === null ? {} : { repositoryId }) };
}

function nameOf({ owner, repo }: { readonly owner: string; readonly repo: string }): string {
  return `${owner}/${repo}`.toLowerCase();
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
