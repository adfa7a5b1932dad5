import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { parseEnv } from "node:util";

/** The settings in a file of the form of `.env`; none where it is not there. */
export function readEnvFile(path: string): Readonly<Record<string, string | undefined>> {
  return existsSync(path) ? (parseEnv(readFileSync(path, "utf8")) as Record<string, string | undefined>) : {};
}

/**
 * Sets these in the file and keeps all else in it. It is readable by its owner only, also where it was there
 * and was not, and is replaced as a whole: nobody ever sees half of it.
 */
export function writeEnvFile(path: string, settings: Readonly<Record<string, string>>): void {
  // A link stays one.
  const target = existsSync(path) ? realpathSync(path) : path;
  const before = existsSync(target) ? readFileSync(target, "utf8") : "";
  const others = before.split("\n").filter((line) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1];
    return name === undefined || !Object.hasOwn(settings, name);
  });
  const kept = others.join("\n").replace(/\n*$/, "");
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name}=${value.trim().replaceAll("\n", "\\n")}`,
  );
  const text = `${[...(kept === "" ? [] : [kept]), ...lines].join("\n")}\n`;

  const draft = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
