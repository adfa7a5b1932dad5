import { createRun, rerequestRun, rerequestSuite, updateRun } from "../actions/checks.ts";
import { afterGroupCheck } from "../actions/queue.ts";
import { emit } from "../emit.ts";
import { notFound, refuse } from "../errors.ts";
import { type Call, list, ok } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { userOrNull } from "../json/basic.ts";
import { checkRunJson, checkSuiteJson, runsOf } from "../json/checks.ts";
import { repoUrl } from "../json/issues.ts";
import type { CheckRunState, JsonObject, RepoState, StatusState } from "../state.ts";
import { mustResolve, oneCommit } from "./git.ts";

const base = "/repos/:owner/:repo";
const read = { app: "checks:read" };

/** Only apps write checks: a person is refused, whatever the role. */
function writable(call: Call): RepoState {
  if (call.caller.kind !== "installation") throw refuse(403, "You must authenticate via a GitHub App.");
  return call.repo({ app: "checks:write" });
}

function oneRun(call: Call, repo: RepoState): CheckRunState {
  const run = repo.runs.find(({ id }) => id === call.number("id"));
  if (!run) throw notFound();
  return run;
}

function filtered(call: Call, repo: RepoState, runs: CheckRunState[]) {
  const { query } = call;
  const name = query.get("check_name");
  const status = query.get("status");
  const app = query.get("app_id");
  const wanted = runs.filter(
    (run) =>
      (!name || run.name === name) &&
      (!status || run.status === status) &&
      (!app || run.appId === Number(app)),
  );
  return list(wanted.reverse(), (run) => checkRunJson(call.world, repo, run), "check_runs");
}

/** The routes of check runs, check suites and commit statuses. */
export function checkRoutes(router: Router): void {
  router.on(`POST ${base}/check-runs`, async (call) => {
    const repo = writable(call);
    const run = await createRun(call.world, repo, call.actor(), call.body);
    await afterGroupCheck(call.world, repo, run.headSha);
    return ok(checkRunJson(call.world, repo, run), 201);
  });
  router.on(`GET ${base}/check-runs/:id`, (call) => {
    const repo = call.repo(read);
    return ok(checkRunJson(call.world, repo, oneRun(call, repo)));
  });
  router.on(`PATCH ${base}/check-runs/:id`, async (call) => {
    const repo = writable(call);
    const run = oneRun(call, repo);
    if (run.appId !== call.world.app.id)
      throw refuse(
        403,
        "Invalid app_id `" +
          call.world.app.id +
          "` - check run can only be modified by the GitHub App that created it.",
      );
    await updateRun(call.world, repo, call.actor(), run, call.body);
    await afterGroupCheck(call.world, repo, run.headSha);
    return ok(checkRunJson(call.world, repo, run));
  });
  router.on(`GET ${base}/check-runs/:id/annotations`, (call) => {
    const repo = call.repo(read);
    const run = oneRun(call, repo);
    return list(run.annotations, (one) => ({
      start_column: null,
      end_column: null,
      title: null,
      raw_details: null,
      ...one,
      blob_href: `${repoUrl(call.world, repo)}/git/blobs/${run.headSha}`,
    }));
  });
  router.on(`POST ${base}/check-runs/:id/rerequest`, async (call) => {
    const repo = call.repo({ app: "checks:write", user: "write" });
    await rerequestRun(call.world, repo, call.actor(), call.number("id"));
    return ok({}, 201);
  });
  const suite = (call: Call, repo: RepoState) => {
    const found = repo.suites.find(({ id }) => id === call.number("id"));
    if (!found) throw notFound();
    return found;
  };
  router.on(`GET ${base}/check-suites/:id`, async (call) => {
    const repo = call.repo(read);
    return ok(await checkSuiteJson(call.world, repo, suite(call, repo)));
  });
  router.on(`GET ${base}/check-suites/:id/check-runs`, (call) => {
    const repo = call.repo(read);
    const found = suite(call, repo);
    const runs = runsOf(repo, found.headSha, call.query.get("filter") !== "all");
    return filtered(
      call,
      repo,
      runs.filter((run) => run.suite === found.id),
    );
  });
  router.on(`POST ${base}/check-suites/:id/rerequest`, async (call) => {
    const repo = call.repo({ app: "checks:write", user: "write" });
    await rerequestSuite(call.world, repo, call.actor(), suite(call, repo));
    return ok({}, 201);
  });
  router.on(`GET ${base}/commits/*ref/check-runs`, (call) => {
    const repo = call.repo(read);
    const sha = mustResolve(repo, call.param("ref"));
    return filtered(call, repo, runsOf(repo, sha, call.query.get("filter") !== "all"));
  });
  router.on(`GET ${base}/commits/*ref/check-suites`, (call) => {
    const repo = call.repo(read);
    const sha = mustResolve(repo, call.param("ref"));
    const app = call.query.get("app_id");
    const name = call.query.get("check_name");
    const suites = repo.suites.filter(
      (one) =>
        one.headSha === sha &&
        (!app || one.appId === Number(app)) &&
        (!name || repo.runs.some((run) => run.suite === one.id && run.name === name)),
    );
    return list(suites, (one) => checkSuiteJson(call.world, repo, one), "check_suites");
  });
  statusRoutes(router);
  // Last: a ref may hold slashes, and would swallow the routes above.
  router.on(`GET ${base}/commits/*ref`, oneCommit);
}

