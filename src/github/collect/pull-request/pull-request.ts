import type { RestEndpointMethodTypes } from "@octokit/rest";
import type { Fact } from "../../../policy/fact.ts";
import type { MergeSettings, PullRequestFacts, RepositoryFacts } from "../../../policy/snapshot.ts";
import { toAccount } from "../../api/account.ts";
import { count, list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import { toMergeSettings } from "../merge-settings.ts";

type RawPull = RestEndpointMethodTypes["pulls"]["get"]["response"]["data"];

/** A pull request as GitHub shows it by itself. */
export interface PullRequestReading {
  readonly number: number;
  readonly pullRequest: PullRequestFacts;
  readonly repository: RepositoryFacts;
  readonly mergeSettings: MergeSettings;
  /** Can it be merged without a conflict, and rebased? `null`: GitHub is still finding out. */
  readonly mergeable: boolean | null;
  readonly rebaseable: boolean | null;
}

/** The pull request; `null`: there is none of that number. */
export function readPullRequest(
  { octokit }: GitHubClient,
  repo: Repo,
  number: number,
): Promise<Fact<PullRequestReading | null>> {
  return read("the pull request", async () => {
    const answer = await octokit.rest.pulls
      .get({ ...repo, pull_number: number })
      .catch(onStatus([404, 410], null));
    return answer === null ? null : toReading(answer.data);
  });
}

/** Throws where the answer lacks what no pull request lacks. */
export function toReading(raw: RawPull): PullRequestReading {
  const repository = raw.base.repo;
  return {
    number: count(raw.number),
    pullRequest: toPullRequest(raw),
    repository: {
      owner: text(repository.owner.login),
      name: text(repository.name),
      defaultBranch: text(repository.default_branch),
      url: repository.html_url ?? "",
    },
    mergeSettings: toMergeSettings(raw.base.repo),
    mergeable: raw.mergeable ?? null,
    rebaseable: raw.rebaseable ?? null,
  };
}

function toPullRequest(raw: RawPull): PullRequestFacts {
  // Null once a fork is deleted, whatever the types say.
  const headRepository = (raw.head.repo as RawPull["head"]["repo"] | null)?.full_name ?? null;
  const merged = raw.merged === true || typeof raw.merged_at === "string";
  return {
    title: raw.title ?? "",
    body: raw.body ?? "",
    author: toAccount(raw.user),
    state: raw.state === "closed" || merged ? "closed" : "open",
    draft: raw.draft ?? false,
    createdAt: text(raw.created_at),
    updatedAt: text(raw.updated_at),
    merged: merged
      ? { at: text(raw.merged_at), by: toAccount(raw.merged_by), sha: raw.merge_commit_sha ?? null }
      : null,
    base: { ref: text(raw.base.ref), sha: text(raw.base.sha) },
    head: { ref: text(raw.head.ref), sha: text(raw.head.sha), repository: headRepository },
    fork: headRepository?.toLowerCase() !== text(raw.base.repo.full_name).toLowerCase(),
    labels: list(raw.labels).map(({ name }) => text(name)),
    assignees: (raw.assignees ?? []).map(({ login }) => login),
    reviewers: [
      ...(raw.requested_reviewers ?? []).map(({ login }) => login),
      ...(raw.requested_teams ?? []).map(({ slug }) => `${raw.base.repo.owner.login}/${slug}`),
    ],
    url: raw.html_url ?? "",
    commitCount: count(raw.commits),
    changedFiles: count(raw.changed_files),
  };
}
