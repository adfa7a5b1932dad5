import { createHash } from "node:crypto";
import { workOf } from "../../../policy/landing/same-work.ts";
import type { ChangedFile } from "../../../policy/snapshot/change.ts";

/**
 * A change as the app's record keeps it: what is done to which files, whatever lies around and wherever in
 * the file it is.
 */
export interface ChangeDigest {
  readonly digest: string;
  /** A short digest of each file's path and one of what is done to it; `null`: too many to write down. */
  readonly files: readonly string[] | null;
}

/** A change on its way to the base, as an open pull request has it. */
export interface LandingChange extends ChangeDigest {
  /**
   * The commit that the files are compared with; `null`: a test merge tells what would land. With one head,
   * modes can only be others where this commit is another one.
   */
  readonly from: string | null;
  /** Has one of its files another mode at `from` than where the change started when it was last seen? */
  readonly otherModes?: boolean;
}

/** More files are no hotfix, and the record has to fit into the check's text. */
const MOST_FILES = 60;

/** The same for two changes that do the same to the same files. */
export function digestOf(files: readonly ChangedFile[]): ChangeDigest {
  return {
    digest: hash(workOf(files), 32),
    files: files.length > MOST_FILES ? null : files.map(keyOf).toSorted(),
  };
}

/**
 * The paths at which what landed is not what was checked: something else is done to them, or what was checked
 * (`expected`, as far as it is still known) is not there. A change that only moved with its file, which the
 * base has renamed, is the same.
 */
export function unlike(
  landed: readonly ChangedFile[],
  checked: ChangeDigest,
  expected: readonly ChangedFile[],
): readonly string[] {
  if (digestOf(landed).digest === checked.digest) return [];
  if (checked.files === null) return landed.map(({ path }) => path);
  const left = new Set(checked.files);
  const other = landed.filter((file) => !left.delete(keyOf(file)));
  const work = (key: string): string => key.split(".")[1] ?? "";
  const moved = other.filter((file) => {
    if (file.status === "added" || file.status === "removed") return false;
    const same = [...left].find((key) => work(key) === work(keyOf(file)));
    return same !== undefined && left.delete(same);
  });
  const missing = expected.filter((file) => left.has(keyOf(file)));
  return [...new Set([...other.filter((file) => !moved.includes(file)), ...missing].map(({ path }) => path))];
}

function keyOf(file: ChangedFile): string {
  const work = workOf([{ ...file, path: "", previousPath: null, status: "modified" }]);
  return `${hash(`${file.status === "renamed" ? file.previousPath : ""} ${file.path}`, 8)}.${hash(work, 12)}`;
}

function hash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
