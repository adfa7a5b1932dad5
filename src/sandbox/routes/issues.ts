import {
  announce,
  assign,
  assignable,
  blankIssue,
  checkComment,
  checkText,
  comment,
  commentHook,
  crossReference,
  setState,
} from "../actions/issues.ts";
import { addLabels, removeLabel } from "../actions/labels.ts";
import { editText } from "../actions/pulls.ts";
import { notFound, refuse } from "../errors.ts";
import { type Call, empty, list, ok } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { userJson } from "../json/basic.ts";
import {
  commentJson,
  eventJson,
  issueJson,
  labelsJson,
  timelineJson,
  visibleEvents,
} from "../json/issues.ts";
import type { CommentState, IssueState, RepoState } from "../state.ts";
import { atLeast } from "../world.ts";

const base = "/repos/:owner/:repo/issues";
const any = (level: string) => ({ app: `issues:${level}|pull_requests:${level}` });

function target(
  call: Call,
  level: "read" | "write",
  only?: "issues",
): { repo: RepoState; issue: IssueState } {
  const repo = call.repo(only ? { app: `issues:${level}` } : any(level));
  return { repo, issue: call.issue(repo, level, only) };
}

/** Labels and assignees need triage, for the rest one's own issue is enough. */
function triage(call: Call, repo: RepoState): void {
  call.need(repo, { ...any("write"), user: "triage" });
}

function checkAssignees(call: Call, repo: RepoState, logins: string[]): void {
  for (const login of logins)
    if (!assignable(call.world, repo, login))
      throw refuse(422, "Validation Failed", [
        { value: login, resource: "Issue", field: "assignees", code: "invalid" },
      ]);
}

async function setLabels(call: Call, repo: RepoState, issue: IssueState, names: string[]): Promise<void> {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  for (const label of [...repo.labels.values()])
    if (issue.labels.includes(label.id) && !wanted.has(label.name.toLowerCase()))
      await removeLabel(call.world, repo, issue, call.actor(), label.name);
  await addLabels(call.world, repo, issue, call.actor(), names);
}

