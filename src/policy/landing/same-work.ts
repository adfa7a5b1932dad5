import { compare } from "../diff/area.ts";
import type { ChangedFile } from "../snapshot/change.ts";
import { type Effect, samePaths } from "./rollback.ts";

/**
 * What a change does: its patches, wherever in the files they are, and the files before and after it with
 * their modes.
 */
export interface Change {
  readonly patches: readonly FilePatch[];
  readonly effect: Effect;
}

/**
 * Do two changes do the same, exactly? Either all files are the same after them; or their patches are, with
 * modes, deletions and renames. So a squash, a rebase and a cherry-pick leave a change, and so does no
 * conflict that somebody resolved.
 */
export function sameChange(a: Change, b: Change): boolean {
  if (a.effect.paths.size === 0 || !samePaths(a.effect.paths, b.effect.paths)) return false;
  const paths = [...a.effect.paths];
  if (paths.every((path) => a.effect.after.get(path) === b.effect.after.get(path))) return true;
  return (
    samePatches(a.patches, b.patches) &&
    paths.every((path) => modes(a.effect, path) === modes(b.effect, path))
  );
}

/** A change as far as it concerns some paths. */
export function restrictedTo({ patches, effect }: Change, paths: ReadonlySet<string>): Change {
  return {
    patches: patches.filter(({ file }) => paths.has(String(JSON.parse(file)[0]))),
    effect: { ...effect, paths: new Set([...effect.paths].filter((path) => paths.has(path))) },
  };
}

/**
 * Does a change do exactly what several did together, nothing less and nothing more? Each of its paths is as
 * one of them changed or left it, or, where `together` is known (from before the first to after the last), as
 * all of them did.
 */
export function sameAsSeveral(own: Change, several: readonly Change[], together: Change | null): boolean {
  const theirs = new Set(several.flatMap(({ effect }) => [...effect.paths]));
  if (several.length < 2 || !samePaths(own.effect.paths, theirs)) return false;
  if (together !== null && sameChange(own, restrictedTo(together, theirs))) return true;
  return [...theirs].every((path) => {
    const here = new Set([path]);
    const touching = several.filter(({ effect }) => effect.paths.has(path));
    return touching.some(
      (one) =>
        own.effect.after.get(path) === one.effect.after.get(path) ||
        (touching.length === 1 && sameChange(restrictedTo(own, here), restrictedTo(one, here))),
    );
  });
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

/** What a change does to a file. */
interface FilePatch {
  /** Path, former path, kind of change. */
  readonly file: string;
  /**
   * The lines taken out and put in, in order, each run of them between the line before it and the line after
   * it; `null` in their place: the file begins or ends there. A string: the content, where there is no whole
   * patch (binary, too large).
   */
  readonly runs: readonly (string | null)[] | string;
}

/** What a change does to each file, in one order. */
export function patchesOf(files: readonly ChangedFile[]): readonly FilePatch[] {
  return files
    .map((file) => {
      const { path, previousPath, status, sha } = file;
      const name = JSON.stringify([path, status === "renamed" ? previousPath : null, status]);
      return { file: name, runs: runsOf(file) ?? sha ?? "" };
    })
    .toSorted((a, b) => compare(a.file, b.file));
}

/**
 * Do two changes take the same lines out and put the same in, between the same lines, wherever in the files
 * that is? A cherry-pick without conflicts keeps the lines next to what it changes; only at the beginning and
 * at the end of a file others may have been added.
 */
export function samePatches(a: readonly FilePatch[], b: readonly FilePatch[]): boolean {
  return (
    a.length === b.length && a.every(({ file, runs }, i) => b[i]?.file === file && sameRuns(runs, b[i].runs))
  );
}

function sameRuns(a: FilePatch["runs"], b: FilePatch["runs"]): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return (
    a.length === b.length &&
    a.every((line, i) => {
      const other = b[i] ?? null;
      return line === other || (isBeside(line) && isBeside(other) && (line === null || other === null));
    })
  );
}

/** Not one that is taken out or put in. */
function isBeside(line: string | null): boolean {
  return line === null || !/^[-+\\]/.test(line);
}

/** `null`: the patch is not there, or is not all of it. */
function runsOf({ patch, additions, deletions }: ChangedFile): readonly (string | null)[] | null {
  if (patch === null) return null;
  const runs: (string | null)[] = [];
  const counted = { "+": 0, "-": 0 };
  let last: string | null = null;
  let inRun = false;
  for (const line of patch.split("\n")) {
    const mark = line[0];
    if (mark === "+" || mark === "-") {
      if (!inRun) runs.push(last);
      counted[mark] += 1;
      runs.push(line);
      inRun = true;
    } else if (mark === "\\") {
      if (inRun) runs.push(line);
    } else {
      last = mark === "@" ? null : line;
      if (inRun) runs.push(last);
      inRun = false;
    }
  }
  if (inRun) runs.push(null);
  return counted["+"] === additions && counted["-"] === deletions ? runs : null;
}

/**
 * What a change does to each file, without where it does it: the lines taken out and put in, in order. Two
 * changes of the same are the same work, as `git patch-id` has it, whatever lies around. A file without a
 * patch (binary, too large) counts by its content.
 */
export function workOf(files: readonly ChangedFile[]): string {
  return files
    .map(({ path, previousPath, status, patch, sha }) => {
      const lines = patch?.split("\n").filter((line) => line.startsWith("+") || line.startsWith("-"));
      return JSON.stringify([path, status === "renamed" ? previousPath : null, status, lines ?? sha]);
    })
    .sort()
    .join("\n");
}
