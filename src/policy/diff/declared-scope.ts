import { escapeAllButWildcards, globProblem } from "../text/glob.ts";
import { type Area, globArea } from "./area.ts";
import type { ClassifiedFile } from "./classify-files.ts";
import { containersOf, isLayer } from "./containers.ts";
import { holdsEverything } from "./heaviest-directory.ts";

const MOST_GLOBS = 2;

/** Why a declared `Scope` cannot be used. */
export type ScopeProblem = "scope-too-many" | "scope-too-wide" | "scope-unusable";

/**
 * The area that the field `Scope` declares. Its author is whom the rule holds to it, so only `*`, `**` and
 * `?` are wildcards, at most two globs count, and each lies inside one component: a directory that holds
 * several side by side (`src/**`, `packages/*`, `app/models/**`) would be the whole repository by another
 * name.
 */
export function declaredArea(
  globs: readonly string[],
  files: readonly ClassifiedFile[],
  repository: string,
): Area | ScopeProblem {
  if (globs.length > MOST_GLOBS) return "scope-too-many";
  const usable: string[] = [];
  for (const glob of globs) {
    // `/src/payments` as in .gitignore and CODEOWNERS, and Windows' separators.
    const segments = glob
      .replaceAll("\\", "/")
      .replace(/^(?:\.\/)+|^\/(?!\/)/, "")
      .replace(/\/+$/, "")
      .split("/");
    const escaped = escapeAllButWildcards(segments.join("/"));
    if (segments.includes("..")) return "scope-unusable";
    if (!isInsideOneComponent(segments, files, repository)) return "scope-too-wide";
    if (globProblem(escaped) !== null) return "scope-unusable";
    // `src/payments` is the directory, as everybody who writes it means.
    usable.push(escaped);
    if (!/[*?]/.test(escaped)) usable.push(`${escaped}/**`);
  }
  return globArea("declared", globs, usable);
}

function isInsideOneComponent(
  segments: readonly string[],
  files: readonly ClassifiedFile[],
  repository: string,
): boolean {
  const wild = segments.findIndex((segment) => /[*?]/.test(segment));
  const literal = wild === -1 ? segments : segments.slice(0, wild);
  if (segments.some((segment) => segment === "" || segment === ".")) return false;
  const containers = containersOf(literal, repository);
  // Files directly in a container are a component of their own: `src/*.ts`. At the root they are named.
  if (containers === literal.length)
    return wild > 0 && wild === segments.length - 1 && !(segments[wild] ?? "").includes("**");
  const component = literal.slice(0, containers + 1);
  if (literal.length > component.length) return true;
  // A layer holds many subjects: what follows has to begin with one.
  if (isLayer(component.at(-1) ?? "")) return /^[^*?]{3}/.test(segments[wild] ?? "");
  return !holdsEverything(component.join("/"), files, repository);
}
