import type { Action } from "../../policy/action.ts";
import { ActionFailed, type ApplyContext } from "./context.ts";
import { BODY_LIMIT } from "./cut.ts";

/**
 * Writes a body that was made from another. It is read right before, since GitHub has no conditional write:
 * what somebody has written meanwhile is not lost but for the moment between the two requests.
 */
export async function updateIssueBody(
  { client, repo }: ApplyContext,
  { number, from, body }: Extract<Action, { type: "update-issue-body" }>,
): Promise<void> {
  if (body.length > BODY_LIMIT) throw new ActionFailed("it would be longer than GitHub takes", false);
  const { issues } = client.octokit.rest;
  const { data } = await issues.get({ ...repo, issue_number: number });
  const there = normal(data.body ?? "");
  if (there === normal(body)) return;
  if (there !== normal(from)) throw new ActionFailed("someone has just changed it", true);
  await issues.update({ ...repo, issue_number: number, body });
}

/** Opens or closes an issue; one that is so already is fine. */
export async function setIssueState(
  { client, repo }: ApplyContext,
  { number, state }: Extract<Action, { type: "set-issue-state" }>,
): Promise<void> {
  await client.octokit.rest.issues.update({ ...repo, issue_number: number, state });
}

function normal(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
