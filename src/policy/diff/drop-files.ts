import type { FixStep } from "../fix/steps.ts";
import type { ChangedFile } from "../snapshot/change.ts";

/** The step that undoes the changes of these files on the hotfix branch. */
export function dropFiles(files: readonly ChangedFile[]): FixStep {
  return {
    kind: "drop-files",
    restored: files.flatMap(({ path, previousPath, status }) =>
      status === "renamed" && previousPath !== null ? [previousPath] : isNew(status) ? [] : [path],
    ),
    removed: files.filter(({ status }) => isNew(status)).map(({ path }) => path),
  };
}

function isNew(status: ChangedFile["status"]): boolean {
  return status === "added" || status === "copied" || status === "renamed";
}
