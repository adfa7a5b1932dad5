import type { FixStep } from "../fix/steps.ts";
import type { Commit } from "../snapshot/change.ts";

/** More commits are hardly a hotfix, and nobody pastes so long a line. */
const MOST_PICKED = 20;

/**
 * The same branch on top of the base, with these commits (oldest first) but no merges: the pull request
 * stays.
 */
export function rebuildSteps(own: readonly Commit[]): readonly FixStep[] {
  const commits = own.filter(({ parents }) => parents.length < 2).map(({ sha }) => sha);
  return commits.length === 0 || commits.length > MOST_PICKED ? [] : [{ kind: "rebuild-branch", commits }];
}

/**
 * Commits on the branch's own line, newest first; all others came by a merge. A parent that is not among the
 * pull request's commits is in the base already.
 */
export function ownLine(commits: readonly Commit[], head: string): ReadonlySet<Commit> {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const own = new Set<Commit>();
  let at = bySha.get(head) ?? commits.at(-1);
  while (at !== undefined && !own.has(at)) {
    own.add(at);
    const parent = at.parents.find((sha) => bySha.has(sha));
    at = parent === undefined ? undefined : bySha.get(parent);
  }
  return own;
}
