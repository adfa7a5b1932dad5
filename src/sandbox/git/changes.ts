import type { ObjectStore, Signature } from "./objects.ts";
import type { GitRepository } from "./repository.ts";
import { type Difference, differences, edit, type File, lookup } from "./trees.ts";

/** A file that differs between two trees, as GitHub lists it. */
export interface FileChange {
  /** Blob of the new side; of the old one where the file is removed. */
  sha: string;
  filename: string;
  previous: string | undefined;
  status: "added" | "removed" | "modified" | "renamed" | "changed";
  additions: number;
  deletions: number;
  binary: boolean;
  /** Without header; undefined for binary or very large ones. */
  patch: string | undefined;
}

/** GitHub leaves out patches that are too long to show; the exact limit is not documented. */
const maxPatch = 1024 * 1024;

const cache = new WeakMap<object, Map<string, Promise<FileChange[]>>>();

/**
 * What changed from one commit's tree to another's, renames found as GitHub does (50 %). Cached by the trees.
 */
export function diff(repo: GitRepository, from: string | undefined, to: string): Promise<FileChange[]> {
  const emptyTree = edit(repo.objects, undefined, new Map());
  const old = from === undefined ? emptyTree : repo.commit(from).tree;
  const young = repo.commit(to).tree;
  let mine = cache.get(repo.objects);
  if (!mine) {
    mine = new Map();
    cache.set(repo.objects, mine);
  }
  const key = `${old} ${young}`;
  let result = mine.get(key);
  if (!result) {
    result = old === young ? Promise.resolve([]) : compute(repo, old, young);
    mine.set(key, result);
  }
  return result;
}

/** Names that differ between two commits, without looking for renames: what push payloads hold. */
export function names(
  repo: GitRepository,
  from: string | undefined,
  to: string,
): { added: string[]; removed: string[]; modified: string[] } {
  const old = from === undefined ? undefined : repo.commit(from).tree;
  const all = differences(repo.objects, old, repo.commit(to).tree);
  const paths = (wanted: (one: Difference) => boolean) => all.filter(wanted).map(({ path }) => path);
  return {
    added: paths((one) => !one.old),
    removed: paths((one) => !one.young),
    modified: paths((one) => one.old !== undefined && one.young !== undefined),
  };
}

async function compute(repo: GitRepository, old: string, young: string): Promise<FileChange[]> {
  // One process for all three forms. With -z the names are as they are; the patch follows the last NUL of the
  // tables.
  const flags = [
    "-r",
    "-M",
    "-l3000",
    "--raw",
    "--numstat",
    "-p",
    "--no-abbrev",
    "-z",
    "--no-color",
    "--no-ext-diff",
  ];
  const out = await repo.git("diff-tree", ...flags, old, young);
  const tokens = out.split("\0");
  const raw: { sha: string; mode: string; status: string; path: string; previous: string | undefined }[] = [];
  let at = 0;
  while (tokens[at]?.startsWith(":")) {
    const [oldMode, newMode, oldSha, newSha, status] = (tokens[at] as string).slice(1).split(" ") as [
      string,
      string,
      string,
      string,
      string,
    ];
    const moved = status.startsWith("R") || status.startsWith("C");
    const path = tokens[at + (moved ? 2 : 1)] as string;
    raw.push({
      sha: status === "D" ? oldSha : newSha,
      mode: oldMode === newMode ? "" : "changed",
      status: status.charAt(0),
      path,
      previous: moved ? tokens[at + 1] : undefined,
    });
    at += moved ? 3 : 2;
  }
  const numbers = new Map<string, [string, string]>();
  // The tables end with an empty record; a file with NULs in it is binary and has no text in the patch.
  for (let left = raw.length; left > 0; left--) {
    const [, added = "0", deleted = "0", path = ""] = /^(\S+)\t(\S+)\t(.*)$/s.exec(tokens[at] ?? "") ?? [];
    const moved = path === "";
    numbers.set(moved ? (tokens[at + 2] as string) : path, [added, deleted]);
    at += moved ? 3 : 1;
  }
  const patches = tokens.slice(at).join("\0").replace(/^\0+/, "");
  const sections = patches.split(/^(?=diff --git )/m).filter((part) => part.startsWith("diff --git "));
  let section = 0;
  return raw.map((file) => {
    // A change of type (file to symlink) is two sections: a deletion and an addition.
    const mine = sections.slice(section, section + (file.status === "T" ? 2 : 1));
    section += mine.length;
    const [added = "0", deleted = "0"] = numbers.get(file.path) ?? [];
    const binary = added === "-";
    const hunks = mine
      .map((text) => {
        const start = text.search(/^@@ /m);
        return start < 0 ? "" : text.slice(start).replace(/\n$/, "");
      })
      .filter(Boolean)
      .join("\n");
    const statuses: Record<string, FileChange["status"]> = {
      A: "added",
      D: "removed",
      R: "renamed",
      T: "changed",
    };
    return {
      sha: file.sha,
      filename: file.path,
      previous: file.previous,
      status: statuses[file.status] ?? "modified",
      additions: binary ? 0 : Number(added),
      deletions: binary ? 0 : Number(deleted),
      binary,
      patch: binary || hunks === "" || hunks.length > maxPatch ? undefined : hunks,
    };
  });
}

