import { diff, mergeCommits } from "../git/changes.ts";
import type { IssueState, JsonObject, PullState, RepoState } from "../state.ts";
import type { World } from "../world.ts";
import { repositoryJson, teamJson, userJson, userOrNull } from "./basic.ts";
import { association, labelsJson, repoHtml, repoUrl } from "./issues.ts";

/** Commits of a pull request, oldest first. */
export function pullCommits(repo: RepoState, pull: PullState): string[] {
  return repo.git.between(pull.baseSha, pull.headSha).map(({ sha }) => sha);
}

/** Its files: from the merge base to the head, as GitHub shows them. */
export function pullFiles(repo: RepoState, pull: PullState) {
  return diff(repo.git, repo.git.mergeBase(pull.baseSha, pull.headSha), pull.headSha);
}

/** Whether the head merges cleanly into the base branch as it is now. */
async function mergeable(repo: RepoState, pull: PullState): Promise<boolean> {
  const tip = repo.git.branches.get(pull.baseRef);
  return tip !== undefined && (await mergeCommits(repo.git, tip, pull.headSha)) !== undefined;
}

/** A pull request as the list route and review payloads show it. */
export function simplePullJson(world: World, repo: RepoState, issue: IssueState): JsonObject {
  const pull = issue.pull as PullState;
  const base = repoUrl(world, repo);
  const url = `${base}/pulls/${issue.number}`;
  const html = `${repoHtml(world, repo)}/pull/${issue.number}`;
  const headRepo = world.repoById(pull.headRepo);
  const href = (to: string) => ({ href: to });
  return {
    url,
    id: issue.id,
    node_id: `PR_${issue.id}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: `${base}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: userOrNull(world, issue.user),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeSha,
    assignee: userOrNull(world, issue.assignees[0] ?? null),
    assignees: issue.assignees.flatMap((login) => userOrNull(world, login) ?? []),
    requested_reviewers: pull.reviewers.flatMap((login) => userOrNull(world, login) ?? []),
    requested_teams: pull.teamReviewers.flatMap((slug) => {
      const team = world.teams.find((one) => one.slug === slug && one.org === repo.owner.toLowerCase());
      return team ? [teamJson(world, team)] : [];
    }),
    labels: labelsJson(world, repo, issue),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${base}/pulls/comments{/number}`,
    comments_url: `${base}/issues/${issue.number}/comments`,
    statuses_url: `${base}/statuses/${pull.headSha}`,
    head: {
      label: `${pull.headOwner}:${pull.headRef}`,
      ref: pull.headRef,
      sha: pull.headSha,
      user: userOrNull(world, pull.headOwner),
      repo: headRepo ? repositoryJson(world, headRepo) : null,
    },
    base: {
      label: `${repo.owner}:${pull.baseRef}`,
      ref: pull.baseRef,
      sha: pull.baseSha,
      user: userJson(world, world.user(repo.owner)),
      repo: repositoryJson(world, repo),
    },
    _links: {
      self: href(url),
      html: href(html),
      issue: href(`${base}/issues/${issue.number}`),
      comments: href(`${base}/issues/${issue.number}/comments`),
      review_comments: href(`${url}/comments`),
      review_comment: href(`${base}/pulls/comments{/number}`),
      commits: href(`${url}/commits`),
      statuses: href(`${base}/statuses/${pull.headSha}`),
    },
    author_association: association(world, repo, issue.user),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** `GET /pulls/{n}`, also in `pull_request` payloads. */
export async function pullJson(world: World, repo: RepoState, issue: IssueState): Promise<JsonObject> {
  const pull = issue.pull as PullState;
  const [files, clean] = await Promise.all([
    pullFiles(repo, pull),
    issue.state === "open" ? mergeable(repo, pull) : null,
  ]);
  return {
    ...simplePullJson(world, repo, issue),
    merged: pull.mergedAt !== null,
    mergeable: clean,
    rebaseable: clean,
    mergeable_state: clean === null ? "unknown" : !clean ? "dirty" : pull.draft ? "draft" : "clean",
    merged_by: userOrNull(world, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: pull.headRepo !== repo.id && pull.headRepo !== null,
    commits: pullCommits(repo, pull).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}
