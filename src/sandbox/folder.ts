import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const open = new Set<string>();

// Who is told to end, or has failed, closes nothing.
process.once("exit", () => {
  for (const folder of open) removeFolder(folder);
});

/** A temporary folder for a sandbox's repositories. One that is not removed goes when the process ends. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-github-"));
  open.add(folder);
  return folder;
}

/** With all that is in it; one that is gone already is none to remove. */
export function removeFolder(folder: string): void {
  open.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}
