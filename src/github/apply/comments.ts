import type { Action, IssueAsRead } from "../../policy/action.ts";
import { isApp, toAccount } from "../api/account.ts";
import { count, onStatus } from "../api/answer.ts";
import { remembered } from "../api/memory.ts";
import { allPages, describeFailure, PER_PAGE } from "../api/read.ts";
import { identityOf } from "../api/repositories.ts";
import type { ApplyContext } from "./context.ts";
import { createOnce } from "./create-once.ts";
import { BODY_LIMIT, cut } from "./cut.ts";
import { requireAsRead } from "./issue.ts";

/** The ids of comments, by the lock under which they are posted. */
const postedOf = remembered<number>("comments just posted");

interface Comment {
  readonly id: number;
  readonly body: string;
}

/**
 * Updates the app's status comment; where there is none, or it was deleted, makes one. Resolves to whether it
 * is new.
 */
export async function upsertStatusComment(
  context: ApplyContext,
  { number, commentId, body }: Extract<Action, { type: "upsert-status-comment" }>,
): Promise<boolean> {
  const text = cut(body, BODY_LIMIT);
  if (commentId !== null && (await updated(context, commentId, text))) return false;
  // A look-up that was too old to show the comment must not make a second one.
  const marker = /<!-- hotfix-guard:status[^<>\n]{0,200} -->/.exec(text)?.[0] ?? text;
  const there = await postOnce(context, number, marker, text);
  if (there !== null && normal(there.body) !== normal(text)) await updated(context, there.id, text);
  return there === null;
}

/**
 * Answers once: an answer of the app with this marker that is there already is left as it is. Resolves to
 * whether it is new.
 */
export async function postAnswer(
  context: ApplyContext,
  { number, marker, body, from }: Extract<Action, { type: "post-answer" }>,
): Promise<boolean> {
  const text = cut(withMarker(body, marker), BODY_LIMIT);
  return (await postOnce(context, number, marker, text, from)) === null;
}

/** Deletes one of the app's comments; one that is gone is fine. */
export async function deleteComment(
  { client, repo }: ApplyContext,
  { commentId }: Extract<Action, { type: "delete-comment" }>,
): Promise<void> {
  await client.octokit.rest.issues
    .deleteComment({ ...repo, comment_id: commentId })
    .catch(onStatus([404, 410], null));
}

/** The body with the marker in it, by which the app finds it again. */
export function withMarker(body: string, marker: string): string {
  return body.includes(marker) ? body : `${body}\n\n${marker}`;
}

/** The comment that was there before; `null`: none, it is posted now. */
function postOnce(
  context: ApplyContext,
  number: number,
  marker: string,
  body: string,
  from?: IssueAsRead,
): Promise<Comment | null> {
  const { client, repo, pause } = context;
  const key = `${identityOf(client, repo)}#${number} ${marker}`;
  return client.exclusively(key, async () => {
    const { value, isNew } = await createOnce({
      create: async (once) => {
        const parameters = { ...repo, issue_number: number, body, ...once };
        const { data } = await client.octokit.rest.issues.createComment(parameters);
        return { id: count(data.id), body };
      },
      find: async () => (await findOwn(context, number, marker)) ?? stillThere(context, key),
      pause,
      ...(from === undefined
        ? {}
        : { require: async () => void (await requireAsRead(context, number, from)) }),
    });
    postedOf(client).set(key, value.id);
    return isNew ? null : value;
  });
}

/** One that was posted a moment ago and is in no list yet; `null`: there is none, or it was deleted. */
async function stillThere({ client, repo }: ApplyContext, key: string): Promise<Comment | null> {
  const id = postedOf(client).get(key);
  if (id === undefined) return null;
  const there = await client.octokit.rest.issues
    .getComment({ ...repo, comment_id: id })
    .catch(onStatus([404, 410], null));
  return there === null ? null : { id, body: there.data.body ?? "" };
}

/** False: the comment is gone. */
async function updated({ client, repo }: ApplyContext, id: number, body: string): Promise<boolean> {
  try {
    await client.octokit.rest.issues.updateComment({ ...repo, comment_id: id, body });
    return true;
  } catch (error) {
    if (describeFailure(error).status === 404) return false;
    throw error;
  }
}

/** The oldest comment that the app itself wrote with that marker. */
async function findOwn(
  { client, repo }: ApplyContext,
  number: number,
  marker: string,
): Promise<Comment | null> {
  const comments = await allPages((page) =>
    client.octokit.rest.issues.listComments({ ...repo, issue_number: number, per_page: PER_PAGE, page }),
  );
  const own = comments.find(
    ({ user, performed_via_github_app: via, body }) =>
      isApp(toAccount(user), via, client.app) && (body ?? "").includes(marker),
  );
  return own === undefined ? null : { id: own.id, body: own.body ?? "" };
}

function normal(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}
