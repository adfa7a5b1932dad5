import type { Action } from "../../policy/action.ts";
import { ActionFailed, type ApplyContext } from "./context.ts";
import { BODY_LIMIT } from "./cut.ts";

/**
 * Writes a body that was made from another. GitHub has no conditional write, and a write may wait for its turn: the body is read once more
 * when that has come, so what somebody has written meanwhile is not lost but for the moment between the two requests.
 */
export async function updateIssueBody(
  { client, repo }: ApplyContext,
  { number, from, body }: Extract<Action, { type: "update-issue-body" }>,
): Promise<void> {
  if (body.length > BODY_LIMIT) throw new ActionFailed("it would be longer than GitHub takes", false);
  const { issues } = client.octokit.rest;
  const read = async () => {
    const { data } = await issues.get({ ...repo, issue_number: number });
    return normal(data.body ?? "");
  };
  const require = (there: string) => {
    if (there !== normal(from)) throw new ActionFailed("someone has just changed it", true);
  };
  const there = await read();
  if (there === normal(body)) return;
  require(there);
  const before = async () => require(await read());
  await issues.update({ ...repo, issue_number: number, body, request: { before } });
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
