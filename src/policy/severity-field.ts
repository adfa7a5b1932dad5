import { SEVERITIES, type Severity } from "./policy.ts";
import { afterLevel, afterSince, isLevels, leavesOpen } from "./severity-words.ts";
import { ticked } from "./text/choices.ts";
import { asItLooks } from "./text/look-alikes.ts";

/**
 * Not the severity itself but above, below or about it, or one that is struck out: `>P1`, `~P1`, `~~P1~~`.
 */
const ABOUT = /(?<![-=])[<>≥≤≧≦~≈]\s?[*_`]{0,2}$/u;
const NAMED = /(?<![\p{Script=Latin}\p{N}])P([0-3])(?![\p{Script=Latin}\p{N}]|\.\d)/giu;
/** What it was before, in brackets: the only other severity that may be named. */
const FORMER =
  /[([](?:it )?(?:was|formerly|previously|originally|initially|earlier|war|zuvor|vorher|ehemals|avant|auparavant|antes|era|prima|было|ранее|раньше|було|旧|元|原|이전)[: ]{0,3}P[0-3](?: (?:before|until|till) [\d:. apmutczh-]{1,20}| before)?[)\]]/giu;
/** Other ways to write one: `P 1`, `P-1`, `p#1`, `SEV1`, `Sev-1`, `severity 1`, `prio 1`. */
const OTHERWISE =
  /(?<![\p{L}\p{N}])(?:p|sev|severity|prio|priority)[-– #._]{0,2}([0-3])(?![\p{L}\p{N}]|[.,:]\d)/giu;
/** One of two: `P0/1`, `P0 → 1`, `P0 or 1`. `P1 > 2 regions` is one. */
const OR_ANOTHER =
  /^[*_`]{0,3} ?(?:[/\\|~&+,>→➜➔⇒➡•·-]\uFE0F?|\.{2,3}|[-=]>|or|and|to|oder|bis|und|ou|et|o|y|или|и|或|또는) ?(?:sev|p)?[- ]?[0-3][)\]*_`.! ]{0,10}$/iu;
/** The same at the end of more words: `P0 bis 10:40, dann 1`, `P0 downgraded to 1`. */
const AT_LAST =
  /(?:[→➜➔⇒➡]|[-=]>|(?<![\p{L}\p{N}])(?:then|now|later|afterwards|since|(?:down|up)graded to|(?:lowered|reduced|demoted|raised|changed) to|dann|jetzt|nun|später|danach|puis|ensuite|maintenant|luego|después|ahora|depois|agora|poi|ora|затем|теперь|потом|後に|现在|现))\uFE0F? ?(?:sev|p)?[- #]?[0-3][)\]*_`.! ]{0,10}$/iu;
/** Signs that close what the severity stands in, or stress it. */
const CLOSED = /^[*_`~"'”’“»]+/u;
const STRESS = /^(?!.*\.\.)[\s.!*_`"'”’“»)\]|🔴🟠🟥🔥🚨❗‼⚠]*$/u;
/** What parts an explanation from the severity: a sign for it, a bracket, or a new line. */
const PARTED = /^(?:\s*(?:[,;:([)\]{}、。・「【]|[.!]+\s|\n)|\s*-+\s|\s*>(?=\s?\d))/u;
/** An explanation says something: a word, or the number of an issue. `P0 -` and `P0 (1)` do not. */
const SAYS_SOMETHING = /\p{L}|#\d\d/u;
/** Longer values name nothing more in what matters. */
const LONGEST = 2_000;

/**
 * What the field `Severity` says: `P1`, `p1 - High`, `Critical (P0)`, `P1 (was P0)`, `P0 – payments are
 * down`. One rule: **the severity stands by itself, and whatever else is said is parted from it by a sign**.
 * Two different ones (`P0/P1`, `P0 until 10:40, then P1`) are none, since the looser approval of one would
 * let the other pass; nor is one that is denied, doubted, limited or left open (`not P0`, `P0?`, `P0 if it
 * recurs`, `P0 – tbc`). Words that follow it directly are not tried to be understood, but for those of
 * `severity-words.ts`. `null`: it names none, or not clearly.
 */
export function readSeverityField(value: string): Severity | "several" | null {
  const said = value.slice(0, LONGEST).replace(/<!--[\s\S]*?-->/g, " ");
  const text = asItLooks(ticked(said, NAMED).replaceAll("—", " - "));
  const all = [...text.matchAll(NAMED)];
  const [first] = all;
  if (first === undefined) return null;
  const rest = text.slice(first.index + first[0].length).replace(FORMER, " ");
  const others = [NAMED, OTHERWISE]
    .flatMap((named) => [...rest.matchAll(named)])
    .filter((one) => one[1] !== first[1]);
  if (others.length > 0 || [OR_ANOTHER, AT_LAST].some((other) => other.test(rest))) return "several";
  const before = text.slice(0, first.index);
  const severity = SEVERITIES.find((one) => one === `P${first[1]}`) ?? null;
  const mildIsFine = severity === "P2" || severity === "P3";
  const settled = isLevels(before, mildIsFine) && !ABOUT.test(before);
  return settled && standsBy(rest, mildIsFine) ? severity : null;
}

/** The severity that the field `Severity` names; `null` where it names none or leaves it open. */
export function severityOfField(value: string): Severity | null {
  const read = readSeverityField(value);
  return read === "several" ? null : read;
}

/** Does what follows a severity leave it as it is? `P0/medium` does not. */
function standsBy(following: string, mildIsFine: boolean): boolean {
  let rest = following.replace(CLOSED, "");
  for (let next = afterLevel(rest); next !== null; next = afterLevel(rest)) {
    if (next.mild && !mildIsFine) return false;
    rest = next.rest.replace(CLOSED, "");
  }
  if (STRESS.test(rest)) return true;
  const since = afterSince(rest);
  if (since !== null) return !leavesOpen(since);
  return PARTED.test(rest) && SAYS_SOMETHING.test(rest) && !leavesOpen(rest);
}
