import { type Fact, known, unknown } from "../../../policy/fact.ts";
import type { ActivityEntry, PullRequestFacts } from "../../../policy/snapshot.ts";

/** Most former heads that one reconciliation looks at. */
const MOST = 20;

/**
 * Earlier heads of the pull request whose green check may still be there, newest first: those that events told of and
 * those in the branch's activity since the pull request was opened.
 */
export function formerHeads(
  { head, createdAt }: Pick<PullRequestFacts, "head" | "createdAt">,
  activity: Fact<readonly ActivityEntry[] | null>,
  told: readonly string[],
): Fact<readonly string[]> {
  const entries = activity.known ? (activity.value ?? []) : [];
  const since = entries.filter(({ at }) => Date.parse(at) >= Date.parse(createdAt));
  const heads = [...told, ...since.flatMap(({ after, before }) => [after, before])];
  const left = [...new Set(heads)].filter((sha) => sha !== head.sha && !/^0*$/.test(sha)).slice(0, MOST);
  // What is known can be acted upon; only nothing at all, while a look-up failed, is not "none".
  return left.length === 0 && !activity.known ? unknown(activity.reason) : known(left);
}
