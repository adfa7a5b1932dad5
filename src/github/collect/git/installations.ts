import type { ProbotOctokit } from "probot";
import { isApp, toAccount } from "../../api/account.ts";
import { onStatus } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE } from "../../api/read.ts";
import { type ListedPullRequest, toListed } from "./listing.ts";

export type Repository = { readonly owner: string; readonly repo: string };

export type Client = Pick<GitHubClient, "octokit">;

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
    .map(({ id, name, owner, default_branch, pushed_at }) => ({
      id: typeof id === "number" ? id : null,
      owner: owner.login,
      repo: name,
      defaultBranch: default_branch ?? null,
      pushedAt: pushed_at ?? null,
    }));
}

/** A repository as an installation's listing shows it. */
export interface ListedRepository extends Repository {
  /** GitHub's; `null`: the server did not say. */
  readonly id: number | null;
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

/** The app's own open issues: post-mortems, as their markers will tell. */
export async function listOwnIssues(
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
