import { type Fact, known } from "../fact.ts";
import type { Policy, Severity } from "../policy.ts";
import { sameLogin } from "../snapshot/account.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { instant } from "../time.ts";
import type { CountedApproval } from "../verdict.ts";
import { severityChanges, type Threshold, thresholds } from "./arrival.ts";
import { involvement } from "./involvement.ts";
import { readLabelApprovals } from "./label-approvals.ts";
import type { ApprovalReading } from "./reading.ts";
import { readReviewApprovals } from "./review-approvals.ts";
import { approvalLabel } from "./roles.ts";

/**
 * Roles any of which may approve: those of the severity, or of all severities where none is settled
 * (rollbacks).
 */
export function approverRoles(policy: Policy, severity: Severity | null): readonly string[] {
  return severity === null ? Object.keys(policy.roles) : policy.severities[severity].approvers;
}

/** Section 5: which labels and reviews are approvals, and why the others are not. */
export function readApprovals(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Severity | null,
): ApprovalReading {
  const history = snapshot.history;
  const nothing = { counted: [], refused: [], labelsToRemove: [], labelsToAdd: [] };
  if (!history.known) return { ...nothing, undecided: [history.reason] };
  const roles = approverRoles(policy, severity);
  const involved = involvement(snapshot);
  const head = thresholds(snapshot);
  const severityLimits = severityChanges(snapshot);
  const labels = readLabelApprovals(snapshot, policy, roles, join(head, severityLimits), involved);
  const reviews = policy.approval.by.includes("review")
    ? readReviewApprovals(snapshot, policy, roles, join(baseChanges(head), severityLimits), involved)
    : { counted: [], refused: [], undecided: [] };
  const undecided = [...new Set([...labels.undecided, ...reviews.undecided])];

  const byReview = [...new Set(reviews.counted.map(({ role }) => approvalLabel(role)))];
  const standsForReview = (label: string): boolean =>
    byReview.some((other) => other.toLowerCase() === label.toLowerCase());
  const isOn = (label: string): boolean =>
    snapshot.pullRequest.labels.some((on) => on.toLowerCase() === label.toLowerCase());
  return {
    counted: onePerPerson([...labels.counted, ...reviews.counted]),
    refused: [...labels.refused, ...reviews.refused],
    undecided,
    // While something is undecided, a review behind the app's own label may just not have been read.
    labelsToRemove: [...labels.toRemove, ...(undecided.length === 0 ? labels.ofApp : [])].filter(
      (label) => !standsForReview(label),
    ),
    labelsToAdd: byReview.filter((label) => !isOn(label)),
  };
}

/** Approvals count people: one person with two roles is one approval, the first given. */
function onePerPerson(approvals: readonly CountedApproval[]): readonly CountedApproval[] {
  const oldestFirst = approvals.toSorted((a, b) => instant(a.at) - instant(b.at));
  return oldestFirst.filter(
    (approval, index) => oldestFirst.findIndex((other) => sameLogin(other.login, approval.login)) === index,
  );
}

/**
 * A review carries its commit, so of the head's thresholds only the change of base, or of what would land on
 * it, concerns it.
 */
function baseChanges(limits: Fact<readonly Threshold[]>): Fact<readonly Threshold[]> {
  return limits.known
    ? known(
        limits.value.filter(({ refusal }) => refusal === "before-base-change" || refusal === "before-change"),
      )
    : limits;
}

function join(a: Fact<readonly Threshold[]>, b: Fact<readonly Threshold[]>): Fact<readonly Threshold[]> {
  if (!a.known) return a;
  return b.known ? known([...a.value, ...b.value]) : b;
}
