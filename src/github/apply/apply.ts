import { setTimeout as sleep } from "node:timers/promises";
import type { Action } from "../../policy/action.ts";
import { labelDefinition } from "../../policy/labels.ts";
import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { describeFailure } from "../api/read.ts";
import { applyAction, inOrder, isAlone, nameOf } from "./actions.ts";
import { ActionFailed, type ApplyContext, type Log } from "./context.ts";
import type { PostMortem } from "./post-mortem.ts";

export type { Log } from "./context.ts";
export type { PostMortem } from "./post-mortem.ts";

/** One action that could not be done, and what follows from that. */
export interface ApplyFailure {
  readonly action: Action;
  /** In plain words: "the status comment: GitHub answered 502". */
  readonly reason: string;
  /** It may go better later; otherwise a person has to do something first. */
  readonly retry: boolean;
  /** GitHub's rate limit, or the app's own: it goes on once that is free again. */
  readonly rateLimited: boolean;
}

/** What became of a list of actions. */
export interface ApplyResult {
  /** What could not be done. Everything else is as it should be now. */
  readonly failures: readonly ApplyFailure[];
  /** One for each `open-post-mortem` that was done, also where the issue was there before. */
  readonly postMortems: readonly PostMortem[];
  /**
   * Comments that were not there before, by the action that posted them: what is told elsewhere once is told
   * with these.
   */
  readonly posted: readonly Action[];
}

/**
 * Makes GitHub as the actions say. Never rejects. What decides comes first, one after the other; then what
 * people read, side by side, so that a write that hangs holds up nothing but itself. One failure does not
 * stop the others, but a rate limit does. Every action may be applied again: what is done already is not done
 * twice.
 */
export async function applyActions(
  client: GitHubClient,
  repo: Repo,
  actions: readonly Action[],
  log: Log,
  { pause = (ms: number): Promise<void> => sleep(ms) } = {},
): Promise<ApplyResult> {
  const context: ApplyContext = { client, repo, log, pause };
  const definitions = new Map(
    actions
      .flatMap((action) => (action.type === "ensure-labels" ? action.labels : []))
      .map((label) => [label.name.toLowerCase(), label]),
  );
  const definitionOf = (name: string) => definitions.get(name.toLowerCase()) ?? labelDefinition(name);
  const failures: ApplyFailure[] = [];
  const postMortems: PostMortem[] = [];
  const posted: Action[] = [];
  let limit: string | null = null;

  async function one(action: Action): Promise<void> {
    const name = nameOf(action);
    if (limit !== null) {
      failures.push({ action, reason: `${name}: ${limit}`, retry: true, rateLimited: true });
      return;
    }
    try {
      const done = await applyAction(context, action, definitionOf);
      if (done.postMortem !== undefined) postMortems.push(done.postMortem);
      if (done.posted) posted.push(action);
      log.info({ ...repo, action: action.type }, `applied: ${name}`);
    } catch (error) {
      const { reason, retry, rateLimited } = evaluated(error);
      if (rateLimited) limit = reason;
      failures.push({ action, reason: `${name}: ${reason}`, retry, rateLimited });
      log.warn({ ...repo, action: action.type, err: error }, `not applied: ${name}: ${reason}`);
    }
  }

  let sideBySide: Promise<void>[] = [];
  for (const action of inOrder(actions)) {
    if (isAlone(action)) {
      await Promise.all(sideBySide);
      sideBySide = [];
      await one(action);
    } else {
      sideBySide.push(one(action));
    }
  }
  await Promise.all(sideBySide);
  return { failures, postMortems, posted };
}

/** Refusals that time does not fix. */
const FINAL = [400, 403, 404, 410, 422];

function evaluated(error: unknown): { reason: string; retry: boolean; rateLimited: boolean } {
  if (error instanceof ActionFailed) return { reason: error.message, retry: error.retry, rateLimited: false };
  const { status, reason, rateLimited } = describeFailure(error);
  return { reason, rateLimited, retry: rateLimited || status === null || !FINAL.includes(status) };
}
