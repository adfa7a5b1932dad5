import type { ChangedFile, RollbackProof } from "../snapshot.ts";

/** The files of a commit: path → mode and blob, as one string. A path that is not in it is not there. */
export type FileTree = ReadonlyMap<string, string>;

/** A merged hotfix, and what its merge did. */
export interface MergedHotfix {
  readonly number: number;
  readonly title: string;
  readonly mergeSha: string;
  readonly mergedAt: string;
  /** Every path that it touched, the old paths of renames included. */
  readonly paths: ReadonlySet<string>;
  /** The base just before the merge and just after it; at least `paths` of them. */
  readonly before: FileTree;
  readonly after: FileTree;
}

/** A pull request that may take a hotfix back. */
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
export function differingPaths(a: FileTree, b: FileTree): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const [path, state] of a) if (b.get(path) !== state) paths.add(path);
  for (const path of b.keys()) if (!a.has(path)) paths.add(path);
  return paths;
}

export function samePaths(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((path) => b.has(path));
}

/**
 * The merged hotfix that the change takes back, proven by content alone: the change is to exactly the hotfix's paths, each of them (mode, deletion,
 * addition and rename included) becomes what it was just before that merge, and the base still has what the merge made of them. A
 * hotfix that itself took back an earlier one of `hotfixes` is none that can be rolled back: that would bring a fault back in.
 */
export function proveRollback(
  hotfixes: readonly MergedHotfix[],
  { head, base, mergeBase }: RollbackCandidate,
): RollbackProof | null {
  const changed = differingPaths(mergeBase, head);
  if (changed.size === 0) return null;
  const same = (a: FileTree, b: FileTree): boolean =>
    [...changed].every((path) => a.get(path) === b.get(path));
  const found = hotfixes.find(
    (hotfix) =>
      samePaths(hotfix.paths, changed) &&
      same(head, hotfix.before) &&
      same(base, hotfix.after) &&
      same(mergeBase, hotfix.after) &&
      !hotfixes.some((earlier) => tookBack(hotfix, earlier)),
  );
  return found === undefined ? null : { number: found.number, title: found.title, mergeSha: found.mergeSha };
}

function tookBack(hotfix: MergedHotfix, earlier: MergedHotfix): boolean {
  return (
    Date.parse(earlier.mergedAt) <= Date.parse(hotfix.mergedAt) &&
    earlier.number !== hotfix.number &&
    samePaths(earlier.paths, hotfix.paths) &&
    [...hotfix.paths].every(
      (path) =>
        hotfix.after.get(path) === earlier.before.get(path) &&
        hotfix.before.get(path) === earlier.after.get(path),
    )
  );
}
