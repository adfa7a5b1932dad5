import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How the clone of who pastes the block names its remotes. */
export const CLONES = {
  "origin is the repository": { origin: "kamiyo/api" },
  "origin is a fork": { origin: "john/api", upstream: "kamiyo/api" },
  "other names": { company: "Kamiyo/API", mine: "john/api", "kamiyo-api-docs": "kamiyo/api-docs" },
  "no remote has it": { elsewhere: "else/where" },
} as const;
export type Clone = keyof typeof CLONES;

/** Shells that people paste into: as a script, or as at a prompt, where zsh and bash expand `!`. */
export const SHELLS = {
  bash: ["bash", "--norc", "--noprofile"],
  "bash at a prompt": ["bash", "--norc", "--noprofile", "-i"],
  zsh: ["zsh", "-f"],
  "zsh at a prompt": ["zsh", "-f", "-i", "-o", "extendedglob"],
  "Git Bash on Windows": ["bash", "--norc", "--noprofile"],
} as const;
export type Shell = keyof typeof SHELLS;

export const isInstalled = (shell: Shell): boolean => spawnSync(SHELLS[shell][0], ["-c", ":"]).status === 0;

export const BRANCH = "hotfix/stripe-webhook-verification";
export const FILES = { fixed: "fix.txt", restored: ["README.md", "it's $HOME.md"], removed: "new `x`.txt" };

/** More than one world is one copy of this. */
let template: string | null = null;
const made: string[] = [];

/** For `afterEach`. */
export function removeWorlds(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export interface ShellWorld {
  readonly git: (...args: string[]) => string;
  /** In the repository that pull requests go to, or in the fork. */
  readonly remote: (which: "repository" | "fork", ...args: string[]) => string;
  readonly run: (block: string) => {
    readonly status: number | null;
    readonly stderr: string;
    readonly stdout: string;
  };
  /** How `gh` was called, but for reading. */
  readonly gh: () => readonly (readonly string[])[];
  readonly head: string;
  readonly clone: string;
}

export interface WorldOptions {
  readonly shell?: Shell;
  readonly clone?: Clone;
  /** Where the pull request's branch is. */
  readonly from?: "repository" | "fork";
  readonly branch?: string;
  readonly gh?: boolean;
  /** The local branch: as it is on GitHub, one commit behind, or not there. */
  readonly local?: "current" | "behind" | "none";
}

/**
 * A repository with a hotfix branch, a fork of it, a clone, `main` one commit ahead, and a `gh` that notes
 * how it is called.
 */
export function shellWorld({
  shell = "bash",
  clone: names = "origin is the repository",
  from = "repository",
  branch = BRANCH,
  gh = true,
  local = "current",
}: WorldOptions = {}): ShellWorld {
  template ??= makeTemplate();
  const root = mkdtempSync(join(tmpdir(), "hotfix-block-"));
  made.push(root);
  cpSync(template, root, { recursive: true, verbatimSymlinks: true });
  const clone = join(root, "clone");
  const windows = shell === "Git Bash on Windows";
  const env = environment(root, shell, gh);
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: clone, env: environment(root, "bash", gh), encoding: "utf8" }).trim();
  const place = (which: "repository" | "fork"): string =>
    join(root, which === "repository" ? "kamiyo" : "john", "api.git");
  const remote = (which: "repository" | "fork", ...args: string[]): string =>
    execFileSync("git", args, { cwd: place(which), env, encoding: "utf8" }).trim();
  writeFileSync(
    join(root, ".gitconfig"),
    `[url "${root}/"]\n\tinsteadOf = https://github.example/\n\tinsteadOf = https://github.com/\n${windows ? "[core]\n\tautocrlf = true\n" : ""}`,
  );
  const head = git("rev-parse", "work");
  git("push", "--quiet", place(from), `work:refs/heads/${branch}`);
  git("push", "--quiet", place("repository"), "work:refs/pull/42/head");
  for (const [name, path] of Object.entries(CLONES[names]))
    git("remote", "add", name, `https://github.example/${path}`);
  if (local !== "none") git("branch", "--no-track", branch, local === "current" ? "work" : "work~1");
  git("branch", "--quiet", "--delete", "--force", "work");
  if (windows) {
    writeFileSync(join(root, "win", "git"), wrapper("git"), { mode: 0o755 });
    if (gh) writeFileSync(join(root, "win", "gh"), wrapper("gh"), { mode: 0o755 });
  }
  const log = join(root, "gh.log");
  return {
    git,
    remote,
    head,
    clone,
    run(block) {
      const [program, ...args] = SHELLS[shell];
      const typed = args.some((arg) => arg === "-i") || windows;
      const script = typed ? { input: `${block}\nexit $?\n` } : {};
      const ran = spawnSync(program, typed ? args : [...args, "-c", block], {
        cwd: clone,
        env,
        encoding: "utf8",
        ...script,
      });
      return { status: ran.status, stderr: ran.stderr, stdout: ran.stdout };
    },
    gh: () =>
      (existsSync(log) ? readFileSync(log, "utf8") : "")
        .split("\u0001\n")
        .filter((call) => call !== "")
        .map((call) => call.split("\u0000").slice(0, -1)),
  };
}

