import { LRUCache } from "lru-cache";
import { isProduction } from "../../policy/environments.ts";
import { type Fact, known } from "../../policy/fact.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Account } from "../../policy/snapshot.ts";
import type { GitHubClient } from "../client.ts";
import { PER_PAGE, read, TooLong } from "../read.ts";
import { type RawAccount, toAccount } from "./account.ts";
import { count, list, type Repo, text } from "./answer.ts";

/** A deployment to production. Names, refs and logins are foreign text. */
export interface Deployment {
  readonly id: number;
  readonly sha: string;
  /** A branch, a tag or a commit, as whoever deployed named it. */
  readonly ref: string;
  readonly environment: string;
  readonly createdAt: string;
  /** Who asked for it: often a bot. */
  readonly by: Account | null;
}

type Environments = Pick<Policy, "environments">;

/** Newest first, a hundred a page: a repository that deploys more often than this is not followed. */
const MAX_PAGES = 10;

/**
 * Deployments to production since then (`isProduction`; whatever became of them: see `firstSuccess`), oldest first. `null`: the app may not read
 * deployments, and has asked nothing. One listing, read from the newest back.
 */
export function readDeployments(
  client: GitHubClient,
  repo: Repo,
  policy: Environments,
  { since }: { readonly since: string },
): Promise<Fact<readonly Deployment[] | null>> {
  return read("the deployments", async () => {
    if (!(await client.permits("deployments", "read"))) return null;
    const found: Deployment[] = [];
    for (let page = 1; ; page++) {
      if (page > MAX_PAGES) throw new TooLong(MAX_PAGES);
      const { data } = await client.octokit.rest.repos.listDeployments({ ...repo, per_page: PER_PAGE, page });
      const young = list(data).filter(({ created_at }) => Date.parse(created_at) >= Date.parse(since));
      found.push(...young.flatMap((raw) => toProduction(raw, policy) ?? []));
      if (young.length < data.length || data.length < PER_PAGE) break;
    }
    return found.sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.id - b.id);
  });
}

/** One deployment; `null`: it is not to production, or the app may not read deployments, and has asked nothing. */
export function readDeployment(
  client: GitHubClient,
  repo: Repo,
  policy: Environments,
  id: number,
): Promise<Fact<Deployment | null>> {
  return read("the deployment", async () => {
    if (!(await client.permits("deployments", "read"))) return null;
    const { data } = await client.octokit.rest.repos.getDeployment({ ...repo, deployment_id: id });
    return toProduction(data, policy);
  });
}

interface RawDeployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly production_environment?: boolean;
  readonly created_at: string;
  readonly creator: RawAccount | null;
}

function toProduction(raw: RawDeployment, policy: Environments): Deployment | null {
  const environment = text(raw.environment);
  if (!isProduction({ environment, marked: raw.production_environment === true }, policy)) return null;
  return {
    id: count(raw.id),
    sha: text(raw.sha),
    ref: text(raw.ref),
    environment,
    createdAt: text(raw.created_at),
    by: toAccount(raw.creator),
  };
}

const successes = new WeakMap<GitHubClient, LRUCache<string, string>>();

/**
 * When a deployment first succeeded; `null`: it has not. GitHub marks a former deployment as `inactive` once another one succeeds, in a status of its own, so
 * the success stays in the list. It cannot change any more, so it is read once a process.
 */
export function firstSuccess(
  client: GitHubClient,
  repo: Repo,
  { id }: Pick<Deployment, "id">,
): Promise<Fact<string | null>> {
  const cache = successes.get(client) ?? new LRUCache<string, string>({ max: 2_000 });
  successes.set(client, cache);
  const key = `${repo.owner}/${repo.repo}:${id}`.toLowerCase();
  const earlier = cache.get(key);
  if (earlier !== undefined) return Promise.resolve(known(earlier));
  return read("the statuses of a deployment", async () => {
    const { data } = await client.octokit.rest.repos.listDeploymentStatuses({
      ...repo,
      deployment_id: id,
      per_page: PER_PAGE,
    });
    const [first] = list(data)
      .filter(({ state }) => state === "success")
      .map(({ created_at }) => text(created_at))
      .sort((a, b) => Date.parse(a) - Date.parse(b));
    if (first !== undefined) cache.set(key, first);
    return first ?? null;
  });
}
