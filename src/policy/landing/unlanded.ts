import type { ChangedFile, Commit } from "../snapshot/change.ts";
import type { PullRequestFacts } from "../snapshot.ts";

/** More are not looked at: each costs a request. */
const MOST = 10;

/**
 * The newest of the pull request's commits that somebody else wrote, merges left out: another open pull
 * request may be made of them.
 */
export function byOthers(commits: readonly Commit[], author: PullRequestFacts["author"]): readonly Commit[] {
  return commits
    .filter(({ parents, author: by }) => {
      const isOwn = by.login !== null && by.login.toLowerCase() === author?.login.toLowerCase();
      return parents.length < 2 && !isOwn;
    })
    .slice(-MOST);
}

/** Has the pull request taken back what the commit changed, or a part of it? */
export function isTakenBack(paths: readonly string[], files: readonly ChangedFile[]): boolean {
  const changed = new Set(files.flatMap(({ path, previousPath }) => [path, previousPath ?? path]));
  return paths.some((path) => !changed.has(path));
}
