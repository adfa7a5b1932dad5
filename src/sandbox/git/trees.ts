import type { ObjectStore, TreeEntry } from "./objects.ts";

/** A path's blob in a tree; `mode` as git writes it (`100644`). */
export interface File {
  mode: string;
  sha: string;
}

const folder = "040000";

/** What is at a path of a tree: a file, link, submodule or folder. */
export function lookup(objects: ObjectStore, tree: string, path: string): File | undefined {
  let here: File = { mode: folder, sha: tree };
  for (const part of path.split("/").filter(Boolean)) {
    if (here.mode !== folder) return undefined;
    const entry = objects.tree(here.sha)?.find(({ name }) => name === part);
    if (!entry) return undefined;
    here = entry;
  }
  return here;
}

/**
 * A tree with some paths set (or, with null, taken out). Only the folders on the way are written again: a
 * commit in a repository of thousands of files must stay cheap.
 */
export function edit(
  objects: ObjectStore,
  tree: string | undefined,
  changes: Map<string, File | null>,
): string {
  const entries = new Map(
    (tree === undefined ? [] : (objects.tree(tree) ?? [])).map((entry) => [entry.name, entry]),
  );
  const below = new Map<string, Map<string, File | null>>();
  for (const [path, file] of changes) {
    const slash = path.indexOf("/");
    if (slash < 0) {
      if (file) entries.set(path, { ...file, name: path });
      else if (entries.get(path)?.mode !== folder) entries.delete(path);
      continue;
    }
    const name = path.slice(0, slash);
    const inner = below.get(name) ?? new Map<string, File | null>();
    inner.set(path.slice(slash + 1), file);
    below.set(name, inner);
  }
  for (const [name, inner] of below) {
    const old = entries.get(name);
    const sha = edit(objects, old?.mode === folder ? old.sha : undefined, inner);
    // Git has no empty folders.
    if ((objects.tree(sha) ?? []).length > 0) entries.set(name, { mode: folder, name, sha });
    else if (old?.mode === folder) entries.delete(name);
  }
  return write(objects, [...entries.values()]);
}

function write(objects: ObjectStore, entries: TreeEntry[]): string {
  // Git sorts by bytes, folders as if their names ended in a slash; Latin-1 keeps the order of bytes in a
  // string.
  const keyed = entries.map((entry) => {
    const text = entry.mode === folder ? `${entry.name}/` : entry.name;
    return { entry, key: Buffer.from(text).toString("latin1") };
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const parts = keyed.flatMap(({ entry }) => [
    Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.name}\0`),
    Buffer.from(entry.sha, "hex"),
  ]);
  return objects.write("tree", Buffer.concat(parts));
}

/** A path that differs between two trees; undefined: it is not there. */
export interface Difference {
  path: string;
  old: File | undefined;
  young: File | undefined;
}

/** Files that differ between two trees; subtrees that are the same are not looked into. */
export function differences(
  objects: ObjectStore,
  from: string | undefined,
  to: string | undefined,
  prefix = "",
): Difference[] {
  if (from === to) return [];
  const before = new Map(
    (from === undefined ? [] : (objects.tree(from) ?? [])).map((entry) => [entry.name, entry]),
  );
  const after = new Map(
    (to === undefined ? [] : (objects.tree(to) ?? [])).map((entry) => [entry.name, entry]),
  );
  const out: Difference[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, young] = [before.get(name), after.get(name)];
    if (old?.sha === young?.sha && old?.mode === young?.mode) continue;
    const tree = (entry: TreeEntry | undefined) => (entry?.mode === folder ? entry.sha : undefined);
    const file = (entry: TreeEntry | undefined) => (entry && entry.mode !== folder ? entry : undefined);
    if (file(old) || file(young)) out.push({ path: prefix + name, old: file(old), young: file(young) });
    out.push(...differences(objects, tree(old), tree(young), `${prefix}${name}/`));
  }
  return out;
}