function environment(root: string, shell: Shell, gh: boolean): NodeJS.ProcessEnv {
  const tools = [
    ...(shell === "Git Bash on Windows" ? [join(root, "win")] : []),
    ...(gh ? [join(root, "bin")] : []),
    join(root, "tools"),
  ];
  return {
    PATH: gh ? `${tools.join(":")}:${process.env.PATH}` : tools.join(":"),
    NODE: process.execPath,
    HOME: root,
    TERM: "dumb",
    LANG: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_EDITOR: "false",
    GIT_AUTHOR_NAME: "John",
    GIT_AUTHOR_EMAIL: "john@kamiyo.example",
    GIT_COMMITTER_NAME: "John",
    GIT_COMMITTER_EMAIL: "john@kamiyo.example",
  };
}

/** Programs of Windows get their arguments as MSYS changes them. */
function wrapper(name: string): string {
  const real =
    name === "git" ? execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim() : "gh.real";
  return `#!/usr/bin/env bash
args=()
for arg in "$@"; do
  if [ -z "\${MSYS_NO_PATHCONV:-}" ] && grep -Eq '${LOOKS_LIKE_PATH}' <<< "$arg" && ! grep -Eq '^[a-z+]+://' <<< "$arg"; then
    arg="C:/Program Files/Git/$arg"
  fi
  args+=("$arg")
done
exec ${name === "git" ? real : '"$HOME/bin/gh"'} "\${args[@]}"
`;
}

/** `looksLikePath`, as an extended expression of grep; a test holds the two together. */
export const LOOKS_LIKE_PATH = "^[^A-Za-z0-9:.\\-]*/|[=:,;]/|/.*:[.:]";

function makeTemplate(): string {
  const root = mkdtempSync(join(tmpdir(), "hotfix-blocks-"));
  process.on("exit", () => rmSync(root, { recursive: true, force: true }));
  const clone = join(root, "clone");
  for (const folder of ["bin", "win", "tools", "clone", "kamiyo", "john", "else"])
    mkdirSync(join(root, folder));
  writeFileSync(join(root, "bin", "gh"), GH, { mode: 0o755 });
  // Where there is no `gh`, there is still all that a block may use.
  for (const tool of ["git", "awk", "bash", "zsh", "sh", "env", "sed", "grep", "cat", "true", "false"]) {
    const path = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
    if (path.startsWith("/")) symlinkSync(path, join(root, "tools", tool));
  }
  const env = environment(root, "bash", true);
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: clone, env, encoding: "utf8" }).trim();
  for (const repository of ["kamiyo/api.git", "john/api.git", "else/where.git", "kamiyo/api-docs.git"])
    git("init", "--quiet", "--bare", "--initial-branch=main", join(root, repository));
  // GitHub's names differ by more than case.
  symlinkSync("kamiyo", join(root, "Kamiyo"));
  symlinkSync("api.git", join(root, "kamiyo", "API.git"));
  git("init", "--quiet", "--initial-branch=main", clone);
  git("config", "commit.gpgSign", "false");
  const commit = (message: string, files: Record<string, string>): void => {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(clone, path), text);
    git("add", "--all");
    git("commit", "--quiet", "--message", message);
  };
  commit("First", { "README.md": "old\n", "it's $HOME.md": "old\n", "fix.txt": "broken\n" });
  git("push", "--quiet", join(root, "john/api.git"), "main");
  git("switch", "--quiet", "--create", "work");
  commit("work in progress", { "fix.txt": "half\n" });
  commit("fix stuff", {
    "README.md": "new\n",
    "it's $HOME.md": "new\n",
    "new `x`.txt": "x\n",
    "fix.txt": "fixed\n",
  });
  git("switch", "--quiet", "main");
  commit("Elsewhere", { "other.txt": "y\n" });
  git("push", "--quiet", join(root, "kamiyo/api.git"), "main");
  return root;
}

const GH = `#!/bin/sh
if [ "$2" = view ]; then echo "read $7"; exit; fi
printf '%s\\0' "$@" >> "$HOME/gh.log"
case "$*" in *"--input -"*) printf 'input: %s\\0' "$(cat)" >> "$HOME/gh.log";; esac
case "$*" in *--body-file*) printf 'body: %s\\0' "$(cat)" >> "$HOME/gh.log";; esac
printf '\\001\\n' >> "$HOME/gh.log"
`;
