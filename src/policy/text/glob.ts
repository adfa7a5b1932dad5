import { type Chunks, CROSSING, matchesParts, type Parts, type Segment, type Token } from "./glob-match.ts";

/**
 * Globs on paths and branch names. They mean what they mean to picomatch with `{ dot: true }` (a test
 * compares the two), but are matched without a regular expression: picomatch's backtrack, and a path, which
 * anybody with a pull request chooses, of some hundred characters keeps `*a*a*a*b` busy for seconds; RE2's
 * need as long to be compiled. Here nothing is compiled, and each step is counted (work.ts).
 *
 * `*` and `?` stay within a segment, `**` as a whole segment crosses them, `[ab]`, `[!ab]` and `[a-c]` are
 * one character, `{a,b}` is either, `\` takes the next character literally; `dir/` and `dir/**` are the
 * directory and all in it.
 */

const MAX_LENGTH = 300;
/** What `{a,b}{c,d}` may multiply to. */
const MAX_ALTERNATIVES = 64;

type Parsed = { readonly alternatives: readonly Parts[] } | { readonly problem: string };

const parsed = new WeakMap<readonly string[], readonly Parts[]>();

/**
 * Does any of the globs match the whole path? Case-sensitive; each list is parsed once. A glob that has a
 * `globProblem` matches nothing.
 */
export function matchesAny(globs: readonly string[], path: string): boolean {
  let alternatives = parsed.get(globs);
  if (alternatives === undefined) {
    alternatives = globs.flatMap((glob) => {
      const one = parse(glob);
      return "alternatives" in one ? one.alternatives : [];
    });
    parsed.set(globs, alternatives);
  }
  const names = path.split("/");
  return alternatives.some((one) => matchesParts(one, path, names));
}

/**
 * How many characters the glob has with all its alternatives written out: what it costs. 0 where it has a
 * problem.
 */
export function globSize(glob: string): number {
  const one = glob.length > MAX_LENGTH ? "" : expandBraces(glob);
  return typeof one === "string" ? 0 : one.reduce((sum, { length }) => sum + length, 0);
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

function parse(glob: string): Parsed {
  if (glob === "") return { problem: "it is empty" };
  if (glob.length > MAX_LENGTH) return { problem: `it is longer than ${MAX_LENGTH} characters` };
  if (glob.startsWith("!")) return { problem: "a glob cannot be negated with !" };
  if (/[@?!+*]\(/.test(glob)) return { problem: "groups such as @(a|b) are not supported; write {a,b}" };
  const alternatives = expandBraces(glob.replace(/^\.?\/+/, ""));
  if (typeof alternatives === "string") return { problem: alternatives };
  const parts: Parts[] = [];
  for (const alternative of alternatives) {
    const one = toParts(alternative);
    if (one === null) return { problem: "a [ is not closed, or what is in [ ] is no set of characters" };
    parts.push(one);
  }
  return { alternatives: parts };
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

function toParts(glob: string): Parts | null {
  const texts = glob.split("/");
  // `dir/` is the directory.
  if (texts.length > 1 && texts.at(-1) === "") texts[texts.length - 1] = "**";
  const segments: Segment[] = [];
  for (const text of texts) {
    const segment = text === "**" ? CROSSING : toSegment(text);
    if (segment === null) return null;
    // Several in a row are one.
    if (segment !== CROSSING || segments.at(-1) !== CROSSING) segments.push(segment);
  }
  return { segments, prefix: prefixOf(segments) };
}

/**
 * The directories that come before the first wildcard; without the slash behind them, since `dir/**` is the
 * directory too.
 */
function prefixOf(segments: readonly Segment[]): string {
  const first = segments.findIndex((segment) => typeof segment !== "string" || segment === CROSSING);
  return (first < 0 ? segments : segments.slice(0, first)).join("/");
}

/** The text itself where it has no wildcard. */
function toSegment(segment: string): string | Chunks | null {
  // At least one character.
  if (/^\*+$/.test(segment)) return [[{ kind: "any" }], []];
  const chunks: Token[][] = [[]];
  let text = "";
  const endText = () => {
    if (text !== "") chunks.at(-1)?.push({ kind: "text", text });
    text = "";
  };
  let rest = segment;
  while (rest !== "") {
    // An escaped character, a set, a wildcard, or a run of literal text (whole, so that no character is cut
    // in two).
    const token = /^(?:\\.?|\[[!^]?[^[\]\\/]+\]|\*+|\?|[^\\[*?]+)/su.exec(rest)?.[0];
    if (token === undefined) return null;
    rest = rest.slice(token.length);
    if (token.startsWith("\\")) text += token.slice(1);
    else if (token.startsWith("[")) {
      const set = toSet(token.slice(1, -1));
      if (set === null) return null;
      endText();
      chunks.at(-1)?.push(set);
    } else if (token === "?" || token.startsWith("*")) {
      endText();
      if (token === "?") chunks.at(-1)?.push({ kind: "any" });
      else chunks.push([]);
    } else text += token;
  }
  if (chunks.length === 1 && chunks[0]?.length === 0) return text;
  endText();
  return chunks;
}

/** `a`, `!a`, `a-c`, and a hyphen that is itself at either end; `null`: a range the wrong way round. */
function toSet(set: string): Token | null {
  const negated = /^[!^]/.test(set);
  const characters = [...(negated ? set.slice(1) : set)].map((character) => character.codePointAt(0) ?? 0);
  const ranges: (readonly [number, number])[] = [];
  for (let i = 0; i < characters.length; i++) {
    const from = characters[i] ?? 0;
    const isRange = characters[i + 1] === HYPHEN && i + 2 < characters.length;
    const to = isRange ? (characters[i + 2] ?? 0) : from;
    if (to < from) return null;
    if (isRange) i += 2;
    ranges.push([from, to]);
  }
  return ranges.length === 0 ? null : { kind: "set", negated, ranges };
}

const HYPHEN = "-".codePointAt(0);
