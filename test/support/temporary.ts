import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const NAME = /^hotfix-guard-tests-(\d+)-/;

/**
 * Every temporary folder of a run of tests, of what they start as well, is made in one, which goes when the run
 * ends; what a killed run left goes when the next one begins.
 */
export default function setup(): (() => void) | undefined {
  const root = realpathSync(tmpdir());
  // Vitest calls it for each project.
  if (owner(root) === process.pid) return;
  for (const name of readdirSync(root)) {
    const pid = owner(name);
    if (pid !== null && !runs(pid)) remove(join(root, name));
  }
  const folder = mkdtempSync(join(root, `hotfix-guard-tests-${process.pid}-`));
  // Workers, and what they start, ask for `tmpdir()`.
  process.env.TMPDIR = folder;
  return () => {
    process.env.TMPDIR = root;
    remove(folder);
  };
}

/** Of such a folder, the process that made it. */
function owner(path: string): number | null {
  const pid = NAME.exec(basename(path))?.[1];
  return pid === undefined ? null : Number(pid);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
