import { invalid, notFound, refuse } from "../errors.ts";
import { mergeTrees } from "../git/changes.ts";
import { userJson } from "../json/basic.ts";
import { reviewJson } from "../json/issues.ts";
import { pullCommits, simplePullJson } from "../json/pulls.ts";
import type { Actor, IssueState, PullState, RepoState, ReviewState } from "../state.ts";
import { atLeast, type World } from "../world.ts";
import { announce, blankIssue, checkText, crossReference, maxBody } from "./issues.ts";
import { moveBranch, noteCommits } from "./push.ts";

export interface NewPull {
  title: unknown;
  head: unknown;
  base: unknown;
  body?: unknown;
  draft?: unknown;
}

export async function openPull(
  world: World,
  repo: RepoState,
  actor: Actor,
  spec: NewPull,
): Promise<IssueState> {
  checkText("PullRequest", spec.title ?? "", spec.body);
  if (typeof spec.head !== "string" || spec.head === "")
    throw invalid("PullRequest", "head", "missing_field");
  if (typeof spec.base !== "string" || spec.base === "")
    throw invalid("PullRequest", "base", "missing_field");
  const colon = spec.head.indexOf(":");
  const owner = colon < 0 ? repo.owner : spec.head.slice(0, colon);
  const headRef = spec.head.slice(colon + 1);
  const sameNetwork = (one: RepoState) => one === repo || one.parent === repo.id || one.id === repo.parent;
  const headRepo = world.repos.find(
    (one) => one.owner.toLowerCase() === owner.toLowerCase() && sameNetwork(one),
  );
  const headSha = headRepo?.git.branches.get(headRef);
  const baseSha = repo.git.branches.get(spec.base);
  if (!headRepo || !headSha) throw invalid("PullRequest", "head", "invalid");
  if (!baseSha) throw invalid("PullRequest", "base", "invalid");
  if (repo.git.isAncestor(headSha, baseSha))
    throw invalid("PullRequest", "base", "custom", `No commits between ${spec.base} and ${headRef}`);
  if (!repo.git.mergeBase(baseSha, headSha))
    throw invalid(
      "PullRequest",
      "base",
      "custom",
      `The ${headRef} branch has no history in common with ${spec.base}`,
    );
  for (const other of repo.issues.values())
    if (
      other.state === "open" &&
      other.pull?.headRepo === headRepo.id &&
      other.pull.headRef === headRef &&
      other.pull.baseRef === spec.base
    )
      throw refuse(422, "Validation Failed", [
        {
          resource: "PullRequest",
          code: "custom",
          message: `A pull request already exists for ${headRepo.owner}:${headRef}.`,
        },
      ]);
  const body = typeof spec.body === "string" && spec.body !== "" ? spec.body : null;
  const issue = blankIssue(world, repo, actor, spec.title as string, body);
  issue.pull = {
    headRepo: headRepo.id,
    headOwner: headRepo.owner,
    headRef,
    headSha,
    baseRef: spec.base,
    baseSha,
    draft: spec.draft === true,
    mergedAt: null,
    mergedBy: null,
    mergeSha: null,
    reviews: [],
    reviewers: [],
    teamReviewers: [],
  };
  repo.git.setRef(`refs/pull/${issue.number}/head`, headSha);
  noteCommits(world, repo, issue, actor);
  crossReference(world, repo, issue, actor, body);
  await announce(world, repo, issue, "opened", actor);
  return issue;
}

export interface PullChange {
  title?: unknown;
  body?: unknown;
  base?: unknown;
  draft?: unknown;
}

/** Title, body, base and draft; the state is `setState`'s. */
export async function editPull(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  change: PullChange,
): Promise<void> {
  const pull = issue.pull as PullState;
  checkText("PullRequest", change.title, change.body);
  if (typeof change.base === "string" && change.base !== pull.baseRef) {
    const sha = repo.git.branches.get(change.base);
    if (!sha) throw invalid("PullRequest", "base", "invalid");
    if (issue.state !== "open") throw refuse(422, "Cannot change the base branch of a closed pull request.");
    const from = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
    pull.baseRef = change.base;
    pull.baseSha = sha;
    world.addEvent(issue, "base_ref_changed", actor);
    noteCommits(world, repo, issue, actor);
    await announce(world, repo, issue, "edited", actor, { changes: { base: from } });
  }
  await editText(world, repo, issue, actor, change);
  if (typeof change.draft === "boolean" && change.draft !== pull.draft) {
    pull.draft = change.draft;
    world.addEvent(issue, change.draft ? "convert_to_draft" : "ready_for_review", actor);
    await announce(world, repo, issue, change.draft ? "converted_to_draft" : "ready_for_review", actor);
  }
}

/** Title and body of an issue or pull request. */
export async function editText(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  change: { title?: unknown; body?: unknown },
): Promise<void> {
  checkText(issue.pull ? "PullRequest" : "Issue", change.title, change.body);
  if (typeof change.title === "string" && change.title !== issue.title) {
    const from = issue.title;
    issue.title = change.title;
    world.addEvent(issue, "renamed", actor, { rename: { from, to: change.title } });
    await announce(world, repo, issue, "edited", actor, { changes: { title: { from } } });
  }
  const body = change.body === "" ? null : change.body;
  if ((typeof body === "string" || body === null) && body !== issue.body) {
    const from = issue.body ?? "";
    issue.body = body;
    world.touch(issue);
    crossReference(world, repo, issue, actor, body);
    await announce(world, repo, issue, "edited", actor, { changes: { body: { from } } });
  }
}

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

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
  world.addEvent(issue, "reviewed", actor, {}, made.id);
  reviewHook(world, repo, issue, made, "submitted", actor);
}

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
  world.emit(repo, "pull_request_review", body, actor.user);
}

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
    world.addEvent(issue, "review_requested", actor, { review_requester: actor.user?.login ?? "ghost" });
  }
}

/** The "Update branch" button: merges the base into the head. */
export async function updateBranch(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  expected: unknown,
): Promise<void> {
  const pull = issue.pull as PullState;
  if (typeof expected === "string" && expected !== pull.headSha)
    throw refuse(422, `expected head sha didn't match current head ref.`);
  const headRepo = world.repoById(pull.headRepo);
  const tip = repo.git.branches.get(pull.baseRef);
  if (!headRepo || !tip || issue.state !== "open") throw refuse(422, "Validation Failed");
  if (repo.git.isAncestor(tip, pull.headSha))
    throw refuse(422, "There are no new commits on the base branch.");
  const tree = await mergeTrees(repo.git, repo.git.mergeBase(tip, pull.headSha), pull.headSha, tip);
  if (!tree) throw refuse(422, "merge conflict between base and head");
  const by = identity(world, actor);
  const sha = repo.git.objects.writeCommit({
    tree,
    parents: [pull.headSha, tip],
    author: by,
    committer: webFlow(world),
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
  });
  await moveBranch(world, headRepo, actor, pull.headRef, sha);
}

/** Who a commit made in the browser is by. */
export function identity(world: World, actor: Actor): { name: string; email: string; date: string } {
  const user = actor.user;
  const login = user?.login ?? "ghost";
  return {
    name: user?.name ?? login,
    email: user?.email ?? `${user?.id ?? 0}+${login}@users.noreply.github.com`,
    date: world.now(),
  };
}

export const webFlow = (world: World): { name: string; email: string; date: string } => ({
  name: "GitHub",
  email: "noreply@github.com",
  date: world.now(),
});

export const commitCount = (repo: RepoState, pull: PullState): number => pullCommits(repo, pull).length;
