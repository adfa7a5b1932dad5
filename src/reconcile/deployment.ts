import { defaultPolicy } from "../config/index.ts";
import { firstSuccess, readDeployment } from "../github/collect/deployments.ts";
import { loadPolicy } from "../github/config-source.ts";
import type { Attempt, JobResult } from "../queue/port.ts";
import { keyOf, type Place, type ReconcileContext } from "./context.ts";
import { postMortemsOf } from "./look-again.ts";
import { retryLater, retryStep } from "./retry.ts";

/**
 * A deployment succeeded: the open post-mortems that wait for one are looked at again, and find out for themselves whether it is theirs. What is not to
 * production ends after one request.
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
  const listed = await postMortemsOf(place, policy);
  if (!listed.known) return unread(listed.reason);
  const { there, all } = listed.value;
  for (const { number } of all.filter(({ open, deployed }) => open && !deployed))
    context.enqueue({ key: { ...keyOf({ client, repo: there }), kind: "post-mortem", number }, hint: {} });
  return {};
}
