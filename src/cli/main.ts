#!/usr/bin/env node
import { CommanderError } from "commander";
import { program, WHAT_TO_TRY } from "./program.ts";

/** What was typed is no command, or no option of it. */
const MISUSED = 2;

// Whoever reads has seen enough (`| head`).
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));

try {
  if (process.argv.length <= 2) process.stdout.write(WHAT_TO_TRY);
  else await program.parseAsync();
} catch (error) {
  // Commander has said what is wrong.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : MISUSED;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
