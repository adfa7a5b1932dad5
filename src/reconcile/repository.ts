import { applyActions } from "../github/apply/apply.ts";
import type { ListedPullRequest } from "../github/collect/git/listing.ts";
import { loadPolicy } from "../github/collect/policy.ts";
import type { ReconcileKey } from "../jobs/key.ts";
import type { Job, JobResult } from "../jobs/queue.ts";
import { isHotfixLike } from "../policy/classify.ts";
import { labelDefinitions } from "../policy/labels.ts";
import type { Place, ReconcileContext } from "./context.ts";
import { lookAtRecentDeployments } from "./deployment/deployed.ts";
import { lookAtWaitingRuns } from "./deployment/review.ts";
import { expandRepository } from "./expand.ts";

export async function reconcileRepository(
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

export async function ensureLabels(context: ReconcileContext, { client, repo }: Place): Promise<JobResult> {
  const reading = await loadPolicy(client, repo);
  if (reading.state !== "valid") return {};
  const labels = labelDefinitions(reading.policy);
  await applyActions(client, repo, [{ type: "ensure-labels", labels }], context.log);
  return {};
}

export function enqueueJobs(context: ReconcileContext, jobs: readonly Job[]): JobResult {
  for (const job of jobs) context.enqueue(job);
  return {};
}
