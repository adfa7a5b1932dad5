import type { ApprovalReading } from "./approval/reading.ts";
import { readReviews } from "./approval/reviews.ts";
import { finding } from "./rule.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import type { RuleFinding } from "./verdict.ts";

/**
 * A rollback needs one approval of any role or one approving review, given on this base, and nothing else (design, section 2). Somebody
 * whose review has weight can stop it.
 */
export function rollbackFinding(snapshot: PullRequestSnapshot, approval: ApprovalReading): RuleFinding {
  const as = { rule: "approval", level: "error", override: null } as const;
  const { history } = snapshot;
  const { approving, against, undecided } = history.known
    ? readReviews(snapshot, history.value.reviews, history.value.baseChangedAt)
    : { approving: [], against: [], undecided: history.reason };
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
