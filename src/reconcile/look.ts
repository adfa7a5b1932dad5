import { remembered } from "../github/api/memory.ts";
import { identityOf } from "../github/api/repositories.ts";
import { listClosedSince, listOwnIssues } from "../github/collect/git/installations.ts";
import { type ListedPullRequest, listOpenPullRequests } from "../github/collect/git/listing.ts";
import { pushedBranches } from "../github/collect/git/pushed-branches.ts";
import { loadPolicy } from "../github/collect/policy.ts";
import type { Look } from "../jobs/hint.ts";
import { keyId, type ReconcileKey } from "../jobs/key.ts";
import type { Job, JobResult } from "../jobs/queue.ts";
import { freezeJob } from "../plan/gate/freeze.ts";
import { plan } from "../plan/plan.ts";
import { isHotfixLike, productionBases } from "../policy/classify.ts";
import { freezes } from "../policy/freeze.ts";
import type { Policy } from "../policy/policy.ts";
import { MISSED_MS } from "../policy/recent.ts";
import { matchesAny } from "../policy/text/glob.ts";
import { carryOut } from "./carry-out.ts";
import { headKey, keyOf, type Place, type ReconcileContext } from "./context.ts";
import { lookAtRecentDeployments } from "./deployment/deployed.ts";
import { lookAtWaitingRuns } from "./deployment/review.ts";
import { NO_RETRY } from "./retry.ts";

/** Hotfixes that were closed without a merge: so many are looked at in one go, each once in a process. */
const MOST_GIVEN_UP = 20;

/**
 * Finds what no event told of in a repository: open hotfixes that have changed or where something is due, and
 * what else the look is about. One request where it is about nothing else: ordinary pull requests are seen in
 * the list and not read.
 */
export async function reconcileLook(context: ReconcileContext, place: Place, look: Look): Promise<JobResult> {
  const { client, repo } = place;
  const [open, closed, issues, deploys] = await Promise.all([
    listOpenPullRequests(client, repo),
    look.closedSince === undefined ? [] : listClosedSince(client, repo, new Date(look.closedSince)),
    look.postMortems ? listOwnIssues(client, repo) : [],
    client.permits("deployments", "read"),
  ]);
  // A part is never taken for the whole.
  if (!open.known) throw new Error(open.reason);
  const odd = [...open.value, ...closed].some((pull) => !isHotfixLike(pull, null));
  const policy = odd || deploys || look.pushesTo !== undefined ? await policyOf(place, look) : null;
  if (deploys) {
    await lookAtWaitingRuns(context, place, policy, null);
    if (policy !== null) await lookAtRecentDeployments(context, place, policy);
  }
  const own = keyOf(place);
  const job = (key: ReconcileKey): Job => ({ key, hint: {}, background: true });
  const pull = ({ number }: ListedPullRequest) => ({ ...own, kind: "pull-request", number }) as const;
  const now = client.serverTime().getTime();
  const isHotfix = (one: ListedPullRequest) => isHotfixLike(one, policy);
  const jobs = [
    ...open.value
      .filter((one) => isHotfix(one) && context.watch.wants(pull(one), one.updatedAt, now))
      .map((one) => job(pull(one))),
    ...newlyClosed(context, place, closed.filter(isHotfix)).map((one) => job(pull(one))),
    ...issues.map((number) => job({ ...own, kind: "post-mortem", number })),
    ...open.value
      .filter((one) => !isHotfix(one) && one.updatedAt >= (look.ordinarySince ?? "~"))
      .map((one) => job(pull(one))),
    ...(policy !== null && freezes(policy) ? [freezeJob(own)] : []),
    ...(await branchesOf(place, look, policy)).map((ref) => job({ ...own, kind: "branch", ref })),
  ];
  return (await carryOut(context, place, plan({ jobs }), NO_RETRY)).result;
}

interface ReadPolicy {
  readonly pushedAt: string;
  /** `null`: it is not valid, so the default names count. */
  readonly policy: Policy | null;
}
const policiesOf = remembered<ReadPolicy>("policies of looks");

/** The repository's policy, read again where anything was pushed to it. */
async function policyOf({ client, repo }: Place, { pushedAt = "" }: Look): Promise<Policy | null> {
  const policies = policiesOf(client);
  const id = identityOf(client, repo);
  const known = policies.get(id);
  if (known !== undefined && known.pushedAt === pushedAt) return known.policy;
  const reading = await loadPolicy(client, repo);
  if (reading.state === "unknown") throw new Error(reading.reason);
  const policy = reading.state === "valid" ? reading.policy : null;
  policies.set(id, { pushedAt, policy });
  return policy;
}

const closedOf = remembered<string>("closed pull requests");

/**
 * Those that were not found before as they are now. Of those without a merge: whose heads may still be green.
 */
function newlyClosed(
  context: ReconcileContext,
  place: Place,
  closed: readonly ListedPullRequest[],
): readonly ListedPullRequest[] {
  const found = closedOf(context.memory);
  const fresh = closed.filter(({ number, updatedAt }) => {
    const id = keyId({ ...keyOf(place), kind: "pull-request", number });
    const isNew = found.get(id) !== updatedAt;
    found.set(id, updatedAt);
    return isNew;
  });
  const merged = fresh.filter(({ mergedAt }) => mergedAt !== null);
  const given = fresh.filter(
    ({ mergedAt, headSha }) => mergedAt === null && !context.memory.cleared.has(headKey(place, headSha)),
  );
  return [...merged, ...given.slice(0, MOST_GIVEN_UP)];
}

/** The production branches that may have been pushed to. */
async function branchesOf(
  { client, repo }: Place,
  { pushesTo }: Look,
  policy: Policy | null,
): Promise<readonly string[]> {
  if (pushesTo === undefined) return [];
  const bases = policy === null ? [pushesTo] : productionBases(policy, { defaultBranch: pushesTo });
  if (bases.length === 1 && bases[0] === pushesTo) return [pushesTo];
  const since = new Date(client.serverTime().getTime() - MISSED_MS);
  const pushed = await pushedBranches(client, repo, since);
  // Where GitHub does not tell: those that are named in full.
  return (pushed ?? bases).filter((ref) => matchesAny(bases, ref));
}
