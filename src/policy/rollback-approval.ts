import type { ApprovalReading } from "./approval/reading.ts";
import { finding } from "./rule.ts";
import { readReviews } from "./rules/review.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import type { RuleFinding } from "./verdict.ts";

/** A rollback needs one approval of any role or one approving review, and nothing else (design, section 2). */
export function rollbackFinding(snapshot: PullRequestSnapshot, approval: ApprovalReading): RuleFinding {
  const as = { rule: "approval", level: "error", override: null } as const;
  const reviews = snapshot.history.known
    ? readReviews(snapshot, snapshot.history.value.reviews)
    : { approving: [], undecided: snapshot.history.reason };
  const people = [
    ...approval.counted.map(({ login, role }) => `${login} (${role})`),
    ...reviews.approving.map((login) => `${login} (review)`),
  ];
  if (people.length > 0) return { ...finding("satisfied", "rollback-approved", { people }), ...as };
  const reasons = [...approval.undecided, ...(reviews.undecided === null ? [] : [reviews.undecided])];
  if (reasons.length > 0)
    return { ...finding("unknown", "unknown", { reason: [...new Set(reasons)].join("; ") }), ...as };
  return { ...finding("pending", "rollback-missing"), ...as };
}
