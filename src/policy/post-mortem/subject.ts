import type { Comment } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { pullRequestNumber, pushOf } from "../snapshot.ts";
import type { Notice } from "./reminders.ts";

/**
 * What a post-mortem's hidden marker says it is about: a pull request, a commit that was pushed, or a branch
 * that was deployed before its merge.
 */
export type Subject =
  | { readonly kind: "pull-request"; readonly owner: string; readonly repo: string; readonly number: number }
  | { readonly kind: "push"; readonly owner: string; readonly repo: string; readonly key: string }
  | { readonly kind: "branch"; readonly owner: string; readonly repo: string; readonly ref: string };

const BRANCH = "refs/heads/";

/** A branch as markers have it. Its name is foreign text, and may not end the hidden comment. */
export function branchKey(ref: string): string {
  const safe = (text: string): string =>
    encodeURIComponent(text.replace(/\p{Cs}/gu, "\ufffd")).replace(
      /[!'()*~]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  return `${BRANCH}${ref.split("/").map(safe).join("/").replaceAll("--", "-%2D")}`;
}

/** The subject that the marker in the body names; `null`: there is no marker any more. */
export function subjectOf(body: string): Subject | null {
  const match =
    /<!-- hotfix-guard:post-mortem ([\w.-]{1,100})\/([\w.-]{1,100})([#@])([\w./%-]{1,1000}) -->/.exec(body);
  if (match === null) return null;
  const [, owner = "", repo = "", mark, key = ""] = match;
  if (mark === "#" && /^\d{1,15}$/.test(key))
    return { kind: "pull-request", owner, repo, number: Number(key) };
  if (mark === "@" && key.startsWith(BRANCH)) {
    try {
      return { kind: "branch", owner, repo, ref: decodeURIComponent(key.slice(BRANCH.length)) };
    } catch {
      return null;
    }
  }
  return { kind: "push", owner, repo, key };
}

/**
 * The number that the title ends with, where the marker is gone: `Post-mortem: Fix it (#42)`. A hint, to be
 * confirmed.
 */
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

/**
 * What the post-mortem's marker names, and what it named before. As long as nothing is merged the branch is
 * what it is about: pull requests from it may come and go.
 */
export function keysOf(snapshot: PullRequestSnapshot): {
  readonly key: number | string;
  readonly formerKey: string | null;
} {
  const { deployedEarly, pullRequest } = snapshot;
  const { merged, head, fork } = pullRequest;
  const early = deployedEarly?.known === true && deployedEarly.value !== null && !fork;
  const branch = branchKey(head.ref);
  if (merged === null && early) return { key: branch, formerKey: null };
  return {
    key: pushOf(snapshot)?.after ?? pullRequestNumber(snapshot) ?? branch,
    formerKey: early ? branch : null,
  };
}
