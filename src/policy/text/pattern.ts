import { RE2JS } from "re2js";
import { spend } from "./work.ts";

/**
 * A pattern of the configuration, ready to use. Both questions take time linear in the text, and nothing
 * matches a text of more than
 * 1,000 characters: no name and no title is so long.
 */
export interface Pattern {
  /** The pattern is found somewhere in the text. */
  test(text: string): boolean;
  /** The pattern matches the whole text. */
  matches(text: string): boolean;
}

const LONGEST_TEXT = 1_000;

/**
 * Policies are few and long-lived; the bound only keeps a process that serves thousands of them from growing.
 */
const CACHE_SIZE = 500;
const cache = new Map<string, Pattern | null>();

/**
 * Compiles a pattern with RE2 (never `RegExp`: configuration is foreign text). `null` where the pattern is
 * invalid, which the configuration's validation reports; callers treat it as a pattern that nothing matches.
 */
export function compilePattern(source: string): Pattern | null {
  const cached = cache.get(source);
  if (cached !== undefined) return cached;
  if (cache.size >= CACHE_SIZE) cache.clear();
  const pattern = compile(source);
  cache.set(source, pattern);
  return pattern;
}

function compile(source: string): Pattern | null {
  try {
    const re = RE2JS.compile(source);
    const size = re.programSize();
    const fits = (text: string): boolean => {
      if (text.length > LONGEST_TEXT) return false;
      spend((text.length * size) >> 2);
      return true;
    };
    return {
      test: (text) => fits(text) && re.test(text),
      matches: (text) => fits(text) && re.testExact(text),
    };
  } catch {
    return null;
  }
}
