/**
 * What git, GitHub and other programs put below a message or between the messages of a squash, and what no
 * value runs into.
 */

/** Longer lines are text. */
const LONGEST = 200;
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
  /^# (?:-+ >8 -+|please enter the commit message)/i,
  /^-{5,}\s*$/,
  // A signature.
  /^-- ?$/,
];

/** Does the line look like a trailer of git? */
export function isTrailer(line: string): boolean {
  const start = line.slice(0, LONGEST);
  return TRAILER.test(start) || WORD_TRAILER.test(start) || isGenerated(line);
}

function isGenerated(line: string): boolean {
  return (
    line.length > 1 &&
    /[:([#-]|^.{0,9}generated|^see merge/i.test(line.slice(0, LONGEST)) &&
    GENERATED.some((one) => one.test(line.slice(0, LONGEST)))
  );
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
  const blank = (i: number): boolean => (lines[i] ?? "").trim() === "";
  const squash = listed || lines.find((line) => line.trim() !== "")?.startsWith("* ") === true;
  let lastText = -1;
  const endOfMessage = (): void => {
    for (const i of trailersBefore(lines, lastText, isKey)) footers.add(i);
  };
  for (const [i, line] of lines.entries()) {
    const apart = blank(i - 1) && blank(i + 1);
    const between =
      (squash && line.startsWith("* ") && apart) ||
      (blank(i - 1) && /^(?:-{3,}|_{3,}|\*{3,})\s*$/.test(line));
    if (between) endOfMessage();
    if (between || isGenerated(line)) footers.add(i);
    if (line.trim() !== "" && !between) lastText = i;
  }
  endOfMessage();
  return footers;
}

/** The trailers that a message ends with, where they stand by themselves or with generated ones. */
function trailersBefore(
  lines: readonly string[],
  last: number,
  isKey: (line: string) => boolean,
): readonly number[] {
  const found: number[] = [];
  let at = last;
  let continued: number[] = [];
  for (; at >= 0; at--) {
    const line = lines[at] ?? "";
    if (/^[ \t]+\S/.test(line)) continued.push(at);
    else if (isTrailer(line) && !isKey(line)) {
      found.push(at, ...continued);
      continued = [];
    } else break;
  }
  const ownParagraph = (lines[at] ?? "").trim() === "";
  return ownParagraph || found.some((i) => isGenerated(lines[i] ?? "")) ? found : [];
}
