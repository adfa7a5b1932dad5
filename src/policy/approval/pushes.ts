import { type Fact, known, unknown } from "../fact.ts";
import { type AccountName, sameAccount } from "../snapshot/account.ts";
import type { ActivityEntry } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";

/** Somebody who moved the branch more often than this to commits that are gone is taken to have pushed. */
const MOST_GONE = 20;

/**
 * Moves of the branch by somebody to commits that the head does not contain: what they brought may still be
 * in it.
 */
function gonePushes(
  { activity, pullRequest, commits }: PullRequestSnapshot,
  who: AccountName,
): readonly ActivityEntry[] {
  if (!activity.known || !commits.known) return [];
  const shas = new Set([pullRequest.head.sha, ...commits.value.map(({ sha }) => sha)]);
  return (activity.value ?? []).filter(
    ({ actor, after }) => actor !== null && sameAccount(actor, who) && !isNone(after) && !shas.has(after),
  );
}

/**
 * Commits that the branch had of which has to be read what the head has in common with them
 * (`PullRequestSnapshot.reached`).
 */
export function reachedNeeded(
  snapshot: PullRequestSnapshot,
  people: readonly AccountName[],
): readonly string[] {
  const shas = people.flatMap((who) => {
    const gone = gonePushes(snapshot, who);
    return gone.length > MOST_GONE ? [] : gone.flatMap(({ before, after }) => [before, after]);
  });
  const has = snapshot.commits.known ? new Set(snapshot.commits.value.map(({ sha }) => sha)) : new Set();
  return [...new Set(shas)].filter(
    (sha) =>
      !isNone(sha) &&
      !has.has(sha) &&
      sha !== snapshot.pullRequest.head.sha &&
      !Object.hasOwn(snapshot.reached ?? {}, sha),
  );
}

/**
 * Did somebody bring a commit of the head to the branch, by the repository's activity? A push whose tip the
 * head contains did. Of a push whose tip was forced away since, what it brought may have stayed: told by what
 * that tip and the one before it have in common with the head.
 */
export function hasPushed(snapshot: PullRequestSnapshot, who: AccountName): Fact<boolean> {
  const { activity, commits, pullRequest } = snapshot;
  if (!commits.known) return commits;
  if (!activity.known) return activity;
  const parents = new Map(commits.value.map(({ sha, parents }) => [sha, parents]));
  const contains = (sha: string) => sha === pullRequest.head.sha || parents.has(sha);
  const own = (activity.value ?? []).filter(({ actor }) => actor !== null && sameAccount(actor, who));
  if (own.some(({ after }) => contains(after))) return known(true);
  const gone = gonePushes(snapshot, who);
  if (gone.length === 0) return known(false);
  // With merges in the branch there may be several such commits, of which GitHub tells one.
  if (gone.length > MOST_GONE || commits.value.some((commit) => commit.parents.length > 1))
    return known(true);
  const reached = (sha: string): Fact<string | null> => {
    if (contains(sha)) return known(sha);
    const { reached = {} } = snapshot;
    return (
      (Object.hasOwn(reached, sha) && reached[sha]) || unknown(`what ${sha.slice(0, 7)} brought was not read`)
    );
  };
  for (const { before, after } of gone) {
    const upTo = reached(after);
    if (!upTo.known) return upTo;
    if (upTo.value === null) return known(true);
    if (!contains(upTo.value)) continue;
    if (isNone(before)) return known(true);
    const from = reached(before);
    if (!from.known) return from;
    if (from.value === null || !isWithin(upTo.value, from.value, parents)) return known(true);
  }
  return known(false);
}

/** Is the commit `from`, or one before it? */
function isWithin(sha: string, from: string, parents: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === sha) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(parents.get(at) ?? []));
  }
  return false;
}

/** Git writes zeros where a branch was not, or is not any more. */
function isNone(sha: string): boolean {
  return /^0*$/.test(sha);
}
