/**
 * Hidden comments by which the app finds its own texts again. They prove nothing by themselves: only what the app has written
 * counts. Foreign text never holds `<!--` once it is neutralised, so none can be forged inside the app's texts.
 */

/** `<!-- hotfix-guard:status kamiyo/api#42 -->`. */
export function hiddenMarker(kind: "status" | "answer" | "post-mortem", key: string): string {
  // Owner and name hold none of these on GitHub; whatever else comes cannot close the comment.
  return `<!-- hotfix-guard:${kind} ${key.replace(/[^\w./#-]/g, "_")} -->`;
}

const RECORD = "<!-- hotfix-guard:record ";

/** The app's record on a check run. `record` is JSON; `>` is written as `\u003e`, which JSON reads as the same. */
export function recordComment(record: string): string {
  return `${RECORD}${record.replaceAll(">", "\\u003e").replace(/[\r\n]+/g, " ")} -->`;
}

/** The record in the text of a check run that the app has written, as given to `recordComment`; `null`: none. */
export function readRecord(text: string): string | null {
  const start = text.lastIndexOf(RECORD);
  const end = start === -1 ? -1 : text.indexOf(" -->", start);
  return end === -1 ? null : text.slice(start + RECORD.length, end);
}
