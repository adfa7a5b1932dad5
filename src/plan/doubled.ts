import type { Action } from "../policy/action.ts";

/** Deletes the app's own comments that say what an older one says: two instances have written both. */
export function planDoubled(number: number, doubled: readonly number[] = []): readonly Action[] {
  return doubled.map((commentId) => ({ type: "delete-comment", number, commentId }));
}
