import type { Policy } from "../../../policy/policy.ts";
import { list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { PER_PAGE } from "../../api/read.ts";
import { headIdentity, isRepository } from "../../api/repositories.ts";
import { branchActivity } from "../git/activity.ts";
import { loadPostMortems } from "../post-mortem/list.ts";
import type { LandedHotfix } from "./effect.ts";

/**
 * What landed on a branch at once, by a merged pull request or a push. Whether it was a hotfix,
 * `isRecordedHotfix` tells.
 */
export interface Landing extends LandedHotfix {
  /** Where the app's checks are: the pull request's head, or the branch's tip after the push. */
  readonly headSha: string;
}

/**
 * The newest commits behind `sha` that changed a path, newest first, a hundred at most. Rejects where they
 * cannot be read.
 */
export async function commitsOf(
  { octokit }: GitHubClient,
  repo: Repo,
  sha: string,
  path: string,
  most: number,
): Promise<readonly { readonly sha: string; readonly at: number }[]> {
  const { data } = await octokit.rest.repos.listCommits({ ...repo, sha, path, per_page: most });
  return list(data)
    .slice(0, most)
    .map((raw) => ({ sha: text(raw.sha), at: Date.parse(raw.commit.committer?.date ?? "") }));
}

/** By commit and path. */
const lastChanges = remembered<{ readonly sha: string; readonly at: number }>("last changes of paths");

/**
 * The newest commit behind the commit `sha` that changed a path; `undefined`: none did. What is behind a
 * commit stays as it is, so it is read once a process. Rejects where it cannot be read.
 */
export async function lastChangeOf(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  path: string,
): Promise<{ readonly sha: string; readonly at: number } | undefined> {
  const cache = lastChanges(client);
  const key = `${headIdentity(client, repo, sha)} ${path}`;
  const found = cache.get(key) ?? (await commitsOf(client, repo, sha, path, 1))[0];
  if (found !== undefined) cache.set(key, found);
  return found;
}

/** What brought a commit to a branch, once it is known. */
const landingsBy = remembered<readonly Landing[]>("landings");

/**
 * The merged pull requests that brought a commit to a branch. What is found is kept, as it stays so; that
 * there is none may only be GitHub lagging behind. Rejects where it cannot be read.
 */
export async function landingsOf(
  client: GitHubClient,
  repo: Repo,
  branch: string,
  commit: string,
): Promise<readonly Landing[]> {
  const cache = landingsBy(client);
  const key = `${headIdentity(client, repo, commit)} ${branch}`;
  const kept = cache.get(key);
  if (kept !== undefined) return kept;
  const { data } = await client.octokit.rest.repos
    .listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: commit, per_page: PER_PAGE })
    .catch(onStatus([404, 409, 422], { data: [] }));
  const found = list(data).flatMap((pull): readonly Landing[] => {
    const { number, title, merged_at: mergedAt, merge_commit_sha: mergeSha, base, head } = pull;
    if (typeof mergedAt !== "string" || typeof mergeSha !== "string" || base.ref !== branch) return [];
    if (base.repo && !isRepository(client, repo, base.repo)) return [];
    return [{ number, title: title ?? "", mergeSha, mergedAt, headSha: text(head.sha) }];
  });
  if (found.length > 0) cache.set(key, found);
  return found;
}

/**
 * The pushes directly to a branch that have a post-mortem, by the app's own issues: these only say where to
 * look, and a push is told by the repository's activity. Rejects where they cannot be read.
 */
export async function pushedLandings(
  client: GitHubClient,
  repo: Repo,
  branch: string,
  policy: Policy,
): Promise<readonly Landing[]> {
  const [owner = repo.owner, name = repo.repo] = policy.post_mortem.repository?.split("/") ?? [];
  const issues = await loadPostMortems(client, { owner, repo: name });
  const tips = new Set(issues.flatMap(({ subject }) => (subject?.kind === "push" ? [subject.key] : [])));
  if (tips.size === 0) return [];
  const activity = (await branchActivity(client, repo, branch)) ?? [];
  return activity
    .filter(({ after, type }) => tips.has(after) && (type === "push" || type === "force_push"))
    .map(({ before, after, at }) => ({
      number: null,
      title: "",
      mergeSha: after,
      mergedAt: at,
      before,
      headSha: after,
    }));
}
