import type { Action } from "../../policy/action.ts";
import { describeFailure } from "../api/read.ts";
import { readDeploymentReports } from "../collect/deployment/waiting-runs.ts";
import { ActionFailed, type ApplyContext } from "./context.ts";
import { ONCE } from "./create-once.ts";

/**
 * GitHub takes so many status reports on one deployment (docs.github.com, "Creating custom deployment
 * protection rules").
 */
const MOST_REPORTS = 10;

/**
 * Answers a waiting run at one environment, or only says something. What has been said there is not said
 * again. Answered already, answered elsewhere, or an environment that does not ask this app: GitHub refuses
 * it, and that is fine.
 */
export async function answerDeployment(
  context: ApplyContext,
  { run, environment, state, comment }: Extract<Action, { type: "answer-deployment" }>,
): Promise<void> {
  const { client, repo, log } = context;
  if (state === null && !(await isNew(context, run, environment, comment))) return;
  try {
    await client.octokit.rest.actions.reviewCustomGatesForRun({
      ...repo,
      run_id: run,
      environment_name: environment,
      comment,
      ...(state === null ? {} : { state }),
      ...ONCE,
    });
  } catch (error) {
    const { status, rateLimited } = describeFailure(error);
    if (rateLimited || status === null || ![404, 422].includes(status)) throw error;
    log.info({ ...repo, run, environment, status }, "the deployment does not wait for this answer");
  }
}

async function isNew(
  { client, repo }: ApplyContext,
  run: number,
  environment: string,
  comment: string,
): Promise<boolean> {
  const reports = await readDeploymentReports(client, repo, run);
  if (!reports.known) throw new ActionFailed(reports.reason, true);
  const here = reports.value.filter(
    ({ state, environments }) =>
      state === "pending" && environments.some((name) => name.toLowerCase() === environment.toLowerCase()),
  );
  return here.length < MOST_REPORTS && !here.some((one) => normal(one.comment) === normal(comment));
}

function normal(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}
