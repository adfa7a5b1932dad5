import { defaultPolicy } from "../../config/index.ts";
import { remembered } from "../../github/api/memory.ts";
import { identityOf } from "../../github/api/repositories.ts";
import { readDefaultBranch } from "../../github/collect/deployment/deployed-commit.ts";
import { readHotfixesDeployed } from "../../github/collect/deployment/deployed-hotfixes.ts";
import {
  firstSuccess,
  readDeployment,
  readDeployments,
} from "../../github/collect/deployment/deployments.ts";
import { loadPolicy } from "../../github/collect/policy.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planDeployed, planRecentDeployments } from "../../plan/deployment.ts";
import type { Policy } from "../../policy/policy.ts";
import { MISSED_MS } from "../../policy/recent.ts";
import { carryOut } from "../carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import { postMortemsOf } from "../post-mortem/recheck.ts";
import { NO_RETRY, retryLater, retryStep } from "../retry.ts";

/**
 * A deployment succeeded: the open post-mortems that wait for one, and the hotfix that it is of although
 * nothing is merged yet, are looked at again, and find out for themselves whether it is theirs. What is not
 * to production ends after one request.
 */
export async function reconcileDeployment(
  context: ReconcileContext,
  place: Place,
  id: number,
  attempt: Attempt,
): Promise<JobResult> {
  const { client, repo } = place;
  const step = retryStep(attempt, context.retryTimes);
  const unread = (reason: string): JobResult => {
    context.log.warn({ ...repo, deployment: id, reason, attempt: attempt.number }, "could not be read");
    return retryLater(step);
  };
  // Without the permission nothing is asked; what the event says is then of no use either.
  if (!(await client.permits("deployments", "read"))) return {};
  const reading = await loadPolicy(client, repo);
  if (reading.state === "unknown") return unread(reading.reason);
  const policy = reading.state === "valid" ? reading.policy : defaultPolicy();
  const deployment = await readDeployment(client, repo, policy, id);
  if (!deployment.known) return unread(deployment.reason);
  if (deployment.value === null) return {};
  const succeeded = await firstSuccess(client, repo, deployment.value);
  if (!succeeded.known) return unread(succeeded.reason);
  // The status is not there to be seen yet; or somebody has taken it away.
  if (succeeded.value === null) return step.show === "quiet" ? retryLater(step) : {};
  const [listed, hotfixes] = await Promise.all([
    postMortemsOf(place, policy),
    readHotfixesDeployed(client, repo, deployment.value, policy),
  ]);
  if (!hotfixes.known) return unread(hotfixes.reason);
  if (!listed.known) unread(listed.reason);
  const postMortems = listed.known
    ? {
        there: keyOf({ client, repo: listed.value.there }),
        waiting: listed.value.all.flatMap((one) => (one.open && !one.deployed ? [one.number] : [])),
      }
    : null;
  const plan = planDeployed({ here: keyOf(place), ...hotfixes.value, postMortems });
  if (listed.known) settledOf(context.memory).set(idOf(place, id), true);
  return (await carryOut(context, place, plan, step)).result;
}

/**
 * Has the recent deployments looked at that may be a hotfix's and were not looked at yet: what is deployed of
 * a production branch itself is found by its post-mortem. One request where the app may read deployments,
 * else none.
 */
export async function lookAtRecentDeployments(
  context: ReconcileContext,
  place: Place,
  policy: Policy,
): Promise<void> {
  const { client, repo } = place;
  const since = new Date(client.serverTime().getTime() - MISSED_MS).toISOString();
  const deployments = await readDeployments(client, repo, policy, { since });
  if (!deployments.known) {
    context.log.warn({ ...repo, reason: deployments.reason }, "could not be read");
    return;
  }
  const settled = settledOf(context.memory);
  const left = (deployments.value ?? []).filter(({ id }) => !settled.has(idOf(place, id)));
  if (left.length === 0) return;
  const defaultBranch = await readDefaultBranch(client, repo);
  const plan = planRecentDeployments(
    keyOf(place),
    left,
    policy,
    defaultBranch.known ? defaultBranch.value : null,
  );
  await carryOut(context, place, plan, NO_RETRY);
}

/** Deployments that were looked at after their success. */
const settledOf = remembered<true>("settled deployments");

function idOf({ client, repo }: Place, id: number): string {
  return `${identityOf(client, repo)}:${id}`;
}
