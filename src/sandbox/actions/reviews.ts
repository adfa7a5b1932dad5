import { emit } from "../emit.ts";
import { notFound, refuse } from "../errors.ts";
import { teamJson, userJson } from "../json/basic.ts";
import { reviewJson } from "../json/issues.ts";
import { simplePullJson } from "../json/pulls.ts";
import type { Actor, IssueState, PullState, RepoState, ReviewState, TeamState } from "../state.ts";
import { atLeast, type World } from "../world.ts";
import { announce, maxBody } from "./issues.ts";

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

/** What `POST …/pulls/{n}/reviews` does. */
export async function review(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  spec: { event?: unknown; body?: unknown; commit_id?: unknown },
): Promise<ReviewState> {
  const pull = issue.pull as PullState;
  const event = spec.event as keyof typeof states | undefined;
  if (event !== undefined && !(event in states))
    throw refuse(422, `Variable $event of type PullRequestReviewEvent was provided invalid value`);
  const body = typeof spec.body === "string" ? spec.body : "";
  if ((event === "COMMENT" || event === "REQUEST_CHANGES") && body === "")
    throw refuse(422, "Unprocessable Entity", ["Review cannot be blank"]);
  if (body.length > maxBody)
    throw refuse(422, "Unprocessable Entity", ["Body is too long (maximum is 65536 characters)"]);
  if (issue.user !== null && actor.user?.login === issue.user) {
    if (event === "APPROVE")
      throw refuse(422, "Unprocessable Entity", ["Can not approve your own pull request"]);
    if (event === "REQUEST_CHANGES")
      throw refuse(422, "Unprocessable Entity", ["Can not request changes on your own pull request"]);
  }
  const commitId = typeof spec.commit_id === "string" ? spec.commit_id : pull.headSha;
  if (
    commitId !== pull.headSha &&
    !issue.events.some((one) => one.event === "committed" && one.of === commitId)
  )
    throw refuse(422, "Unprocessable Entity", ["The commit_id is not part of the pull request"]);
  const made: ReviewState = {
    id: world.id(),
    user: actor.user?.login ?? null,
    viaApp: actor.viaApp,
    state: event ? states[event] : "PENDING",
    body,
    commitId,
    submittedAt: world.now(),
  };
  pull.reviews = [...pull.reviews, made];
  if (event) submitted(world, repo, issue, actor, made);
  return made;
}

function submitted(world: World, repo: RepoState, issue: IssueState, actor: Actor, made: ReviewState): void {
  const pull = issue.pull as PullState;
  pull.reviewers = pull.reviewers.filter((login) => login !== made.user);
  const by = made.user?.toLowerCase();
  const isOfReviewer = ({ org, members }: TeamState) =>
    org === repo.owner.toLowerCase() && [...members.keys()].some((member) => member.toLowerCase() === by);
  const answered = world.teams.filter(isOfReviewer).map(({ slug }) => slug);
  pull.teamReviewers = pull.teamReviewers.filter((slug) => !answered.includes(slug));
  world.addEvent(issue, "reviewed", actor, {}, made.id);
  reviewHook(world, repo, issue, made, "submitted", actor);
}

/** Sends `pull_request_review`. */
export function reviewHook(
  world: World,
  repo: RepoState,
  issue: IssueState,
  review: ReviewState,
  action: string,
  actor: Actor,
  extra = {},
): void {
  const json = reviewJson(world, repo, issue, review);
  const state = review.state.toLowerCase();
  const body = {
    action,
    review: { ...json, state },
    pull_request: simplePullJson(world, repo, issue),
    ...extra,
  };
  emit(world, repo, "pull_request_review", body, actor.user);
}

/** What `PUT …/reviews/{id}/dismissals` does. */
export function dismiss(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  id: number,
  message: unknown,
): ReviewState {
  const found = issue.pull?.reviews.find((one) => one.id === id);
  if (!found) throw notFound();
  if (typeof message !== "string" || message === "")
    throw refuse(422, "Unprocessable Entity", ["Message can't be blank"]);
  if (found.state !== "APPROVED" && found.state !== "CHANGES_REQUESTED")
    throw refuse(422, "Unprocessable Entity", [
      `Can not dismiss a ${found.state.toLowerCase()} pull request review`,
    ]);
  const was = found.state.toLowerCase();
  found.state = "DISMISSED";
  world.addEvent(issue, "review_dismissed", actor, {
    dismissed_review: {
      state: was,
      review_id: id,
      dismissal_message: message,
      dismissal_commit_id: issue.pull?.headSha ?? null,
    },
  });
  reviewHook(world, repo, issue, found, "dismissed", actor);
  return found;
}

/** What `POST …/pulls/{n}/requested_reviewers` does. */
export async function requestReviewers(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  logins: string[],
  teams: string[],
): Promise<void> {
  const pull = issue.pull as PullState;
  for (const login of logins) {
    if (login.toLowerCase() === issue.user?.toLowerCase())
      throw refuse(422, "Review cannot be requested from pull request author.");
    const user = world.user(login);
    const known =
      user?.type === "User" &&
      (repo.permissions.has(login.toLowerCase()) || world.isMember(repo.owner, login));
    if (!user || !(known || (user.type === "User" && atLeast(world.role(repo, user), "write"))))
      throw refuse(
        422,
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the " +
          `${repo.owner}/${repo.name} repository.`,
      );
    if (pull.reviewers.includes(user.login)) continue;
    pull.reviewers = [...pull.reviewers, user.login];
    world.addEvent(issue, "review_requested", actor, {
      requested_reviewer: user.login,
      review_requester: actor.user?.login ?? "ghost",
    });
    await announce(world, repo, issue, "review_requested", actor, {
      requested_reviewer: userJson(world, user),
    });
  }
  for (const slug of teams) {
    const team = world.teams.find((one) => one.slug === slug && one.org === repo.owner.toLowerCase());
    if (!team) throw refuse(422, "Could not resolve to a node with the given team.");
    if (pull.teamReviewers.includes(slug)) continue;
    pull.teamReviewers = [...pull.teamReviewers, slug];
    world.addEvent(issue, "review_requested", actor, {
      requested_team: teamJson(world, team),
      review_requester: actor.user?.login ?? "ghost",
    });
  }
}
