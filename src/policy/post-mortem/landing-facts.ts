import { type Fact, known, unknown } from "../fact.ts";
import type { AfterMerge } from "../landing/after-merge.ts";
import { earlyOf } from "../landing/early-deployment.ts";
import { isGateNotice } from "../notices.ts";
import type { Policy } from "../policy.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { instant, isAfter } from "../time.ts";
import type { Verdict } from "../verdict.ts";
import { reviewOwed } from "./approval-at-merge.ts";
import { iso } from "./written.ts";

const NOT_LOOKED_AT: Fact<boolean> = unknown("not looked at yet");

/** How and when it landed, and until when the post-mortem has to be complete. */
export function landingFacts(snapshot: PullRequestSnapshot, policy: Policy, landed: string) {
  const { merged, createdAt, state } = snapshot.pullRequest;
  const { due } = policy.post_mortem;
  return {
    merged: merged === null ? null : { at: merged.at, by: merged.by?.login ?? null, sha: merged.sha },
    early: snapshot.deployedEarly ?? known(null),
    landedAt: landed,
    // Of what was deployed the deployment may be deleted, and a later one be the first.
    since: isAfter(landed, createdAt) && earlyOf(snapshot) !== null ? createdAt : landed,
    closed: state === "closed" && merged === null,
    due: iso(instant(landed) + due) ?? landed,
    dueAfter: due,
  };
}

/** What the rules say of it. */
export function verdictFacts({ severity, approvals, overrides, findings, notices, unfrozen }: Verdict) {
  return {
    severity,
    approvals: approvals.counted,
    refusedApprovals: approvals.refused,
    overrides,
    unfrozen: unfrozen ?? null,
    violations: findings.filter(
      ({ level, state }) =>
        level === "error" && (state === "violated" || state === "pending" || state === "unknown"),
    ),
    warnings: findings.filter(({ level, state }) => level === "warn" && state === "violated"),
    gateNotice: notices.find(({ code }) => isGateNotice(code)) ?? null,
  };
}

/** What is still owed to it: a review, and its arrival on other branches. */
export function reviewFacts(
  { pullRequest: { merged } }: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  after: AfterMerge | null,
) {
  const owed = reviewOwed(verdict);
  return {
    reviewOwedAtMerge: merged !== null && owed,
    reviewOwed: merged !== null && (after?.reviewOwed?.known ? after.reviewOwed.value : owed),
    backMerges:
      after?.backMerges ??
      Object.fromEntries(policy.branches.back_merge.map((branch) => [branch, NOT_LOOKED_AT])),
  };
}
