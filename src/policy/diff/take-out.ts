import type { ChangedFile } from "../snapshot.ts";
import { shellWord } from "../text/shell.ts";

/** More would be a wall of text. */
const MOST_FILES = 20;

/**
 * Git commands that undo the changes of these files on the hotfix branch. Paths are foreign text: quoted for the
 * shell, and literal for git (`:(top)*` is a pattern otherwise).
 */
export function takeOutCommands(files: readonly ChangedFile[], baseRef: string): readonly string[] {
  const shown = files.slice(0, MOST_FILES);
  const restored = shown.flatMap(({ path, previousPath, status }) =>
    status === "renamed" && previousPath !== null ? [previousPath] : isNew(status) ? [] : [path],
  );
  const removed = shown.filter(({ status }) => isNew(status)).map(({ path }) => path);
  const commands = [`git fetch origin ${shellWord(baseRef)}`];
  for (const path of restored) {
    commands.push(
      `git --literal-pathspecs checkout "$(git merge-base HEAD FETCH_HEAD)" -- ${shellPath(path)}`,
    );
  }
  for (const path of removed) commands.push(`git --literal-pathspecs rm -- ${shellPath(path)}`);
  return [...commands, "git commit --amend --no-edit", "git push --force-with-lease"];
}

function isNew(status: ChangedFile["status"]): boolean {
  return status === "added" || status === "copied" || status === "renamed";
}

/**
 * A path as one word for bash and zsh, exact (`shellWord` is for text that may be tidied) and on one line: control and
 * invisible characters are written out, so that what is shown is what is run.
 */
export function shellPath(text: string): string {
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x80
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `$'${escaped}'`;
}
