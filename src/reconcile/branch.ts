import { defaultPolicy } from "../config/index.ts";
import { readGates } from "../github/collect/check/gates.ts";
import { encodeRecord, recordOf, withoutArrivals } from "../github/collect/check/record.ts";
import { listOpenPullRequests, listPullRequestsFrom, readBranch } from "../github/collect/git/listing.ts";
import { loadPolicy } from "../github/collect/policy.ts";
import type { ReconcileHint } from "../jobs/key.ts";
import type { Attempt, JobResult } from "../jobs/queue.ts";
import { planBranch } from "../plan/gate.ts";
import { isHotfixLike, isProductionBase } from "../policy/classify.ts";
import { earlyOf } from "../policy/landing/early-deployment.ts";
import { renderBranchCheck } from "../render/gate/check.ts";
import { carryOut } from "./carry-out.ts";
import { enqueueAll, keyOf, type Place, type ReconcileContext } from "./context.ts";
import { lookAtWaitingRuns } from "./deployment/review.ts";
import { hotfixBranch, judgeBranch } from "./evaluate/branch.ts";
import { openForDeployment } from "./landing/deployed-early.ts";
import { reconcilePushes } from "./landing/direct-push.ts";
import { lookAgainAtPostMortems } from "./post-mortem/recheck.ts";
import { retryLater, retryStep } from "./retry.ts";

/**
 * A branch was pushed: its open pull requests are looked at, and hotfixes that target it. A hotfix branch without a pull request gets a check that
 * never passes, because GitHub lets a commit whose checks passed be pushed straight to a protected branch.
 */
export async function reconcileBranch(
  context: ReconcileContext,
  place: Place,
  ref: string,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const { client, repo } = place;
  const step = retryStep(attempt, context.retryTimes);
  const again = retryLater(step);
  const [policy, pulls, branch] = await Promise.all([
    loadPolicy(client, repo),
    listOpenPullRequests(client, repo),
    readBranch(client, repo, ref),
  ]);
  if (!pulls.known || !branch.known) {
    context.log.warn({ ref, reason: pulls.known ? "the branch" : pulls.reason }, "could not be read");
    return again;
  }
  const here = `${repo.owner}/${repo.repo}`.toLowerCase();
  const own = pulls.value.filter(
    (pull) => pull.headRef === ref && pull.headRepository?.toLowerCase() === here,
  );
  const settings = policy.state === "valid" ? policy.policy : null;
  const onto = pulls.value.filter((pull) => pull.baseRef === ref && isHotfixLike(pull, settings));
  for (const { number } of own)
    context.enqueue({ key: { ...keyOf(place), kind: "pull-request", number }, hint });
  for (const { number } of onto)
    context.enqueue({ key: { ...keyOf(place), kind: "pull-request", number }, hint: {}, background: true });
  if (branch.value === null) return {};
  const lookAgain = async () =>
    settings === null || (await lookAgainAtPostMortems(context, place, settings, hint));
  const { sha, defaultBranch, repositoryUrl } = branch.value;
  const production =
    settings === null ? ref === defaultBranch : isProductionBase(ref, settings, { defaultBranch });
  if (production) {
    const repository = { owner: repo.owner, name: repo.repo, defaultBranch, url: repositoryUrl };
    const open = pulls.value.filter(({ baseRef }) => baseRef === ref);
    const pushes = await reconcilePushes(context, place, { ref, repository, open }, policy, hint, attempt);
    const looked = await lookAgain();
    await lookAtWaitingRuns(context, place, settings, null);
    return looked ? pushes : again;
  }
  if (settings?.branches.back_merge.includes(ref) && !(await lookAgain())) return again;
  if (own.length > 0 || !isHotfixLike({ headRef: ref, title: "", labels: [] }, settings)) return {};
  // Events may be late: the branch's present head counts, and another pull request may have it.
  const taken = pulls.value.some((pull) => pull.headSha === sha);
  if (taken) return {};
  const [from, gates] = await Promise.all([
    listPullRequestsFrom(client, repo, ref),
    readGates(client, repo, sha),
  ]);
  if (!from.known || !gates.known) return again;
  // It has landed: its check says what the gate said then, and nobody has to open anything.
  if (from.value.some((pull) => pull.mergedAt !== null && pull.headSha === sha)) return {};
  const tip = hotfixBranch(place, ref, branch.value, settings);
  const { base } = tip;
  const judged = await judgeBranch(place, settings ?? defaultPolicy(), tip);
  if (!judged.known) context.log.warn({ ref, reason: judged.reason }, "could not be read");
  const deployed = judged.known ? judged.value : null;
  const early = deployed === null ? null : earlyOf(deployed.snapshot);
  const check = renderBranchCheck(
    { name: ref, base, repositoryUrl, early },
    { docsUrl: context.docsUrl, record: encodeRecord(withoutArrivals(recordOf(gates.value))) },
  );
  const planned = planBranch(sha, check, gates.value, hint.rerequested === true);
  const written = await carryOut(context, place, planned, step);
  if (!judged.known || written.again) return again;
  if (deployed !== null) {
    const incident = { place, policy: settings ?? defaultPolicy(), ...deployed };
    if ((await openForDeployment(context, incident, step)).again) return again;
  }
  if (planned.actions.length === 0) return {};
  // One that was opened meanwhile has the last word about its head.
  const now = await listOpenPullRequests(client, repo);
  if (!now.known) return again;
  enqueueAll(
    context,
    place,
    now.value.filter((pull) => pull.headSha === sha),
  );
  return {};
}
