import { levelOf } from "../github/api/budget.ts";
import { learnRepository, readId } from "../github/api/repositories.ts";
import { laneOf, type ReconcileKey } from "../jobs/key.ts";
import type { Attempt, Job, JobResult, Worker } from "../jobs/queue.ts";
import { reconcileBranch } from "./branch.ts";
import type { Place, ReconcileContext } from "./context.ts";
import { reconcileDeployment } from "./deployment/deployed.ts";
import { reconcileWaitingRun } from "./deployment/review.ts";
import { reconcileDigest } from "./digest.ts";
import { expandInstallation } from "./expand.ts";
import { reconcileConversation } from "./gate/conversation.ts";
import { reconcileFreeze } from "./gate/freeze.ts";
import { reconcileMergeGroup } from "./gate/merge-group.ts";
import { expandIssue } from "./gate/named-issues.ts";
import { reconcileCommit } from "./gate/rerun.ts";
import { reconcileLanding } from "./landing/landing.ts";
import { reconcileLook } from "./look.ts";
import { reconcilePostMortem } from "./post-mortem/post-mortem.ts";
import { reconcileRecord } from "./post-mortem/record.ts";
import { reconcilePullRequest } from "./pull-request.ts";
import { reconcileRepository } from "./repository.ts";

/** What is left of the rate limit may be said anew: another instance, or another token. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** Where a tenth of the hour's requests is left only gates are served: what is merged or deployed by them. */
function mayWait({ key, background }: Job): boolean {
  return background === true || laneOf(key) === "people" || key.kind === "installation";
}

/** The worker of the queue: makes GitHub as the policy says it should be, for whatever the key names. */
export function createReconciler(context: ReconcileContext): Worker {
  const { clients, doubles } = context;
  const work = workerOf(context);
  return async (job, attempt) => {
    const before = clients.instance?.creates;
    try {
      return await work(job, attempt);
    } catch (error) {
      // Right after an installation GitHub may not know it yet.
      if (attempt.number >= 3 && isUninstalled(error)) return {};
      throw error;
    } finally {
      // By this job, or by one beside it: looking again at too much does no harm.
      if (clients.instance?.creates !== before) doubles?.created(job.key);
    }
  };
}

/** GitHub gives no token: the app is not installed there any more, and nothing is left to be done. */
function isUninstalled(error: unknown): boolean {
  const { status, request } = error as { status?: number; request?: { url?: string } };
  return status === 404 && /\/app\/installations\/\d+\/access_tokens$/.test(request?.url ?? "");
}

function workerOf(context: ReconcileContext): Worker {
  return async (job: Job, attempt: Attempt): Promise<JobResult> => {
    const { key, hint } = job;
    if (hint.newPermissions) await context.clients.renewToken(key.installationId);
    const client = await context.clients.forInstallation(key.installationId);
    const budget = client.budget?.() ?? null;
    const now = client.serverTime().getTime();
    if (budget !== null && mayWait(job) && ["scarce", "spent"].includes(levelOf(budget, now)))
      return { waitMs: Math.min(budget.resetAt - now + 1_000, LONGEST_WAIT_MS) };
    if (key.kind === "installation") {
      for (const one of await expandInstallation(client)) await context.enqueue(one);
      return {};
    }
    const place: Place = { client, repo: { owner: key.owner, repo: key.repo } };
    const id = key.repositoryId ?? (await readId(client, place.repo));
    if (id === null) return {};
    learnRepository(client, place.repo, id);
    // By its name alone it could run beside a job of the same repository.
    if (key.repositoryId === undefined) {
      await context.enqueue({ ...job, key: { ...key, repositoryId: id } });
      return {};
    }
    return reconcile(context, place, { ...job, key }, attempt);
  };
}

/** A job at one repository. */
type JobOfOne = Job & { readonly key: Exclude<ReconcileKey, { readonly kind: "installation" }> };

/** Each kind of job by its own function. */
async function reconcile(
  context: ReconcileContext,
  place: Place,
  { key, hint, background }: JobOfOne,
  attempt: Attempt,
): Promise<JobResult> {
  switch (key.kind) {
    case "pull-request":
      return reconcilePullRequest(context, place, key.number, hint, attempt);
    case "conversation":
      return reconcileConversation(context, place, key.number, hint, attempt);
    case "branch":
      return reconcileBranch(context, place, key.ref, hint, attempt);
    case "landing":
      return reconcileLanding(context, place, key.ref, hint, attempt);
    case "record":
      return reconcileRecord(context, place, key, hint.record, attempt);
    case "merge-group":
      return reconcileMergeGroup(context, place, key, attempt);
    case "commit":
      return reconcileCommit(context, place, key.sha, attempt);
    case "post-mortem":
      return reconcilePostMortem(context, place, key.number, hint, attempt);
    case "landed-check":
      // Most checks end on commits that no hotfix landed as: without a request.
      for (const one of context.watch.landedAs(key.sha))
        await context.enqueue({ key: one, hint: {}, background: true });
      return {};
    case "deployment":
      return reconcileDeployment(context, place, key.id, attempt);
    case "waiting-run":
      return reconcileWaitingRun(context, place, key.run, attempt);
    case "issue":
      for (const one of await expandIssue(place, key.number)) await context.enqueue(one);
      return {};
    case "freeze":
      return reconcileFreeze(context, place, hint);
    case "digest":
      return reconcileDigest(context, place);
    case "look":
      return reconcileLook(context, place, hint.look ?? {});
    case "repository":
      return reconcileRepository(context, place, key, background);
  }
}
