import { applyActions } from "../github/apply/apply.ts";
import { type ListedPullRequest, listOpenPullRequests } from "../github/collect/git/listing.ts";
import { loadPolicy } from "../github/collect/policy.ts";
import type { ReconcileKey } from "../jobs/key.ts";
import type { Attempt, Job, JobResult, Worker } from "../jobs/queue.ts";
import { isHotfixLike } from "../policy/classify.ts";
import { labelDefinitions } from "../policy/labels.ts";
import { reconcileBranch } from "./branch.ts";
import { keyOf, type Place, type ReconcileContext } from "./context.ts";
import { lookAtRecentDeployments, reconcileDeployment } from "./deployment/deployed.ts";
import { lookAtWaitingRuns, reconcileWaitingRun } from "./deployment/review.ts";
import { expandInstallation, expandRepository } from "./expand.ts";
import { reconcileMergeGroup } from "./gate/merge-group.ts";
import { reconcilePostMortem } from "./post-mortem/post-mortem.ts";
import { reconcilePullRequest } from "./pull-request.ts";
import { retryLater, retryStep } from "./retry.ts";

/** The worker of the queue: makes GitHub as the policy says it should be, for whatever the key names. */
export function createReconciler(context: ReconcileContext): Worker {
  return async ({ key, hint, background }: Job, attempt: Attempt): Promise<JobResult> => {
    if (hint.newPermissions) await context.clients.renewToken(key.installationId);
    const client = await context.clients.forInstallation(key.installationId);
    if (key.kind === "installation") return enqueueJobs(context, await expandInstallation(client));
    const place: Place = { client, repo: { owner: key.owner, repo: key.repo } };
    switch (key.kind) {
      case "pull-request":
        return reconcilePullRequest(context, place, key.number, hint, attempt);
      case "branch":
        return reconcileBranch(context, place, key.ref, hint, attempt);
      case "merge-group":
        return reconcileMergeGroup(context, place, key, attempt);
      case "commit":
        return reconcileCommit(context, place, key.sha, attempt);
      case "post-mortem":
        return reconcilePostMortem(context, place, key.number, attempt);
      case "deployment":
        return reconcileDeployment(context, place, key.id, attempt);
      case "waiting-run":
        return reconcileWaitingRun(context, place, key.run, attempt);
      case "labels":
        return ensureLabels(context, place);
      case "repository":
        return reconcileRepository(context, place, key, background);
    }
  };
}

/** A head whose checks were asked for again: open pull requests that have it are judged anew, and what else is there stays as it is. */
async function reconcileCommit(
  context: ReconcileContext,
  place: Place,
  sha: string,
  attempt: Attempt,
): Promise<JobResult> {
  const open = await listOpenPullRequests(place.client, place.repo);
  if (!open.known) {
    context.log.warn({ sha, reason: open.reason, attempt: attempt.number }, "could not be read");
    throw new Error(open.reason);
  }
  const own = open.value.filter(({ headSha }) => headSha === sha);
  for (const { number } of own)
    context.enqueue({
      key: { ...keyOf(place), kind: "pull-request", number },
      hint: { rerequested: true },
    });
  const repeat = { type: "repeat-check-runs", headSha: sha, gate: own.length === 0 } as const;
  const { failures } = await applyActions(place.client, place.repo, [repeat], context.log);
  return failures.some(({ retry }) => retry) ? retryLater(retryStep(attempt, context.retryTimes)) : {};
}

async function reconcileRepository(
  context: ReconcileContext,
  { client, repo }: Place,
  key: Extract<ReconcileKey, { kind: "repository" }>,
  background?: boolean,
): Promise<JobResult> {
  const reading = await loadPolicy(client, repo);
  const policy = reading.state === "valid" ? reading.policy : null;
  const isHotfix = (pull: ListedPullRequest) => isHotfixLike(pull, policy);
  await lookAtWaitingRuns(context, { client, repo }, policy, null);
  if (policy !== null) await lookAtRecentDeployments(context, { client, repo }, policy);
  return enqueueJobs(context, await expandRepository(client, key, isHotfix, background));
}

async function ensureLabels(context: ReconcileContext, { client, repo }: Place): Promise<JobResult> {
  const reading = await loadPolicy(client, repo);
  if (reading.state !== "valid") return {};
  const labels = labelDefinitions(reading.policy);
  await applyActions(client, repo, [{ type: "ensure-labels", labels }], context.log);
  return {};
}

function enqueueJobs(context: ReconcileContext, jobs: readonly Job[]): JobResult {
  for (const job of jobs) context.enqueue(job);
  return {};
}
