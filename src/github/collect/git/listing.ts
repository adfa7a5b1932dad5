import { type Fact, known } from "../../../policy/fact.ts";
import { type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read, readPages } from "../../api/read.ts";

/** A pull request as a listing shows it: enough to tell whether it is worth a closer look. */
export interface ListedPullRequest {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly string[];
  readonly baseRef: string;
  readonly headRef: string;
  readonly headSha: string;
  /** `owner/name`; `null`: the head repository was deleted. */
  readonly headRepository: string | null;
  /** The head is a branch of the repository that the pull request goes to. */
  readonly isFromHere: boolean;
  /** Login; `null`: the account is gone. */
  readonly author: string | null;
  readonly url: string;
  readonly updatedAt: string;
  /** `null`: not merged. */
  readonly mergedAt: string | null;
}

/** More pages of open pull requests than these are not read: 10,000. */
const MOST_OPEN_PAGES = 100;

/** All open pull requests of a repository: all of them or unknown, a part is never taken for the whole. */
export function listOpenPullRequests(
  client: Pick<GitHubClient, "octokit">,
  repo: Repo,
): Promise<Fact<readonly ListedPullRequest[]>> {
  return readPages(
    "the open pull requests",
    async (page) => {
      const { data, headers } = await client.octokit.rest.pulls.list({
        ...repo,
        state: "open",
        per_page: PER_PAGE,
        page,
        request: { keep: rowsOfPulls },
      });
      return { data: data.map(toListed), headers };
    },
    { maxPages: MOST_OPEN_PAGES },
  );
}

/** The newest pull requests from a branch of this repository, whatever became of them. */
export function listPullRequestsFrom(
  client: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<Fact<readonly ListedPullRequest[]>> {
  return read(`the pull requests from ${branch}`, async () => {
    const { data } = await client.octokit.rest.pulls.list({
      ...repo,
      head: `${repo.owner}:${branch}`,
      state: "all",
      per_page: PER_PAGE,
    });
    // A server that knows no such branch gives all of them.
    return data.map(toListed).filter((pull) => pull.headRef === branch && pull.isFromHere);
  });
}

/** What `GET /repos/{owner}/{repo}/pulls` gives, as far as a listing shows it. */
interface RawPullRequest {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly { readonly name?: string }[];
  readonly updated_at: string;
  readonly merged_at: string | null;
  readonly html_url?: string;
  readonly user: { readonly login: string } | null;
  readonly base: { readonly ref: string; readonly repo?: { readonly full_name: string } | null };
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    readonly repo: { readonly full_name: string } | null;
  };
}

/** What `toListed` reads of the rows of a list. */
export function rowsOfPulls(rows: readonly RawPullRequest[]): readonly RawPullRequest[] {
  return rows.map(({ number, title, labels, updated_at, merged_at, html_url, user, base, head }) => ({
    number,
    title,
    labels: (labels ?? []).map(({ name }) => (name === undefined ? {} : { name })),
    updated_at,
    merged_at,
    ...(html_url === undefined ? {} : { html_url }),
    user: user && { login: user.login },
    base: { ref: base.ref, repo: base.repo ? { full_name: base.repo.full_name } : null },
    head: { ref: head.ref, sha: head.sha, repo: head.repo ? { full_name: head.repo.full_name } : null },
  }));
}

/** A row of a list of pull requests. */
export function toListed(raw: RawPullRequest): ListedPullRequest {
  return {
    number: raw.number,
    title: raw.title ?? "",
    labels: (raw.labels ?? []).flatMap(({ name }) => (name === undefined ? [] : [name])),
    baseRef: raw.base.ref,
    headRef: raw.head.ref,
    headSha: raw.head.sha,
    headRepository: raw.head.repo?.full_name ?? null,
    // Both are named as they are now, whatever name was asked for.
    isFromHere: raw.head.repo != null && raw.head.repo.full_name === raw.base.repo?.full_name,
    author: raw.user?.login ?? null,
    url: raw.html_url ?? "",
    updatedAt: raw.updated_at,
    mergedAt: raw.merged_at ?? null,
  };
}

/** The tip of a branch and what its check has to link to; `null`: there is no such branch. */
export type ReadBranch = {
  readonly sha: string;
  readonly defaultBranch: string;
  readonly repositoryUrl: string;
} | null;

/** Reads a branch's tip, and the repository's default branch and address. */
export async function readBranch(
  { octokit }: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<Fact<ReadBranch>> {
  const [tip, about] = await Promise.all([
    read(
      `the branch ${branch}`,
      async () => text((await octokit.rest.repos.getBranch({ ...repo, branch })).data.commit.sha),
      { notFound: () => null },
    ),
    read("the repository", async () => (await octokit.rest.repos.get({ ...repo })).data),
  ]);
  if (!tip.known) return tip;
  if (tip.value === null) return known(null);
  if (!about.known) return about;
  const { default_branch, html_url } = about.value;
  return known({ sha: tip.value, defaultBranch: text(default_branch), repositoryUrl: text(html_url) });
}