function statusRoutes(router: Router): void {
  const json = (call: Call, one: StatusState): JsonObject => ({
    id: one.id,
    node_id: `SC_${one.id}`,
    state: one.state,
    description: one.description,
    target_url: one.targetUrl,
    context: one.context,
    creator: userOrNull(call.world, one.creator),
    created_at: one.at,
    updated_at: one.at,
  });
  router.on(`POST ${base}/statuses/:sha`, (call) => {
    const repo = call.repo({ app: "statuses:write", user: "write" });
    const sha = call.param("sha");
    if (!repo.git.objects.published.has(sha)) throw refuse(422, `No commit found for SHA: ${sha}`);
    const state = call.string("state") ?? "";
    if (!["error", "failure", "pending", "success"].includes(state))
      throw refuse(422, "Validation Failed", [{ resource: "Status", field: "state", code: "invalid" }]);
    const status: StatusState = {
      id: call.world.id(),
      sha,
      context: call.string("context") ?? "default",
      state,
      description: call.string("description") ?? null,
      targetUrl: call.string("target_url") ?? null,
      creator: call.actor().user?.login ?? null,
      at: call.world.now(),
    };
    repo.statuses.push(status);
    emit(
      call.world,
      repo,
      "status",
      { ...json(call, status), sha, name: `${repo.owner}/${repo.name}` },
      call.actor().user,
    );
    return ok(json(call, status), 201);
  });
  router.on(`GET ${base}/commits/*ref/status`, (call) => {
    const repo = call.repo({ app: "statuses:read" });
    const sha = mustResolve(repo, call.param("ref"));
    const latest = new Map(repo.statuses.filter((one) => one.sha === sha).map((one) => [one.context, one]));
    const all = [...latest.values()];
    const bad = all.some(({ state }) => state === "failure" || state === "error");
    const state = bad
      ? "failure"
      : all.length > 0 && all.every((one) => one.state === "success")
        ? "success"
        : "pending";
    return ok({ state, sha, total_count: all.length, statuses: all.map((one) => json(call, one)) });
  });
  router.on(`GET ${base}/commits/*ref/statuses`, (call) => {
    const repo = call.repo({ app: "statuses:read" });
    const sha = mustResolve(repo, call.param("ref"));
    return list(repo.statuses.filter((one) => one.sha === sha).reverse(), (one) => json(call, one));
  });
}
