/** GitHub's limits in characters. */
export const CHECK_TEXT_LIMIT = 65_535;
export const BODY_LIMIT = 65_536;
export const TITLE_LIMIT = 256;

const NOTE = "\n\n… cut here: GitHub takes no more text.\n";
const HIDDEN = "<!-- hotfix-guard:";

/**
 * The text within `limit` characters (UTF-16 units, never fewer than what GitHub counts). Rendering fits its
 * texts itself; this is for what it did not foresee: cut with a note rather than refused. A hidden comment of
 * the app at the end is kept, since the app finds its own texts by it. Half surrogate pairs, which GitHub
 * refuses, become �.
 */
export function cut(text: string, limit: number): string {
  const whole = wellFormed(text);
  if (whole.length <= limit) return whole;
  const tail = hiddenTail(whole);
  const end = tail.length <= limit / 2 ? NOTE + tail : NOTE;
  return wellFormed(whole.slice(0, limit - end.length)) + end;
}

/** As `cut`, for one line. */
export function cutLine(text: string, limit: number): string {
  const line = wellFormed(text);
  return line.length <= limit ? line : `${wellFormed(line.slice(0, limit - 1))}…`;
}

function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}

function hiddenTail(text: string): string {
  const start = text.lastIndexOf(HIDDEN);
  const tail = start < 0 ? "" : text.slice(start);
  return tail.indexOf("-->") === tail.trimEnd().length - 3 ? tail : "";
}
