import type { Action, ActionIssueToOpen } from "../../policy/action.ts";
import { withLinks } from "../../policy/post-mortem/item-issues.ts";
import { count } from "../api/answer.ts";
import { describeFailure } from "../api/read.ts";
import { identityOf } from "../api/repositories.ts";
import { withMarker } from "./comments.ts";
import type { ApplyContext } from "./context.ts";
import { createOnce } from "./create-once.ts";
import { BODY_LIMIT, cut, cutLine, TITLE_LIMIT } from "./cut.ts";
import { updateIssueBody } from "./issue.ts";
import { ownIssues } from "./own-issues.ts";

type Opening = Extract<Action, { type: "open-action-issues" }>;

/**
 * Opens the issues of action items, each once: where an earlier try has opened one, that is found by its
 * marker and linked.
 */
export function openActionIssues(context: ApplyContext, action: Opening): Promise<void> {
  const { client, repo } = context;
  const { number, from, since, items } = action;
  return client.exclusively(`${identityOf(client, repo)}#${number} action items`, async () => {
    const opened: { line: number; number: number }[] = [];
    for (const item of items) {
      const { value, isNew } = await createOnce({
        create: async (once) => {
          const { data } = await client.octokit.rest.issues.create({
            ...repo,
            title: cutLine(item.title, TITLE_LIMIT),
            body: cut(withMarker(item.body, item.marker), BODY_LIMIT),
            assignees: [...item.assignees],
            ...once,
          });
          return { id: count(data.id), number: count(data.number) };
        },
        find: () => findOwn(context, item, since),
        pause: context.pause,
      });
      if (isNew) await attach(context, number, value.id);
      opened.push({ line: item.line, number: value.number });
    }
    const body = withLinks(from.replaceAll("\r\n", "\n"), opened);
    await updateIssueBody(context, { type: "update-issue-body", number, from, body });
  });
}

/** As a sub-issue. Where GitHub has none, or refuses it, the link in the list is what is left. */
async function attach({ client, repo }: ApplyContext, number: number, id: number): Promise<void> {
  try {
    await client.octokit.rest.issues.addSubIssue({ ...repo, issue_number: number, sub_issue_id: id });
  } catch (error) {
    const { status } = describeFailure(error);
    if (status === null || ![403, 404, 410, 422].includes(status)) throw error;
  }
}

async function findOwn({ client, repo }: ApplyContext, { marker }: ActionIssueToOpen, since: string) {
  const [own] = await ownIssues(client, repo, [marker], since);
  return own === undefined ? null : { id: count(own.id), number: count(own.number) };
}
