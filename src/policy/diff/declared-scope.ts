import { escapeAllButWildcards, globProblem } from "../text/glob.ts";
import { type Area, globArea } from "./area.ts";

const MOST_GLOBS = 2;

/** Why a declared `Scope` cannot be used. */
export type ScopeProblem = "scope-too-many" | "scope-too-wide" | "scope-unusable";

/**
 * The area that the field `Scope` declares. Its author is whom the rule holds to it, so only `*`, `**` and `?` are
 * wildcards, at most two globs count, and each begins with a literal segment: it cannot be the whole repository.
 */
export function declaredArea(globs: readonly string[]): Area | ScopeProblem {
  if (globs.length > MOST_GLOBS) return "scope-too-many";
  const usable: string[] = [];
  for (const glob of globs) {
    const segments = glob.replace(/^\.\//, "").split("/");
    const first = segments[0] ?? "";
    if (first === "" || first === "." || /[*?]/.test(first)) return "scope-too-wide";
    const escaped = escapeAllButWildcards(segments.join("/"));
    if (segments.includes("..") || globProblem(escaped) !== null) return "scope-unusable";
    // `src/payments` is the directory, as everybody who writes it means.
    usable.push(escaped);
    if (!/[*?]/.test(escaped)) usable.push(`${escaped}/**`);
  }
  return globArea("declared", globs, usable);
}
