import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { isInstalled, SHELLS } from "../support/shell-world.ts";
import { compile, OUT } from "./program.ts";
import { type Clone, clone, GIT_ENV, LINES, MESSAGE, temporary } from "./repository.ts";

/**
 * What the command line prints to be copied does what it says, in bash and in zsh: `check`'s block, the steps
 * of `start`, what `hook install` tells.
 */
beforeAll(compile, 120_000);

const INSTALLED = (["bash", "zsh"] as const).filter(isInstalled);
const FIX = { "src/pay/stripe.py": `${LINES}# HOTFIX: Issue #123 - read it once\n` };
/** What people fill in: all that a shell could take for its own. */
const NASTY = `Users can't pay: "token's" \`id\` $HOME $(id) 100% !! ümlaut \\n * ~ #1 'x'`;

/** Runs a block in the clone, with the program on the path and an editor that writes a message. */
function run(shell: keyof typeof SHELLS, made: Clone, block: string, message = "") {
  const bin = temporary();
  const tool = (name: string, text: string): void => {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  };
  tool("hotfix-guard", `#!/bin/sh\nexec '${process.execPath}' '${join(OUT, "cli/main.js")}' "$@"\n`);
  writeFileSync(join(bin, "message"), message);
  tool("editor", `#!/bin/sh\ncat '${join(bin, "message")}' > "$1"\n`);
  const env = { ...process.env, ...GIT_ENV, HOTFIX_STATE_DIR: "off", GIT_EDITOR: join(bin, "editor") };
  const [program, ...options] = SHELLS[shell];
  const { status, stdout, stderr } = spawnSync(program, options, {
    cwd: made.path,
    env: { ...env, PATH: `${bin}:${process.env.PATH}` },
    input: block,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

/** The block between its title and what follows. */
function blockOf(output: string): string {
  const [, title, block] =
    /^((?:Fill in and run|Run) this block:)\n\n([\s\S]*?)\n\nPassed: /m.exec(output) ?? [];
  expect(title).toBeDefined();
  return block ?? "";
}

const filled = (block: string): string =>
  block
    .replace("#[issue-number]", "#123")
    .replace("P0/P1", "P1")
    .replace(/: \[[^\]]+\]$/gm, () => `: on staging, ${NASTY}`);

/** Hotfixes of which something is to be fixed by git. */
const SLOPPY: Readonly<Record<string, (made: Clone) => void>> = {
  "another name, and files that do not belong": (made) => {
    made.git("switch", "--quiet", "--create", "Hotfix/Stripe_Fix");
    made.commit("fix stripe", {
      ...FIX,
      "README.md": "a\n",
      "notes/it's $HOME.md": "b\n",
      ".editorconfig": "c\n",
    });
  },
  "a message without fields": (made) => {
    made.git("switch", "--quiet", "--create", "hotfix/signature");
    made.commit("fix it's broken", FIX);
  },
  "several commits, none with the fields": (made) => {
    made.git("switch", "--quiet", "--create", "hotfix/signature");
    made.commit("wip `id` $(id)", { "src/pay/stripe.py": "x\n" });
    made.commit('more "quotes"', FIX);
  },
  "a pushed branch of another name": (made) => {
    made.git("switch", "--quiet", "--create", "hotfix_signature");
    made.commit(MESSAGE, FIX);
    made.git("push", "--quiet", "--set-upstream", "origin", "hotfix_signature");
  },
  "a file deleted and a file moved besides": (made) => {
    made.git("switch", "--quiet", "main");
    made.commit("More", { "docs/a.md": LINES, "docs/b.md": "b\n", "docs/c.md": "c\n" });
    made.git("push", "--quiet", "origin", "main");
    made.git("switch", "--quiet", "--create", "hotfix/signature");
    made.git("mv", "docs/a.md", "docs/ä'.md");
    made.git("rm", "--quiet", "docs/b.md", "docs/c.md");
    made.commit("fix it", FIX);
  },
};

describe.each(INSTALLED)("in %s", (shell) => {
  it.each(Object.entries(SLOPPY))("the block of check for %s", async (_, make) => {
    const made = clone();
    make(made);
    const before = await made.guard("check");
    expect(before.code).toBe(1);
    const { status, output } = run(shell, made, filled(blockOf(before.output)));
    expect({ status, output: status === 0 ? "" : output }).toEqual({ status: 0, output: "" });
    const after = await made.guard("check");
    expect(after.output).toContain("✔ Ready to push.");
    expect(after.code).toBe(0);
    const branch = made.git("branch", "--show-current").trim();
    expect(made.git("rev-parse", "HEAD")).toBe(made.git("rev-parse", `origin/${branch}`));
  });

  it("the message that is filled in stays as it was typed", async () => {
    const made = clone();
    SLOPPY["a message without fields"]?.(made);
    const { output } = await made.guard("check");
    run(shell, made, filled(blockOf(output)));
    expect(made.git("log", "-1", "--format=%B")).toContain(`Impact: on staging, ${NASTY}\n`);
  });

  it.each(["--template", "--offline"])("the steps of start %s", async (option) => {
    const made = clone();
    const { code, output } = await made.guard(
      "start",
      "Check the signature",
      "--issue",
      "123",
      "--severity",
      "P1",
      option,
    );
    expect(code).toBe(0);
    const steps = [...output.matchAll(/^ {2}\d\. (.*?)(?:, and open a pull request to (\S+))?$/gm)];
    expect(steps).toHaveLength(4);
    expect(steps[3]?.[2]).toBe("main");
    made.write(FIX);
    const commands = steps.slice(1).map(([, command]) => `${command} || exit 9`);
    const done = run(shell, made, commands.join("\n"), `${MESSAGE}\n`);
    expect({ status: done.status, output: done.status === 0 ? "" : done.output }).toEqual({
      status: 0,
      output: "",
    });
    expect(made.git("ls-remote", "origin", "refs/heads/hotfix/*")).toMatch(
      /refs\/heads\/hotfix\/\S*check-the-signature$/m,
    );
  });

  it("the steps of start in a folder of any name", async () => {
    const made = clone();
    const folder = join(made.path, "it's `a` $(folder)");
    mkdirSync(folder);
    const there = { ...made, path: folder };
    const started = spawnSync(
      process.execPath,
      [join(OUT, "cli/main.js"), "start", "Fix it", "--issue", "#123", "--severity", "P0"],
      {
        cwd: folder,
        env: { ...process.env, ...GIT_ENV },
        encoding: "utf8",
      },
    );
    const [, step = ""] = /^ {2}2\. (.*)$/m.exec(started.stdout) ?? [];
    made.write(FIX);
    const { status, output } = run(shell, there, step.replace("--update", "--update .."), `${MESSAGE}\n`);
    expect({ status, output: status === 0 ? "" : output }).toEqual({ status: 0, output: "" });
    expect(made.git("log", "-1", "--format=%s").trim()).toBe("HOTFIX: Check the signature again");
  });

  it("what hook install tells: how to skip it once", async () => {
    const made = clone();
    const { output } = await made.guard("hook", "install");
    made.git("switch", "--quiet", "--create", "hotfix/x");
    made.commit("x", { "a.py": "a\n" });
    const [, skip = ""] = /Skip it once: (.*)$/m.exec(output) ?? [];
    const push = "git push --set-upstream origin hotfix/x";
    expect(run(shell, made, push).output).toContain("commit-message");
    expect(made.git("ls-remote", "origin", "hotfix/x")).toBe("");
    expect(run(shell, made, skip.replace("git push", push)).status).toBe(0);
    expect(made.git("ls-remote", "origin", "hotfix/x")).not.toBe("");
  });

  it("what hook install tells where hooks are shared: a folder of this clone's own", async () => {
    const made = clone();
    const settings = join(temporary(), "gitconfig");
    writeFileSync(settings, "[core]\n\thooksPath = /tmp/shared-hooks\n");
    const install = () =>
      spawnSync(process.execPath, [join(OUT, "cli/main.js"), "hook", "install"], {
        cwd: made.path,
        env: { ...process.env, ...GIT_ENV, GIT_CONFIG_GLOBAL: settings },
        encoding: "utf8",
      });
    const refused = install();
    expect(refused.status).toBe(2);
    const [, command = ""] = /Set another one here: (.*)$/m.exec(refused.stderr) ?? [];
    expect(run(shell, made, command).status).toBe(0);
    expect(install()).toMatchObject({ status: 0, stderr: "" });
  });
});
