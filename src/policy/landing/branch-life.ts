import type { ActivityEntry } from "../snapshot/history.ts";
import { isAfter } from "../time.ts";

/** A branch from its making to its end: a name may come again. */
export interface Life {
  /** Newest first. */
  readonly changes: readonly ActivityEntry[];
  /** `null`: it is still there. */
  readonly endedAt: string | null;
}

/** The life of the branch in which it had this head; the newest, where none is known to have had it. */
export function lifeOf(activity: readonly ActivityEntry[], head: string): Life {
  const lives: Life[] = [];
  let changes: ActivityEntry[] = [];
  let endedAt: string | null = null;
  for (const entry of activity) {
    if (entry.type !== "branch_deletion") changes.push(entry);
    if (entry.type !== "branch_creation" && entry.type !== "branch_deletion") continue;
    if (changes.length > 0) lives.push({ changes, endedAt });
    changes = [];
    endedAt = entry.at;
  }
  const oldest = { changes, endedAt };
  const own = [...lives, oldest].find((life) => life.changes.some(({ after }) => after === head));
  return own ?? lives[0] ?? oldest;
}

/** The branch's head at a moment of its life; `null`: it had none that is known. */
export function headAt({ changes }: Life, at: string): string | null {
  return changes.find((change) => !isAfter(change.at, at))?.after ?? null;
}
