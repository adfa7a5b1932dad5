import { emit } from "../emit.ts";
import { refuse } from "../errors.ts";
import { repositoryJson, userJson, userOrNull } from "../json/basic.ts";
import { issueJson, repoUrl } from "../json/issues.ts";
import type { Actor, DeploymentState, JsonObject, RepoState } from "../state.ts";
import type { World } from "../world.ts";
import { announce } from "./issues.ts";

/** What is done to issues in the browser only. */
export async function transferIssue(
  world: World,
  from: RepoState,
  number: number,
  actor: Actor,
  to: RepoState,
): Promise<number> {
  const issue = world.mustIssue(from, number);
  if (issue.pull || issue.gone) throw refuse(422, "This issue cannot be transferred");
  const copy = structuredClone(issue);
  copy.repo = to.id;
  copy.number = to.nextNumber++;
  copy.id = world.id();
  // Labels go along where the other repository has one of that name.
  const names = [...from.labels.values()]
    .filter(({ id }) => issue.labels.includes(id))
    .map(({ name }) => name.toLowerCase());
  copy.labels = names.flatMap((name) => to.labels.get(name)?.id ?? []);
  to.issues.set(copy.number, copy);
  world.addEvent(copy, "transferred", actor);
  const changes = { new_issue: issueJson(world, to, copy), new_repository: repositoryJson(world, to) };
  await announce(world, from, issue, "transferred", actor, { changes });
  issue.gone = `${repoUrl(world, to)}/issues/${copy.number}`;
  return copy.number;
}

/** Deletes an issue: its number answers 410 from then on. */
export async function deleteIssue(
  world: World,
  repo: RepoState,
  number: number,
  actor: Actor,
): Promise<void> {
  const issue = world.mustIssue(repo, number);
  await announce(world, repo, issue, "deleted", actor);
  issue.gone = "deleted";
}

/** Locks or unlocks the conversation of an issue. */
export async function lockIssue(
  world: World,
  repo: RepoState,
  number: number,
  actor: Actor,
  locked: boolean,
): Promise<void> {
  const issue = world.mustIssue(repo, number);
  if (issue.locked === locked) return;
  issue.locked = locked;
  world.addEvent(issue, locked ? "locked" : "unlocked", actor);
  await announce(world, repo, issue, locked ? "locked" : "unlocked", actor);
}

/** A deployment as the API has it. */
export function deploymentJson(world: World, repo: RepoState, one: DeploymentState): JsonObject {
  const url = `${repoUrl(world, repo)}/deployments/${one.id}`;
  return {
    url,
    id: one.id,
    node_id: `DE_${one.id}`,
    sha: one.sha,
    ref: one.ref,
    task: "deploy",
    payload: one.payload,
    original_environment: one.environment,
    environment: one.environment,
    description: one.description,
    creator: userOrNull(world, one.creator),
    created_at: one.createdAt,
    updated_at: (one.statuses.at(-1)?.created_at as string | undefined) ?? one.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: repoUrl(world, repo),
    transient_environment: false,
    production_environment: one.environment === "production",
    performed_via_github_app: null,
  };
}

/** What `POST …/deployments` does. */
export function createDeployment(
  world: World,
  repo: RepoState,
  actor: Actor,
  spec: { ref: string; environment: string; description?: string },
): DeploymentState {
  const sha = repo.git.resolve(spec.ref);
  if (!sha) throw refuse(422, `No ref found for: ${spec.ref}`);
  const made: DeploymentState = {
    id: world.id(),
    sha,
    ref: spec.ref,
    environment: spec.environment,
    description: spec.description ?? null,
    payload: {},
    creator: actor.user?.login ?? null,
    createdAt: world.now(),
    statuses: [],
  };
  repo.deployments.push(made);
  emit(
    world,
    repo,
    "deployment",
    { action: "created", deployment: deploymentJson(world, repo, made), workflow: null, workflow_run: null },
    actor.user,
  );
  return made;
}

const deploymentStates = ["error", "failure", "inactive", "in_progress", "queued", "pending", "success"];

/** What `POST …/deployments/{id}/statuses` does. */
export function setDeploymentStatus(
  world: World,
  repo: RepoState,
  actor: Actor,
  one: DeploymentState,
  state: string,
): JsonObject {
  if (!deploymentStates.includes(state))
    throw refuse(422, "Validation Failed", [
      { resource: "DeploymentStatus", field: "state", code: "invalid" },
    ]);
  const url = `${repoUrl(world, repo)}/deployments/${one.id}`;
  const id = world.id();
  const status: JsonObject = {
    url: `${url}/statuses/${id}`,
    id,
    node_id: `DES_${id}`,
    state,
    creator: userJson(world, actor.user),
    description: "",
    environment: one.environment,
    target_url: "",
    created_at: world.now(),
    updated_at: world.now(),
    deployment_url: url,
    repository_url: repoUrl(world, repo),
    environment_url: "",
    log_url: "",
  };
  one.statuses.push(status);
  const deployment = deploymentJson(world, repo, one);
  const body = {
    action: "created",
    deployment_status: status,
    deployment,
    check_run: null,
    workflow: null,
    workflow_run: null,
  };
  emit(world, repo, "deployment_status", body, actor.user);
  return status;
}
