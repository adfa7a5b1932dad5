import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { completionScript, SHELLS, type Shell } from "../../src/cli/completion.ts";
import { program } from "../../src/cli/program.ts";

const folder = mkdtempSync(join(tmpdir(), "completion-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileOf = (shell: Shell) => {
  const file = join(folder, shell);
  writeFileSync(file, completionScript(program, shell));
  return file;
};

/** What bash offers for these words, the last being typed. */
function inBash(...words: readonly string[]): readonly string[] {
  const script = `source "$1"; shift; COMP_WORDS=(hotfix-guard "$@"); COMP_CWORD=$#; _hotfix_guard; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync("bash", ["--norc", "-c", script, "bash", fileOf("bash"), ...words], {
    encoding: "utf8",
    cwd: folder,
  });
  return out.split("\n").filter((line) => line !== "");
}

/** What zsh offers; its completion system is stood in for by two functions that print what they are given. */
function inZsh(...words: readonly string[]): readonly string[] {
  const script = `compdef() {}; _describe() { print -l -- "\${(@P)2}" }; compadd() { print -l -- "\${@:2}" }; _files() { print FILES }; source "$1"; shift; words=(hotfix-guard "$@"); CURRENT=$(( $# + 1 )); _hotfix_guard`;
  const out = execFileSync("zsh", ["-fc", script, "zsh", fileOf("zsh"), ...words], { encoding: "utf8" });
  return out.split("\n").filter((line) => line !== "");
}

const isThere = (shell: string) => spawnSync(shell, ["--version"]).error === undefined;
const COMMANDS = program.commands.map((command) => command.name());

describe.skipIf(!isThere("bash"))("in bash", () => {
  it("every command, after nothing", () => {
    expect(inBash("")).toEqual(expect.arrayContaining([...COMMANDS, "--version"]));
  });

  it.each<[words: readonly string[], offers: readonly string[]]>([
    [["ch"], ["check"]],
    [["co"], ["completion"]],
    [["completion", ""], [...SHELLS]],
    [
      ["hook", ""],
      ["install", "uninstall"],
    ],
    [["hook", "install", "--f"], ["--force"]],
    [["check", "--fo"], ["--format"]],
    [
      ["check", "--format", ""],
      ["text", "json", "github"],
    ],
    [["validate", "--format", "s"], ["sarif"]],
    [["check", "--base", "ma"], []],
    [["report", "--html", "ba"], ["bash"]],
  ])("%j", (words, offers) => {
    fileOf("bash");
    const found = inBash(...words).filter((one) => !["--help", "-h", "help"].includes(one));
    expect(found).toEqual(offers);
  });
});

describe.skipIf(!isThere("zsh"))("in zsh", () => {
  it.each<[words: readonly string[], offers: readonly string[]]>([
    [[""], COMMANDS],
    [
      ["hook", ""],
      ["install", "uninstall"],
    ],
    [
      ["check", "--format", ""],
      ["text", "json", "github"],
    ],
    [["report", "--html", ""], ["FILES"]],
  ])("%j", (words, offers) => {
    const found = inZsh(...words).map((line) => line.split(/(?<!\\):/)[0]);
    expect(found).toEqual(expect.arrayContaining([...offers]));
  });

  it("is a script that zsh takes", () => {
    expect(spawnSync("zsh", ["-n", fileOf("zsh")]).status).toBe(0);
  });
});

describe.each(SHELLS)("%s", (shell) => {
  it("names every command and every option", () => {
    const script = completionScript(program, shell);
    for (const command of [...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
      expect(script).toContain(command.name());
      for (const { long } of command.options)
        expect(script).toContain(shell === "fish" ? `-l ${long?.slice(2)}` : long);
    }
  });
});
