import type { ClassifiedFile } from "./classify-files.ts";
import { type Hunk, readPatch } from "./patch.ts";

/** Top-level keys of `package.json` and its like that say nothing of what is installed. */
const HARMLESS = new Set(["name", "version", "description", "author", "license", "homepage", "private"]);

/**
 * Run by themselves where somebody installs or packs: `postinstall`, `prepare`, Composer's
 * `post-install-cmd`.
 */
const RUN_BY_ITSELF =
  /^(?:(?:pre|post)?(?:install|prepare|pack)|prepublish(?:Only)?|dependencies|(?:pre|post)-[a-z-]{1,40})$/;

/** `"key": scalar` and nothing else on the line. */
const SCALAR_ENTRY = /^\s*"([^"\\]{1,100})"\s*:\s*(?:"[^"\\]{0,1000}"|true|false|null|-?\d{1,20})\s*,?\s*$/;

/**
 * Does this manifest or lockfile change what is built in? Yes, unless the patch shows for certain that it
 * does not: `package.json`, `package-lock.json` or `composer.json` with nothing changed but the version,
 * scripts and the like.
 */
export function changesDependencies({ file, packageManager }: ClassifiedFile): boolean {
  if (packageManager === null) return false;
  if (file.status !== "modified" || !/(?:^|\/)(?:package|package-lock|composer)\.json$/.test(file.path))
    return true;
  const hunks = readPatch(file.patch);
  return hunks.length === 0 || !hunks.every(changesOnlyHarmlessKeys);
}

/**
 * A hunk from the first line on shows how deep each line lies. A change further down does not, and a
 * dependency may well be called `version`.
 */
function changesOnlyHarmlessKeys({ oldStart, newStart, lines }: Hunk): boolean {
  if (oldStart !== 1 || newStart !== 1) return false;
  /** The keys around the line; `null`: the file's own brace, and what stands in a list. */
  const around: (string | null)[] = [];
  for (const { kind, text } of lines) {
    if (kind !== "context") {
      const key = SCALAR_ENTRY.exec(text)?.[1];
      if (key === undefined || !isHarmless(key, around)) return false;
    } else if (text.trim() !== "" && !SCALAR_ENTRY.test(text)) {
      const opens = /^\s*(?:"([^"\\]{0,200})"\s*:\s*)?[{[]\s*$/.exec(text);
      if (opens !== null) around.push(opens[1] ?? null);
      else if (/^\s*[}\]]\s*,?\s*$/.test(text)) around.pop();
      // Something on one line that is no plain entry: what is inside what can no longer be told.
      else if (!/^\s*(?:"[^"\\]*"\s*:\s*)?(?:"[^"\\]*"|\{[^{}]*\}|\[[^[\]]*\])\s*,?\s*$/.test(text))
        return false;
    }
  }
  return true;
}

/** `around` begins with the file's own brace. In a lockfile, `packages` → `""` is the project itself. */
function isHarmless(key: string, around: readonly (string | null)[]): boolean {
  if (around.length === 1) return HARMLESS.has(key);
  if (around.length === 2) return around[1] === "scripts" && !RUN_BY_ITSELF.test(key);
  return around.length === 3 && around[1] === "packages" && around[2] === "" && HARMLESS.has(key);
}
