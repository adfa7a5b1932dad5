import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { fixBlock } from "../../../src/policy/fix/block.ts";
import type { FixStep } from "../../../src/policy/fix/steps.ts";
import { snapshot } from "../../support/snapshot.ts";

const BRANCH = "hotfix/stripe-webhook-verification";
const MESSAGE: FixStep = {
  kind: "write-message",
  amend: true,
  lines: ["HOTFIX: Fix it", "", "Impact: [Brief impact]", "Tested: [Testing performed]"],
};
const DROP: FixStep = {
  kind: "drop-files",
  restored: ["README.md", "it's $HOME.md"],
  removed: ["new `x`.txt"],
};
const RENAME: FixStep = { kind: "rename-branch", branch: "hotfix/renamed" };

/** What people fill in, which a shell must not touch. */
const NASTY = [
  "Users can't pay; token's gone",
  'a "quoted" value',
  "`touch pwned`",
  "$(touch pwned) $HOME $x 100% !! !1",
  "Ärger, 支払い, 🚨 \\ \\n",
  "EOF",
  "MESSAGE is not alone on its line",
];

const SHELLS = ["bash", "zsh", "sh"].filter((shell) => spawnSync(shell, ["-c", ":"]).status === 0);

let folders: string[] = [];
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
});

/** A clone with the hotfix branch pushed, `main` one commit ahead of it, and a `gh` that notes how it is called. */
function repository() {
  const root = mkdtempSync(join(tmpdir(), "hotfix-block-"));
  folders.push(root);
  const clone = join(root, "clone");
  const env = {
    ...process.env,
    PATH: `${join(root, "bin")}:${process.env.PATH}`,
    HOME: root,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "John",
    GIT_AUTHOR_EMAIL: "john@kamiyo.example",
    GIT_COMMITTER_NAME: "John",
    GIT_COMMITTER_EMAIL: "john@kamiyo.example",
  };
  mkdirSync(join(root, "bin"));
  writeFileSync(
    join(root, "bin", "gh"),
    `#!/bin/sh\nif [ "$2" = view ]; then echo "read $5"; else printf '%s\\n' "$@" '--' >> "${root}/gh.log"; fi\n`,
    { mode: 0o755 },
  );
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: clone, env, encoding: "utf8" }).trim();
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", join(root, "origin.git")], {
    env,
  });
  execFileSync("git", ["clone", "--quiet", join(root, "origin.git"), clone], { env, stdio: "ignore" });
  const commit = (message: string, files: Record<string, string>): string => {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(clone, path), text);
    git("add", "--all");
    git("commit", "--quiet", "--message", message);
    return git("rev-parse", "HEAD");
  };
  git("switch", "--quiet", "--create", "main");
  commit("First", { "README.md": "old", "it's $HOME.md": "old", "fix.txt": "broken" });
  git("push", "--quiet", "origin", "main");
  git("switch", "--quiet", "--create", BRANCH);
  const head = commit("fix stuff", {
    "README.md": "new",
    "it's $HOME.md": "new",
    "new `x`.txt": "x",
    "fix.txt": "fixed",
  });
  git("push", "--quiet", "--set-upstream", "origin", BRANCH);
  git("switch", "--quiet", "main");
  commit("Elsewhere", { "other.txt": "y" });
  git("push", "--quiet", "origin", "main");
  const run = (shell: string, block: string) =>
    spawnSync(shell, ["-c", block], { cwd: clone, env, encoding: "utf8" });
  const gh = (): string =>
    existsSync(join(root, "gh.log")) ? readFileSync(join(root, "gh.log"), "utf8") : "";
  return { git, head, run, gh, clone };
}

const blockOf = (steps: readonly FixStep[], head: string, more: object = {}): string =>
  fixBlock(
    steps,
    snapshot({ pr: { head: { ref: BRANCH, sha: head, repository: "kamiyo/api" }, ...more } }),
  ).join("\n");

