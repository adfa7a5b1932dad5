import type { Action, IssueAsRead } from "../../policy/action.ts";
import { ActionFailed, type ApplyContext } from "./context.ts";
import { BODY_LIMIT } from "./cut.ts";

/**
 * Writes a body that was made from another. GitHub has no conditional write, and a write may wait for its
 * turn: the body is read once more when that has come, so what somebody has written meanwhile is not lost but
 * for the moment between the two requests.
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

/** Opens or closes an issue, unless it has changed since that was decided; one that is so already is fine. */
export async function setIssueState(
  context: ApplyContext,
  { number, state, from, reason }: Extract<Action, { type: "set-issue-state" }>,
): Promise<void> {
  const why = reason === undefined ? {} : { state_reason: reason };
  const before = async () => {
    if ((await requireAsRead(context, number, from, state)) === state) throw new SoAlready();
  };
  await context.client.octokit.rest.issues
    .update({ ...context.repo, issue_number: number, state, ...why, request: { before } })
    .catch((error: unknown) => {
      if (!(error instanceof SoAlready)) throw error;
    });
}

/**
 * Reads an issue when a write's turn has come, and rejects where it is no longer what the write was decided
 * from: somebody may have completed, closed or reopened it meanwhile. Resolves to its state; `wanted` is
 * fine.
 */
export async function requireAsRead(
  { client, repo }: ApplyContext,
  number: number,
  { state, bodies }: IssueAsRead,
  wanted: IssueAsRead["state"] = state,
): Promise<IssueAsRead["state"]> {
  const { data } = await client.octokit.rest.issues.get({ ...repo, issue_number: number });
  const there = data.state === "closed" ? "closed" : "open";
  if (there === wanted && wanted !== state) return there;
  if (there !== state || !bodies.some((body) => normal(body) === normal(data.body ?? "")))
    throw new ActionFailed("someone has just changed it", true);
  return there;
}

/** The write's turn has come, and nothing is left to be done. */
class SoAlready extends Error {}

function normal(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
