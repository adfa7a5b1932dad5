import { matchesAny } from "../text/glob.ts";
import type { ClassifiedFile } from "./classify-files.ts";
import { directoryOf } from "./path-names.ts";

/** The part of the repository that a hotfix is about. */
export interface Area {
  /** Who says so: the hotfix commit, the configuration, or the changes themselves. */
  readonly basis: "declared" | "component" | "directory";
  /** As shown: the declared globs, the component's name, the directory. */
  readonly names: readonly string[];
  /** Directories that the area is known to lie in, for finding its tests. */
  readonly directories: readonly string[];
  /** In an application divided by layers: what the files are about, one lower-case word. */
  readonly subject?: string;
  covers(path: string): boolean;
}

/** The area of globs: as declared, or a component's. */
export function globArea(
  basis: "declared" | "component",
  names: readonly string[],
  globs: readonly string[],
): Area {
  const directories = globs.map((glob) => directoryOf(glob.replace(/[*?{[\\].*/s, "")));
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

/** What a file counts: lines; where nothing has any (binary files), each file weighs the same. */
export function weigher(files: readonly ClassifiedFile[]): (file: ClassifiedFile) => number {
  return files.some(({ lines }) => lines > 0) ? ({ lines }) => lines : () => 1;
}

/** What these files weigh together. */
export function sum(files: readonly ClassifiedFile[], weightOf: (file: ClassifiedFile) => number): number {
  return files.reduce((total, file) => total + weightOf(file), 0);
}

/** By code unit: the same everywhere, whatever the locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
