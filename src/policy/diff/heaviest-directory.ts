import { type Area, compare, sum, weigher } from "./area.ts";
import type { ClassifiedFile } from "./classify-files.ts";
import { containersOf, isLayer, mayHoldEverything, subjectOf } from "./containers.ts";

/** Where a file belongs by its path. */
interface Place {
  /** A component, a container with files of its own, or the directory that holds layers. `""`: the root. */
  readonly directory: string;
  readonly kind: "component" | "own-files" | "layers";
  /** What a file in a layer is about; else empty. */
  readonly subject: string;
}

interface Group {
  readonly place: Place;
  readonly files: ClassifiedFile[];
  readonly weight: number;
}

/** A change in so many parts side by side is about none of them more than about the others. */
const SPREAD = 3;

/**
 * What the change is about where the configuration names no component: the heaviest of its components, which
 * are the first directories below the repository's containers, the files directly in a container, and the
 * subjects of an application divided by layers. A directory that merely holds everything is no component.
 * Ties: the deeper, then by name.
 */
export function heaviestDirectory(files: readonly ClassifiedFile[], repository: string): Area {
  const weightOf = weigher(files);
  const groupFrom = (from: number, group: readonly ClassifiedFile[]): readonly Group[] =>
    groupBy(group, (path) => placeOf(path, from, repository), weightOf);
  let from = 0;
  let groups = groupFrom(from, files);
  let best = groups[0];
  while (best?.place.kind === "component" && holdsEverything(best.place.directory, best.files, repository)) {
    from = depthOf(best.place);
    groups = groupFrom(from, best.files);
    best = groups[0];
  }
  if (best === undefined) return { basis: "directory", names: ["/"], directories: [""], covers: () => false };
  const { place } = best;
  const layer = place.kind === "layers" ? wholeLayer(best, groups, weightOf) : null;
  const directory = layer ?? place.directory;
  const shown = directory === "" ? "/" : `${directory}/`;
  const bySubjectAlone = place.kind === "layers" && layer === null;
  return {
    basis: "directory",
    names: [bySubjectAlone ? `${shown} (${place.subject})` : shown],
    directories: bySubjectAlone ? [] : [directory],
    ...(place.kind === "layers" ? { subject: place.subject } : {}),
    covers: (path) =>
      (isBelow(path, place.directory) && isSame(placeOf(path, from, repository), place)) ||
      (layer !== null && isBelow(path, layer)),
  };
}

/**
 * `from`: so many directories are containers, whatever their names. Constant in the depth of a path that is
 * no container.
 */
function placeOf(path: string, from: number, repository: string): Place {
  const segments = path.split("/");
  const directories = segments.slice(0, -1);
  const count = from + containersOf(directories.slice(from), repository);
  const next = directories[count];
  if (next === undefined) return { directory: directories.join("/"), kind: "own-files", subject: "" };
  if (!isLayer(next))
    return { directory: directories.slice(0, count + 1).join("/"), kind: "component", subject: "" };
  const subject = subjectOf(segments.slice(count + 1));
  // Laravel has `app/Http/Controllers` beside `app/Models`.
  const home = directories.slice(0, directories[count - 1]?.toLowerCase() === "http" ? count - 1 : count);
  return { directory: home.join("/"), kind: "layers", subject };
}

/** Heaviest first, then the deeper, then by name. */
function groupBy(
  files: readonly ClassifiedFile[],
  place: (path: string) => Place,
  weightOf: (file: ClassifiedFile) => number,
): readonly Group[] {
  const groups = new Map<string, { place: Place; files: ClassifiedFile[] }>();
  for (const file of files) {
    const its = place(file.file.path);
    const key = [its.directory, its.kind, its.subject].join("\n");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { place: its, files: [file] });
    else group.files.push(file);
  }
  return [...groups]
    .map(([key, group]) => ({ key, group: { ...group, weight: sum(group.files, weightOf) } }))
    .sort(
      (a, b) =>
        b.group.weight - a.group.weight ||
        depthOf(b.group.place) - depthOf(a.group.place) ||
        compare(a.key, b.key),
    )
    .map(({ group }) => group);
}

/**
 * Does the change show that a directory is the package that holds the whole application, and so no component?
 */
export function holdsEverything(
  directory: string,
  files: readonly ClassifiedFile[],
  repository: string,
): boolean {
  const inside = files.filter(({ file }) => isBelow(file.path, directory));
  const kind = mayHoldEverything(
    directory,
    inside.map(({ file }) => file.path),
  );
  if (kind === null) return false;
  const depth = directory.split("/").length;
  const parts = groupBy(inside, (path) => placeOf(path, depth, repository), weigher(inside));
  const below = parts.filter(({ place }) => place.kind !== "own-files" || place.directory !== directory);
  return below.length >= SPREAD || (kind === "product" && below.length > 1 && below.length === parts.length);
}

/**
 * The layer in which the subject has most lines: all of it is related, unless the change is spread over many
 * subjects.
 */
function wholeLayer(
  best: Group,
  groups: readonly Group[],
  weightOf: (file: ClassifiedFile) => number,
): string | null {
  const { directory } = best.place;
  const beside = groups.filter(({ place }) => place.kind === "layers" && place.directory === directory);
  const total = beside.reduce((weight, group) => weight + group.weight, 0);
  if (best.weight * 2 < total) return null;
  const start = depthOf(best.place);
  const layerOf = (path: string): string => {
    const segments = path.split("/");
    const layer = segments.findIndex((segment, at) => at >= start && isLayer(segment));
    return segments.slice(0, layer + 1).join("/");
  };
  const layers = groupBy(best.files, (path) => ({ ...best.place, directory: layerOf(path) }), weightOf);
  return layers[0]?.place.directory ?? null;
}

function depthOf({ directory }: Place): number {
  return directory === "" ? 0 : directory.split("/").length;
}

function isSame(a: Place, b: Place): boolean {
  return a.directory === b.directory && a.kind === b.kind && a.subject === b.subject;
}

function isBelow(path: string, directory: string): boolean {
  return directory === "" || path.startsWith(`${directory}/`);
}
