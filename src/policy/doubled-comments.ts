import type { Comment } from "./snapshot/history.ts";

const MARKER = /<!-- hotfix-guard:[^<>\n]{1,200} -->/g;
const STATUS = "<!-- hotfix-guard:status";

/**
 * The app's own comments that say what an older one of its own says: two instances that do not share their
 * work have written both. By their hidden markers; the oldest of each stays.
 */
export function doubledComments(comments: readonly Comment[]): readonly number[] {
  const said = new Set<string>();
  return comments
    .filter(({ byApp }) => byApp)
    .toSorted((a, b) => a.id - b.id)
    .flatMap(({ id, body }) => {
      // Of these there is one, by whatever name the repository had.
      const markers = body.includes(STATUS) ? [STATUS] : (body.match(MARKER) ?? []);
      const isDouble = markers.length > 0 && markers.every((marker) => said.has(marker));
      for (const marker of markers) said.add(marker);
      return isDouble ? [id] : [];
    });
}
