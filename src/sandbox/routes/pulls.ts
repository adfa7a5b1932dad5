import { setState } from "../actions/issues.ts";
import { merge } from "../actions/merge.ts";
import { editPull, openPull, updateBranch } from "../actions/pulls.ts";
import { noteCommits } from "../actions/push.ts";
import { dismiss, requestReviewers, review, reviewHook } from "../actions/reviews.ts";
import { notFound, refuse } from "../errors.ts";
import { type Call, empty, list, ok } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { commitJson, fileJson } from "../json/commits.ts";
import { reviewJson } from "../json/issues.ts";
import { pullCommits, pullFiles, pullJson, simplePullJson } from "../json/pulls.ts";
import type { IssueState, PullState, RepoState } from "../state.ts";

const read = { app: "pull_requests:read" };
const pr = "/repos/:owner/:repo/pulls/:number";

/** The repository and pull request of the path. */
function target(
  call: Call,
  level: "read" | "write",
): { repo: RepoState; issue: IssueState; pull: PullState } {
  const repo = call.repo({ app: `pull_requests:${level}` });
  const issue = call.issue(repo, level, "pull");
  return { repo, issue, pull: issue.pull as PullState };
}

function authorOr(call: Call, repo: RepoState, issue: IssueState): void {
  const own = call.caller.kind === "user" && call.caller.user.login === issue.user;
  if (!own) call.need(repo, { app: "pull_requests:write", user: "triage" });
}

/** The routes of pull requests and reviews. */
export function pullRoutes(router: Router): void {
  router.on("GET /repos/:owner/:repo/pulls", (call) => {
    const repo = call.repo(read);
    const { query, world } = call;
    const state = query.get("state") ?? "open";
    const head = query.get("head");
    const base = query.get("base");
    const sort = query.get("sort") ?? "created";
    const direction = query.get("direction") ?? (sort === "created" ? "desc" : "asc");
    const key = (issue: IssueState) => (sort === "updated" ? issue.updatedAt : issue.createdAt);
    const pulls = [...repo.issues.values()]
      .flatMap((issue) => (issue.pull && !issue.gone ? (world.seen(issue) ?? []) : []))
      .filter((issue) => state === "all" || issue.state === state)
      // GitHub ignores a `head` without an owner.
      .filter(
        (issue) =>
          !head?.includes(":") ||
          `${issue.pull?.headOwner}:${issue.pull?.headRef}`.toLowerCase() === head.toLowerCase(),
      )
      .filter((issue) => !base || issue.pull?.baseRef === base)
      .sort((a, b) => key(a).localeCompare(key(b)) || a.number - b.number);
    if (direction === "desc") pulls.reverse();
    return list(pulls, (issue) => simplePullJson(world, repo, issue));
  });
  router.on("POST /repos/:owner/:repo/pulls", async (call) => {
    const repo = call.repo({ app: "pull_requests:write" });
    const { title, head, base, body, draft } = call.body;
    const issue = await openPull(call.world, repo, call.actor(), { title, head, base, body, draft });
    return ok(await pullJson(call.world, repo, issue), 201);
  });
  router.on(`GET ${pr}`, async (call) => {
    const { repo, issue } = target(call, "read");
    return ok(await pullJson(call.world, repo, issue));
  });
  router.on(`PATCH ${pr}`, async (call) => {
    const { repo, issue } = target(call, "write");
    authorOr(call, repo, issue);
    const { title, body, base, state } = call.body;
    await editPull(call.world, repo, issue, call.actor(), { title, body, base });
    if (state === "open" && issue.pull?.mergedAt)
      throw refuse(422, "Validation Failed", [
        {
          resource: "PullRequest",
          field: "state",
          code: "invalid",
          message: "state cannot be changed. The pull request is merged.",
        },
      ]);
    if (state === "open" && issue.state === "closed") reopenable(call, repo, issue);
    if (state === "open" || state === "closed") await setState(call.world, repo, issue, call.actor(), state);
    return ok(await pullJson(call.world, repo, issue));
  });
  router.on(`GET ${pr}/commits`, (call) => {
    const { repo, pull } = target(call, "read");
    return list(pullCommits(repo, pull).slice(0, 250), (sha) => commitJson(call.world, repo, sha));
  });
  router.on(`GET ${pr}/files`, async (call) => {
    const { repo, pull } = target(call, "read");
    const files = (await pullFiles(repo, pull)).slice(0, 3000);
    return list(files, (file) => fileJson(call.world, repo, pull.headSha, file));
  });
  router.on(`GET ${pr}/comments`, (call) => {
    target(call, "read");
    return list([], (one) => one);
  });
  router.on(`GET ${pr}/merge`, (call) => {
    if (!target(call, "read").pull.mergedAt) throw notFound();
    return empty();
  });
  router.on(`PUT ${pr}/merge`, async (call) => {
    const { repo, issue } = target(call, "write");
    call.need(repo, { app: "contents:write", user: "write" });
    const { merge_method, sha, commit_title, commit_message, sandbox_bypass } = call.body;
    const merged = await merge(call.world, repo, issue, call.actor(), {
      merge_method,
      sha,
      commit_title,
      commit_message,
      bypass: sandbox_bypass === true,
    });
    return ok({ sha: merged, merged: true, message: "Pull Request successfully merged" });
  });
  router.on(`PUT ${pr}/update-branch`, async (call) => {
    const { repo, issue } = target(call, "write");
    authorOr(call, repo, issue);
    await updateBranch(call.world, repo, issue, call.actor(), call.body.expected_head_sha);
    return ok(
      {
        message: "Updating pull request branch.",
        url: `${call.world.url}/${repo.owner}/${repo.name}/pull/${issue.number}`,
      },
      202,
    );
  });
  router.on(`POST ${pr}/requested_reviewers`, async (call) => {
    const { repo, issue } = target(call, "write");
    authorOr(call, repo, issue);
    await requestReviewers(
      call.world,
      repo,
      issue,
      call.actor(),
      call.strings("reviewers") ?? [],
      call.strings("team_reviewers") ?? [],
    );
    return ok(simplePullJson(call.world, repo, issue), 201);
  });
  router.on(`GET ${pr}/requested_reviewers`, (call) => {
    const { repo, issue } = target(call, "read");
    const json = simplePullJson(call.world, repo, issue);
    return ok({ users: json.requested_reviewers, teams: json.requested_teams });
  });
  reviewRoutes(router);
}

