import { type Fact, known } from "../../../policy/fact.ts";
import type { Commit } from "../../../policy/snapshot/change.ts";
import type { ActivityEntry } from "../../../policy/snapshot/history.ts";
import type { PullRequestFacts } from "../../../policy/snapshot.ts";

/**
 * Every commit that may have been the head of the pull request, or of another one from a branch of this name,
 * and whose green check may still be there, newest first: those that events told of, and all of the branch's
 * activity, whenever and under whichever pull request. Where there is no activity (forks, older servers), the
 * commits of the pull request instead.
 */
export function formerHeads(
  { head }: Pick<PullRequestFacts, "head">,
  activity: Fact<readonly ActivityEntry[] | null>,
  commits: Fact<readonly Pick<Commit, "sha">[]>,
  told: readonly string[],
): Fact<readonly string[]> {
  const entries = activity.known ? (activity.value ?? []) : [];
  const within =
    activity.known && activity.value === null && commits.known
      ? commits.value.map(({ sha }) => sha).reverse()
      : [];
  const heads = [...told, ...entries.flatMap(({ after, before }) => [after, before]), ...within];
  const left = [...new Set(heads)].filter((sha) => sha !== head.sha && !/^0*$/.test(sha));
  // What is known can be acted upon; only nothing at all, while a look-up failed, is not "none".
  return left.length === 0 && !activity.known ? activity : known(left);
}
