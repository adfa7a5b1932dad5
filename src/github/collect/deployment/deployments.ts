import { isProduction } from "../../../policy/deployment/environments.ts";
import { type Fact, known } from "../../../policy/fact.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { Account } from "../../../policy/snapshot/account.ts";
import { type RawAccount, toAccount } from "../../api/account.ts";
import { count, list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { allPages, PER_PAGE, read } from "../../api/read.ts";
import { identityOf } from "../../api/repositories.ts";

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

/**
 * Deployments since some time are followed up to so many: a repository that deploys more is not followed so
 * far back.
 */
const MAX_PAGES = 10;

/**
 * Deployments to production since then (`isProduction`; whatever became of them: see `firstSuccess`), oldest
 * first. `null`: the app may not read deployments, and has asked nothing; or there are more than GitHub lists
 * on ten pages, of whatever environment. One request where nothing is new.
 */
export function readDeployments(
  client: GitHubClient,
  repo: Repo,
  policy: Environments,
  { since }: { readonly since: string },
): Promise<Fact<readonly Deployment[] | null>> {
  return read("the deployments", async () => {
    if (!(await client.permits("deployments", "read"))) return null;
    const all = await listSince(client, repo, Date.parse(since));
    return all === null ? null : all.filter((one) => isProduction(one, policy)).map(toDeployment);
  });
}

interface Listed extends Deployment {
  /** GitHub calls it a deployment to production. */
  readonly marked: boolean;
}

/** Newest first, as GitHub lists them. */
interface Listing {
  readonly all: readonly Listed[];
  /** Back to the repository's first. */
  readonly whole: boolean;
}

const listings = remembered<Listing>("listed deployments", ({ all }) => all.length + 1);

/** Oldest first; `null`: too many. What was listed before, but for the newest page, is not listed again. */
async function listSince(client: GitHubClient, repo: Repo, since: number): Promise<readonly Listed[] | null> {
  const cache = listings(client);
  const key = identityOf(client, repo);
  const before = cache.get(key) ?? { all: [], whole: false };
  const earlier = new Set(before.all.map(({ id }) => id));
  const found = new Map<number, Listed>();
  const add = (more: readonly Listed[]) => {
    for (const one of more) found.set(one.id, one);
  };
  let whole = false;
  const reaches = () => whole || [...found.values()].some(({ createdAt }) => Date.parse(createdAt) < since);
  const most = MAX_PAGES * PER_PAGE;
  for (let page = 1; page <= MAX_PAGES && found.size < most && !reaches(); page++) {
    const { data } = await client.octokit.rest.repos.listDeployments({ ...repo, per_page: PER_PAGE, page });
    const listed = list(data).map(toListed);
    add(listed);
    whole ||= listed.length < PER_PAGE;
    if (whole || !listed.some(({ id }) => earlier.has(id))) continue;
    // From here on it is as before. What has been read is newer: a status can give a deployment another
    // environment.
    add(before.all.filter(({ id }) => !found.has(id)));
    whole = before.whole;
  }
  const enough = reaches();
  const all = [...found.values()].sort(
    (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || b.id - a.id,
  );
  cache.set(key, { all: all.slice(0, most), whole: whole && all.length <= most });
  return enough ? all.filter(({ createdAt }) => Date.parse(createdAt) >= since).reverse() : null;
}

/**
 * One deployment; `null`: it is not to production, or the app may not read deployments, and has asked
 * nothing.
 */
export function readDeployment(
  client: GitHubClient,
  repo: Repo,
  policy: Environments,
  id: number,
): Promise<Fact<Deployment | null>> {
  return read("the deployment", async () => {
    if (!(await client.permits("deployments", "read"))) return null;
    const { data } = await client.octokit.rest.repos.getDeployment({ ...repo, deployment_id: id });
    const listed = toListed(data);
    return isProduction(listed, policy) ? toDeployment(listed) : null;
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

function toListed(raw: RawDeployment): Listed {
  return {
    id: count(raw.id),
    sha: text(raw.sha),
    ref: text(raw.ref),
    environment: text(raw.environment),
    createdAt: text(raw.created_at),
    by: toAccount(raw.creator),
    marked: raw.production_environment === true,
  };
}

function toDeployment({ marked: _, ...deployment }: Listed): Deployment {
  return deployment;
}

const successes = remembered<string>("successes of deployments");

/**
 * When a deployment first succeeded; `null`: it has not, or it was deleted. GitHub marks a former deployment
 * as `inactive` once another one succeeds, in a status of its own, so the success stays in the list. It
 * cannot change any more, so it is read once a process.
 */
export function firstSuccess(
  client: GitHubClient,
  repo: Repo,
  { id }: Pick<Deployment, "id">,
): Promise<Fact<string | null>> {
  const cache = successes(client);
  const key = `${identityOf(client, repo)}:${id}`;
  const earlier = cache.get(key);
  if (earlier !== undefined) return Promise.resolve(known(earlier));
  return read("the statuses of a deployment", async () => {
    // Newest first, so that the success is on the last page where there are many.
    const statuses = await allPages(async (page) => {
      const answer = await client.octokit.rest.repos
        .listDeploymentStatuses({ ...repo, deployment_id: id, per_page: PER_PAGE, page })
        // Deleted.
        .catch(onStatus([404], null));
      return { data: list(answer?.data ?? []), headers: answer?.headers ?? {} };
    });
    const [first] = statuses
      .filter(({ state }) => state === "success")
      .map(({ created_at }) => text(created_at))
      .sort((a, b) => Date.parse(a) - Date.parse(b));
    if (first !== undefined) cache.set(key, first);
    return first ?? null;
  });
}
