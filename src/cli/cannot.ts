import type { Output } from "./output.ts";
import { Unreachable } from "./person-client.ts";
import { Unwritable } from "./write-file.ts";

/** The exit status where a command was called in a way that it cannot work. */
export const CANNOT = 2;

/** A command was given options that it cannot use; a line for people. */
export class Misuse extends Error {
  override name = "Misuse";
}

/** Runs a command; what keeps it from its work is a line on standard error, and exit status 2. */
export async function refusing(what: string, out: Output, command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof Misuse || error instanceof Unreachable || error instanceof Unwritable))
      throw error;
    out.stderr(`${what}: ${error.message.split("\n")[0]}\n`);
    return CANNOT;
  }
}
