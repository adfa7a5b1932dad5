/**
 * What git, GitHub and other programs put below a message or between the messages of a squash, and what no
 * value runs into.
 */

/**
 * `Reviewed-on: …`: what git takes for a trailer (git-interpret-trailers), with a hyphen in it. A sentence
 * may look like one, too.
 */
const TRAILER = /^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+: ?\S/;
/** Trailers of one word that people use. */
const WORD_TRAILER = /^(?:cc|link|bug|issue|ticket|refs?|references?|see|pr|jira|url): ?\S/i;
/** Nobody writes these into a value. */
const GENERATED: readonly RegExp[] = [
  /^(?:co-?(?:authored|developed)|signed-off|reviewed|acked|tested|reported|suggested|requested|helped|committed|merged|assisted|paired)[- ](?:by|with): /i,
  /^(?:change-id|reviewed-on|reviewed-at|git-svn-id|gitlab-url|piperorigin-revid|skip-checks): /i,
  /^(?:merge request|pull request(?: resolved)?|differential revision|related work items|changelog): \S/i,
  /^see merge request \S{1,200}!\d/i,
  /^\((?:cherry[- ]picked|backported) from (?:commit )?[0-9a-f]{7,64}/i,
  /^[^\p{L}\p{N}]{0,6}generated (?:with|by) /iu,
  /^\[(?:skip (?:ci|actions)|(?:ci|actions) skip|no ci)\]\s*$/i,
  /^(?:# ?)?conflicts:\s*$/i,
  /^squashed commit of the following:\s*$/i,
  /^# (?:-+ >8 -+|please enter the commit message)/i,
  /^-{5,}\s*$/,
  // A signature.
  /^-- ?$/,
];

/** Quick: messages of 20,000 lines are read within 50 ms. */
const MAY_BE_GENERATED = /[:([#-]|^.{0,12}generated|^see merge/i;

/** Does the line look like a trailer of git? */
export function isTrailer(line: string): boolean {
  return TRAILER.test(line) || WORD_TRAILER.test(line) || isGenerated(line);
}

function isGenerated(line: string): boolean {
  return MAY_BE_GENERATED.test(line) && GENERATED.some((one) => one.test(line));
}

/**
 * The lines, by number, at which a value ends: generated ones everywhere, other trailers in a last paragraph
 * of their own, and what GitHub puts between the messages of a squash (`* title` between blank lines, rules);
 * `listed`: they are such messages, whatever they begin with. Linear in the length of the text.
 */
export function footerLines(
  lines: readonly string[],
  isKey: (line: string) => boolean,
  listed: boolean,
): ReadonlySet<number> {
  const footers = new Set<number>();
  const squash = listed || lines.find((line) => !isBlank(line))?.startsWith("* ") === true;
  let lastText = -1;
  const endOfMessage = (): void => {
    for (let i = trailersFrom(lines, lastText, isKey); i <= lastText; i++) footers.add(i);
    // Nothing is looked through twice, however many rules follow.
    lastText = -1;
  };
  for (const [i, line] of lines.entries()) {
    const afterBlank = isBlank(lines[i - 1]);
    const between =
      (squash && line.startsWith("* ") && afterBlank && isBlank(lines[i + 1])) ||
      (afterBlank && /^(?:-{3,}|_{3,}|\*{3,})\s*$/.test(line));
    if (between) endOfMessage();
    if (between || isGenerated(line)) footers.add(i);
    if (!between && !isBlank(line)) lastText = i;
  }
  endOfMessage();
  return footers;
}

/**
 * Where the trailers begin that a message ends with, if they stand by themselves or with generated ones;
 * else behind its `last` line.
 */
function trailersFrom(lines: readonly string[], last: number, isKey: (line: string) => boolean): number {
  let first = last + 1;
  let withGenerated = false;
  let at = last;
  for (let line = lines[at]; line !== undefined; line = lines[--at]) {
    // Goes on with the trailer above.
    if (/^[ \t]+\S/.test(line)) continue;
    if (!isTrailer(line) || isKey(line)) break;
    first = at;
    withGenerated ||= isGenerated(line);
  }
  return withGenerated || isBlank(lines[at]) ? first : last + 1;
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === "";
}
