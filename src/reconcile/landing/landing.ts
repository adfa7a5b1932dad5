import { defaultPolicy } from "../../config/index.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { kindOf } from "../../plan/branch.ts";
import { isOff } from "../../policy/mode.ts";
import type { Place, ReconcileContext } from "../context.ts";
import { evaluateBranch, hotfixBranch } from "../evaluate/branch.ts";
import { readPushedBranch } from "../pushed-branch.ts";
import { retryLater, retryStep } from "../retry.ts";
import { openForDeployment } from "./deployed-early.ts";
import { reconcilePushes } from "./direct-push.ts";

/**
 * What is to be learnt from although no pull request leads to it: hotfix commits that were pushed directly to
 * a production branch, and a hotfix branch without a pull request that was deployed. Their post-mortems are
 * opened, in the lane of what people read.
 */
export async function reconcileLanding(
  context: ReconcileContext,
  place: Place,
  ref: string,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const { repo } = place;
  const step = retryStep(attempt, context.retryTimes);
  const again = retryLater(step);
  const read = await readPushedBranch(place, ref);
  if (!read.known) return again;
  const { reading, pushed, branch } = read.value;
  if (isOff(reading) || branch === null) return {};
  const { policy, pulls } = pushed;
  const { defaultBranch, repositoryUrl } = branch;
  const { production, lonely } = kindOf(pushed, defaultBranch);
  if (production) {
    const repository = { owner: repo.owner, name: repo.repo, defaultBranch, url: repositoryUrl };
    const open = pulls.filter(({ baseRef }) => baseRef === ref);
    return reconcilePushes(context, place, { ref, repository, open }, reading, hint, attempt);
  }
  if (!lonely) return {};
  const settings = policy ?? defaultPolicy();
  const deployed = await evaluateBranch(place, settings, hotfixBranch(place, ref, branch, policy));
  if (!deployed.known) return again;
  if (deployed.value === null) return {};
  const early = await openForDeployment(context, { place, policy: settings, ...deployed.value }, step);
  return early.again ? again : {};
}
