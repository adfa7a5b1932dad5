import { matchesAny } from "../text/glob.ts";
import type { ClassifiedFile } from "./classify-files.ts";

/** The part of the repository that a hotfix is about. */
export interface Area {
  /** Who says so: the deployment commit, the configuration, or the changes themselves. */
  readonly basis: "declared" | "component" | "directory";
  /** As shown: the declared globs, the component's name, the directory. */
  readonly names: readonly string[];
  /** Directories that the area is known to lie in, for finding its tests. */
  readonly directories: readonly string[];
  covers(path: string): boolean;
}

/** The area of globs: as declared, or a component's. */
export function globArea(
  basis: "declared" | "component",
  names: readonly string[],
  globs: readonly string[],
): Area {
  // What comes before the first wildcard, up to its last slash.
  const directories = globs.map((glob) => /^(?:[^*?{[\\]*\/)?/.exec(glob)?.[0].slice(0, -1) ?? "");
  return { basis, names, directories, covers: (path) => matchesAny(globs, path) };
}

/** The configured component with most changed lines; `null`: none of the files is in one. Ties: by name. */
export function heaviestComponent(
  files: readonly ClassifiedFile[],
  components: Readonly<Record<string, readonly string[]>>,
): Area | null {
  const weightOf = weigher(files);
  const found = Object.entries(components).flatMap(([name, globs]) => {
    const weight = sum(
      files.filter(({ file }) => matchesAny(globs, file.path)),
      weightOf,
    );
    return weight > 0 ? [{ name, globs, weight }] : [];
  });
  const best = found.sort((a, b) => b.weight - a.weight || compare(a.name, b.name))[0];
  return best === undefined ? null : globArea("component", [best.name], best.globs);
}

interface Branch {
  /** `""`: the files at the root, without what is below it. */
  readonly directory: string;
  readonly files: readonly ClassifiedFile[];
  readonly weight: number;
}

/**
 * The deepest directory that holds at least half of the changed lines. The root does not count as one: it holds
 * everything, so scattered changes would all be related. Its own files are a group beside its directories; where no group holds half, it
 * is the heaviest. Ties: the heavier, then by name. Linear in the length of all paths, however deep.
 */
export function heaviestDirectory(files: readonly ClassifiedFile[]): Area {
  const weightOf = weigher(files);
  const half = sum(files, weightOf) / 2;
  const top = branches({ directory: "", files, weight: 0 }, weightOf, true).sort(heavierFirst);
  const holders = top.filter(({ weight }) => weight >= half);
  // Grows while it is gone through: at most two branches at a time hold half.
  for (const branch of holders) {
    holders.push(...branches(branch, weightOf, false).filter(({ weight }) => weight >= half));
  }
  const directory = (holders.sort(deeperFirst)[0] ?? top[0])?.directory ?? "";
  return {
    basis: "directory",
    names: [directory === "" ? "/" : `${directory}/`],
    directories: [directory],
    covers: (path) => (directory === "" ? !path.includes("/") : path.startsWith(`${directory}/`)),
  };
}

function branches(parent: Branch, weightOf: (file: ClassifiedFile) => number, isRoot: boolean): Branch[] {
  if (parent.directory === "" && !isRoot) return [];
  const start = isRoot ? 0 : parent.directory.length + 1;
  const groups = new Map<string, ClassifiedFile[]>();
  for (const file of parent.files) {
    const end = file.file.path.indexOf("/", start);
    if (end === -1 && !isRoot) continue;
    const segment = end === -1 ? "" : file.file.path.slice(start, end);
    const group = groups.get(segment);
    if (group === undefined) groups.set(segment, [file]);
    else group.push(file);
  }
  return [...groups].map(([segment, files]) => ({
    // Straight to where the paths part: the directories between hold the same files.
    directory: segment === "" ? "" : commonDirectory(files),
    files,
    weight: sum(files, weightOf),
  }));
}

function commonDirectory(files: readonly ClassifiedFile[]): string {
  let prefix = files[0]?.file.path ?? "";
  prefix = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  for (const { file } of files) {
    while (!file.path.startsWith(prefix))
      prefix = prefix.slice(0, prefix.lastIndexOf("/", prefix.length - 2) + 1);
  }
  return prefix.slice(0, -1);
}

/** Lines; where nothing has any (binary files), each file weighs the same. */
function weigher(files: readonly ClassifiedFile[]): (file: ClassifiedFile) => number {
  return files.some(({ lines }) => lines > 0) ? ({ lines }) => lines : () => 1;
}

function sum(files: readonly ClassifiedFile[], weightOf: (file: ClassifiedFile) => number): number {
  return files.reduce((total, file) => total + weightOf(file), 0);
}

function heavierFirst(a: Branch, b: Branch): number {
  return b.weight - a.weight || compare(a.directory, b.directory);
}

function deeperFirst(a: Branch, b: Branch): number {
  return depth(b) - depth(a) || heavierFirst(a, b);
}

function depth({ directory }: Branch): number {
  return directory === "" ? 0 : directory.split("/").length;
}

/** By code unit: the same everywhere, whatever the locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
