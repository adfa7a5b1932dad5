import type { ReconcileHint } from "../../jobs/hint.ts";
import type { RepositoryKey } from "../../jobs/key.ts";
import type { Job } from "../../jobs/queue.ts";
import type { Fact } from "../../policy/fact.ts";
import type { Evaluated } from "../evaluated.ts";
import { both, type Plan, plan } from "../plan.ts";
import { conversationJob, mayBeDeployed } from "./conversation-job.ts";
import { type FormerHeads, type LeftHead, planFormerHeads, planLeft } from "./left-heads.ts";

/**
 * A pull request that was closed without a merge leaves no green head behind. Where the head still is
 * another's, its check may say something else without this one's vote.
 */
export function planClosed(
  own: Evaluated,
  siblings: Fact<readonly { readonly number: number }[]>,
  head: Fact<LeftHead | null>,
  former: Fact<FormerHeads>,
  hint: ReconcileHint,
  repository: RepositoryKey,
): Plan {
  const { number } = own;
  const ended = both(
    plan({
      watch: { key: { ...repository, kind: "pull-request", number }, seen: "over" },
      jobs: mayBeDeployed(own) ? [conversationJob(number, repository, {})] : [],
    }),
    planFormerHeads(own, former, hint, repository),
  );
  if (!siblings.known || !head.known) return both(ended, plan({ retry: "later" }));
  const others = siblings.value.map(
    (one): Job => ({ key: { ...repository, kind: "pull-request", number: one.number }, hint: {} }),
  );
  if (others.length > 0) return both(ended, plan({ jobs: others }));
  const reason = `#${number} was closed without a merge`;
  return both(ended, planLeft(head.value === null ? [] : [head.value], reason, false));
}

/**
 * A merged pull request: whether it is to have a post-mortem is found out where that is written. What never
 * was a hotfix has none.
 */
export function planGateOver(
  own: Evaluated,
  former: Fact<FormerHeads>,
  hint: ReconcileHint,
  repository: RepositoryKey,
): Plan {
  const { number, collected, verdict } = own;
  const { policy, statusComment } = collected;
  const never =
    policy.state === "valid" &&
    verdict.kind !== "hotfix" &&
    verdict.unknowns.length === 0 &&
    statusComment.known &&
    statusComment.value === null;
  const over = plan({
    watch: { key: { ...repository, kind: "pull-request", number }, seen: "over" },
    jobs: never ? [] : [conversationJob(number, repository, {})],
  });
  return both(over, planFormerHeads(own, former, hint, repository));
}
