import type { ReconcileHint } from "../../jobs/hint.ts";
import type { RepositoryKey } from "../../jobs/key.ts";
import type { Job } from "../../jobs/queue.ts";
import type { Fact } from "../../policy/fact.ts";
import type { Evaluated } from "../evaluated.ts";
import { both, type Plan, plan } from "../plan.ts";
import { type ExistingCheck, planCancellations } from "./check.ts";

/** A commit that was the head of a pull request, or is that of a closed one, and the app's runs on it. */
export interface LeftHead {
  readonly sha: string;
  /** What the process remembers it by. */
  readonly key: string;
  readonly runs: readonly ExistingCheck[];
  /** Another open pull request has this head, or it has landed: its check stays as it is. */
  readonly stays: boolean;
}

/** Some of the heads that a pull request has left. */
export interface FormerHeads {
  readonly heads: readonly LeftHead[];
  /** There are others, which are looked at next. */
  readonly more: boolean;
}

/**
 * Takes back what is green on heads that the pull request had before, whatever becomes of the verdict. As
 * long as there are more, it is looked at again, behind everything else. What can never be listed in full is
 * not asked for again: the gate fails for it, and says so.
 */
export function planFormerHeads(
  { number, collected }: Evaluated,
  former: Fact<FormerHeads>,
  { formerHeads }: ReconcileHint,
  repository: RepositoryKey,
): Plan {
  if (!former.known) return plan({ retry: former.wayOut === undefined ? "later" : null });
  const { heads, more } = former.value;
  const { activity } = collected.snapshot;
  // Where the activity cannot be had, the app's record tells when a head arrived: a head that was left has to
  // arrive again.
  const forget = activity.known && activity.value === null;
  const next: Job = {
    key: { ...repository, kind: "pull-request", number },
    hint: formerHeads === undefined ? {} : { formerHeads },
    background: true,
  };
  return both(planLeft(heads, `the head of #${number} moved on`, forget), plan({ jobs: more ? [next] : [] }));
}

/** Takes back what is green on heads that nobody has any more, and remembers that nothing is green there. */
export function planLeft(heads: readonly LeftHead[], reason: string, forget: boolean): Plan {
  const free = heads.filter(({ stays }) => !stays);
  return plan({
    actions: free.flatMap(({ sha, runs }) => planCancellations(sha, runs, reason, forget)),
    remember: free.map(({ key }) => ({ list: "cleared", key })),
  });
}
