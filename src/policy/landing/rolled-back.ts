import type { Action } from "../action.ts";
import type { Fact } from "../fact.ts";
import { ROLLED_BACK_LABEL } from "../labels.ts";
import type { LabelEvent } from "../snapshot.ts";
import { isAfter } from "../time.ts";
import type { Happening } from "./after-merge.ts";
import type { FileTree } from "./rollback.ts";

/** What a hotfix did to its base: its paths as they were just before it landed and just after. */
export interface Effect {
  readonly paths: ReadonlySet<string>;
  readonly before: FileTree;
  readonly after: FileTree;
}

/** How a tree stands to a hotfix, by content: its paths are as before it, as after it, or neither (later work). */
export type Standing = "before" | "after" | "neither";

export function standingOf(tree: FileTree, { paths, before, after }: Effect): Standing {
  const same = (other: FileTree): boolean => [...paths].every((path) => tree.get(path) === other.get(path));
  if (paths.size === 0) return "neither";
  return same(after) ? "after" : same(before) ? "before" : "neither";
}

/**
 * Where a hotfix was taken back: of what the branch was since it landed, newest first, the oldest entry of the present stretch
 * in which it is as before. Later work on its files neither takes the mark off nor puts it on. `null`: it is not taken back.
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

interface LabelledIssue {
  readonly number: number;
  readonly labels: readonly string[];
  /** Oldest first. */
  readonly labelEvents: readonly LabelEvent[];
}

/**
 * Sets the label on the post-mortem of a hotfix that is taken back, and takes it off where it is not any more. What people did with
 * the label stays: set by hand for a rollback that git does not show, or taken off on purpose.
 */
export function planRolledBackLabel(
  { number, labels, labelEvents }: LabelledIssue,
  rolledBack: Fact<Happening | null>,
): readonly Action[] {
  if (!rolledBack.known) return [];
  const isIt = (label: string): boolean => label.toLowerCase() === ROLLED_BACK_LABEL;
  const last = labelEvents.findLast(({ label }) => isIt(label));
  const on = labels.some(isIt);
  const { value: happening } = rolledBack;
  if (happening === null)
    return on && last?.byApp ? [{ type: "remove-label", number, label: ROLLED_BACK_LABEL }] : [];
  const takenOff = last?.event === "unlabeled" && !last.byApp && !isAfter(happening.at, last.at);
  return on || takenOff ? [] : [{ type: "add-label", number, label: ROLLED_BACK_LABEL }];
}
