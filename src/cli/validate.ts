import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import {
  CONFIG_PATH,
  CONFIG_PATHS,
  type ConfigProblem,
  type ConfigSource,
  parseConfig,
  readExtends,
} from "../config/index.ts";
import type { Output } from "./output.ts";

/**
 * `hotfix-guard validate [file…]`: says whether configuration files are valid, each problem as
 * `file:line:column: key: message — mend`. Exit code 0: all valid (there may be warnings), 1: problems, 2: a file could
 * not be read. Works without network: what `extends` names is not read, and what depends on it not evaluated.
 */
export async function validateCommand(files: readonly string[], out: Output): Promise<number> {
  const codes: number[] = [];
  for (const file of files.length > 0 ? files : here(out)) codes.push(await validateFile(file, out));
  return Math.max(...codes, codes.length > 1 && files.length === 0 ? 1 : 0);
}

/** The file that is there, under either name. Both are a problem, and then both are looked at. */
function here(out: Output): readonly string[] {
  const found = CONFIG_PATHS.filter((path) => existsSync(path));
  if (found.length > 1)
    out.stdout(`${found.join(" and ")} are both there: keep one of them, and delete the other.\n`);
  return found.length > 0 ? found : [CONFIG_PATH];
}

async function validateFile(file: string, out: Output): Promise<number> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    out.stderr(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const source: ConfigSource = { file, bytes };
  const result = parseConfig([source], { alone: true });
  if ("problems" in result) {
    for (const problem of result.problems) out.stdout(`${lineOf(problem)}\n`);
    out.stdout(`${file}: invalid, ${counted(result.problems.length, "problem")}\n`);
    return 1;
  }
  for (const warning of result.warnings) out.stdout(`${lineOf(warning, "warning: ")}\n`);
  const extended = readExtends(source);
  if (extended !== null && "repo" in extended) {
    out.stdout(
      `${file}: ${extended.path} of ${extended.repo}, which it extends, was not read; names of roles were not checked\n`,
    );
  }
  const warned = result.warnings.length === 0 ? "" : `, ${counted(result.warnings.length, "warning")}`;
  out.stdout(`${file}: valid${warned}\n`);
  return 0;
}

function lineOf({ file, line, column, key, message, mend }: ConfigProblem, kind = ""): string {
  return `${file}:${line}:${column}: ${kind}${key === "" ? "" : `${key}: `}${message} — ${mend}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
