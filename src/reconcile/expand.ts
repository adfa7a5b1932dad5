import type { ProbotOctokit } from "probot";
import { isApp, toAccount } from "../github/api/account.ts";
import { onStatus } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { PER_PAGE } from "../github/api/read.ts";
import { type ListedPullRequest, toListed } from "../github/collect/git/listing.ts";
import type { ReconcileKey } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";

type Repository = { readonly owner: string; readonly repo: string };
type Client = Pick<GitHubClient, "octokit">;

/** Merges and pushes that are looked at again: one that was missed gets its post-mortem late rather than never. */
const RECENT_MS = 24 * 3_600_000;
/** At the first look of a process, which may have been down for days, merges are looked at for so long. */
const DOWN_MS = 7 * 24 * 3_600_000;

/** All open pull requests. Rejects where a page cannot be read: a part is never taken for the whole. */
export async function listOpenPullRequests(
  { octokit }: Client,
  repository: Repository,
): Promise<readonly ListedPullRequest[]> {
  const pulls = await octokit.paginate("GET /repos/{owner}/{repo}/pulls", {
    ...repository,
    state: "open",
    per_page: PER_PAGE,
  });
  return pulls.map(toListed);
}

/** Pull requests merged since then, newest change first. Reads only as many pages as that takes. */
export async function listMergedSince(
  { octokit }: Client,
  repository: Repository,
  since: Date,
): Promise<readonly ListedPullRequest[]> {
  const merged: ListedPullRequest[] = [];
  const pages = octokit.paginate.iterator("GET /repos/{owner}/{repo}/pulls", {
    ...repository,
    state: "closed",
    sort: "updated",
    direction: "desc",
    per_page: PER_PAGE,
  });
  for await (const { data } of pages) {
    const pulls = data.map(toListed);
    merged.push(
      ...pulls.filter(({ mergedAt }) => mergedAt !== null && Date.parse(mergedAt) >= since.getTime()),
    );
    const last = pulls.at(-1);
    if (last === undefined || Date.parse(last.updatedAt) < since.getTime()) break;
  }
  return merged;
}

/** The repositories of an installation that can change: archived and disabled ones are left out. */
export async function listRepositories({ octokit }: Client): Promise<readonly ListedRepository[]> {
  const repositories = await octokit.paginate("GET /installation/repositories", { per_page: PER_PAGE });
  return repositories
    .filter(({ archived, disabled }) => !archived && !disabled)
    .map(({ name, owner, default_branch, pushed_at }) => ({
      owner: owner.login,
      repo: name,
      defaultBranch: default_branch ?? null,
      pushedAt: pushed_at ?? null,
    }));
}

interface ListedRepository extends Repository {
  readonly defaultBranch: string | null;
  /** The last push to any branch. */
  readonly pushedAt: string | null;
}

export interface Installation {
  readonly id: number;
  /** Login of the owner; `null` where there is none to search by (enterprises). */
  readonly account: string | null;
}

/** All installations that are not suspended. */
export async function listInstallations(asApp: ProbotOctokit): Promise<readonly Installation[]> {
  const installations = await asApp.paginate("GET /app/installations", { per_page: PER_PAGE });
  return installations
    .filter(({ suspended_at }) => !suspended_at)
    .map(({ id, account }) => ({
      id,
      account: account && "login" in account && isLogin(account.login) ? account.login : null,
    }));
}

/** What is put into a search must not widen it. */
function isLogin(login: unknown): login is string {
  return typeof login === "string" && /^[\w-]+$/.test(login);
}

/**
 * What an installation's key stands for, in the background: its repositories, and the default branches of those that were pushed to
 * in the last 24 hours, since a hotfix may have been pushed straight there and the event lost.
 */
export async function expandInstallation(client: GitHubClient): Promise<readonly Job[]> {
  const repositories = await listRepositories(client);
  const since = client.serverTime().getTime() - RECENT_MS;
  const { installationId } = client;
  return repositories.flatMap(({ owner, repo, defaultBranch, pushedAt }): readonly Job[] => {
    const job = (key: ReconcileKey): Job => ({ key, hint: {}, background: true });
    const repository = job({ owner, repo, kind: "repository", installationId, all: false });
    return defaultBranch !== null && pushedAt !== null && Date.parse(pushedAt) >= since
      ? [repository, job({ owner, repo, kind: "branch", installationId, ref: defaultBranch })]
      : [repository];
  });
}

/** The app's own open issues: post-mortems, as their markers will tell. */
async function listOwnIssues(
  { octokit, app }: GitHubClient,
  repository: Repository,
): Promise<readonly number[]> {
  try {
    const issues = await octokit.paginate("GET /repos/{owner}/{repo}/issues", {
      ...repository,
      creator: `${app.slug}[bot]`,
      state: "open",
      per_page: PER_PAGE,
    });
    return issues
      .filter(
        ({ user, performed_via_github_app: via, pull_request }) =>
          pull_request === undefined && isApp(toAccount(user), via, app),
      )
      .map(({ number }) => number);
  } catch (error) {
    // Switched off in this repository, or not for the app.
    return onStatus([403, 404, 410], [])(error);
  }
}

/**
 * What a repository's key stands for: its open hotfixes (with `all`, all open pull requests), the hotfixes merged in the last 24 hours (a week at the first look), and the
 * open post-mortems. Hotfixes come first, unless all of it is `background`; the rest is left to the background.
 */
export async function expandRepository(
  client: GitHubClient,
  key: Extract<ReconcileKey, { kind: "repository" }>,
  isHotfix: (pullRequest: ListedPullRequest) => boolean,
  background = false,
): Promise<readonly Job[]> {
  const since = new Date(client.serverTime().getTime() - (isFirstLook(client, key) ? DOWN_MS : RECENT_MS));
  const { installationId, owner, repo } = key;
  const [open, merged, issues] = await Promise.all([
    listOpenPullRequests(client, { owner, repo }),
    listMergedSince(client, { owner, repo }, since),
    listOwnIssues(client, { owner, repo }),
  ]);
  const job = (kind: "pull-request" | "post-mortem", number: number, later: boolean): Job => ({
    key: { kind, installationId, owner, repo, number },
    hint: {},
    ...(later || background ? { background: true } : {}),
  });
  return [
    ...[...open, ...merged].filter(isHotfix).map(({ number }) => job("pull-request", number, false)),
    ...issues.map((number) => job("post-mortem", number, true)),
    ...(key.all
      ? open.filter((one) => !isHotfix(one)).map(({ number }) => job("pull-request", number, true))
      : []),
  ];
}

const looked = new WeakMap<GitHubClient, Set<string>>();

function isFirstLook(client: GitHubClient, { owner, repo }: Repository): boolean {
  const repositories = looked.get(client) ?? new Set();
  looked.set(client, repositories);
  const id = `${owner}/${repo}`.toLowerCase();
  const first = !repositories.has(id);
  repositories.add(id);
  return first;
}
