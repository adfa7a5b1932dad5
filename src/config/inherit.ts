import { type Located, type Place, placeOf, valueAt } from "./located.ts";
import { type ConfigProblem, type ConfigSource, problem, show } from "./problem.ts";
import { isRepositoryPath } from "./values.ts";
import { readYaml } from "./yaml.ts";

/** Where a configuration lives in a repository, and the file that `extends: "repo"` means. */
export const CONFIG_PATH = ".github/hotfix.yml";
/** Where else it may live; both at once is a problem. */
export const CONFIG_PATHS = [CONFIG_PATH, ".github/hotfix.yaml"] as const;

/** A file in a repository of the same owner. */
export interface ExtendsReference {
  readonly repo: string;
  readonly path: string;
}

/**
 * Reads `repo` or `repo:path/file.yml`; anything that could lead out of the owner's repositories is refused.
 */
export function parseExtends(
  value: string,
): ExtendsReference | { readonly message: string; readonly fix: string } {
  const fix = `Write the name of a repository of the same owner, "policies", or a file in it, "policies:path/file.yml".`;
  const colon = value.indexOf(":");
  const repo = colon < 0 ? value : value.slice(0, colon);
  const path = colon < 0 ? CONFIG_PATH : value.slice(colon + 1);
  if (value.includes("://"))
    return { message: `${show(value)} is an address; only files of the same owner can be extended`, fix };
  if (repo.includes("/"))
    return { message: `${show(repo)} names an owner; only files of the same owner can be extended`, fix };
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(repo) || repo === "." || repo === "..")
    return { message: `${show(repo)} is not the name of a repository`, fix };
  if (!isRepositoryPath(path) || path.length > 200)
    return { message: `${show(path)} is not a path in a repository`, fix };
  if (!/\.ya?ml$/.test(path)) return { message: `${show(path)} is not a YAML file`, fix };
  return { repo, path };
}

/**
 * What `own` builds on, so that the caller can fetch it and call `parseConfig([own, base])`; `null`: nothing.
 * Only `extends` is evaluated here, and only as far as the file can be read at all.
 */
export function readExtends(
  own: ConfigSource,
): ExtendsReference | null | { readonly problems: readonly ConfigProblem[] } {
  const read = readYaml(own);
  return "problems" in read ? read : extendsOf(read.root);
}

/** `extends` of a file that was read. */
export function extendsOf(
  root: Located,
): ExtendsReference | null | { readonly problems: readonly ConfigProblem[] } {
  const node = valueAt(root, ["extends"]);
  if (node === undefined || (node.kind === "scalar" && node.value === null)) return null;
  const value = node.kind === "scalar" ? node.value : undefined;
  const parsed =
    typeof value === "string"
      ? parseExtends(value)
      : { message: "extends takes one text", fix: 'Write extends: "repo".' };
  if ("repo" in parsed) return parsed;
  return { problems: [problem(placeOf(root, ["extends"]), ["extends"], parsed.message, parsed.fix)] };
}

/** Where `extends` stands in a file that can be read, else its beginning. */
export function placeOfExtends(own: ConfigSource): Place {
  return placeInFile(own, ["extends"]);
}

/**
 * Where a key's value stands in a file that can be read, else the nearest key that leads to it, or its
 * beginning.
 */
export function placeInFile(own: ConfigSource, path: readonly (string | number)[]): Place {
  const read = readYaml(own);
  return "root" in read ? placeOf(read.root, path) : { file: own.file, line: 1, column: 1 };
}
