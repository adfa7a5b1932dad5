import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Files run side by side. */
export const OUT = resolve("test/cli/dist", process.env.VITEST_POOL_ID ?? "0");

/**
 * Compiles the program for this test alone, so that no other build comes in between. Types are checked
 * elsewhere.
 */
export function compile(): void {
  const tsc = resolve("node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--noCheck", "--outDir", OUT]);
  cpSync("src/playground/assets", join(OUT, "playground/assets"), { recursive: true });
}

export interface Program {
  readonly process: ChildProcess;
  /** Both streams so far. */
  output(): string;
  /** Resolves when the output matches. Rejects when the program ends before. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  /** The exit status, once it has ended; `null`: a signal ended it. */
  readonly exit: Promise<number | null>;
}

/** Starts `hotfix-guard` with these variables only. `stdin`: what it reads; `null`: nothing. */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = mkdtempSync(join(tmpdir(), "hotfix-guard-")),
  stdin: string | null = null,
): Program {
  const child = spawn(process.execPath, [join(OUT, "cli/main.js"), ...args], {
    cwd,
    env: { PATH: process.env.PATH, TMPDIR: tmpdir(), HOTFIX_STATE_DIR: "off", ...env },
    stdio: [stdin === null ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(stdin);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exit = new Promise<number | null>((done) => child.on("close", (code) => done(code)));
  return {
    process: child,
    output: () => output,
    exit,
    says: (pattern) =>
      new Promise((done, reject) => {
        const look = () => {
          const match = output.match(pattern);
          if (match !== null) done(match);
          return match !== null;
        };
        if (look()) return;
        child.stdout?.on("data", look);
        child.stderr?.on("data", look);
        void exit.then((code) => look() || reject(new Error(`ended with ${code}:\n${output}`)));
      }),
  };
}
