import { emit } from "../emit.ts";
import { repoUrl } from "../json/issues.ts";
import type { Actor, EnvironmentGate, RepoState, WorkflowRunState } from "../state.ts";
import type { DeploymentRequest } from "../types.ts";
import type { World } from "../world.ts";
import { createDeployment, deploymentJson } from "./extras.ts";

/** A workflow run that waits for an environment's custom protection rule. */
export function requestDeployment(
  world: World,
  repo: RepoState,
  actor: Actor,
  {
    ref,
    environment,
    sha,
    event = "push",
    headRepository,
    others = [],
    reviewers = false,
    busy = false,
  }: DeploymentRequest,
): number {
  const head = headRepository === undefined ? repo : world.mustRepo(headRepository);
  const run: WorkflowRunState = {
    id: world.id(),
    repo: repo.id,
    attempt: 1,
    event,
    ref,
    sha: sha ?? head.git.resolve(ref) ?? "",
    headRepo: head.id,
    busy,
    cancelled: false,
    gates: [
      { environment, rule: true, state: "waiting", people: reviewers },
      ...others.map((one) => ({ environment: one, rule: false, state: "waiting" as const })),
    ],
    reviews: [],
    createdAt: world.now(),
  };
  if (run.sha === "") throw new Error(`sandbox: nothing is called ${ref}`);
  world.runs.push(run);
  request(world, repo, actor, run);
  return run.id;
}

/** Does a job wait at the environment, for whatever? */
export function isPending({ state, people }: EnvironmentGate): boolean {
  return state === "waiting" || (state === "approved" && people === true);
}

/** The next job of the run reaches the same environment. */
export function nextJob(world: World, run: WorkflowRunState, actor: Actor): void {
  for (const gate of run.gates) if (gate.rule) gate.state = "waiting";
  const repo = world.repos.find(({ id }) => id === run.repo);
  if (repo) request(world, repo, actor, run);
}

/** The next attempt of the run waits anew. */
export function rerun(world: World, run: WorkflowRunState, actor: Actor): void {
  run.attempt += 1;
  run.cancelled = false;
  nextJob(world, run, actor);
}

function request(world: World, repo: RepoState, actor: Actor, run: WorkflowRunState): void {
  const environment = run.gates[0]?.environment ?? "";
  const deployment = createDeployment(world, repo, actor, { ref: run.sha, environment });
  const pulls = pullsOf(repo, run);
  emit(
    world,
    repo,
    "deployment_protection_rule",
    {
      action: "requested",
      environment,
      event: run.event,
      sha: run.sha,
      ref: run.event.startsWith("pull_request")
        ? `refs/pull/${pulls[0]?.number ?? 0}/merge`
        : `refs/heads/${run.ref}`,
      deployment_callback_url: `${repoUrl(world, repo)}/actions/runs/${run.id}/deployment_protection_rule`,
      deployment: { ...deploymentJson(world, repo, deployment), ref: run.ref },
      pull_requests: pulls.map((issue) => ({
        number: issue.number,
        id: issue.id,
        url: `${repoUrl(world, repo)}/pulls/${issue.number}`,
      })),
    },
    actor.user,
  );
}

/** GitHub names those of the run's branch, and none for forks. */
export function pullsOf(repo: RepoState, { ref, headRepo }: WorkflowRunState) {
  return [...repo.issues.values()].filter(
    ({ pull, state }) => pull?.headRef === ref && state === "open" && headRepo === repo.id,
  );
}
