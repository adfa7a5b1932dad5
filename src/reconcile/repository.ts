import type { ListedPullRequest } from "../github/collect/git/listing.ts";
import { loadPolicy } from "../github/collect/policy.ts";
import type { ReconcileKey } from "../jobs/key.ts";
import type { JobResult } from "../jobs/queue.ts";
import { freezeJob } from "../plan/gate/freeze.ts";
import { plan } from "../plan/plan.ts";
import { isHotfixLike } from "../policy/classify.ts";
import { freezes } from "../policy/freeze.ts";
import { carryOut } from "./carry-out.ts";
import { headKey, keyOf, type Place, type ReconcileContext } from "./context.ts";
import { lookAtRecentDeployments } from "./deployment/deployed.ts";
import { lookAtWaitingRuns } from "./deployment/review.ts";
import { expandRepository } from "./expand.ts";
import { NO_RETRY } from "./retry.ts";

/** Has a repository's open hotfixes, recent merges, post-mortems, waiting runs and deployments looked at. */
export async function reconcileRepository(
  context: ReconcileContext,
  place: Place,
  key: Extract<ReconcileKey, { kind: "repository" }>,
  background?: boolean,
): Promise<JobResult> {
  const { client, repo } = place;
  // A push may have changed it.
  const reading = await loadPolicy(client, repo, { fresh: true });
  const policy = reading.state === "valid" ? reading.policy : null;
  const isHotfix = (pull: ListedPullRequest) => isHotfixLike(pull, policy);
  await lookAtWaitingRuns(context, place, policy, null);
  if (policy !== null) await lookAtRecentDeployments(context, place, policy);
  const jobs = await expandRepository(client, key, isHotfix, background, (sha) =>
    context.memory.cleared.has(headKey(place, sha)),
  );
  const freeze = policy !== null && freezes(policy) ? [freezeJob(keyOf(place))] : [];
  return (await carryOut(context, place, plan({ jobs: [...jobs, ...freeze] }), NO_RETRY)).result;
}
