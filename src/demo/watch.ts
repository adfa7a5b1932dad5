import { setTimeout as pause } from "node:timers/promises";
import type { Sandbox } from "../sandbox/index.ts";

/** What a person sees of the check on a pull request. */
export interface Gate {
  readonly conclusion: string | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
}

/** The latest `hotfix-gate` on the head; `null`: none yet. */
export async function gateOf(sandbox: Sandbox, repo: string, number: number): Promise<Gate | null> {
  const { head } = await sandbox.pullRequest(repo, number);
  const run = (await sandbox.checkRuns(repo, head.sha)).filter(({ name }) => name === "hotfix-gate").at(-1);
  if (run === undefined) return null;
  const { conclusion, output } = run;
  return {
    conclusion: conclusion ?? null,
    title: output.title ?? "",
    summary: output.summary ?? "",
    text: output.text ?? "",
  };
}

/** Waits until `look` finds what it looks for; rejects after `waitMs`, saying what did not come. */
export async function until<T>(what: string, look: () => Promise<T | null>, waitMs = 45_000): Promise<T> {
  // Soon at first, then at ease: what takes long does so on a busy machine.
  for (let deadline = Date.now() + waitMs, ms = 25; ; await pause(ms), ms = Math.min(ms * 1.5, 250)) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline)
      throw new Error(`this did not happen within ${Math.round(waitMs / 1_000)} seconds: ${what}`);
  }
}
