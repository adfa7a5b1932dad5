import type { RepositoryKey } from "../../jobs/key.ts";
import type { Job } from "../../jobs/queue.ts";
import { parseCommand } from "../../policy/command.ts";
import { subjectOf } from "../../policy/post-mortem/subject.ts";
import { sameName } from "../../policy/repository.ts";
import { at, numberAt, textAt } from "../payload.ts";
import { type Context, pullRequestJob } from "./context.ts";

/**
 * An issue of the app's is a post-mortem. Of others, what changes a link: one appears, goes, or is another
 * one now.
 */
export function ofIssue(context: Context): readonly Job[] {
  const { payload, action, repository } = context;
  if (!isOwnIssue(context))
    return ["edited", "unlabeled", "unlocked"].includes(action) ? [] : issueJob(repository, payload);
  // Bots that edit are answered when a person or the time asks for a look; what the app itself does is an
  // echo.
  const byBot = textAt(payload, "sender", "type") === "Bot";
  if (action === "opened" || (byBot && action !== "closed")) return [];
  const own = postMortemJob(repository, payload);
  if (repository === null || !["deleted", "transferred"].includes(action)) return own;
  // Where it is gone, people are told on the pull request that it is about.
  const subject = subjectOf(textAt(payload, "issue", "body") ?? "");
  if (subject?.kind !== "pull-request") return own;
  const { owner, repo } = subject;
  const place = sameName(subject, repository)
    ? repository
    : { installationId: repository.installationId, owner, repo };
  return [...own, ...pullRequestJob(place, subject.number, {})];
}

/** Not every payload names the app: a bot's issue with the marker is looked at, which tells whose it is. */
function isOwnIssue({ payload, appId }: Context): boolean {
  const issue = at(payload, "issue");
  const via = numberAt(issue, "performed_via_github_app", "id");
  if (via !== undefined) return via === appId;
  return (
    textAt(issue, "user", "type") === "Bot" &&
    ["post-mortem", "action-item-of"].some(
      (kind) => textAt(issue, "body")?.includes(`<!-- hotfix-guard:${kind}`) ?? false,
    )
  );
}

/**
 * A comment or a post-mortem that the app has created, and the job that looks at what it is about; `null`:
 * the event tells of something else.
 */
export function ownCreation(event: string, context: Context): (OwnCreated & { readonly job: Job }) | null {
  const { payload, action, appId, repository } = context;
  const what = event === "issues" ? "issue" : "comment";
  const it = at(payload, what);
  const [id, number] = [numberAt(it, "id"), numberAt(payload, "issue", "number")];
  const created = Date.parse(textAt(it, "created_at") ?? "");
  const isOne =
    (event === "issues" && action === "opened" && !isTransferred(payload)) ||
    (event === "issue_comment" && action === "created");
  if (!isOne || numberAt(it, "performed_via_github_app", "id") !== appId) return null;
  if (repository === null || id === undefined || number === undefined || Number.isNaN(created)) return null;
  const onPullRequest = what === "comment" && at(payload, "issue", "pull_request") !== undefined;
  const kind = onPullRequest ? "conversation" : "post-mortem";
  return { what, id, at: created, job: { key: { ...repository, kind, number }, hint: {}, background: true } };
}

/**
 * Opened here because somebody moved it here: GitHub names where it was (docs, webhook `issues`, `opened`).
 */
function isTransferred(payload: unknown): boolean {
  return at(payload, "changes", "old_issue") !== undefined;
}

/** As GitHub tells it; `at` in milliseconds. */
interface OwnCreated {
  readonly what: "comment" | "issue";
  readonly id: number;
  readonly at: number;
}

function issueJob(repository: RepositoryKey | null, payload: unknown): readonly Job[] {
  const number = numberAt(payload, "issue", "number");
  return repository === null || number === undefined
    ? []
    : [{ key: { ...repository, kind: "issue", number }, hint: {}, background: true }];
}

/** With the time that the issue had: an older read is stale. */
function postMortemJob(repository: RepositoryKey | null, payload: unknown): readonly Job[] {
  const number = numberAt(payload, "issue", "number");
  const notBefore = textAt(payload, "issue", "updated_at");
  return repository === null || number === undefined
    ? []
    : [
        {
          key: { ...repository, kind: "post-mortem", number },
          hint: notBefore === undefined ? {} : { notBefore },
        },
      ];
}

/** Commands, and what others did to the app's own comments; what the app itself writes is an echo. */
export function ofComment(context: Context): readonly Job[] {
  const { payload, action, appId, repository } = context;
  const onPullRequest = at(payload, "issue", "pull_request") !== undefined;
  if (!onPullRequest && !isOwnIssue(context)) return [];
  const ours = numberAt(payload, "comment", "performed_via_github_app", "id") === appId;
  const concerns = ours
    ? action !== "created" && textAt(payload, "sender", "type") !== "Bot"
    : action === "deleted" ||
      [at(payload, "comment", "body"), at(payload, "changes", "body", "from")].some(
        (body) => typeof body === "string" && parseCommand(body) !== null,
      );
  if (!concerns) return [];
  const number = numberAt(payload, "issue", "number");
  return onPullRequest ? pullRequestJob(repository, number, {}) : postMortemJob(repository, payload);
}
