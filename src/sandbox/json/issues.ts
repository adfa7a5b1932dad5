import type { CommentState, EventState, IssueState, JsonObject, RepoState, ReviewState } from "../state.ts";
import type { World } from "../world.ts";
import { appJson, labelJson, repositoryJson, userJson, userOrNull } from "./basic.ts";
import { gitCommitJson } from "./commits.ts";

export const repoUrl = (world: World, repo: RepoState): string =>
  `${world.url}/api/v3/repos/${repo.owner}/${repo.name}`;
export const repoHtml = (world: World, repo: RepoState): string => `${world.url}/${repo.owner}/${repo.name}`;

/** How an author stands to the repository. */
export function association(world: World, repo: RepoState, login: string | null): string {
  const user = world.user(login);
  if (!user) return "NONE";
  const key = user.login.toLowerCase();
  if (repo.owner.toLowerCase() === key) return "OWNER";
  if (world.isMember(repo.owner, key)) return "MEMBER";
  if (repo.permissions.has(key)) return "COLLABORATOR";
  const tip = repo.git.branches.get(repo.defaultBranch);
  const wrote = (sha: string) =>
    repo.git.commit(sha).author.email.toLowerCase() === user.email?.toLowerCase();
  return tip && user.email && [...repo.git.ancestors(tip)].some(wrote) ? "CONTRIBUTOR" : "NONE";
}

const viaApp = (world: World, by: { viaApp: boolean }): JsonObject | null =>
  by.viaApp ? appJson(world) : null;

const noReactions = (url: string): JsonObject => ({
  url: `${url}/reactions`,
  total_count: 0,
  "+1": 0,
  "-1": 0,
  laugh: 0,
  hooray: 0,
  confused: 0,
  heart: 0,
  rocket: 0,
  eyes: 0,
});

/** The labels on an issue as the API has them. */
export function labelsJson(world: World, repo: RepoState, issue: IssueState): JsonObject[] {
  const all = [...repo.labels.values()];
  return issue.labels.flatMap((id) => {
    const label = all.find((one) => one.id === id);
    return label ? [labelJson(world, repo, label)] : [];
  });
}

/** An issue, or the issue side of a pull request. */
export function issueJson(world: World, repo: RepoState, issue: IssueState): JsonObject {
  const base = repoUrl(world, repo);
  const url = `${base}/issues/${issue.number}`;
  const html = `${repoHtml(world, repo)}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
  return {
    url,
    repository_url: base,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: issue.id,
    node_id: `I_${issue.id}`,
    number: issue.number,
    title: issue.title,
    user: userOrNull(world, issue.user),
    labels: labelsJson(world, repo, issue),
    state: issue.state,
    locked: issue.locked,
    assignee: userOrNull(world, issue.assignees[0] ?? null),
    assignees: issue.assignees.flatMap((login) => userOrNull(world, login) ?? []),
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: association(world, repo, issue.user),
    active_lock_reason: null,
    body: issue.body,
    closed_by: userOrNull(world, issue.closedBy),
    reactions: noReactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: viaApp(world, issue),
    state_reason: issue.reason,
    ...(issue.pull
      ? {
          draft: issue.pull.draft,
          pull_request: {
            url: `${base}/pulls/${issue.number}`,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }
      : {}),
  };
}

/** A comment as the API has it. */
export function commentJson(
  world: World,
  repo: RepoState,
  issue: IssueState,
  comment: CommentState,
): JsonObject {
  const url = `${repoUrl(world, repo)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${repoHtml(world, repo)}/${issue.pull ? "pull" : "issues"}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${repoUrl(world, repo)}/issues/${issue.number}`,
    id: comment.id,
    node_id: `IC_${comment.id}`,
    user: userOrNull(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(world, repo, comment.user),
    body: comment.body,
    reactions: noReactions(url),
    performed_via_github_app: viaApp(world, comment),
  };
}

/** A review as the API has it. */
export function reviewJson(
  world: World,
  repo: RepoState,
  issue: IssueState,
  review: ReviewState,
): JsonObject {
  const html = `${repoHtml(world, repo)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  const pull = `${repoUrl(world, repo)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: userOrNull(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    author_association: association(world, repo, review.user),
    _links: { html: { href: html }, pull_request: { href: pull } },
    ...(review.state === "PENDING" ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  };
}

/** One entry of `/issues/{n}/events` and the common part of a timeline entry. */
export function eventJson(world: World, repo: RepoState, event: EventState): JsonObject {
  const data = { ...event.data };
  for (const key of ["assignee", "assigner", "requested_reviewer", "review_requester"] as const)
    if (typeof data[key] === "string") data[key] = userJson(world, world.user(data[key]));
  return {
    id: event.id,
    node_id: `EV_${event.id}`,
    url: `${repoUrl(world, repo)}/issues/events/${event.id}`,
    actor: userOrNull(world, event.actor),
    event: event.event,
    commit_id: null,
    commit_url: null,
    created_at: event.at,
    ...data,
    performed_via_github_app: viaApp(world, event),
  };
}

/**
 * The events that make up the timeline now: deleted comments and commits that a force push took away are not
 * in it.
 */
export function visibleEvents(repo: RepoState, issue: IssueState): EventState[] {
  const pull = issue.pull;
  const shas = new Set<string>();
  if (pull) {
    const base = repo.git.mergeBase(pull.baseSha, pull.headSha);
    for (const commit of repo.git.between(base, pull.headSha)) shas.add(commit.sha);
  }
  return issue.events.filter((event) => {
    if (event.event === "committed") return shas.has(event.of as string);
    if (event.event === "commented") return issue.comments.some(({ id }) => id === event.of);
    return true;
  });
}

/** An entry of a timeline as the API has it; each event has keys of its own. */
export function timelineJson(
  world: World,
  repo: RepoState,
  issue: IssueState,
  event: EventState,
): JsonObject {
  if (event.event === "committed") {
    const commit = gitCommitJson(world, repo, event.of as string);
    return { ...commit, event: "committed" };
  }
  if (event.event === "commented") {
    const comment = issue.comments.find(({ id }) => id === event.of) as CommentState;
    return {
      ...commentJson(world, repo, issue, comment),
      actor: userOrNull(world, comment.user),
      event: "commented",
    };
  }
  if (event.event === "reviewed") {
    const review = issue.pull?.reviews.find(({ id }) => id === event.of) as ReviewState;
    return {
      ...reviewJson(world, repo, issue, review),
      state: review.state.toLowerCase(),
      event: "reviewed",
    };
  }
  if (event.event === "cross-referenced") {
    const from = world.repoById(event.data.repo as number);
    const source = from?.issues.get(event.data.number as number);
    return {
      actor: userOrNull(world, event.actor),
      created_at: event.at,
      updated_at: event.at,
      event: "cross-referenced",
      source: {
        type: "issue",
        issue:
          from && source
            ? { ...issueJson(world, from, source), repository: repositoryJson(world, from) }
            : null,
      },
    };
  }
  return eventJson(world, repo, event);
}