/** The routes of issues and what is on them: comments, labels, assignees, timeline. */
export function issueRoutes(router: Router): void {
  router.on(`GET ${base}`, (call) => {
    const repo = call.repo({ app: "issues:read" });
    if (!repo.hasIssues) throw refuse(410, "Issues has been disabled in this repository.");
    return list(filterIssues(call, repo), (issue) => issueJson(call.world, repo, issue));
  });
  router.on(`POST ${base}`, async (call) => {
    const repo = call.repo({ app: "issues:write" });
    if (!repo.hasIssues) throw refuse(410, "Issues has been disabled in this repository.");
    const { title, body } = call.body;
    checkText("Issue", title ?? "", body);
    const labels = call.strings("labels") ?? [];
    const assignees = call.strings("assignees") ?? [];
    const actor = call.actor();
    // Who may not push has labels and assignees dropped without a word.
    const privileged = actor.viaApp || atLeast(call.world.role(repo, actor.user), "triage");
    if (privileged) checkAssignees(call, repo, assignees);
    const issue = blankIssue(
      call.world,
      repo,
      actor,
      title as string,
      typeof body === "string" && body !== "" ? body : null,
    );
    crossReference(call.world, repo, issue, actor, issue.body);
    await announce(call.world, repo, issue, "opened", actor);
    if (privileged) {
      await addLabels(call.world, repo, issue, actor, labels);
      await assign(call.world, repo, issue, actor, assignees, true);
    }
    return ok(issueJson(call.world, repo, issue), 201);
  });
  router.on(`GET ${base}/comments/:id`, (call) => {
    const { repo, issue, found } = oneComment(call, "read");
    return ok(commentJson(call.world, repo, issue, found));
  });
  router.on(`PATCH ${base}/comments/:id`, (call) => {
    const { repo, issue, found } = oneComment(call, "write");
    const body = call.body.body;
    checkComment(body);
    const from = found.body;
    found.body = body;
    found.updatedAt = call.world.now();
    call.world.touch(issue);
    crossReference(call.world, repo, issue, call.actor(), body);
    commentHook(call.world, repo, issue, found, "edited", call.actor(), { changes: { body: { from } } });
    return ok(commentJson(call.world, repo, issue, found));
  });
  router.on(`DELETE ${base}/comments/:id`, (call) => {
    const { repo, issue, found } = oneComment(call, "write");
    issue.comments = issue.comments.filter((one) => one !== found);
    call.world.touch(issue);
    commentHook(call.world, repo, issue, found, "deleted", call.actor());
    return empty();
  });
  router.on(`POST ${base}/comments/:id/reactions`, (call) => {
    oneComment(call, "read");
    return reaction(call);
  });
  router.on(`POST ${base}/:number/sub_issues`, (call) => {
    const { repo, issue } = target(call, "write", "issues");
    triage(call, repo);
    const child = [...repo.issues.values()].find(({ id }) => id === call.body.sub_issue_id);
    if (!child || child === issue || child.pull !== null) throw notFound();
    if (child.parent !== null)
      throw refuse(422, "Issue may not contain duplicate sub-issues and Sub issue may only have one parent");
    child.parent = issue.number;
    return ok(issueJson(call.world, repo, issue), 201);
  });
  router.on(`GET ${base}/:number/sub_issues`, (call) => {
    const { repo, issue } = target(call, "read", "issues");
    const children = [...repo.issues.values()].filter(({ parent }) => parent === issue.number);
    return list(children, (one) => issueJson(call.world, repo, one));
  });
  router.on(`GET ${base}/:number`, (call) => {
    const { repo, issue } = target(call, "read", "issues");
    return ok(issueJson(call.world, repo, issue));
  });
  router.on(`PATCH ${base}/:number`, async (call) => {
    const { repo, issue } = target(call, "write");
    const actor = call.actor();
    const own = actor.user !== null && actor.user.login === issue.user;
    if (!own) triage(call, repo);
    const { title, body, state, state_reason } = call.body;
    const assignees = call.strings("assignees");
    const labels = call.strings("labels");
    if (state !== undefined && state !== "open" && state !== "closed")
      throw refuse(422, "Validation Failed", [{ resource: "Issue", field: "state", code: "invalid" }]);
    if (assignees) checkAssignees(call, repo, assignees);
    await editText(call.world, repo, issue, actor, { title, body });
    if (labels) {
      triage(call, repo);
      await setLabels(call, repo, issue, labels);
    }
    if (assignees) {
      await assign(
        call.world,
        repo,
        issue,
        actor,
        issue.assignees.filter((login) => !assignees.includes(login)),
        false,
      );
      await assign(call.world, repo, issue, actor, assignees, true);
    }
    if (state === "open" && issue.pull?.mergedAt)
      throw refuse(422, "Validation Failed", [{ resource: "Issue", field: "state", code: "invalid" }]);
    if (state) await setState(call.world, repo, issue, actor, state, state_reason as IssueState["reason"]);
    return ok(issueJson(call.world, repo, issue));
  });
  router.on(`GET ${base}/:number/comments`, (call) => {
    const { repo, issue } = target(call, "read");
    const since = call.query.get("since");
    const comments = issue.comments.filter((one) => !since || Date.parse(one.updatedAt) >= Date.parse(since));
    return list(comments, (one) => commentJson(call.world, repo, issue, one));
  });
  router.on(`POST ${base}/:number/comments`, async (call) => {
    const { repo, issue } = target(call, "write");
    return ok(
      commentJson(
        call.world,
        repo,
        issue,
        await comment(call.world, repo, issue, call.actor(), call.body.body),
      ),
      201,
    );
  });
  router.on(`GET ${base}/:number/timeline`, (call) => {
    const { repo, issue } = target(call, "read");
    return list(visibleEvents(repo, issue), (event) => timelineJson(call.world, repo, issue, event));
  });
  router.on(`GET ${base}/:number/events`, (call) => {
    const { repo, issue } = target(call, "read");
    const events = issue.events.filter(
      ({ event }) => !["committed", "commented", "reviewed", "cross-referenced"].includes(event),
    );
    return list(events, (event) => eventJson(call.world, repo, event));
  });
  router.on(`POST ${base}/:number/reactions`, (call) => {
    target(call, "read");
    return reaction(call);
  });
  attachmentRoutes(router);
}

