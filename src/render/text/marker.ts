/**
 * Hidden comments by which the app finds its own texts again. They prove nothing by themselves: only what the
 * app has written counts. Foreign text never holds `<!--` once it is neutralized, so none can be forged
 * inside the app's texts.
 */

/** `<!-- hotfix-guard:status kamiyo/api#42 -->`. */
export function hiddenMarker(
  kind:
    | "status"
    | "answer"
    | "post-mortem"
    | "escalation"
    | "asked"
    | "reopened"
    | "reminder"
    | "escalated"
    | "left-closed"
    | "lost"
    | "action-item"
    | "ci-failed"
    | "digest"
    | "verify"
    | "duplicate"
    | "opened-unread",
  key: string,
): string {
  // Owner and name hold none of these on GitHub; whatever else comes cannot close the comment.
  return `<!-- hotfix-guard:${kind} ${key.replace(/[^\w./#@%-]/g, "_")} -->`;
}

/**
 * The app's record on a check run (read by `src/github/collect/check/record.ts`). `record` is JSON; `>` is
 * written as `\u003e`, which JSON reads as the same.
 */
export function recordComment(record: string): string {
  return `<!-- hotfix-guard:record ${record.replaceAll(">", "\\u003e").replace(/[\r\n]+/g, " ")} -->`;
}
