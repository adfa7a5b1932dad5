import pc from "picocolors";
import { type Sandbox, SandboxError } from "../sandbox/index.ts";
import { showParts } from "./markdown.ts";
import { tell } from "./terminal.ts";
import { type Gate, gateOf, until } from "./watch.ts";

/** Waits for this check on the head of a pull request; rejects where it does not come. */
export function gateThat(
  sandbox: Sandbox,
  repo: string,
  number: number,
  conclusion: string,
  title: RegExp = /./,
): Promise<Gate> {
  return until(`hotfix-gate ${conclusion} ${title} on #${number}`, async () => {
    const gate = await gateOf(sandbox, repo, number);
    return gate?.conclusion === conclusion && title.test(gate.title) ? gate : null;
  });
}

/** The check's title, and these parts of its text. */
export function showGate(gate: Gate, parts: readonly string[] = []): void {
  tell(`${pc.bold("hotfix-gate")}: ${color(gate.conclusion)} — ${pc.bold(gate.title)}`);
  if (parts.length > 0) showParts(gate.summary, parts);
}

function color(conclusion: string | null): string {
  if (conclusion === "success") return pc.green("✔ success");
  if (conclusion === "failure") return pc.red("✘ failure");
  return pc.yellow(`● ${conclusion ?? "in progress"}`);
}

/** Tries to merge, and shows how GitHub refuses it; rejects where it does not. */
export async function showRefusal(
  sandbox: Sandbox,
  login: string,
  repo: string,
  number: number,
): Promise<void> {
  try {
    await sandbox.as(login).merge(repo, number, "merge");
  } catch (error) {
    if (!(error instanceof SandboxError) || error.status !== 405) throw error;
    tell(`He tries to merge. GitHub says: ${pc.red(error.message.replace(/^405: /, ""))}`);
    return;
  }
  throw new Error(`#${number} could be merged while the gate was closed`);
}
