import { type Area, compare, heaviestComponent } from "./area.ts";
import type { ClassifiedFile } from "./classify-files.ts";
import { heaviestDirectory } from "./heaviest-directory.ts";
import { isHeader, testsOf } from "./related-tests.ts";
import { resourcesOf } from "./resources.ts";

/** Why a file is unrelated to the fix. */
export type Unrelatedness = "configuration" | "rename" | "whitespace" | "documentation" | "ci" | "outside";

/** A changed file outside of what the hotfix is about, and why it is taken to be. */
export interface UnrelatedFile {
  readonly file: ClassifiedFile;
  readonly why: Unrelatedness;
}

/** What a hotfix is about, and what it changes beside that. */
export interface Relation {
  readonly area: Area;
  /** Most lines first, then by path. */
  readonly unrelated: readonly UnrelatedFile[];
}

/** What decides which files belong together. */
export interface RelateOptions {
  /** The area that the hotfix commit declares; `null`: the changes decide. */
  readonly declared: Area | null;
  readonly components: Readonly<Record<string, readonly string[]>>;
  /** The repository's name: the package of that name holds all of it. */
  readonly repository: string;
  /** A dependency is the fix: manifests and lockfiles belong to it. */
  readonly dependencyFix: boolean;
}

const CONFIGURATION = [".github/hotfix.yml", ".github/hotfix.yaml"];

/**
 * Divides the files of a pull request, of which there is at least one, into what belongs to the fix and what
 * does not.
 */
export function relate(files: readonly ClassifiedFile[], options: RelateOptions): Relation {
  const allOfThatKind = files.every((file) => unrelatedKind(file) !== null);
  const kindOf = allOfThatKind ? () => null : unrelatedKind;
  const isDependency = (file: ClassifiedFile) => options.dependencyFix && file.packageManager !== null;
  const area =
    options.declared ??
    areaOf(
      files.filter((file) => kindOf(file) === null),
      options,
      isDependency,
    );

  const inArea = (file: ClassifiedFile) =>
    isDependency(file) || pathsOf(file).every((path) => area.covers(path));
  const belongsToArea = testsOf(
    files.filter((file) => !file.test && kindOf(file) === null && inArea(file)),
    area,
  );
  const belongsAsResource = resourcesOf(
    files.filter((file) => !file.test && inArea(file)).map(({ file }) => file.path),
  );
  const unrelated: UnrelatedFile[] = [];
  for (const file of files) {
    const kind = kindOf(file);
    if (kind !== null) unrelated.push({ file, why: kind });
    else if (
      !inArea(file) &&
      !((file.test || isHeader(file.file.path)) && belongsToArea(file)) &&
      !belongsAsResource(file.file.path)
    )
      unrelated.push({ file, why: "outside" });
  }
  unrelated.sort((a, b) => b.file.lines - a.file.lines || compare(a.file.file.path, b.file.file.path));
  return { area, unrelated };
}

/**
 * What the hotfix is about is told by hand-written code first: a lockfile, a test, what helps tests or comes
 * from others has more lines than the fix.
 */
function areaOf(
  files: readonly ClassifiedFile[],
  { components, repository }: RelateOptions,
  isDependency: (file: ClassifiedFile) => boolean,
): Area {
  const code = files.filter((file) => !file.test && !isSupport(file.file.path));
  const handWritten = code.filter(
    (file) => !file.generated && !isDependency(file) && !isHeader(file.file.path),
  );
  const notTests = files.filter((file) => !file.test);
  const telling = [handWritten, code, notTests].find((some) => some.length > 0) ?? files;
  return heaviestComponent(telling, components) ?? heaviestDirectory(telling, repository);
}

/** Kinds of changes that no fix needs; they are unrelated wherever they are. */
function unrelatedKind(file: ClassifiedFile): Unrelatedness | null {
  if (pathsOf(file).some((path) => CONFIGURATION.includes(path))) return "configuration";
  if (file.renameOnly) return "rename";
  if (file.whitespaceOnly) return "whitespace";
  if (file.documentation) return "documentation";
  return file.ci ? "ci" : null;
}

/**
 * Helpers of tests, and code of others that is kept along: no hotfix is about them while it changes the
 * product.
 */
const SUPPORT =
  /(?:^|\/)(?:testing|test[-_]?(?:utils?|helpers?|support|lib)|mocks?|fakes?|stubs?|vendor|third[-_]?party|pods|external)\//i;

function isSupport(path: string): boolean {
  return SUPPORT.test(path);
}

/** A file that is moved is in two places. */
function pathsOf({ file }: ClassifiedFile): readonly string[] {
  return file.status === "renamed" && file.previousPath !== null
    ? [file.path, file.previousPath]
    : [file.path];
}
