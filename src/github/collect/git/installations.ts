import type { ProbotOctokit } from "probot";
import { isYoung } from "../../../policy/landing/ci.ts";
import { mayHaveItemDue } from "../../../policy/post-mortem/item-reminders.ts";
import { metricsIn } from "../../../policy/post-mortem/metrics-block.ts";
import { isApp, toAccount } from "../../api/account.ts";
import { onStatus } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { allPages, PER_PAGE } from "../../api/read.ts";
import { type ListedPullRequest, rowsOfPulls, toListed } from "./listing.ts";

/** A repository by its name, as Octokit's routes take it. */
export type Repository = { readonly owner: string; readonly repo: string };

/** All that a listing needs of an installation's client. */
export type Client = Pick<GitHubClient, "octokit">;

/**
 * Pull requests that were merged since then, or are closed and have changed, newest change first. Reads only
 * as many pages as that takes.
 */
export async function listClosedSince(
  { octokit }: Client,
  repository: Repository,
  since: Date,
): Promise<readonly ListedPullRequest[]> {
  const closed: ListedPullRequest[] = [];
  for (let page = 1; ; page++) {
    const { data, headers } = await octokit.rest.pulls.list({
      ...repository,
      state: "closed",
      sort: "updated",
      direction: "desc",
      per_page: PER_PAGE,
      page,
      request: { keep: rowsOfPulls },
    });
    const pulls = data.map(toListed);
    closed.push(
      ...pulls.filter(({ mergedAt, updatedAt }) => Date.parse(mergedAt ?? updatedAt) >= since.getTime()),
    );
    const last = pulls.at(-1);
    if (last === undefined || Date.parse(last.updatedAt) < since.getTime()) return closed;
    if (!headers.link?.includes('rel="next"')) return closed;
  }
}

/** 100,000 repositories; an installation of more is not looked at as a whole. */
const MOST_PAGES = 1_000;

/** The repositories of an installation that can change: archived and disabled ones are left out. */
export async function listRepositories({ octokit }: Client): Promise<readonly ListedRepository[]> {
  const repositories = await allPages(async (page) => {
    const { data, headers } = await octokit.rest.apps.listReposAccessibleToInstallation({
      per_page: PER_PAGE,
      page,
      request: { keep: rowsOfRepositories },
    });
    return { data: data.repositories, headers };
  }, MOST_PAGES);
  return repositories
    .filter(({ archived, disabled }) => !archived && !disabled)
    .map(({ id, name, owner, default_branch, pushed_at, open_issues_count }) => ({
      id: typeof id === "number" ? id : null,
      owner: owner.login,
      repo: name,
      defaultBranch: default_branch ?? null,
      pushedAt: pushed_at ?? null,
      hasOpen: open_issues_count !== 0,
    }));
}

interface RawRepository {
  readonly id: number;
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly default_branch: string;
  readonly pushed_at: string | null;
  readonly open_issues_count: number;
  readonly archived: boolean;
  readonly disabled: boolean;
}

/** What `listRepositories` reads of a page. */
function rowsOfRepositories({ repositories, ...page }: { readonly repositories: readonly RawRepository[] }) {
  return {
    ...page,
    repositories: repositories.map(
      ({ id, name, owner, default_branch, pushed_at, open_issues_count, archived, disabled }) => ({
        id,
        name,
        owner: { login: owner.login },
        default_branch,
        pushed_at,
        open_issues_count,
        archived,
        disabled,
      }),
    ),
  };
}

/** A repository as an installation's listing shows it. */
export interface ListedRepository extends Repository {
  /** GitHub's; `null`: the server did not say. */
  readonly id: number | null;
  readonly defaultBranch: string | null;
  /** The last push to any branch. */
  readonly pushedAt: string | null;
  /** Is any issue or pull request open? True where the server does not say. */
  readonly hasOpen: boolean;
}

/** The app's installation on an account. */
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

/** Closed issues that nothing happened to for longer are history. */
const CLOSED_MS = 180 * 24 * 3_600_000;
/** … and those that were closed unfinished sooner. */
const UNFINISHED_MS = 30 * 24 * 3_600_000;

/**
 * The app's own issues that are open, or closed and still under way: post-mortems, as their markers will
 * tell.
 */
export async function listOwnIssues(
  { octokit, app, serverTime }: GitHubClient,
  repository: Repository,
): Promise<readonly number[]> {
  try {
    const issues = await octokit.paginate("GET /repos/{owner}/{repo}/issues", {
      ...repository,
      creator: `${app.slug}[bot]`,
      state: "open",
      per_page: PER_PAGE,
    });
    const closed = await octokit.paginate("GET /repos/{owner}/{repo}/issues", {
      ...repository,
      creator: `${app.slug}[bot]`,
      state: "closed",
      // A whole day, so that GitHub can answer that nothing has changed.
      since: `${new Date(serverTime().getTime() - CLOSED_MS).toISOString().slice(0, 10)}T00:00:00Z`,
      per_page: PER_PAGE,
    });
    return [...issues, ...closed.filter((one) => isUnderWay(one, serverTime()))]
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

/** A closed issue as lists and searches show it. */
interface ClosedIssue {
  readonly body?: string | null;
  readonly updated_at?: string | null;
}

/**
 * Is a closed post-mortem still to be looked at? It was closed without the app's word on it (while the app
 * was down, or once too often) in the last month, one of its action items may be due, or its hotfix has only
 * just landed.
 */
export function isUnderWay({ body, updated_at: at }: ClosedIssue, now: Date): boolean {
  const metrics = metricsIn(body ?? "")?.values ?? null;
  if (metrics === null) return false;
  const recent = !(Date.parse(at ?? "") < now.getTime() - UNFINISHED_MS);
  const { closed_at: end, merged_at: merged } = metrics;
  if (typeof merged === "string" && isYoung(merged, now.getTime())) return true;
  return (recent && typeof end !== "string") || mayHaveItemDue(body ?? "", now);
}