/** The tree of a merge of two commits as git makes it, or undefined where there are conflicts. */
export async function mergeCommits(
  repo: GitRepository,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const [base, ...others] = repo.mergeBases(ours, theirs);
  // Where histories cross, git merges the merge bases first: what one of them tells is not what a merge does.
  return others.length > 0 ? mergeNaturally(repo, ours, theirs) : mergeTrees(repo, base, ours, theirs);
}

/**
 * The tree of a three-way merge with a base of one's choice, or undefined where there are conflicts. Spawns
 * git only when both sides touched one file.
 */
export async function mergeTrees(
  repo: GitRepository,
  base: string | undefined,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const { objects } = repo;
  const before = base === undefined ? undefined : repo.commit(base).tree;
  const left = repo.commit(ours).tree;
  const mine = new Map(differences(objects, before, left).map((one) => [one.path, one.young]));
  const same = (a?: File, b?: File) => a?.sha === b?.sha && a?.mode === b?.mode;
  const changes = new Map<string, File | null>();
  for (const { path, young } of differences(objects, before, repo.commit(theirs).tree)) {
    const clash = young ? blocked(objects, left, path) : false;
    if (mine.has(path) ? !same(mine.get(path), young) : clash)
      return base === undefined ? undefined : mergeByGit(repo, base, ours, theirs);
    if (!mine.has(path)) changes.set(path, young ?? null);
  }
  return edit(objects, left, changes);
}

/** Whether a file cannot be put at a path, because a folder is there or one of its folders is a file. */
function blocked(objects: ObjectStore, tree: string, path: string): boolean {
  if (lookup(objects, tree, path)?.mode === "040000") return true;
  const parts = path.split("/").slice(0, -1);
  return parts.some((_, at) => {
    const above = lookup(objects, tree, parts.slice(0, at + 1).join("/"));
    return above !== undefined && above.mode !== "040000";
  });
}

async function mergeByGit(
  repo: GitRepository,
  base: string,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const bases = repo.mergeBases(ours, theirs);
  const natural = bases.length === 1 && bases[0] === base;
  return natural ? mergeNaturally(repo, ours, theirs) : mergeFiles(repo, base, ours, theirs);
}

async function mergeNaturally(
  repo: GitRepository,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  try {
    const out = await repo.git("merge-tree", "--write-tree", ours, theirs);
    return out.split("\n")[0];
  } catch (error) {
    if ((error as { code?: unknown }).code === 1) return undefined;
    throw error;
  }
}

/**
 * Git 2.39 cannot give `merge-tree --write-tree` a base of one's choice (reverts, rebases): a stand-in commit
 * makes it the natural one.
 */
async function mergeFiles(
  repo: GitRepository,
  base: string,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const by: Signature = { name: "sandbox", email: "sandbox@localhost", date: "2000-01-01T00:00:00Z" };
  const stand = (tree: string, parents: string[], message: string) =>
    repo.objects.writeCommit({ tree, parents, author: by, committer: by, message });
  const root = stand(repo.commit(base).tree, [], "base\n");
  const left = stand(repo.commit(ours).tree, [root], "ours\n");
  const right = stand(repo.commit(theirs).tree, [root], "theirs\n");
  return mergeByGit(repo, root, left, right);
}
