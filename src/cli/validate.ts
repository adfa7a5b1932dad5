import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { correctConfig, correctionLine } from "../config/fix.ts";
import { CONFIG_PATH, CONFIG_PATHS } from "../config/index.ts";
import type { Output } from "./output.ts";
import { type CheckedFile, checkFile } from "./validate-file.ts";
import { reportAs, type ValidateFormat } from "./validate-report.ts";
import { writeWhole } from "./write-file.ts";

/** The options of `hotfix-guard validate`, as commander gives them. */
export interface ValidateOptions {
  readonly json?: boolean;
  readonly format?: ValidateFormat;
  /** Warnings fail as well. */
  readonly strict?: boolean;
  /** `owner/name`: also how that repository is set up on GitHub. */
  readonly repo?: string;
  /** Correct what is surely meant, in the files. */
  readonly fix?: boolean;
}

/** What is to be looked at, and where: of use for tests. */
export interface ValidatePlace {
  readonly cwd: string;
  readonly stdin: () => Promise<Uint8Array>;
}

/** What standard input is called. */
const STDIN = "<stdin>";

/**
 * `hotfix-guard validate [file…]`: says whether configuration files are valid; `-` is standard input, and
 * without any file the repository's own is found, upward from here. `fix` corrects them first. Exit status 0:
 * all valid (there may be warnings), 1: problems, 2: a file could not be read. Works without network: what
 * `extends` names is not read, and what depends on it not checked.
 */
export async function validateCommand(
  files: readonly string[],
  out: Output,
  { json = false, format = "text", strict = false, fix = false, repo }: ValidateOptions = {},
  place: ValidatePlace = { cwd: process.cwd(), stdin: readStdin },
): Promise<number> {
  if (json && format !== "text" && format !== "json") {
    out.stderr(`--json and --format ${format} exclude each other\n`);
    return 2;
  }
  if (repo !== undefined) return validateRepository(repo, files, out, { json, format, strict, fix }, place);
  const found = files.length > 0 ? files : findConfig(place.cwd);
  if (found.length === 0) {
    out.stderr(
      `${CONFIG_PATH}: not found here or in a directory above. Without it the defaults hold; hotfix-guard init writes one.\n`,
    );
    return 2;
  }
  if (fix && found.includes("-")) {
    out.stderr("--fix rewrites files, and standard input is none: name the file.\n");
    return 2;
  }
  const ambiguous = files.length === 0 && found.length > 1;
  const checked: CheckedFile[] = [];
  for (const file of found) {
    if (fix) out.stderr(await fixOne(file, place));
    checked.push(await checkOne(file, place));
  }
  if (ambiguous)
    out.stderr(`${found.join(" and ")} are both there: keep one of them, and delete the other.\n`);
  const root = repositoryRoot(place.cwd);
  const { stdout, stderr } = reportAs(json ? "json" : format, checked, (file) =>
    file === STDIN ? file : relative(root, resolve(place.cwd, file)),
  );
  out.stderr(stderr);
  out.stdout(stdout);
  return Math.max(ambiguous ? 1 : 0, ...checked.map((file) => statusOf(file, strict)));
}

async function validateRepository(
  repo: string,
  files: readonly string[],
  out: Output,
  { json, format, strict, fix }: Required<Omit<ValidateOptions, "repo">>,
  { cwd }: ValidatePlace,
): Promise<number> {
  if (fix || files.length > 1) {
    out.stderr(`--repo takes ${fix ? "no --fix: it writes nothing on GitHub" : "one file at most"}.\n`);
    return 2;
  }
  const [{ checkRepository }, { refusing }] = await Promise.all([
    import("./validate-repo.ts"),
    import("./cannot.ts"),
  ]);
  return refusing("Not validated", out, async () => {
    const checked = await checkRepository(repo, files[0] ?? null, cwd);
    const { stdout, stderr } = reportAs(json ? "json" : format, [checked], (file) => file);
    out.stderr(stderr);
    out.stdout(stdout);
    return statusOf(checked, strict);
  });
}

async function checkOne(file: string, { cwd, stdin }: ValidatePlace): Promise<CheckedFile> {
  const name = file === "-" ? STDIN : file;
  try {
    return checkFile({
      file: name,
      bytes: file === "-" ? await stdin() : await readFile(resolve(cwd, file)),
    });
  } catch (error) {
    return {
      file: name,
      state: "unreadable",
      reason: reasonOf(error),
      problems: [],
      warnings: [],
      extended: null,
    };
  }
}

/** Corrects the file where it is, and says what; whatever goes wrong, the file is as it was. */
async function fixOne(file: string, { cwd }: ValidatePlace): Promise<string> {
  const path = resolve(cwd, file);
  try {
    const { text, corrections } = correctConfig({ file, bytes: await readFile(path) });
    if (corrections.length === 0) return "";
    await writeWhole(path, text);
    return corrections.map((one) => `${correctionLine(file, one)}\n`).join("");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // That it cannot be read is said below.
    return code === "ENOENT" || code === "EISDIR" ? "" : `${file}: cannot be fixed: ${reasonOf(error)}\n`;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
};

function reasonOf(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

function statusOf({ state, warnings }: CheckedFile, strict: boolean): number {
  if (state === "unreadable") return 2;
  // That the defaults hold is nobody's mistake.
  return state === "invalid" || (strict && state !== "empty" && warnings.length > 0) ? 1 : 0;
}

/**
 * The repository's file, under either name, in the nearest directory above that has one. Both at once are a
 * problem, and both are looked at.
 */
function findConfig(cwd: string): readonly string[] {
  const root = repositoryRoot(cwd);
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = CONFIG_PATHS.map((path) => join(folder, path)).filter((path) => existsSync(path));
    if (found.length > 0) return found.map((path) => relative(cwd, path));
    if (folder === root || folder === dirname(folder)) return [];
  }
}

/** The directory above that is a git repository's; without one, this one. */
function repositoryRoot(cwd: string): string {
  for (let folder = cwd; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, ".git"))) return folder;
  return cwd;
}

/** More than a configuration may have is not read on. */
const MOST_BYTES = 8 * 1024 * 1024;

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) break;
  }
  return Buffer.concat(chunks);
}
