import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { CONFIG_PATH, CONFIG_PATHS } from "../config/index.ts";
import {
  configurationText,
  ROLES,
  type RoleAnswer,
  type RoleName,
  readRoleAnswer,
} from "../local/configuration-text.ts";
import { gitIn, LocalError } from "../local/git.ts";
import { readRepository } from "../local/repository.ts";
import { type NewFile, type WrittenFile, writeFiles } from "../local/write-files.ts";
import { packageRoot } from "../package.ts";
import type { Output } from "./output.ts";

/** The options of `hotfix-guard init`, as commander gives them. */
export interface InitOptions {
  /** Ask nothing; what is there already is kept. */
  readonly yes?: boolean;
  /** Show what would be written, and write nothing. */
  readonly print?: boolean;
  /** Replace files that are there already. */
  readonly force?: boolean;
}

/** Asks a person, and gives the answer. */
export type Ask = (question: string) => Promise<string>;

/** For editors, which find it beside the configuration without network. */
const SCHEMA = "hotfix.schema.json";
/** Copied as they are, from this repository. */
const COPIED: Readonly<Record<string, string>> = {
  ".github/PULL_REQUEST_TEMPLATE/hotfix.md": ".github/PULL_REQUEST_TEMPLATE/hotfix.md",
  ".github/ISSUE_TEMPLATE/incident.yml": ".github/ISSUE_TEMPLATE/incident.yml",
  [`.github/${SCHEMA}`]: `docs/schema/${SCHEMA}`,
};

/**
 * `hotfix-guard init`: writes a commented configuration with its schema, the pull request template and the
 * issue form. Asks for the roles on a terminal. Exit status 2: nothing was written. `ask` is `null` where
 * nobody can be asked.
 */
export async function initCommand(
  options: InitOptions,
  out: Output,
  asking: Ask | null = null,
): Promise<number> {
  const { yes = false, print = false, force = false } = options;
  if (print) {
    for (const { path, text } of filesOf({})) out.stdout(`==> ${path} <==\n${text}\n`);
    return 0;
  }
  const terminal =
    asking === null && !yes && process.stdin.isTTY && process.stdout.isTTY ? openTerminal() : null;
  const ask = yes ? null : (asking ?? terminal?.ask ?? null);
  try {
    const { root } = await readRepository(gitIn(process.cwd()));
    if (ask === null && !yes)
      throw new LocalError("Not a terminal: --yes writes the defaults, --print shows them.");
    const roles = ask === null ? {} : await askForRoles(ask, out);
    const consent = async (path: string) =>
      force ||
      (ask !== null && /^y(?:es)?$/i.test((await ask(`${path} already exists. Replace it? [y/N] `)).trim()));
    out.stdout(next(await writeFiles(root, filesOf(roles), consent)));
    return 0;
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    out.stderr(`${error.message}\n`);
    return 2;
  } finally {
    terminal?.close();
  }
}

function filesOf(roles: Readonly<Partial<Record<RoleName, RoleAnswer>>>): readonly NewFile[] {
  return [
    {
      path: CONFIG_PATH,
      text: configurationText(`./${SCHEMA}`, roles),
      also: CONFIG_PATHS.filter((path) => path !== CONFIG_PATH),
    },
    ...Object.entries(COPIED).map(([path, from]) => ({
      path,
      text: readFileSync(join(packageRoot(), from), "utf8"),
    })),
  ];
}

async function askForRoles(ask: Ask, out: Output): Promise<Partial<Record<RoleName, RoleAnswer>>> {
  out.stdout(
    "Who holds each role? Teams (on-call) and users (@ada), separated by commas. Empty: whoever has the permission.\n",
  );
  const roles: Partial<Record<RoleName, RoleAnswer>> = {};
  for (const { name, who, permission } of ROLES) {
    for (;;) {
      const answer = readRoleAnswer(await ask(`${name} (${who}) [${permission}]: `));
      if (typeof answer !== "string") {
        roles[name] = answer;
        break;
      }
      out.stdout(`${answer} is not the name of a team or user.\n`);
    }
  }
  return roles;
}

/** What is typed ahead, or pasted, answers the questions that follow. */
function openTerminal(): { readonly ask: Ask; readonly close: () => void } {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const lines = terminal[Symbol.asyncIterator]();
  return {
    async ask(question) {
      process.stdout.write(question);
      const { value, done } = await lines.next();
      if (done === true) throw new LocalError("\nNothing was written.");
      return value;
    },
    close: () => terminal.close(),
  };
}

function next(files: readonly WrittenFile[]): string {
  const lines = files.map(({ path, what }) => `${what.padEnd(9)} ${path}\n`).join("");
  const kept = files.some(({ what }) => what === "kept")
    ? "Existing files were kept; --force overwrites them.\n"
    : "";
  return `${lines}${kept}
Next:
  1. Say who holds each role in ${CONFIG_PATH}, and run hotfix-guard validate.
  2. Merge it into the default branch: only there it decides. It begins with mode: observe, which blocks nothing.
  3. Install the app and require the check hotfix-gate: docs/getting-started.md.
`;
}
