import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Texts by name that outlive the process: what saves requests, and messages that wait. Nothing depends on it:
 * what is gone is read from GitHub again. May hold tokens: it is as secret as the app's key.
 */
export interface Store {
  /** `null`: nothing is kept under that name, or it cannot be read. */
  read(name: string): Promise<string | null>;
  /** Replaces what is kept under that name. Never rejects. */
  write(name: string, text: string): Promise<void>;
}

/** Keeps nothing. */
export const NO_STORE: Store = { read: async () => null, write: async () => {} };

/**
 * Files in a folder of this machine, readable by this user only. Where the folder cannot be written to, that
 * is said once and nothing is kept.
 */
export function createFileStore(folder: string, log: { warn(fields: object, message: string): void }): Store {
  let told = false;
  return {
    async read(name) {
      try {
        return readFileSync(join(folder, name), "utf8");
      } catch {
        return null;
      }
    },
    // Not interrupted by the end of the process, and never half a file.
    async write(name, text) {
      const path = join(folder, name);
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(`${path}.${process.pid}`, text, { mode: 0o600 });
        chmodSync(`${path}.${process.pid}`, 0o600);
        renameSync(`${path}.${process.pid}`, path);
      } catch (err) {
        if (!told)
          log.warn({ err, folder }, "the state folder cannot be written to: nothing outlives the process");
        told = true;
      }
    },
  };
}
