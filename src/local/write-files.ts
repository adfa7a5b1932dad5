import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LocalError } from "./git.ts";
import { whyUnwritable } from "./why-unwritable.ts";

/** A file to be written into a checkout. */
export interface NewFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  /** Other names under which it may be there already. */
  readonly also?: readonly string[];
}

/** What became of a file that was to be written: `kept`, where it is another one already. */
export interface WrittenFile {
  readonly path: string;
  readonly what: "written" | "replaced" | "kept" | "unchanged";
}

/**
 * Writes all that are new, and those that may be replaced; `consent` is asked for each other one. All of
 * them, or none.
 */
export async function writeFiles(
  root: string,
  files: readonly NewFile[],
  consent: (path: string) => Promise<boolean>,
): Promise<readonly WrittenFile[]> {
  const outcomes: WrittenFile[] = [];
  const drafts: { draft: string; path: string }[] = [];
  for (const { path, text, also = [] } of files) {
    const there = await content(join(root, path));
    const other = (
      await Promise.all(also.map(async (name) => ((await content(join(root, name))) === null ? [] : [name])))
    ).flat();
    if (there === text) outcomes.push({ path, what: "unchanged" });
    // Beside a file of the other name it would be ambiguous.
    else if (other[0] !== undefined) outcomes.push({ path: other[0], what: "kept" });
    else if (there !== null && !(await consent(path))) outcomes.push({ path, what: "kept" });
    else {
      outcomes.push({ path, what: there === null ? "written" : "replaced" });
      drafts.push({ draft: join(root, `${path}.new`), path: join(root, path) });
    }
  }
  try {
    for (const { draft, path } of drafts) {
      await mkdir(dirname(draft), { recursive: true });
      await writeFile(draft, files.find((file) => join(root, file.path) === path)?.text ?? "");
    }
    for (const { draft, path } of drafts) await rename(draft, path);
  } catch (error) {
    for (const { draft } of drafts) await rm(draft, { force: true }).catch(() => {});
    throw new LocalError(`Nothing was written: ${whyUnwritable(error) ?? String(error)}.`);
  }
  return outcomes;
}

/** `null`: there is none. */
async function content(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw new LocalError(`Nothing was written: ${whyUnwritable(error) ?? error.message}.`);
  });
}
