import { copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { oneLine, shellPath } from "../policy/text/shell.ts";
import { type Git, LocalError } from "./git.ts";
import { readRepository } from "./repository.ts";

const MARK = "# hotfix-guard pre-push hook";

/**
 * Only what is pushed and checked out is checked. A rule that failed stops the push; where nothing could be
 * checked (no program, a shallow clone) it goes on, since the gate on GitHub decides.
 */
function script(program: string): string {
  return `#!/bin/sh
${MARK}: checks a hotfix branch before it is pushed. Skip it once: git push --no-verify
branch=$(git symbolic-ref --quiet HEAD) || exit 0
pushed=no
while read -r local_ref local_sha remote_ref remote_sha; do
  [ "$local_ref" = "$branch" ] && pushed=yes
  [ "$local_ref" = HEAD ] && pushed=yes
done
[ "$pushed" = yes ] || exit 0
if command -v hotfix-guard >/dev/null 2>&1; then hotfix-guard check --quiet >&2
elif [ -x node_modules/.bin/hotfix-guard ]; then node_modules/.bin/hotfix-guard check --quiet >&2
elif [ -f ${program} ]; then node ${program} check --quiet >&2
else echo "hotfix-guard was not found: the push was not checked." >&2; exit 0
fi
[ $? -ne 1 ] || exit 1
`;
}

/** How the same is done with tools that manage hooks, each beside the file that shows that it is used. */
const MANAGERS = [
  {
    name: "husky",
    files: [".husky"],
    how: `add to .husky/pre-push:
    npx hotfix-guard check --quiet`,
  },
  {
    name: "lefthook",
    files: ["lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml"],
    how: `add to lefthook.yml:
    pre-push:
      commands:
        hotfix-guard: { run: npx hotfix-guard check --quiet }`,
  },
  {
    name: "pre-commit",
    files: [".pre-commit-config.yaml"],
    how: `add to .pre-commit-config.yaml, then run pre-commit install --hook-type pre-push:
    - repo: local
      hooks:
        - { id: hotfix-guard, name: hotfix-guard, language: system, entry: npx hotfix-guard check --quiet,
            stages: [pre-push], always_run: true, pass_filenames: false }`,
  },
] as const;

/**
 * Installs the hook; gives what to tell. Throws `LocalError`, and changes nothing, where another one is
 * there. `program`: this program's file.
 */
export async function installHook(git: Git, program: string, force: boolean): Promise<string> {
  const { path, root } = await hookPlace(git);
  const there = await readFile(path, "utf8").catch(() => null);
  const foreign = there !== null && !there.includes(MARK);
  const used = await managersIn(root);
  if (foreign && !force)
    throw new LocalError(
      `There is another pre-push hook: ${oneLine(path)}. --force replaces it, and keeps the old one as pre-push.old.${used.map(({ name, how }) => `\nWith ${name}: ${how}`).join("")}`,
    );
  await mkdir(dirname(path), { recursive: true });
  if (foreign) await copyFile(path, `${path}.old`);
  await writeFile(path, script(shellPath(program)), { mode: 0o755 });
  const others = (used.length > 0 ? used : MANAGERS).map(({ name, how }) => `  ${name}: ${how}\n`).join("");
  return `Installed: ${path}
It checks hotfix branches when you push them from this clone. Skip it once: git push --no-verify
${foreign ? `The hook that was there: ${path}.old\n` : ""}
A hook is yours alone. For everybody, by a hook manager:
${others}`;
}

/** Removes the hook, and no other. */
export async function uninstallHook(git: Git): Promise<string> {
  const { path } = await hookPlace(git);
  const there = await readFile(path, "utf8").catch(() => null);
  if (there === null) return "There is no pre-push hook.\n";
  if (!there.includes(MARK)) throw new LocalError(`${oneLine(path)} is another hook: not removed.`);
  await rm(path);
  return `Removed: ${path}\n`;
}

async function hookPlace(git: Git): Promise<{ readonly path: string; readonly root: string }> {
  const { root } = await readRepository(git);
  const setting = await git.text(["config", "--show-scope", "--get", "core.hooksPath"]);
  const [scope = "", folder = ""] = (setting ?? "").split("\t");
  if (setting !== null && scope !== "local" && scope !== "worktree")
    throw new LocalError(
      `core.hooksPath is ${oneLine(folder)} for all of your repositories, so a hook there would run in each of them. Set another one here: git config core.hooksPath .git/hooks`,
    );
  const path = await git.text(["rev-parse", "--path-format=absolute", "--git-path", "hooks/pre-push"]);
  return { path: path ?? join(root, ".git/hooks/pre-push"), root };
}

async function managersIn(root: string): Promise<readonly (typeof MANAGERS)[number][]> {
  const used = await Promise.all(
    MANAGERS.map(async (manager) => {
      const found = await Promise.all(
        manager.files.map((file) =>
          stat(join(root, file)).then(
            () => true,
            () => false,
          ),
        ),
      );
      return found.includes(true) ? [manager] : [];
    }),
  );
  return used.flat();
}
