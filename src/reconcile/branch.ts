import { defaultPolicy } from "../config/index.ts";
import { readGates } from "../github/collect/check/gates.ts";
import { recordOf, withoutArrivals } from "../github/collect/check/record.ts";
import { encodeRecord } from "../github/collect/check/record-text.ts";
import {
  listOpenPullRequests,
  listPullRequestsFrom,
  type ReadBranch,
} from "../github/collect/git/listing.ts";
import type { ReconcileHint } from "../jobs/hint.ts";
import type { Attempt, JobResult } from "../jobs/queue.ts";
import { kindOf, planLooks, planPushed } from "../plan/branch.ts";
import { planBranch } from "../plan/gate/without-verdict.ts";
import { planLandings } from "../plan/landing/landing.ts";
import { earlyOf } from "../policy/landing/early-deployment.ts";
import { isOff } from "../policy/mode.ts";
import type { Policy } from "../policy/policy.ts";
import { renderBranchCheck } from "../render/gate/check-without-verdict.ts";
import { carryOut } from "./carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "./context.ts";
import { lookAtWaitingRuns } from "./deployment/review.ts";
import { evaluateBranch, hotfixBranch } from "./evaluate/branch.ts";
import { recheckPostMortems } from "./post-mortem/recheck.ts";
import { readPushedBranch } from "./pushed-branch.ts";
import { type RetryStep, retryLater, retryStep } from "./retry.ts";

/**
 * A branch was pushed: its open pull requests are looked at, and hotfixes that target it. A hotfix branch
 * without a pull request gets a check that never passes, because GitHub lets a commit whose checks passed be
 * pushed directly to a protected branch.
 */
export async function reconcileBranch(
  context: ReconcileContext,
  place: Place,
  ref: string,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const step = retryStep(attempt, context.retryTimes);
  const again = retryLater(step);
  const read = await readPushedBranch(place, ref);
  if (!read.known) {
    context.log.warn({ ref, reason: read.reason }, "could not be read");
    return again;
  }
  const { reading, pushed, branch } = read.value;
  const { policy, pulls } = pushed;
  if (isOff(reading)) {
    await lookAtWaitingRuns(context, place, policy, null);
    return {};
  }
  await carryOut(context, place, planPushed(pushed, hint), step);
  if (branch === null) return {};
  const { sha, defaultBranch } = branch;
  const { production, backMerge, lonely } = kindOf(pushed, defaultBranch);
  const recheck = async () => policy === null || (await recheckPostMortems(context, place, policy, hint));
  if (production) {
    await carryOut(context, place, planLandings(keyOf(place), ref, hint), step);
    const looked = await recheck();
    await lookAtWaitingRuns(context, place, policy, null);
    return looked ? {} : again;
  }
  if (backMerge && !(await recheck())) return again;
  // Events may be late: the branch's present head counts, and another pull request may have it.
  if (!lonely || pulls.some((pull) => pull.headSha === sha)) return {};
  return reconcileLonelyBranch(context, place, policy, ref, branch, hint, step);
}

/** A hotfix branch that no pull request is open for. */
async function reconcileLonelyBranch(
  context: ReconcileContext,
  place: Place,
  policy: Policy | null,
  ref: string,
  branch: NonNullable<ReadBranch>,
  hint: ReconcileHint,
  step: RetryStep,
): Promise<JobResult> {
  const { client, repo } = place;
  const again = retryLater(step);
  const { sha, repositoryUrl } = branch;
  const [from, gates] = await Promise.all([
    listPullRequestsFrom(client, repo, ref),
    readGates(client, repo, sha),
  ]);
  if (!from.known || !gates.known) return again;
  // It has landed: its check says what the gate said then, and nobody has to open anything.
  if (from.value.some((pull) => pull.mergedAt !== null && pull.headSha === sha)) return {};
  const tip = hotfixBranch(place, ref, branch, policy);
  const evaluated = await evaluateBranch(place, policy ?? defaultPolicy(), tip);
  if (!evaluated.known) context.log.warn({ ref, reason: evaluated.reason }, "could not be read");
  const deployed = evaluated.known ? evaluated.value : null;
  const early = deployed === null ? null : earlyOf(deployed.snapshot);
  const check = renderBranchCheck(
    { name: ref, base: tip.base, repositoryUrl, early },
    { docsUrl: context.docsUrl, record: encodeRecord(withoutArrivals(recordOf(gates.value))) },
  );
  const planned = planBranch(sha, check, gates.value, hint.rerequested === true);
  const written = await carryOut(context, place, planned, step);
  if (!evaluated.known || written.again) return again;
  if (deployed !== null) await carryOut(context, place, planLandings(keyOf(place), ref, {}), step);
  if (planned.actions.length === 0) return {};
  // One that was opened meanwhile has the last word about its head.
  const now = await listOpenPullRequests(client, repo);
  if (!now.known) return again;
  const opened = now.value.flatMap(({ headSha, number }) => (headSha === sha ? [number] : []));
  return (await carryOut(context, place, planLooks(keyOf(place), opened), step)).result;
}
