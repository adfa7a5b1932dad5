import { roleOfLabel } from "../approval/roles.ts";
import type { AfterMerge } from "../landing/after-merge.ts";
import type { Policy } from "../policy.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { isAfter } from "../time.ts";
import type { Verdict } from "../verdict.ts";

/** Was there a valid approval at the merge? `unknown`: it could not be read. */
export type ApprovalAtMerge = "valid" | "missing" | "unknown" | "not-asked";

function approvalState({ findings }: Verdict): ApprovalAtMerge {
  const state = findings.find(({ rule }) => rule === "approval")?.state;
  if (state === undefined) return "not-asked";
  if (state === "satisfied") return "valid";
  // Where the severity was never settled nobody could approve by it.
  return state === "unknown" ? "unknown" : "missing";
}

/** An approval is refused for these because of what somebody is now: it may have been valid at the merge. */
const CHANGED_SINCE: readonly string[] = ["not-in-role", "no-write-access", "actor-gone", "role-not-enough"];

/**
 * Roles can only be asked for as they are now. Where the gate had passed at the merge, the approval was found
 * to hold right after it, and it was still given at the merge, somebody has left the role since. What was
 * found stands in the metrics, which people can edit: it is never enough alone.
 */
export function approvalThen(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  after: AfterMerge | null,
  written: Readonly<Record<string, unknown>> | null,
): ApprovalAtMerge {
  const now = approvalState(verdict);
  const passed = after?.gateAtMerge.known === true && after.gateAtMerge.value === "success";
  const given =
    verdict.approvals.refused.some(({ code }) => CHANGED_SINCE.includes(code)) ||
    stillReviewed(snapshot, policy);
  return now === "missing" && passed && given && written?.approval_valid === true ? "valid" : now;
}

/** Was there an approving review of what was merged, and no approval that people had taken off? */
function stillReviewed({ history, pullRequest }: PullRequestSnapshot, policy: Policy): boolean {
  const { merged, head } = pullRequest;
  if (!history.known || merged === null) return false;
  const { labels, reviews } = history.value;
  const taken = labels.some(
    ({ event, label, byApp, at }) =>
      event === "unlabeled" && !byApp && roleOfLabel(label, policy) !== null && !isAfter(at, merged.at),
  );
  return (
    !taken &&
    reviews.some(
      ({ state, commit, at }) => state === "approved" && commit === head.sha && !isAfter(at, merged.at),
    )
  );
}

/** Did the merge leave a review by another engineer to be made good? */
export function reviewOwed({ findings }: Verdict): boolean {
  const review = findings.find(({ rule }) => rule === "review");
  if (review === undefined || review.state === "overridden" || review.state === "not-applicable")
    return false;
  return review.state !== "satisfied" || review.code === "owed";
}
