import { emit } from "../emit.ts";
import { invalid, refuse } from "../errors.ts";
import { userJson } from "../json/basic.ts";
import { commentJson, issueJson } from "../json/issues.ts";
import { pullJson } from "../json/pulls.ts";
import type { Actor, CommentState, IssueState, JsonObject, RepoState } from "../state.ts";
import { atLeast, type World } from "../world.ts";

export const maxBody = 65_536;

/** Sends the `issues` or `pull_request` webhook of a change, whichever it is. */
export async function announce(
  world: World,
  repo: RepoState,
  issue: IssueState,
  action: string,
  actor: Actor,
  extra: JsonObject = {},
): Promise<void> {
  if (issue.pull) {
    const pull_request = await pullJson(world, repo, issue);
    emit(world, repo, "pull_request", { action, number: issue.number, pull_request, ...extra }, actor.user);
  } else emit(world, repo, "issues", { action, issue: issueJson(world, repo, issue), ...extra }, actor.user);
}

/** Refuses a title or body that GitHub refuses; what is undefined is not changed. */
export function checkText(resource: string, title: unknown, body: unknown): void {
  if (title !== undefined && (typeof title !== "string" || title.trim() === ""))
    throw invalid(resource, "title", typeof title === "string" ? "missing_field" : "invalid");
  if (typeof title === "string" && title.length > 256)
    throw invalid(resource, "title", "custom", "title is too long (maximum is 256 characters)");
  if (typeof body === "string" && body.length > maxBody)
    throw invalid(resource, "body", "custom", `body is too long (maximum is ${maxBody} characters)`);
}

/** A new issue that nobody knows of yet. */
export function blankIssue(
  world: World,
  repo: RepoState,
  actor: Actor,
  title: string,
  body: string | null,
): IssueState {
  const at = world.now();
  const issue: IssueState = {
    repo: repo.id,
    number: repo.nextNumber++,
    id: world.id(),
    title,
    body,
    user: actor.user?.login ?? null,
    viaApp: actor.viaApp,
    state: "open",
    reason: null,
    labels: [],
    assignees: [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    locked: false,
    comments: [],
    events: [],
    pull: null,
    parent: null,
    gone: null,
  };
  repo.issues.set(issue.number, issue);
  world.touch(issue);
  return issue;
}

/** Whether an account can be made responsible for an issue. */
export function assignable(world: World, repo: RepoState, login: string): boolean {
  const user = world.user(login);
  if (user?.type !== "User") return false;
  const key = user.login.toLowerCase();
  return (
    repo.owner.toLowerCase() === key ||
    repo.permissions.has(key) ||
    (world.isMember(repo.owner, key) && world.role(repo, user) !== "none")
  );
}

/** Assigns people, or takes them off; those who are nobody are passed over, as on GitHub. */
export async function assign(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  logins: string[],
  on: boolean,
): Promise<void> {
  for (const wanted of logins) {
    const user = world.user(wanted);
    const has = issue.assignees.some((login) => login.toLowerCase() === wanted.toLowerCase());
    if (!user || has === on || (on && (!assignable(world, repo, wanted) || issue.assignees.length >= 10)))
      continue;
    issue.assignees = on
      ? [...issue.assignees, user.login]
      : issue.assignees.filter((login) => login !== user.login);
    const event = on ? "assigned" : "unassigned";
    world.addEvent(issue, event, actor, { assignee: user.login, assigner: actor.user?.login ?? "ghost" });
    await announce(world, repo, issue, event, actor, { assignee: userJson(world, user) });
  }
}

/** What `POST …/issues/{n}/comments` does. */
export async function comment(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  body: unknown,
): Promise<CommentState> {
  checkComment(body);
  // An app is no collaborator, whatever it may write (probot/stale#25, renovatebot/renovate#6215).
  if (issue.locked && (actor.viaApp || !atLeast(world.role(repo, actor.user), "write")))
    throw refuse(403, "Unable to create comment because issue is locked.");
  const at = world.now();
  const made: CommentState = {
    id: world.id(),
    user: actor.user?.login ?? null,
    viaApp: actor.viaApp,
    body,
    createdAt: at,
    updatedAt: at,
  };
  issue.comments = [...issue.comments, made];
  world.addEvent(issue, "commented", actor, {}, made.id);
  crossReference(world, repo, issue, actor, body);
  commentHook(world, repo, issue, made, "created", actor);
  return made;
}

/** Refuses a comment that GitHub refuses: empty, or too long. */
export function checkComment(body: unknown): asserts body is string {
  if (typeof body !== "string" || body.trim() === "") throw invalid("IssueComment", "body", "missing_field");
  if (body.length > maxBody)
    throw refuse(422, "Validation Failed", [
      {
        resource: "IssueComment",
        code: "unprocessable",
        field: "data",
        message: `Body is too long (maximum is ${maxBody} characters)`,
      },
    ]);
}

/** Sends `issue_comment`. */
export function commentHook(
  world: World,
  repo: RepoState,
  issue: IssueState,
  comment: CommentState,
  action: string,
  actor: Actor,
  extra: JsonObject = {},
): void {
  const body = {
    action,
    issue: issueJson(world, repo, issue),
    comment: commentJson(world, repo, issue, comment),
    ...extra,
  };
  emit(world, repo, "issue_comment", body, actor.user);
}

/** Notes on what a text mentions (`#1`, `owner/repo#1`) that it was mentioned, once for each source. */
export function crossReference(
  world: World,
  repo: RepoState,
  from: IssueState,
  actor: Actor,
  text: string | null,
): void {
  for (const [, name, number] of (text ?? "").matchAll(
    /(?:(?<![\w.-])([\w.-]{1,100}\/[\w.-]{1,100}))?#(\d{1,9})\b/g,
  )) {
    const there = name ? world.find(name) : repo;
    const target = there?.issues.get(Number(number));
    if (!target || target === from) continue;
    const known = target.events.some(
      (event) =>
        event.event === "cross-referenced" &&
        event.data.number === from.number &&
        event.data.repo === repo.id,
    );
    if (!known) world.addEvent(target, "cross-referenced", actor, { repo: repo.id, number: from.number });
  }
}

/** Closes or reopens; `commit`: the one whose message did it. */
export async function setState(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  state: "open" | "closed",
  reason?: IssueState["reason"],
  commit?: string,
): Promise<void> {
  if (issue.state === state) return;
  issue.state = state;
  issue.closedAt = state === "closed" ? world.now() : null;
  issue.closedBy = state === "closed" ? (actor.user?.login ?? null) : null;
  if (!issue.pull) issue.reason = state === "closed" ? (reason ?? "completed") : "reopened";
  const data: JsonObject =
    state === "closed" ? { state_reason: issue.reason, commit_id: commit ?? null } : {};
  world.addEvent(issue, state === "closed" ? "closed" : "reopened", actor, data);
  await announce(world, repo, issue, state === "closed" ? "closed" : "reopened", actor);
}

/** Closes issues that a text in the default branch says it fixes. */
export async function closeFixed(
  world: World,
  repo: RepoState,
  actor: Actor,
  text: string,
  commit: string,
): Promise<void> {
  for (const [, name, number] of text.matchAll(
    /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gi,
  )) {
    const there = name ? world.find(name) : repo;
    const issue = there?.issues.get(Number(number));
    if (there && issue && !issue.pull && issue.state === "open" && there.owner === repo.owner)
      await setState(world, there, issue, actor, "closed", "completed", commit);
  }
}
