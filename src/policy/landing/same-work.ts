import type { ChangedFile } from "../snapshot.ts";

/**
 * What a change does to each file, without where it does it: the lines taken out and put in, in order. Two changes of the same are
 * the same work, as `git patch-id` has it, whatever lies around. A file without a patch (binary, too large) counts by its content.
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
