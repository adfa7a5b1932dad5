import { type Fact, known, unknown } from "../fact.ts";
import type { AccountName } from "../snapshot/account.ts";
import type { Review } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { isAfter } from "../time.ts";
import { currentReviews } from "./current-reviews.ts";
import { involvement } from "./involvement.ts";
import { hasPermission, personOf } from "./roles.ts";

interface Reviews {
  readonly approving: readonly string[];
  readonly against: readonly string[];
  /** A review that would decide, and whose weight could not be read. */
  readonly undecided: string | null;
}

/**
 * The reviews that have weight: of people with write access who are neither author nor contributors. An
 * approving one has to be newer than each of `since`.
 */
export function readReviews(
  snapshot: PullRequestSnapshot,
  reviews: readonly Review[],
  since: readonly string[] = [],
): Reviews {
  const { changedAt } = snapshot;
  // A review is of a change: on the same head another one may land by now.
  const times = changedAt?.known && changedAt.value !== null ? [...since, changedAt.value] : since;
  const decisive = currentReviews(snapshot, reviews).flatMap(({ author, state, commit, at }) => {
    const current = commit === snapshot.pullRequest.head.sha && times.every((time) => isAfter(at, time));
    const approves = state === "approved" && current;
    if (author?.type !== "User" || !(approves || state === "changes_requested")) return [];
    return [{ login: author.login, approves, weight: hasWeight(snapshot, author) }];
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

function hasWeight(snapshot: PullRequestSnapshot, who: AccountName): Fact<boolean> {
  const { login } = who;
  const involved = involvement(snapshot)(who);
  if (involved.known && involved.value !== null) return known(false);
  const access = personOf(snapshot, login)?.access ?? unknown(`the permission of ${login} was not read`);
  if (access.known && !hasPermission(access.value, "write")) return known(false);
  if (!involved.known) return involved;
  return access.known ? known(true) : access;
}
