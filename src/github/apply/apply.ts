import { setTimeout as sleep } from "node:timers/promises";
import type { Action, LabelDefinition } from "../../policy/action.ts";
import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { describeFailure } from "../api/read.ts";
import { askToApprove } from "./ask.ts";
import { cancelCheckRun, upsertCheckRun } from "./check-run.ts";
import { postAnswer, upsertStatusComment } from "./comments.ts";
import { ActionFailed, type ApplyContext, type Log } from "./context.ts";
import { answerDeployment } from "./deployment-review.ts";
import { setIssueState, updateIssueBody } from "./issue.ts";
import { addLabel, ensureLabels, removeLabel } from "./labels.ts";
import { openPostMortem, type PostMortem } from "./post-mortem.ts";
import { recordPostMortem } from "./post-mortem-record.ts";
import { repeatCheckRuns } from "./repeat-check-runs.ts";

export type { Log } from "./context.ts";
export type { PostMortem } from "./post-mortem.ts";

export interface ApplyFailure {
  readonly action: Action;
  /** In plain words: "the status comment: GitHub answered 502". */
  readonly reason: string;
  /** It may go better later; otherwise a person has to do something first. */
  readonly retry: boolean;
}

export interface ApplyResult {
  /** What could not be done. Everything else is as it should be now. */
  readonly failures: readonly ApplyFailure[];
  /** One for each `open-post-mortem` that was done, also where the issue was there before. */
  readonly postMortems: readonly PostMortem[];
  /** Comments that were not there before, by the action that posted them: what is told elsewhere once is told with these. */
  readonly posted: readonly Action[];
}

/**
 * Makes GitHub as the actions say. Never rejects. The check run comes first, since it decides; one failure does not stop
 * the others, but a rate limit does. Every action may be applied again: what is done already is not done twice.
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
  const definitionOf = (name: string) =>
    definitions.get(name.toLowerCase()) ?? { name, color: "ededed", description: "" };
  const failures: ApplyFailure[] = [];
  const postMortems: PostMortem[] = [];
  const posted: Action[] = [];
  let limit: string | null = null;
  for (const action of inOrder(actions)) {
    if (limit !== null) {
      failures.push({ action, reason: `${nameOf(action)}: ${limit}`, retry: true });
      continue;
    }
    try {
      const done = await apply(context, action, definitionOf);
      if (done === "posted") posted.push(action);
      else if (done !== null) postMortems.push(done);
      log.info({ ...repo, action: action.type }, `applied: ${nameOf(action)}`);
    } catch (error) {
      const { reason, retry, rateLimited } = judged(error);
      if (rateLimited) limit = reason;
      failures.push({ action, reason: `${nameOf(action)}: ${reason}`, retry });
      log.warn({ ...repo, action: action.type, err: error }, `not applied: ${nameOf(action)}: ${reason}`);
    }
  }
  return { failures, postMortems, posted };
}

async function apply(
  context: ApplyContext,
  action: Action,
  definitionOf: (label: string) => LabelDefinition,
): Promise<PostMortem | "posted" | null> {
  switch (action.type) {
    case "upsert-check-run":
      await upsertCheckRun(context, action);
      return null;
    case "cancel-check-run":
      await cancelCheckRun(context, action);
      return null;
    case "repeat-check-runs":
      await repeatCheckRuns(context, action);
      return null;
    case "ensure-labels":
      await ensureLabels(context, action.labels);
      return null;
    case "add-label":
      await addLabel(context, action, definitionOf(action.label));
      return null;
    case "remove-label":
      await removeLabel(context, action);
      return null;
    case "upsert-status-comment":
      return (await upsertStatusComment(context, action)) ? "posted" : null;
    case "post-answer":
      return (await postAnswer(context, action)) ? "posted" : null;
    case "ask-to-approve":
      await askToApprove(context, action);
      return null;
    case "update-issue-body":
      await updateIssueBody(context, action);
      return null;
    case "set-issue-state":
      await setIssueState(context, action);
      return null;
    case "open-post-mortem":
      return await openPostMortem(context, action.issue, definitionOf);
    case "answer-deployment":
      await answerDeployment(context, action);
      return null;
    case "record-post-mortem":
      await recordPostMortem(context, action);
      return null;
  }
}

/**
 * Check runs, labels, comments, issues. Labels that nothing is waiting for come last: a repository's first hotfix makes a
 * dozen, at one a second.
 */
function inOrder(actions: readonly Action[]): readonly Action[] {
  const of = (...types: readonly Action["type"][]) => actions.filter(({ type }) => types.includes(type));
  const wanted = new Set(
    actions
      .flatMap((action) =>
        action.type === "add-label"
          ? [action.label]
          : action.type === "open-post-mortem"
            ? action.issue.labels
            : [],
      )
      .map((name) => name.toLowerCase()),
  );
  const ensure = (soon: boolean) =>
    actions.flatMap((action): Action[] => {
      if (action.type !== "ensure-labels") return [];
      const labels = action.labels.filter(({ name }) => wanted.has(name.toLowerCase()) === soon);
      return labels.length === 0 ? [] : [{ ...action, labels }];
    });
  return [
    ...of("upsert-check-run"),
    ...of("cancel-check-run"),
    ...of("repeat-check-runs"),
    ...of("answer-deployment"),
    ...ensure(true),
    ...of("remove-label", "add-label"),
    ...of("upsert-status-comment", "post-answer"),
    ...of("ask-to-approve"),
    ...of("update-issue-body"),
    ...of("set-issue-state"),
    ...of("open-post-mortem"),
    ...of("record-post-mortem"),
    ...ensure(false),
  ];
}

function nameOf(action: Action): string {
  switch (action.type) {
    case "upsert-check-run":
      return `the check run of ${action.headSha.slice(0, 7)}`;
    case "cancel-check-run":
      return `cancelling the check run of ${action.headSha.slice(0, 7)}`;
    case "repeat-check-runs":
      return `the answer to a re-run on ${action.headSha.slice(0, 7)}`;
    case "ensure-labels":
      return "the repository's labels";
    case "add-label":
      return `setting the label ${action.label}`;
    case "remove-label":
      return `taking off the label ${action.label}`;
    case "upsert-status-comment":
      return "the status comment";
    case "post-answer":
      return "an answer or a notice";
    case "ask-to-approve":
      return "asking for an approval";
    case "update-issue-body":
      return "the post-mortem's body";
    case "set-issue-state":
      return action.state === "open" ? "opening the post-mortem again" : "closing the post-mortem";
    case "open-post-mortem":
      return "the post-mortem issue";
    case "answer-deployment":
      return "the answer to a deployment";
    case "record-post-mortem":
      return `the record of the post-mortem on ${action.sha.slice(0, 7)}`;
  }
}

/** Refusals that time does not mend. */
const FINAL = [400, 403, 404, 410, 422];

function judged(error: unknown): { reason: string; retry: boolean; rateLimited: boolean } {
  if (error instanceof ActionFailed) return { reason: error.message, retry: error.retry, rateLimited: false };
  const { status, reason, rateLimited } = describeFailure(error);
  return { reason, rateLimited, retry: rateLimited || status === null || !FINAL.includes(status) };
}
