import { involvement } from "../approval/involvement.ts";
import { currentReviews } from "../approval/read-approvals.ts";
import { hasPermission, personOf } from "../approval/roles.ts";
import { type Fact, known, unknown } from "../fact.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";
import type { PullRequestSnapshot, Review } from "../snapshot.ts";
import { isAfter } from "../time.ts";

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
      reviewed: { found: "Reviewed by {reviewers}", mend: "" },
      owed: {
        found: "No review yet; it may come after the merge",
        mend: "Have another engineer review it within a day: the post-mortem keeps it as an open item.",
      },
      missing: {
        found: "Nobody has approved the current commits in a review",
        mend: "Ask somebody with write access who did not work on the change to review and approve it.",
      },
      "changes-requested": {
        found: "{reviewers} asked for changes",
        mend: "Make the changes, or have the reviewer approve or the review dismissed.",
      },
      "not-asked": { found: "No review is asked for", mend: "" },
      "no-severity": { found: "Waits for the severity", mend: "" },
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

interface Reviews {
  readonly approving: readonly string[];
  readonly against: readonly string[];
  /** A review that would decide, and whose weight could not be read. */
  readonly undecided: string | null;
}

/**
 * The reviews that have weight: of people with write access who are neither author nor contributors. An approving one has to be newer
 * than each of `since`.
 */
export function readReviews(
  snapshot: PullRequestSnapshot,
  reviews: readonly Review[],
  since: readonly string[] = [],
): Reviews {
  const decisive = currentReviews(snapshot, reviews).flatMap(({ author, state, commit, at }) => {
    const current = commit === snapshot.pullRequest.head.sha && since.every((time) => isAfter(at, time));
    const approves = state === "approved" && current;
    if (author?.type !== "User" || !(approves || state === "changes_requested")) return [];
    return [{ login: author.login, approves, weight: hasWeight(snapshot, author.login) }];
  });
  const weighty = decisive.filter(({ weight }) => weight.known && weight.value);
  const approving = weighty.filter(({ approves }) => approves).map(({ login }) => login);
  // One approval that counts is enough: what cannot be read of another one then decides nothing.
  const open = decisive.find(({ approves, weight }) => !weight.known && !(approves && approving.length > 0));
  return {
    approving,
    against: weighty.filter(({ approves }) => !approves).map(({ login }) => login),
    undecided: open !== undefined && !open.weight.known ? open.weight.reason : null,
  };
}

function hasWeight(snapshot: PullRequestSnapshot, login: string): Fact<boolean> {
  const involved = involvement(snapshot)(login);
  if (involved.known && involved.value !== null) return known(false);
  const access = personOf(snapshot, login)?.access ?? unknown(`the permission of ${login} was not read`);
  if (access.known && !hasPermission(access.value, "write")) return known(false);
  if (!involved.known) return involved;
  return access.known ? known(true) : access;
}
