/**
 * How large the program of an RE2 pattern can become at most, from its text alone: compiling is what takes
 * the time, and `(a{99}){9}` is short. Never less than what RE2 makes of a valid pattern (a test with random
 * patterns holds that).
 */
export function patternSize(source: string): number {
  // Wherever it stands: it may hold for what follows.
  const folds = /\(\?[a-zA-Z]*i/.test(source);
  /** Sizes of the open groups, and of the last atom of each, which a repeat multiplies. */
  const groups: { size: number; last: number }[] = [{ size: 3, last: 0 }];
  let group = groups[0] as { size: number; last: number };
  /** `once`: what making it costs, however often it is repeated. */
  const atom = (size: number, once = 0) => {
    group.size += size + once;
    group.last = size;
  };
  for (let rest = source; rest !== ""; ) {
    const token = TOKEN.exec(rest)?.[0] ?? rest.slice(0, 1);
    rest = rest.slice(token.length);
    if (token.startsWith("(")) {
      group = { size: 3, last: 0 };
      // `(?i)` holds to the end of the group around it, and is itself no group.
      if (token.endsWith(")")) group = groups.at(-1) as typeof group;
      else groups.push(group);
    } else if (token === ")") {
      if (groups.length > 1) groups.pop();
      const { size } = group;
      group = groups.at(-1) as typeof group;
      atom(size);
    } else if (REPEAT.test(token)) {
      const [least = 0, most = least] = token.slice(1, -1).split(",").map(Number);
      // What may be there or not is one step more each time; `{3,}` is three and a loop.
      const size = (group.last + (token.includes(",") ? 2 : 0)) * (Math.max(least, most) + 1);
      group.size += size;
      group.last += size;
    } else if ("*+?|".includes(token)) {
      group.size += token === "|" ? 2 : group.last + 2;
      group.last += token === "|" ? 0 : group.last + 2;
    } else if (token.startsWith("\\Q")) atom(token.length);
    else atom(1, rangesOf(token) + (folds ? foldedIn(token) : 0));
    if (!Number.isFinite(group.size)) return Number.POSITIVE_INFINITY;
  }
  return groups.reduce((sum, { size }) => sum + size, 0);
}

/** A set is one step, whatever is in it; but its ranges are made and folded one by one. */
function rangesOf(token: string): number {
  if (token.startsWith("[")) return 2 + (token.length >> 3) + 8 * (token.split("\\p").length - 1);
  return /^\\[pP]/.test(token) ? 10 : 0;
}

/**
 * Without regard to case each character of a range is looked up: a range over half of Unicode takes as long
 * as a program of hundreds of steps.
 */
function foldedIn(token: string): number {
  if (!token.startsWith("[")) return 0;
  return [...token.matchAll(RANGE)].reduce((sum, [, from = "", to = ""]) => {
    return sum + (Math.max(0, lastOf(to) - lastOf(from)) >> 7);
  }, 0);
}

/** The code point that one end of a range stands for, or more. */
function lastOf(end: string): number {
  const code = /^\\x\{?([0-9a-f]{1,8})/i.exec(end)?.[1];
  return code === undefined ? (end.replace(/^\\(?=.)/su, "").codePointAt(0) ?? 0) : Number.parseInt(code, 16);
}

const RANGE = /(\\x\{[^}]*\}|\\x..|\\.|[^\\])-(\\x\{[^}]*\}|\\x..|\\.|[^\\])/gsu;
const REPEAT = /^\{\d+(?:,\d*)?\}$/;
const TOKEN =
  /^(?:\\Q.*?(?:\\E|$)|\\[pP](?:\{[^}]*\}|.)|\\x\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\(\?P?<[^>]*>|\(\?[a-zA-Z-]*[:)]|\{\d+(?:,\d*)?\}|.)/su;
