import type { Comment } from "../snapshot.ts";
import type { Notice } from "./reminders.ts";

/** What a post-mortem's hidden marker says it is about: a pull request, or a commit that was pushed. */
export type Subject =
  | { readonly kind: "pull-request"; readonly owner: string; readonly repo: string; readonly number: number }
  | { readonly kind: "push"; readonly owner: string; readonly repo: string; readonly key: string };

/** The subject that the marker in the body names; `null`: there is no marker any more. */
export function subjectOf(body: string): Subject | null {
  const match =
    /<!-- hotfix-guard:post-mortem ([\w.-]{1,100})\/([\w.-]{1,100})([#@])([\w./-]{1,100}) -->/.exec(body);
  if (match === null) return null;
  const [, owner = "", repo = "", mark, key = ""] = match;
  if (mark === "#" && /^\d{1,15}$/.test(key))
    return { kind: "pull-request", owner, repo, number: Number(key) };
  return { kind: "push", owner, repo, key };
}

/** The number that the title ends with, where the marker is gone: `Post-mortem: Fix it (#42)`. A hint, to be confirmed. */
export function numberInTitle(title: string): number | null {
  const match = /\(#(\d{1,15})\)\s*$/.exec(title);
  return match === null ? null : Number(match[1]);
}

/** The hidden markers of the app's own comments, each with its comment's time. */
export function noticesIn(comments: readonly Comment[]): readonly Notice[] {
  return comments
    .filter(({ byApp }) => byApp)
    .flatMap(({ body, createdAt }) =>
      Array.from(body.matchAll(/<!-- hotfix-guard:([a-z-]{1,40}) ([^<>\n]{1,200}) -->/g), (match) => ({
        at: createdAt,
        kind: match[1] ?? "",
        key: match[2] ?? "",
      })),
    );
}
