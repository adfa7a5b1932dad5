import pc from "picocolors";

/** Columns of a text; within them it is indented. */
export const WIDTH = Math.max(80, Math.min(process.stdout.columns ?? 110, 130));
export const INDENT = "   ";

/** A line of the story. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** A part of the story that hangs together. */
export function chapter(title: string): void {
  const line = "━".repeat(Math.max(3, WIDTH - title.length - 4));
  say(`\n\n${pc.bold(`━━ ${title} ${line}`)}`);
}

/** A step of the story, numbered. */
export function step(number: number, text: string): void {
  say(`\n${pc.bold(pc.cyan(`${number}. ${text}`))}`);
}

/** What somebody does, or what is seen of it, below a step. */
export function tell(text: string): void {
  say(`${INDENT}${text}`);
}
