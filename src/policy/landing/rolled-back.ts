import type { Effect, FileTree } from "./rollback.ts";

/**
 * How a tree stands to a hotfix, by content: its paths are as before it, as after it, or neither (later
 * work).
 */
export type Standing = "before" | "after" | "neither";

/**
 * Are the files of the effect as they were after it, as they were before it, or neither? No files: neither.
 */
export function standingOf(tree: FileTree, { paths, before, after }: Effect): Standing {
  const same = (other: FileTree): boolean => [...paths].every((path) => tree.get(path) === other.get(path));
  if (paths.size === 0) return "neither";
  return same(after) ? "after" : same(before) ? "before" : "neither";
}

/**
 * Where a hotfix was rolled back: of what the branch was since it landed, newest first, the oldest entry of
 * the present stretch in which it is as before. Later work on its files neither takes the mark off nor puts
 * it on. `null`: it is not rolled back.
 */
export async function rolledBackBy<T>(
  newestFirst: readonly T[],
  standing: (entry: T) => Promise<Standing>,
): Promise<T | null> {
  let found: T | null = null;
  for (const entry of newestFirst) {
    const now = await standing(entry);
    if (now === "after") break;
    if (now === "before") found = entry;
  }
  return found;
}
