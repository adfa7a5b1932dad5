import type { Commit } from "../snapshot/change.ts";

type Node = Pick<Commit, "sha" | "parents">;

/**
 * Where the commits that one side has alone leave the history that both share: their parents that are not
 * among them. Every merge base is one of these or behind one, so a single one is the only merge base.
 * `commits` has to be complete.
 */
export function boundary(commits: readonly Node[]): ReadonlySet<string> {
  const own = new Set(commits.map(({ sha }) => sha));
  return new Set(commits.flatMap(({ parents }) => parents.filter((sha) => !own.has(sha))));
}

/** For `reachable`, which may be asked for each of many commits. */
export function bySha<T extends Node>(commits: readonly T[]): ReadonlyMap<string, T> {
  return new Map(commits.map((commit) => [commit.sha, commit]));
}

/** These commits and what they are made from, as far as it is among `commits`. */
export function reachable(from: readonly string[], commits: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const seen = new Set<string>();
  const left = [...from];
  for (let sha = left.pop(); sha !== undefined; sha = left.pop()) {
    const commit = commits.get(sha);
    if (commit === undefined || seen.has(sha)) continue;
    seen.add(sha);
    left.push(...commit.parents);
  }
  return seen;
}
