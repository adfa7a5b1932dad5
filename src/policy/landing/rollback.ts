import type { ChangedFile } from "../snapshot/change.ts";

/** The files of a commit: path → mode and blob, as one string. A path that is not in it is not there. */
export type FileTree = ReadonlyMap<string, string>;

/** What a change did to its base: its paths as they were just before it landed and just after. */
export interface Effect {
  /** Every path that it touched, the old paths of renames included. */
  readonly paths: ReadonlySet<string>;
  /** The base just before and just after; at least `paths` of them. */
  readonly before: FileTree;
  readonly after: FileTree;
}

/** A change that may take a hotfix back. */
export interface RollbackCandidate {
  readonly head: FileTree;
  /** The base branch as it is now. */
  readonly base: FileTree;
  /** Where the head branched off. */
  readonly mergeBase: FileTree;
}

/** Every path that a change touches: of a rename both ends, of a copy only the new one. */
export function touchedPaths(files: readonly ChangedFile[]): ReadonlySet<string> {
  return new Set(
    files.flatMap(({ path, previousPath, status }) =>
      status === "renamed" && previousPath !== null ? [path, previousPath] : [path],
    ),
  );
}

/** The paths at which two trees differ. */
function differingPaths(a: FileTree, b: FileTree): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const [path, state] of a) if (b.get(path) !== state) paths.add(path);
  for (const path of b.keys()) if (!a.has(path)) paths.add(path);
  return paths;
}

/** Are they the same paths? */
export function samePaths(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((path) => b.has(path));
}

/** The change from one tree to another. */
export function effectOf(from: FileTree, to: FileTree): Effect {
  const paths = differingPaths(from, to);
  const only = (tree: FileTree): FileTree => new Map([...tree].filter(([path]) => paths.has(path)));
  return { paths, before: only(from), after: only(to) };
}

/**
 * Does the change take the hotfix back, by content alone? It is to exactly the hotfix's paths, each of them
 * (mode, deletion, addition and rename included) becomes what it was just before the hotfix landed, and the
 * base still has what the hotfix made of them.
 */
export function takesBack(hotfix: Effect, { head, base, mergeBase }: RollbackCandidate): boolean {
  const changed = differingPaths(mergeBase, head);
  const same = (a: FileTree, b: FileTree): boolean =>
    [...changed].every((path) => a.get(path) === b.get(path));
  return (
    changed.size > 0 &&
    samePaths(hotfix.paths, changed) &&
    same(head, hotfix.before) &&
    same(base, hotfix.after) &&
    same(mergeBase, hotfix.after)
  );
}
