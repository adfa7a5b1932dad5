import { readReviews } from "../approval/reviews.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";

/** A second pair of eyes: before the merge, or owed after it where every minute counts. */
export const review: Rule<NoOptions> = {
  meta: {
    id: "review",
    title: "Code review",
    rationale: "Another engineer asks what nobody asks in a hurry: does this break anything else?",
    level: "error",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      reviewed: { found: "Reviewed by {reviewers}", fix: "" },
      owed: {
        found: "Outstanding; may come after the merge",
        fix: "Have another engineer review it within a day; the post-mortem tracks it.",
      },
      missing: {
        found: "No approving review of the current commits",
        fix: "Ask someone with write access who didn't work on it.",
      },
      "changes-requested": {
        found: "{reviewers} requested changes",
        fix: "Make the changes, then get an approval; or have the review dismissed.",
      },
      "not-asked": { found: "No review required", fix: "" },
      "no-severity": { found: "Pending severity", fix: "" },
    },
  },
  check({ snapshot, policy, hotfix }) {
    if (!hotfix.severity.known) return unknownFinding(hotfix.severity.reason);
    if (!snapshot.history.known) return unknownFinding(snapshot.history.reason);
    const severity = hotfix.severity.value.severity;
    if (severity === null || !policy.severities[severity].hotfix)
      return finding("not-applicable", "no-severity");
    const asked = policy.severities[severity].review;
    if (asked === "none") return finding("not-applicable", "not-asked");
    const { against, approving, undecided } = readReviews(snapshot, snapshot.history.value.reviews);
    if (against.length > 0) return finding("violated", "changes-requested", { reviewers: against });
    if (undecided !== null) return unknownFinding(undecided);
    if (approving.length > 0) return finding("satisfied", "reviewed", { reviewers: approving });
    return asked === "after-merge" ? finding("satisfied", "owed") : finding("pending", "missing");
  },
};
