import { fileURLToPath } from "node:url";
import { gitIn, LocalError } from "../local/git.ts";
import { installHook, uninstallHook } from "../local/hook.ts";
import { whyUnwritable } from "../local/why-unwritable.ts";
import type { Output } from "./output.ts";

const MAIN = fileURLToPath(new URL("./main.js", import.meta.url));

/** `hotfix-guard hook install` and `uninstall`. Exit status 2: nothing was changed. */
export async function hookCommand(
  what: "install" | "uninstall",
  { force = false }: { readonly force?: boolean },
  out: Output,
): Promise<number> {
  const git = gitIn(process.cwd());
  try {
    out.stdout(what === "install" ? await installHook(git, MAIN, force) : await uninstallHook(git));
    return 0;
  } catch (error) {
    const why = error instanceof LocalError ? error.message : whyUnwritable(error);
    if (why === null) throw error;
    out.stderr(`${error instanceof LocalError ? "" : `Nothing was ${what}ed: `}${why}\n`);
    return 2;
  }
}