/** Refuses where head or base are gone; takes over what was pushed meanwhile. */
function reopenable(call: Call, repo: RepoState, issue: IssueState): void {
  const pull = issue.pull as PullState;
  const fail = (message: string) =>
    refuse(422, "Validation Failed", [{ resource: "PullRequest", field: "state", code: "invalid", message }]);
  if (!repo.git.branches.has(pull.baseRef))
    throw fail(`state cannot be changed. The ${pull.baseRef} branch has been deleted.`);
  const headRepo = call.world.repoById(pull.headRepo);
  const tip = headRepo?.git.branches.get(pull.headRef);
  if (!tip)
    throw fail(
      `state cannot be changed. The ${pull.headRef} branch has been deleted or its repository is gone.`,
    );
  if (tip !== pull.headSha && !repo.git.isAncestor(pull.headSha, tip))
    throw fail(`state cannot be changed. The ${pull.headRef} branch was force-pushed or recreated.`);
  if (tip === pull.headSha) return;
  pull.headSha = tip;
  repo.git.setRef(`refs/pull/${issue.number}/head`, tip);
  noteCommits(call.world, repo, issue, call.actor());
}

function reviewRoutes(router: Router): void {
  router.on(`GET ${pr}/reviews`, (call) => {
    const { repo, issue, pull } = target(call, "read");
    return list(pull.reviews, (one) => reviewJson(call.world, repo, issue, one));
  });
  router.on(`POST ${pr}/reviews`, async (call) => {
    const { repo, issue } = target(call, "write");
    const { event, body, commit_id } = call.body;
    return ok(
      reviewJson(
        call.world,
        repo,
        issue,
        await review(call.world, repo, issue, call.actor(), { event, body, commit_id }),
      ),
    );
  });
  const one = (call: Call, level: "read" | "write") => {
    const found = target(call, level);
    const mine = found.pull.reviews.find(({ id }) => id === call.number("review"));
    if (!mine) throw notFound();
    return { ...found, review: mine };
  };
  router.on(`GET ${pr}/reviews/:review`, (call) => {
    const found = one(call, "read");
    return ok(reviewJson(call.world, found.repo, found.issue, found.review));
  });
  router.on(`PUT ${pr}/reviews/:review`, (call) => {
    const found = one(call, "write");
    const from = found.review.body;
    if (call.actor().user?.login !== found.review.user)
      throw refuse(403, "You may only edit your own review.");
    found.review.body = call.string("body") ?? from;
    reviewHook(call.world, found.repo, found.issue, found.review, "edited", call.actor(), {
      changes: { body: { from } },
    });
    return ok(reviewJson(call.world, found.repo, found.issue, found.review));
  });
  router.on(`PUT ${pr}/reviews/:review/dismissals`, (call) => {
    const found = one(call, "write");
    call.need(found.repo, { app: "pull_requests:write", user: "write" });
    const done = dismiss(
      call.world,
      found.repo,
      found.issue,
      call.actor(),
      found.review.id,
      call.body.message,
    );
    return ok(reviewJson(call.world, found.repo, found.issue, done));
  });
}
