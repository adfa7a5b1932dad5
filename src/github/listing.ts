import { type Fact, known } from "../policy/fact.ts";
import type { GitHubClient } from "./client.ts";
import { type Repo, text } from "./collect/answer.ts";
import { PER_PAGE, read, readPages } from "./read.ts";

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
  /** `null`: not merged. */
  readonly mergedAt: string | null;
}

/** All open pull requests. */
export function listOpenPullRequests(
  client: GitHubClient,
  repo: Repo,
): Promise<Fact<readonly ListedPullRequest[]>> {
  return readPages("the open pull requests", async (page) => {
    const { data, headers } = await client.octokit.rest.pulls.list({
      ...repo,
      state: "open",
      per_page: PER_PAGE,
      page,
    });
    return { data: data.map(toListed), headers };
  });
}

/** The open pull requests that have exactly this head, and the branches whose tip it is. */
export async function listPullRequestsOfHead(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): Promise<Fact<{ readonly pullRequests: readonly number[]; readonly branches: readonly string[] }>> {
  const [pulls, branches] = await Promise.all([
    listOpenPullRequests(client, repo),
    read("the branches of the commit", async () => {
      const { data } = await client.octokit.rest.repos.listBranchesForHeadCommit({
        ...repo,
        commit_sha: sha,
      });
      return data.map(({ name }) => name);
    }),
  ]);
  if (!pulls.known) return pulls;
  if (!branches.known) return branches;
  const pullRequests = pulls.value.filter(({ headSha }) => headSha === sha).map(({ number }) => number);
  return known({ pullRequests, branches: branches.value });
}

interface RawPullRequest {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly { readonly name?: string }[];
  readonly merged_at: string | null;
  readonly base: { readonly ref: string };
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    readonly repo: { readonly full_name: string } | null;
  };
}

function toListed(raw: RawPullRequest): ListedPullRequest {
  return {
    number: raw.number,
    title: raw.title ?? "",
    labels: (raw.labels ?? []).flatMap(({ name }) => (name === undefined ? [] : [name])),
    baseRef: raw.base.ref,
    headRef: raw.head.ref,
    headSha: raw.head.sha,
    headRepository: raw.head.repo?.full_name ?? null,
    mergedAt: raw.merged_at ?? null,
  };
}

/** The tip of a branch and what its check has to link to; `null`: there is no such branch. */
export async function readBranch(
  { octokit }: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<
  Fact<{ readonly sha: string; readonly defaultBranch: string; readonly repositoryUrl: string } | null>
> {
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
