import type { Review } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { instant } from "../time.ts";
import { until } from "./arrival.ts";

/**
 * The last word of each reviewer: comments do not change it, and of a merged pull request only what came
 * before the merge.
 */
export function currentReviews(snapshot: PullRequestSnapshot, reviews: readonly Review[]): readonly Review[] {
  const before = until(snapshot);
  const last = new Map<string, Review>();
  const decisive = reviews.filter(
    ({ state, at }) => state !== "commented" && state !== "pending" && before(at),
  );
  for (const review of decisive.toSorted((a, b) => instant(a.at) - instant(b.at)))
    last.set(review.author?.login.toLowerCase() ?? "", review);
  return [...last.values()];
}
