import { loadEnvFile } from "node:process";
import type { DestinationStream, Logger } from "pino";
import { describeProblems, type Environment, readEnvironment } from "../environment.ts";
import { createLog } from "../log.ts";

/**
 * The settings and the log made by them; `null`: they cannot be used, and what is to be fixed has been
 * printed.
 */
export function loadSettings(
  destination?: DestinationStream,
): { readonly environment: Environment; readonly log: Logger } | null {
  const file = loadFile();
  if (typeof file === "object") {
    process.stderr.write(
      `Hotfix Guard cannot start: the file .env is there and cannot be read (${file.code}).\n`,
    );
    return null;
  }
  const reading = readEnvironment(process.env);
  if (!reading.ok) {
    process.stderr.write(describeProblems(reading.problems, file));
    return null;
  }
  const { logLevel, logFormat } = reading.environment;
  const log = createLog({ level: logLevel, format: logFormat }, destination);
  for (const warning of reading.warnings) log.warn(warning);
  return { environment: reading.environment, log };
}

/**
 * Reads `.env` in the current directory: variables that are set already win over those in it. An object: it
 * is there and cannot be read.
 */
export function loadFile(): "read" | "absent" | { readonly code: string } {
  try {
    loadEnvFile(".env");
    return "read";
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? "absent" : { code };
  }
}
