import { execFile } from "node:child_process";

/** What stops a command on this machine, as one line that says how to go on: exit status 2. */
export class LocalError extends Error {}

/** No answer of git takes longer, or more room, for anything that a person would push as a hotfix. */
const TIMEOUT_MS = 30_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** What git answered. `overflow`: more than anybody reads; then `stdout` is cut. */
export interface Answer {
  readonly ok: boolean;
  readonly overflow: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Git in one directory, as a child process without a shell. */
export interface Git {
  /**
   * Never rejects because of what git says. Throws `LocalError` where there is no git, or it does not end.
   */
  run(args: readonly string[], options?: { readonly input?: string }): Promise<Answer>;
  /** What git printed, without the last line's end; `null`: it failed. */
  text(args: readonly string[]): Promise<string | null>;
}

/** git in that folder, without questions, other languages or endless runs. */
export function gitIn(cwd: string): Git {
  const run: Git["run"] = (args, { input } = {}) =>
    new Promise((done, reject) => {
      const env = { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" };
      const options = { cwd, env, timeout: TIMEOUT_MS, maxBuffer: MOST_BYTES, encoding: "utf8" as const };
      const child = execFile("git", args, options, (error, stdout, stderr) => {
        const code = (error as NodeJS.ErrnoException | null)?.code;
        if (code === "ENOENT") reject(new LocalError("git was not found. Install it, or add it to PATH."));
        else if (error?.killed === true && code !== "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
          reject(new LocalError(`git ${args[0]} took longer than ${TIMEOUT_MS / 1000} s and was stopped.`));
        else {
          const overflow = code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER";
          done({ ok: error === null, overflow, stdout, stderr });
        }
      });
      // Git may end before it has read its input.
      child.stdin?.on("error", () => {});
      child.stdin?.end(input ?? "");
    });
  return {
    run,
    async text(args) {
      const { ok, stdout } = await run(args);
      return ok ? stdout.replace(/\r?\n$/, "") : null;
    },
  };
}
