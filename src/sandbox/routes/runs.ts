import { isPending, pullsOf } from "../actions/runs.ts";
import { notFound, refuse } from "../errors.ts";
import { type Call, empty, list, ok } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { repositoryJson, userJson } from "../json/basic.ts";
import { repoHtml, repoUrl } from "../json/issues.ts";
import type { JsonObject, RepoState, WorkflowRunState } from "../state.ts";
import type { World } from "../world.ts";

const base = "/repos/:owner/:repo/actions/runs";
const MOST_REPORTS = 10;
const REPORT_LIMIT = 1_024;

/** Workflow runs, as far as custom protection rules need them. */
export function runRoutes(router: Router): void {
  const runOf = (call: Call, repo: RepoState): WorkflowRunState => {
    const run = call.world.runs.find(({ id, repo: where }) => id === call.number("id") && where === repo.id);
    if (!run) throw notFound();
    return run;
  };
  router.on(`GET ${base}`, (call) => {
    const repo = call.repo({ app: "actions:read" });
    const { query } = call;
    const found = call.world.runs.filter(
      (run) =>
        run.repo === repo.id &&
        (!query.get("status") || statusOf(run) === query.get("status")) &&
        (!query.get("head_sha") || run.sha === query.get("head_sha")),
    );
    return list(found.reverse(), (run) => runJson(call.world, repo, run), "workflow_runs");
  });
  router.on(`GET ${base}/:id`, (call) => {
    const repo = call.repo({ app: "actions:read" });
    return ok(runJson(call.world, repo, runOf(call, repo)));
  });
  router.on(`GET ${base}/:id/pending_deployments`, (call) => {
    const repo = call.repo({ app: "actions:read" });
    const { gates, cancelled } = runOf(call, repo);
    const pending = cancelled ? [] : gates.filter(isPending);
    return ok(
      pending.map(({ environment }) => ({
        environment: environmentJson(call.world, repo, environment),
        wait_timer: 0,
        wait_timer_started_at: null,
        current_user_can_approve: false,
        reviewers: [],
      })),
    );
  });
  router.on(`GET ${base}/:id/approvals`, (call) => {
    const repo = call.repo({ app: "actions:read" });
    const at = call.world.now();
    return ok(
      runOf(call, repo).reviews.map(({ environment, state, comment }) => ({
        state,
        comment,
        user: userJson(call.world, call.world.bot),
        environments: [{ ...environmentJson(call.world, repo, environment), created_at: at, updated_at: at }],
      })),
    );
  });
  router.on(`POST ${base}/:id/deployment_protection_rule`, (call) => {
    const repo = call.repo({ app: "deployments:write" });
    const run = runOf(call, repo);
    const name = call.string("environment_name")?.toLowerCase();
    const gate = run.gates.find(({ environment }) => environment.toLowerCase() === name);
    const invalid = (field: string) =>
      refuse(422, "Validation Failed", [{ resource: "DeploymentProtectionRule", field, code: "invalid" }]);
    if (!gate?.rule || gate.state !== "waiting" || run.cancelled) throw invalid("environment_name");
    const state = call.string("state");
    const comment = call.string("comment");
    if (state === undefined ? !comment : state !== "approved" && state !== "rejected") throw invalid("state");
    if ((comment?.length ?? 0) > REPORT_LIMIT) throw invalid("comment");
    const { environment } = gate;
    const reports = run.reviews.filter((one) => one.environment === environment && one.state === "pending");
    if (state === undefined && reports.length >= MOST_REPORTS) throw invalid("comment");
    if (state === "approved" || state === "rejected") gate.state = state;
    run.reviews.push({
      environment,
      state: state === "approved" || state === "rejected" ? state : "pending",
      comment: comment ?? "",
    });
    return empty();
  });
}

/** A run waits as a whole once no job of it works. */
function statusOf({ gates, busy, cancelled }: WorkflowRunState): string {
  if (cancelled) return "completed";
  if (busy) return "in_progress";
  if (gates.some(isPending)) return "waiting";
  return gates.some(({ state }) => state === "approved") ? "in_progress" : "completed";
}

function environmentJson(world: World, repo: RepoState, name: string): JsonObject {
  const path = `environments/${encodeURIComponent(name)}`;
  return {
    id: 1,
    node_id: `EN_${name.length}`,
    name,
    url: `${repoUrl(world, repo)}/${path}`,
    html_url: `${repoHtml(world, repo)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
  };
}

function runJson(world: World, repo: RepoState, run: WorkflowRunState): JsonObject {
  const url = `${repoUrl(world, repo)}/actions/runs/${run.id}`;
  const status = statusOf(run);
  const head = world.repos.find(({ id }) => id === run.headRepo);
  return {
    id: run.id,
    node_id: `WFR_${run.id}`,
    name: "Deploy",
    display_title: "Deploy",
    path: ".github/workflows/deploy.yml",
    run_number: 1,
    run_attempt: run.attempt,
    workflow_id: 1,
    check_suite_id: 1,
    check_suite_node_id: "CS_1",
    event: run.event,
    head_branch: run.ref,
    head_sha: run.sha,
    status,
    conclusion: status === "completed" ? "failure" : null,
    created_at: run.createdAt,
    updated_at: run.createdAt,
    run_started_at: run.createdAt,
    url,
    html_url: `${repoHtml(world, repo)}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repoUrl(world, repo)}/check-suites/1`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repoUrl(world, repo)}/actions/workflows/1`,
    head_commit: null,
    repository: repositoryJson(world, repo),
    head_repository: head ? repositoryJson(world, head) : null,
    pull_requests: pullsOf(repo, run).map(({ number, id, pull }) => ({
      number,
      id,
      url: `${repoUrl(world, repo)}/pulls/${number}`,
      head: {
        ref: pull?.headRef ?? "",
        sha: pull?.headSha ?? "",
        repo: { id: repo.id, url: repoUrl(world, repo), name: repo.name },
      },
      base: {
        ref: pull?.baseRef ?? "",
        sha: pull?.baseSha ?? "",
        repo: { id: repo.id, url: repoUrl(world, repo), name: repo.name },
      },
    })),
  };
}
