import type { ChangedFile } from "../policy/snapshot/change.ts";
import { type Git, LocalError } from "./git.ts";

const FLAGS = ["diff-tree", "-r", "-z", "-M", "-l1000", "--no-color", "--no-ext-diff", "--no-textconv"];
const PATCH_FLAGS = ["-p", "-U3", "--inter-hunk-context=0", "--diff-algorithm=myers", "--submodule=short"];
/** A `diff.*` setting must not change what the rules read. */
const SETTINGS = ["-c", "diff.suppressBlankEmpty=false"];

/**
 * What changed from one commit to another, as GitHub lists it: names and counts, and hunks without file
 * headers. A change that is larger than anybody reads has no hunks, as on GitHub.
 */
export async function readDiff(git: Git, from: string, to: string): Promise<readonly ChangedFile[]> {
  const ask = (flags: readonly string[]) => git.run([...SETTINGS, ...FLAGS, ...flags, from, to, "--"]);
  const [list, patch] = await Promise.all([ask(["--raw", "--numstat"]), ask(PATCH_FLAGS)]);
  if (!list.ok) throw new LocalError("git could not list what this branch changes.");
  const entries = parseList(list.stdout);
  const hunks = patch.ok ? parsePatches(patch.stdout) : [];
  let at = 0;
  return entries.map(({ kind, additions, deletions, path, previousPath, sha }) => {
    // A file that became a link, or the other way round, is shown as one that goes and one that comes.
    const shown = hunks.slice(at, at + (kind === "T" ? 2 : 1)).filter((text) => text !== null);
    at += kind === "T" ? 2 : 1;
    return {
      path,
      previousPath,
      status: STATUS[kind] ?? "changed",
      additions,
      deletions,
      patch: shown.length === 0 ? null : shown.join("\n"),
      sha,
    };
  });
}

const STATUS: Readonly<Record<string, ChangedFile["status"]>> = {
  A: "added",
  C: "copied",
  D: "removed",
  M: "modified",
  R: "renamed",
  T: "changed",
};

interface Entry extends Pick<ChangedFile, "path" | "previousPath" | "additions" | "deletions" | "sha"> {
  readonly kind: string;
}

/** `--raw -z`, then `--numstat -z`, in the same order. */
function parseList(output: string): readonly Entry[] {
  const parts = output.split("\0");
  const files: Omit<Entry, "additions" | "deletions">[] = [];
  let at = 0;
  for (; parts[at]?.startsWith(":") === true; at++) {
    const [, , oldSha = "", newSha = "", status = ""] = (parts[at] ?? "").split(" ");
    const kind = status.slice(0, 1);
    const moved = kind === "R" || kind === "C";
    const previousPath = moved ? (parts[++at] ?? "") : null;
    files.push({ kind, previousPath, path: parts[++at] ?? "", sha: kind === "D" ? oldSha : newSha });
  }
  return files.map((file) => {
    const [additions = "", deletions = "", path = ""] = (parts[at] ?? "").split("\t");
    // Of a rename both paths follow.
    at += path === "" ? 3 : 1;
    return { ...file, additions: Number(additions) || 0, deletions: Number(deletions) || 0 };
  });
}

/**
 * The hunks of each file, in the order of the list; `null`: it has none. Inside a hunk no line begins with
 * "diff" or "@@".
 */
function parsePatches(output: string): readonly (string | null)[] {
  return `\n${output}`
    .split("\ndiff --git ")
    .slice(1)
    .map((section) => {
      const start = section.indexOf("\n@@ ");
      return start < 0 ? null : section.slice(start + 1).replace(/\n$/, "");
    });
}
