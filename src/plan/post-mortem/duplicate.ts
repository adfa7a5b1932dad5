import type { WatchedKey } from "../../jobs/watch-list.ts";
import type { Action } from "../../policy/action.ts";
import { peoplesText } from "../../policy/post-mortem/body.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { renderDuplicate, renderDuplicateThere } from "../../render/post-mortem/duplicate.ts";
import { type Plan, plan } from "../plan.ts";

/**
 * Two instances have opened a post-mortem for the same merge: the newer is closed as not planned and links
 * the older. What people have written in it stays, and the older links it. Where somebody reopens it, it
 * stays so.
 */
export function planDuplicate(
  key: WatchedKey,
  issue: Pick<PostMortemIssue, "number" | "body" | "comments" | "state">,
  older: { readonly number: number; readonly body: string },
): Plan {
  const { number } = issue;
  const notice = renderDuplicate(older.number);
  const isSaid = issue.comments.some(({ byApp, body }) => byApp && body.includes(notice.marker));
  const written =
    issue.comments.some(({ byApp }) => !byApp) || peoplesText(issue.body) !== peoplesText(older.body);
  const from = { state: issue.state, bodies: [issue.body] };
  const there = renderDuplicateThere(number);
  const link: readonly Action[] = written ? [{ type: "post-answer", number: older.number, ...there }] : [];
  const close: readonly Action[] =
    issue.state === "open"
      ? [
          { type: "post-answer", number, ...notice },
          { type: "set-issue-state", number, state: "closed", reason: "not_planned", from },
        ]
      : [];
  return plan({
    actions: isSaid ? link : [...link, ...close],
    watch: { key, seen: "over" },
    log: isSaid
      ? []
      : [
          {
            level: "warn",
            fields: { post_mortem: number, older: older.number },
            message:
              "a second post-mortem of the same merge is closed: two instances worked without REDIS_URL",
          },
        ],
  });
}