function attachmentRoutes(router: Router): void {
  router.on(`GET ${base}/:number/labels`, (call) => {
    const { repo, issue } = target(call, "read");
    return list(labelsJson(call.world, repo, issue), (label) => label);
  });
  for (const method of ["POST", "PUT"])
    router.on(`${method} ${base}/:number/labels`, async (call) => {
      const { repo, issue } = target(call, "write");
      triage(call, repo);
      const names = call.strings("labels");
      if (!names) throw refuse(422, 'Invalid request.\n\n"labels" wasn\'t supplied.');
      if (method === "PUT") await setLabels(call, repo, issue, names);
      else await addLabels(call.world, repo, issue, call.actor(), names);
      return ok(labelsJson(call.world, repo, issue));
    });
  router.on(`DELETE ${base}/:number/labels/:name`, async (call) => {
    const { repo, issue } = target(call, "write");
    triage(call, repo);
    await removeLabel(call.world, repo, issue, call.actor(), call.param("name"));
    return ok(labelsJson(call.world, repo, issue));
  });
  for (const method of ["POST", "DELETE"])
    router.on(`${method} ${base}/:number/assignees`, async (call) => {
      const { repo, issue } = target(call, "write");
      triage(call, repo);
      await assign(call.world, repo, issue, call.actor(), call.strings("assignees") ?? [], method === "POST");
      return ok(issueJson(call.world, repo, issue), method === "POST" ? 201 : 200);
    });
}

function oneComment(
  call: Call,
  level: "read" | "write",
): { repo: RepoState; issue: IssueState; found: CommentState } {
  const repo = call.repo(any(level));
  for (const live of repo.issues.values()) {
    const issue = call.method === "GET" ? call.world.seen(live) : live;
    const found = issue?.comments.find(({ id }) => id === call.number("id"));
    if (!issue || !found || issue.gone) continue;
    call.need(repo, { app: issue.pull ? `issues:${level}|pull_requests:${level}` : `issues:${level}` });
    const own = call.caller.kind === "user" && call.caller.user.login === found.user;
    // Comments of others: write access for people; an app may with its permission.
    if (level === "write" && !own) call.need(repo, { ...any("write"), user: "write" });
    return { repo, issue, found };
  }
  throw notFound();
}

function reaction(call: Call) {
  const kinds = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];
  const wanted = call.body.content;
  if (!kinds.includes(String(wanted)))
    throw refuse(422, "Validation Failed", [{ resource: "Reaction", field: "content", code: "invalid" }]);
  const user = userJson(call.world, call.actor().user);
  return ok(
    { id: call.world.id(), node_id: "REA_", user, content: wanted, created_at: call.world.now() },
    201,
  );
}

function filterIssues(call: Call, repo: RepoState): IssueState[] {
  const { query, world } = call;
  const state = query.get("state") ?? "open";
  const creator = query.get("creator");
  const assignee = query.get("assignee");
  const labels = (query.get("labels") ?? "").split(",").filter(Boolean);
  const since = query.get("since");
  const sort = query.get("sort") ?? "created";
  const key = (issue: IssueState) =>
    sort === "comments"
      ? String(issue.comments.length).padStart(9, "0")
      : sort === "updated"
        ? issue.updatedAt
        : issue.createdAt;
  const issues = [...repo.issues.values()]
    .flatMap((issue) => (issue.gone ? [] : (world.seen(issue) ?? [])))
    .filter((issue) => state === "all" || issue.state === state)
    .filter((issue) => !creator || issue.user?.toLowerCase() === creator.toLowerCase())
    .filter(
      (issue) =>
        !assignee ||
        (assignee === "none"
          ? issue.assignees.length === 0
          : assignee === "*"
            ? issue.assignees.length > 0
            : issue.assignees.some((login) => login.toLowerCase() === assignee.toLowerCase())),
    )
    .filter((issue) =>
      labels.every((name) => issue.labels.includes(repo.labels.get(name.toLowerCase())?.id ?? -1)),
    )
    .filter((issue) => !since || Date.parse(issue.updatedAt) >= Date.parse(since))
    .sort((a, b) => key(a).localeCompare(key(b)) || a.number - b.number);
  if ((query.get("direction") ?? "desc") === "desc") issues.reverse();
  return issues;
}
