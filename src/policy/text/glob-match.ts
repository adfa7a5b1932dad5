import { spend } from "./work.ts";

/** Text, any one character, or one of a set. */
export type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "any" }
  | {
      readonly kind: "set";
      readonly negated: boolean;
      readonly ranges: readonly (readonly [from: number, to: number])[];
    };

/** What stands before, between and after the `*` of a segment. */
export type Chunks = readonly (readonly Token[])[];
/** A text is compared as a whole. */
export type Segment = string | Chunks;
/**
 * `**`: any number of segments, none too. No segment that is text can be equal to it, since it holds a slash.
 */
export const CROSSING = "/**";

/** A glob without braces: its segments, and the text that every path it matches begins with. */
export interface Parts {
  readonly segments: readonly Segment[];
  readonly prefix: string;
}

/** Does it match the whole path? `names` are the path's segments. Never backtracks; steps are counted. */
export function matchesParts({ segments, prefix }: Parts, path: string, names: readonly string[]): boolean {
  spend(1);
  if (!path.startsWith(prefix)) return false;
  // The newest `**` takes one segment more whenever what follows it fails: earlier ones need never be asked
  // again.
  let [at, name, crossing, retry] = [0, 0, -1, 0];
  for (;;) {
    const segment = segments[at];
    const text = names[name];
    if (segment === CROSSING) {
      crossing = at++;
      retry = name;
      if (at === segments.length) return true;
    } else if (segment === undefined && text === undefined) {
      return true;
    } else if (segment !== undefined && text !== undefined && matchesSegment(segment, text)) {
      at++;
      name++;
    } else if (crossing < 0 || retry >= names.length) {
      return false;
    } else {
      at = crossing + 1;
      name = ++retry;
    }
  }
}

function matchesSegment(segment: Segment, text: string): boolean {
  spend(1);
  if (typeof segment === "string") return segment === text;
  const [head = [], ...others] = segment;
  const tail = others.pop();
  let from = endOf(head, text, 0);
  if (from === null || tail === undefined) return from === text.length;
  const end = startOfTail(tail, text);
  if (end < from || endOf(tail, text, end) !== text.length) return false;
  for (const chunk of others) {
    // The first place will do: what comes later leaves less room.
    from = findChunk(chunk, text, from, end);
    if (from === null) return false;
  }
  return true;
}

/** Where the first match of a chunk between the two places ends. */
function findChunk(chunk: readonly Token[], text: string, from: number, end: number): number | null {
  const [first] = chunk;
  for (let at = from; at <= end; at += at < end ? characterAt(text, at) : 1) {
    if (first?.kind === "text") {
      const next = text.indexOf(first.text, at);
      if (next < 0) return null;
      spend((next - at) >> 3);
      at = next;
    }
    const stop = endOf(chunk, text, at);
    if (stop !== null && stop <= end) return stop;
  }
  return null;
}

/** Where the chunk, which begins at a place, ends; `null`: it does not stand there. */
function endOf(chunk: readonly Token[], text: string, at: number): number | null {
  let index = at;
  for (const token of chunk) {
    spend(1);
    const length = lengthAt(token, text, index);
    if (length === 0) return null;
    index += length;
  }
  return index;
}

/** How much of the text the token takes there; 0: it does not match. */
function lengthAt(token: Token, text: string, index: number): number {
  if (index >= text.length) return 0;
  if (token.kind === "text") {
    spend(token.text.length >> 3);
    return text.startsWith(token.text, index) ? token.text.length : 0;
  }
  const length = characterAt(text, index);
  if (token.kind === "any") return length;
  const code = text.codePointAt(index) ?? 0;
  spend(token.ranges.length);
  const within = token.ranges.some(([from, to]) => code >= from && code <= to);
  return within !== token.negated ? length : 0;
}

/**
 * Where the last chunk has to begin, so that it ends where the text does; negative: the text is too short.
 */
function startOfTail(tail: readonly Token[], text: string): number {
  let index = text.length;
  for (const token of tail.toReversed()) {
    if (token.kind === "text") index -= token.text.length;
    else index -= index >= 2 && characterAt(text, index - 2) === 2 ? 2 : 1;
  }
  return index;
}

function characterAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}