for (const shell of ["bash", "zsh", "sh"])
  describe.skipIf(!SHELLS.includes(shell))(`the block, run in ${shell}`, () => {
    it("drops files, writes the message and pushes once, whatever is filled in", { timeout: 60_000 }, () => {
      for (const text of NASTY) {
        const { git, head, run } = repository();
        const block = blockOf([DROP, MESSAGE], head).replace("[Brief impact]", () => text);
        const { status, stderr } = run(shell, block);
        expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
        expect(git("log", "-1", "--format=%B", `origin/${BRANCH}`)).toBe(
          `HOTFIX: Fix it\n\nImpact: ${text}\nTested: [Testing performed]`,
        );
        expect(git("diff", "--name-only", `origin/main...origin/${BRANCH}`)).toBe("fix.txt");
        expect(git("status", "--porcelain")).toBe("");
      }
    });

    it("opens the new pull request before it closes the old one, and takes labels and people along", () => {
      const { git, head, run, gh } = repository();
      const { status, stderr } = run(
        shell,
        blockOf([RENAME, DROP, MESSAGE], head, {
          labels: ["severity:P1", "approved:cto", "bug"],
          assignees: ["rita"],
          reviewers: ["jane", "kamiyo/engineering-managers"],
        }),
      );
      expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
      expect(git("log", "-1", "--format=%s", "origin/hotfix/renamed")).toBe("HOTFIX: Fix it");
      const [create = "", close = ""] = gh().split("--\n");
      expect(create.split("\n")).toEqual([
        ...["pr", "create", "--base", "main", "--head", "hotfix/renamed", "--title", "HOTFIX: Fix it"],
        ...["--body", "read body", "--label", "severity:P1,bug"],
        ...["--assignee", "rita", "--reviewer", "jane,kamiyo/engineering-managers", ""],
      ]);
      expect(close).toBe("pr\nclose\n42\n");
    });

    it("stops at the first command that fails", () => {
      const { git, head, run, gh } = repository();
      const { status } = run(shell, blockOf([RENAME, DROP], head).replace("README.md", "not-there.md"));
      expect(status).not.toBe(0);
      expect(git("branch", "--remotes")).not.toContain("renamed");
      expect(gh()).toBe("");
    });

    it("does its work without the lines of gh as well", () => {
      const { git, head, run, gh } = repository();
      const lines = blockOf([RENAME, DROP, MESSAGE], head).split("\n");
      const own = lines.slice(
        0,
        lines.findIndex((line) => line.startsWith("test ")),
      );
      const { status, stderr } = run(shell, own.join("\n"));
      expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
      expect(git("log", "-1", "--format=%s", "origin/hotfix/renamed")).toBe("HOTFIX: Fix it");
      expect(gh()).toBe("");
    });

    it("makes the branch anew with its own commits alone", () => {
      const { git, head, run } = repository();
      const { status, stderr } = run(
        shell,
        blockOf([{ kind: "rebuild-branch", commits: [head] }, MESSAGE], head),
      );
      expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
      expect(git("rev-list", "--count", `origin/main..origin/${BRANCH}`)).toBe("1");
      expect(git("merge-base", "origin/main", `origin/${BRANCH}`)).toBe(git("rev-parse", "origin/main"));
    });

    it("puts the message on top where an older commit has it", () => {
      const { git, head, run } = repository();
      const { status } = run(shell, blockOf([DROP, { ...MESSAGE, amend: false } as FixStep], head));
      expect(status).toBe(0);
      expect(git("log", "-2", "--format=%s", `origin/${BRANCH}`)).toBe("HOTFIX: Fix it\nfix stuff");
    });
  });

it("runs in bash at least", () => {
  expect(SHELLS).toContain("bash");
});

describe("fixBlock", () => {
  it.each<[string, readonly FixStep[], object, readonly string[]]>([
    ["nothing", [], {}, []],
    [
      "the base of the pull request",
      [{ kind: "change-base", base: "it's" }],
      {},
      ["gh pr edit 42 --base 'it'\\''s'"],
    ],
    [
      "title and base at once",
      [
        { kind: "change-base", base: "main" },
        { kind: "retitle", title: "HOTFIX: `x`" },
      ],
      {},
      ["gh pr edit 42 --title 'HOTFIX: `x`' --base 'main'"],
    ],
    [
      "an update",
      [{ kind: "merge-base" }],
      {},
      [
        "git fetch origin &&",
        `git switch '${BRANCH}' &&`,
        "git merge 'origin/main' &&",
        `git push origin '${BRANCH}'`,
      ],
    ],
    [
      "from a fork: the base comes from the repository itself",
      [{ kind: "merge-base" }],
      { fork: true },
      [
        "git fetch 'https://github.example/kamiyo/api' 'main' &&",
        `git switch '${BRANCH}' &&`,
        "git merge FETCH_HEAD &&",
        `git push origin '${BRANCH}'`,
      ],
    ],
  ])("%s", (_, steps, more, lines) => {
    expect(blockOf(steps, "a".repeat(40), more).split("\n")).toEqual(lines.length === 0 ? [""] : lines);
  });

  it("ends the message by a line that the message does not have", () => {
    const lines = ["HOTFIX: x", "", "MESSAGE", "MESSAGE_"];
    expect(blockOf([{ kind: "write-message", amend: true, lines }], "a".repeat(40))).toContain(
      "<<'MESSAGE__'",
    );
  });

  it("is not given where nobody would read it", () => {
    const paths = Array.from({ length: 30 }, (_, i) => `${"long/".repeat(60)}${i}.txt`);
    expect(fixBlock([{ kind: "drop-files", restored: paths, removed: [] }], snapshot({}))).toEqual([]);
  });
});
