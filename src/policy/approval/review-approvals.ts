import type { Fact } from "../fact.ts";
import type { Policy } from "../policy.ts";
import { sameLogin } from "../snapshot/account.ts";
import type { Review } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import type { CountedApproval, RefusedApproval } from "../verdict.ts";
import type { Threshold } from "./arrival.ts";
import { currentReviews } from "./current-reviews.ts";
import type { InvolvementOf } from "./reading.ts";
import { firstRoleHeld } from "./roles.ts";
import { type StandingRefusal, standing } from "./standing.ts";

/** Which approving reviews are approvals. */
export interface ReviewApprovals {
  readonly counted: readonly CountedApproval[];
  /** Of people who hold an asked role: who reviewed as anybody else is told nothing. */
  readonly refused: readonly RefusedApproval[];
  readonly undecided: readonly string[];
}

/** Section 5 for approving reviews: they carry their commit, so one of an older head is none of this. */
export function readReviewApprovals(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  roles: readonly string[],
  limits: Fact<readonly Threshold[]>,
  involved: InvolvementOf,
): ReviewApprovals {
  const { history, pullRequest } = snapshot;
  const reviews = history.known ? currentReviews(snapshot, history.value.reviews) : [];
  const counted: CountedApproval[] = [];
  const refused: RefusedApproval[] = [];
  const undecided: string[] = [];
  const refuse = ({ author, at }: Review, code: StandingRefusal): void => {
    const login = author?.login ?? null;
    const role = login === null ? null : roleOf(login, roles, snapshot, policy);
    if (role !== null) refused.push({ by: "review", login, role, code, at, labelIsOn: false });
  };
  for (const review of reviews.filter(({ state }) => state === "approved")) {
    if (review.commit !== pullRequest.head.sha) {
      refuse(review, "before-head");
      continue;
    }
    const word = { actor: review.author, at: review.at, roles };
    const result = standing(word, snapshot, policy, limits, involved);
    if (!result.known) undecided.push(result.reason);
    else if (!result.value.counts) refuse(review, result.value.refusal);
    else counted.push({ login: result.value.login, role: result.value.role, by: "review", at: review.at });
  }
  return { counted, refused, undecided };
}

/**
 * The asked role that a person is known to hold, by a look-up of the person or by the list of the role's
 * holders.
 */
function roleOf(
  login: string,
  roles: readonly string[],
  snapshot: PullRequestSnapshot,
  policy: Policy,
): string | null {
  const held = firstRoleHeld(roles, login, snapshot, policy);
  if (held.known && held.value !== null) return held.value;
  const isIn = (role: string): boolean => {
    const holders = snapshot.roleHolders[role];
    return holders?.known === true && holders.value.some((holder) => sameLogin(holder, login));
  };
  return roles.find(isIn) ?? null;
}
