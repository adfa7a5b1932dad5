import { RE2JS } from "re2js";

/**
 * Globs on paths and branch names, in linear time. They mean what they mean to picomatch with `{ dot: true }` (a test
 * compares the two), but become RE2 patterns: picomatch makes backtracking expressions, and a path, which anybody
 * with a pull request chooses, of some hundred characters keeps `*a*a*a*b` busy for seconds.
 *
 * `*` and `?` stay within a segment, `**` as a whole segment crosses them, `[ab]`, `[!ab]` and `[a-c]` are one
 * character, `{a,b}` is either, `\` takes the next character literally; `dir/` and `dir/**` are the directory and all in it.
 */

const MAX_LENGTH = 300;
/** What `{a,b}{c,d}` may multiply to. */
const MAX_ALTERNATIVES = 64;

type Parsed = { readonly pattern: string } | { readonly problem: string };

const compiled = new WeakMap<readonly string[], (path: string) => boolean>();

/**
 * Does any of the globs match the whole path? Case-sensitive; each list is compiled once. A glob that has a
 * `globProblem` matches nothing.
 */
export function matchesAny(globs: readonly string[], path: string): boolean {
  let matcher = compiled.get(globs);
  if (matcher === undefined) {
    matcher = compile(globs);
    compiled.set(globs, matcher);
  }
  return matcher(path);
}

/** Why a glob cannot be used, in plain words; `null`: it can. The configuration is held to this. */
export function globProblem(glob: string): string | null {
  const parsed = parse(glob);
  return "problem" in parsed ? parsed.problem : null;
}

/** The glob that matches exactly this text, where only `*` and `?` keep their meaning. */
export function escapeAllButWildcards(text: string): string {
  return text.replace(/[[\]{}()!+@\\,|]/g, "\\$&");
}

function compile(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap((glob) => {
    const parsed = parse(glob);
    return "pattern" in parsed ? [parsed.pattern] : [];
  });
  if (patterns.length === 0) return () => false;
  const expression = RE2JS.compile(patterns.join("|"), RE2JS.DOTALL);
  return (path) => expression.testExact(path);
}

function parse(glob: string): Parsed {
  if (glob === "") return { problem: "it is empty" };
  if (glob.length > MAX_LENGTH) return { problem: `it is longer than ${MAX_LENGTH} characters` };
  if (glob.startsWith("!")) return { problem: "a glob cannot be negated with !" };
  if (/[@?!+*]\(/.test(glob)) return { problem: "groups such as @(a|b) are not supported; write {a,b}" };
  const alternatives = expandBraces(glob.replace(/^\.?\/+/, ""));
  if (typeof alternatives === "string") return { problem: alternatives };
  const patterns: string[] = [];
  for (const alternative of alternatives) {
    const pattern = toPattern(alternative);
    if (pattern === null) return { problem: "a [ is not closed, or what is in [ ] is no set of characters" };
    patterns.push(pattern);
  }
  return { pattern: `(?:${patterns.join("|")})` };
}

/** All alternatives of `{a,b}`, or what is wrong. Each round takes out one innermost group. */
function expandBraces(glob: string): readonly string[] | string {
  const done: string[] = [];
  const open = [glob];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const group = innermostBraces(next);
    if (group === "unbalanced") return "a { or } has no partner; write \\{ for the character itself";
    if (group === null) {
      done.push(next);
    } else if (group.parts.length < 2) {
      return "{ } needs two alternatives separated by a comma; ranges such as {1..3} are not supported";
    } else {
      for (const part of group.parts) open.push(group.before + part + group.after);
    }
    if (done.length + open.length > MAX_ALTERNATIVES) {
      return `it stands for more than ${MAX_ALTERNATIVES} alternatives`;
    }
  }
  return done;
}

function innermostBraces(
  glob: string,
): { before: string; parts: readonly string[]; after: string } | "unbalanced" | null {
  let start = -1;
  let commas: number[] = [];
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i];
    if (char === "\\") i++;
    else if (char === "{") {
      start = i;
      commas = [];
    } else if (char === "," && start >= 0) commas.push(i);
    else if (char === "}") {
      if (start < 0) return "unbalanced";
      const cuts = [start, ...commas, i];
      const parts = cuts.slice(1).map((cut, n) => glob.slice((cuts[n] ?? 0) + 1, cut));
      return { before: glob.slice(0, start), parts, after: glob.slice(i + 1) };
    }
  }
  return start < 0 ? null : "unbalanced";
}

function toPattern(glob: string): string | null {
  const segments = glob.split("/");
  // `dir/` is the directory.
  if (segments.length > 1 && segments.at(-1) === "") segments[segments.length - 1] = "**";
  let pattern = "";
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    if (segment === "**") {
      // What precedes has ended in a slash, which the directory itself does not have.
      if (last)
        pattern = i === 0 ? ".*" : pattern.endsWith("/") ? `${pattern.slice(0, -1)}(?:/.*)?` : `${pattern}.*`;
      else pattern += "(?:.*/)?";
    } else {
      const part = segmentPattern(segment);
      if (part === null) return null;
      pattern += last ? part : `${part}/`;
    }
  }
  return pattern;
}

function segmentPattern(segment: string): string | null {
  if (/^\*+$/.test(segment)) return "[^/]+";
  let pattern = "";
  let rest = segment;
  while (rest !== "") {
    // An escaped character, a set, a wildcard, or a run of literal text (whole, so that no character is cut in two).
    const token = /^(?:\\.?|\[[!^]?[^[\]\\/]+\]|\*+|\?|[^\\[*?]+)/su.exec(rest)?.[0];
    if (token === undefined) return null;
    rest = rest.slice(token.length);
    if (token.startsWith("*")) pattern += "[^/]*";
    else if (token === "?") pattern += "[^/]";
    else if (token.startsWith("\\")) pattern += RE2JS.quote(token.slice(1));
    else if (token.startsWith("[")) {
      const set = setPattern(token.slice(1, -1));
      if (set === null) return null;
      pattern += set;
    } else pattern += RE2JS.quote(token);
  }
  return pattern;
}

function setPattern(set: string): string | null {
  const negated = /^[!^]/.test(set);
  const source = `[${negated ? "^/" : ""}${(negated ? set.slice(1) : set).replaceAll("^", "\\^")}]`;
  try {
    RE2JS.compile(source);
    return source;
  } catch {
    return null;
  }
}
