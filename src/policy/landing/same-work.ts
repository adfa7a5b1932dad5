import type { ChangedFile } from "../snapshot.ts";
import { type Effect, samePaths } from "./rollback.ts";

/** What a change does: its patches, wherever in the files they are, and the files before and after it with their modes. */
export interface Change {
  /** `workOf` its files. */
  readonly work: string;
  readonly effect: Effect;
}

/**
 * Do two changes do the same, exactly? Either all files are the same after them; or their patches are, with modes, deletions and renames. So a
 * squash, a rebase and a cherry-pick leave a change, and so does no conflict that somebody resolved.
 */
export function sameChange(a: Change, b: Change): boolean {
  if (a.effect.paths.size === 0 || !samePaths(a.effect.paths, b.effect.paths)) return false;
  const paths = [...a.effect.paths];
  if (paths.every((path) => a.effect.after.get(path) === b.effect.after.get(path))) return true;
  return a.work === b.work && paths.every((path) => modes(a.effect, path) === modes(b.effect, path));
}

/** The paths at which two changes leave something else. */
export function differences(a: Change, b: Change): readonly string[] {
  const all = new Set([...a.effect.paths, ...b.effect.paths]);
  return [...all].filter((path) => a.effect.after.get(path) !== b.effect.after.get(path)).sort();
}

function modes({ before, after }: Effect, path: string): string {
  const mode = (state: string | undefined): string => state?.split(" ", 1)[0] ?? "-";
  return `${mode(before.get(path))} ${mode(after.get(path))}`;
}

/**
 * What a change does to each file: the lines taken out and put in, in order, each run of them with the line before and the line after it, which
 * a cherry-pick without conflicts keeps; where in the file that is does not count. A file without a whole patch (binary, too
 * large) counts by its content.
 */
export function workOf(files: readonly ChangedFile[]): string {
  return files
    .map((file) => {
      const { path, previousPath, status, sha } = file;
      return JSON.stringify([path, status === "renamed" ? previousPath : null, status, runsOf(file) ?? sha]);
    })
    .sort()
    .join("\n");
}

/** `null`: the patch is not there, or is not all of it. */
function runsOf({ patch, additions, deletions }: ChangedFile): readonly string[] | null {
  if (patch === null) return null;
  const runs: string[] = [];
  let counted = { "+": 0, "-": 0 };
  let last = "start";
  let inRun = false;
  for (const line of patch.split("\n")) {
    const mark = line[0];
    if (mark === "+" || mark === "-") {
      if (!inRun) runs.push(last);
      counted = { ...counted, [mark]: counted[mark] + 1 };
      runs.push(line);
      inRun = true;
    } else if (mark === "\\") {
      if (inRun) runs.push(line);
    } else {
      if (inRun) runs.push(mark === "@" ? "end" : line);
      last = mark === "@" ? "start" : line;
      inRun = false;
    }
  }
  if (inRun) runs.push("end");
  return counted["+"] === additions && counted["-"] === deletions ? runs : null;
}
