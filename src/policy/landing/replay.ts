import type { ChangedFile } from "../snapshot/change.ts";

/** What a "Rebase and merge" works with. */
export interface Replay {
  /** The change of the branch as a whole. */
  readonly whole: readonly ChangedFile[];
  /**
   * What each commit that is no merge changes to its parent, oldest first: merges are left out when commits
   * are replayed.
   */
  readonly commits: readonly (readonly ChangedFile[])[];
  /** The branch has merges, whose own changes a replay loses. */
  readonly merges: boolean;
  /** What the base changed since the commits were made; `null`: it may be anything. */
  readonly base: readonly ChangedFile[] | null;
}

/** How often a line of this text is added and removed in a file. */
interface Lines {
  readonly added: Map<string, number>;
  readonly removed: Map<string, number>;
  /** Versions of the file that no patch tells of (binary, too large). */
  readonly blobs: (string | null)[];
  /** Versions that are renames without lines: of a text nothing else, of a binary perhaps more. */
  readonly moved: (string | null)[];
  /** What the file was called before. */
  readonly formerly: Set<string>;
}

/**
 * The files in which replaying the commits one by one may land something else than merging them at once. Both
 * are the same where the commits add up to the whole, and where nothing that one of them does and a later one
 * undoes is also done by the base: of the same change on both sides git drops the replayed one, and what
 * undoes it takes effect.
 */
export function replayDiffers({ whole, commits, merges, base }: Replay): readonly string[] {
  const all = linesByPath(commits.flat());
  const once = linesByPath(whole);
  const ofBase = base === null ? null : linesByPath(base.flatMap(underEachName));
  return [...new Set([...all.keys(), ...once.keys()])].filter((path) => {
    const each = all.get(path) ?? NONE;
    const sum = once.get(path) ?? NONE;
    if (merges && !addsUp(each, sum)) return true;
    // A file that the branch has renamed is still known by its old name in the base.
    const names = [path, ...each.formerly, ...sum.formerly];
    const moved = ofBase === null ? [ANYTHING] : names.flatMap((name) => ofBase.get(name) ?? []);
    return moved.some((lines) => undoesWhatItDid(each, sum, lines));
  });
}

const NONE: Lines = empty();
const ANYTHING: Lines = { ...empty(), blobs: [null] };

function empty(): Lines {
  return { added: new Map(), removed: new Map(), blobs: [], moved: [], formerly: new Set() };
}

function addsUp(each: Lines, sum: Lines): boolean {
  const text = isText(each) || isText(sum);
  const [all, seen] = [unseen(each, text), unseen(sum, text)];
  // Of what no patch shows, only one commit's version is sure to be the one that is seen in the end.
  if (all.length > 0 || seen.length > 0) return all.length === 1 && all[0] !== null && all[0] === seen[0];
  const texts = new Set([
    ...each.added.keys(),
    ...each.removed.keys(),
    ...sum.added.keys(),
    ...sum.removed.keys(),
  ]);
  return [...texts].every((line) => {
    const left = times(each.added, line) - times(each.removed, line);
    const shown = times(sum.added, line) - times(sum.removed, line);
    return left === shown && times(each.added, line) >= times(sum.added, line);
  });
}

function isText({ added, removed }: Lines): boolean {
  return added.size + removed.size > 0;
}

/** The versions of which no patch tells. One rename of a text is none: to be undone it takes another one. */
function unseen({ blobs, moved }: Lines, text: boolean): readonly (string | null)[] {
  return text && moved.length === 1 ? blobs : [...blobs, ...moved];
}

/**
 * Is there a line that the commits put in and take out again (or the other way round) and that the base
 * touched as well?
 */
function undoesWhatItDid(each: Lines, sum: Lines, base: Lines): boolean {
  const text = isText(each);
  if (unseen(each, text).length > (text ? 0 : 1)) return true;
  const undone = [...each.added.keys()].filter(
    (line) =>
      line.trim() !== "" && times(each.added, line) > times(sum.added, line) && each.removed.has(line),
  );
  if (undone.length === 0) return false;
  return base.blobs.length > 0 || undone.some((line) => base.added.has(line) || base.removed.has(line));
}

/** A file that the base has renamed is still known by its old name in the branch. */
function underEachName({ previousPath, ...file }: ChangedFile): readonly ChangedFile[] {
  const paths = previousPath === null ? [file.path] : [file.path, previousPath];
  return paths.map((path) => ({ ...file, path, previousPath: null }));
}

function times(counts: ReadonlyMap<string, number>, text: string): number {
  return counts.get(text) ?? 0;
}

/** By the name that a file has in the end, as far as renames tell it. */
function linesByPath(files: readonly ChangedFile[]): ReadonlyMap<string, Lines> {
  const byPath = new Map<string, Lines>();
  for (const { path, previousPath, status, patch, sha, additions, deletions } of files) {
    const lines = byPath.get(path) ?? empty();
    byPath.set(path, lines);
    if (status === "renamed" && previousPath !== null) {
      takeOver(lines, byPath.get(previousPath) ?? NONE);
      lines.formerly.add(previousPath);
      byPath.delete(previousPath);
    }
    const isMove = status === "renamed" && additions + deletions === 0;
    if (patch === null) (isMove ? lines.moved : lines.blobs).push(sha);
    for (const line of patch?.split("\n") ?? []) {
      const counts = line.startsWith("+") ? lines.added : line.startsWith("-") ? lines.removed : null;
      if (counts !== null) count(counts, line.slice(1), 1);
    }
  }
  return byPath;
}

/** What was done to the file under its former name. */
function takeOver(lines: Lines, former: Lines): void {
  for (const [text, n] of former.added) count(lines.added, text, n);
  for (const [text, n] of former.removed) count(lines.removed, text, n);
  lines.blobs.push(...former.blobs);
  lines.moved.push(...former.moved);
  for (const name of former.formerly) lines.formerly.add(name);
}

function count(counts: Map<string, number>, text: string, n: number): void {
  counts.set(text, times(counts, text) + n);
}
