import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Program, start } from "./program.ts";

/** Settings of whoever runs the tests do not count. */
export const GIT_ENV = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", HOME: tmpdir() };

/** A clone with its remote, on this machine. */
export interface Clone {
  readonly path: string;
  git(...args: readonly string[]): string;
  write(files: Readonly<Record<string, string>>): void;
  /** Writes files, and commits all that there is. */
  commit(message: string, files?: Readonly<Record<string, string>>): void;
  /** Starts the program in the clone, and waits for its end. */
  guard(...args: readonly string[]): Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export function temporary(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "hotfix-guard-")));
}

export async function ended(program: Program): Promise<Ended> {
  const code = await program.exit;
  return { code, output: program.output() };
}

export function cloneAt(path: string): Clone {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, {
      cwd: path,
      env: { ...process.env, ...GIT_ENV },
      encoding: "utf8",
      stdio: "pipe",
    });
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
  };
  return {
    path,
    git,
    write,
    commit(message, files = {}) {
      write(files);
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", message);
    },
    guard: (...args) => ended(start(args, GIT_ENV, path)),
  };
}

/** An empty clone, with an identity, of a remote that is empty as well. */
export function emptyClone(): Clone {
  const folder = temporary();
  const clone = cloneAt(join(folder, "work"));
  mkdirSync(clone.path);
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", join(folder, "remote.git")]);
  clone.git("init", "--quiet", "--initial-branch=main");
  clone.git("config", "user.name", "John");
  clone.git("config", "user.email", "john@example.com");
  clone.git("remote", "add", "origin", join(folder, "remote.git"));
  return clone;
}

/** A clone on `main`, whose only commit has these files. */
export function clone(files: Readonly<Record<string, string>> = { "src/pay/stripe.py": LINES }): Clone {
  const made = emptyClone();
  made.commit("All", files);
  made.git("push", "--quiet", "--set-upstream", "origin", "main");
  made.git("remote", "set-head", "origin", "main");
  return made;
}

export const LINES = Array.from({ length: 40 }, (_, i) => `line ${i}\n`).join("");

/** A message that follows the procedure. */
export const MESSAGE = `HOTFIX: Check the signature again

Fixes: #123
Severity: P1
Impact: Half of all payments fail
Root Cause: The secret was read twice
Solution: Read it once
Tested: On staging, with a test webhook
Approved-By: pending
Deployed-By: pending`;
