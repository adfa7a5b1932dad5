import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";

const WIDTH = Math.max(80, Math.min(process.stdout.columns ?? 110, 130));
/** Of what stands below a step. */
export const INDENT = "   ";
/** What is left for it. */
export const COLUMNS = WIDTH - INDENT.length;

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
  for (const line of wrap(text)) say(`${INDENT}${line}`);
}

/** Lines of at most so many columns, where the words allow it. */
export function wrap(text: string, columns = COLUMNS): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && stripVTControlCharacters(`${line} ${word}`).length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
