import type { ApprovalReading } from "./approval/reading.ts";
import { readReviews } from "./approval/reviews.ts";
import { finding } from "./rule.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import type { RuleFinding } from "./verdict.ts";

/** How many approvals a rollback still lacks: one approving review is as good as one by a role. */
export function missingForRollback(snapshot: PullRequestSnapshot, approval: ApprovalReading): number {
  return approval.counted.length > 0 || reviewsOf(snapshot).approving.length > 0 ? 0 : 1;
}

/**
 * A rollback needs one approval of any role or one approving review, given on this base, and nothing else
 * (design, section 2). Somebody whose review has weight can stop it.
 */
export function rollbackFinding(snapshot: PullRequestSnapshot, approval: ApprovalReading): RuleFinding {
  const as = { rule: "approval", level: "error", override: null } as const;
  const { approving, against, undecided } = reviewsOf(snapshot);
  if (against.length > 0)
    return { ...finding("violated", "changes-requested", { reviewers: against }), ...as, rule: "review" };
  const people = [
    ...approval.counted.map(({ login, role }) => `${login} (${role})`),
    ...approving.map((login) => `${login} (review)`),
  ];
  if (people.length > 0) return { ...finding("satisfied", "rollback-approved", { people }), ...as };
  const reasons = [...approval.undecided, ...(undecided === null ? [] : [undecided])];
  if (reasons.length > 0)
    return { ...finding("unknown", "unknown", { reason: [...new Set(reasons)].join("; ") }), ...as };
  return { ...finding("pending", "rollback-missing"), ...as };
}

function reviewsOf(snapshot: PullRequestSnapshot): ReturnType<typeof readReviews> {
  const { history } = snapshot;
  return history.known
    ? readReviews(snapshot, history.value.reviews, history.value.baseChangedAt)
    : { approving: [], against: [], undecided: history.reason };
}
