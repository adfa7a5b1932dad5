import type { WaitingRun } from "../../../policy/deployment/deployment-review.ts";
import { type Fact, mapFact } from "../../../policy/fact.ts";
import { count, list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read, readPages } from "../../api/read.ts";

/**
 * Workflow runs that wait at an environment for a custom protection rule (docs.github.com: "Creating custom
 * deployment protection rules", and `rest/actions/workflow-runs`). All of it needs `actions: read`; whoever
 * asks has made sure of that.
 */

/**
 * May the app see and answer waiting runs? GitHub asks both of a protection rule. Asks for nothing but what
 * the token says.
 */
export async function mayReviewDeployments(client: GitHubClient): Promise<boolean> {
  return (await client.permits("deployments", "write")) && (await client.permits("actions", "read"));
}

/** A run, and the environments that it waits at, each once; `null`: there is no such run. */
export interface WaitingRunReading {
  readonly run: WaitingRun;
  /** It is over, one way or the other. */
  readonly over: boolean;
  readonly environments: readonly string[];
}

/** A workflow run, and the environments it waits at; `null`: there is none of that id. */
export function readWaitingRun(
  { octokit }: GitHubClient,
  repo: Repo,
  id: number,
): Promise<Fact<WaitingRunReading | null>> {
  return read("the workflow run", async () => {
    const parameters = { ...repo, run_id: id };
    const [answer, pending] = await Promise.all([
      octokit.rest.actions.getWorkflowRun(parameters).catch(onStatus([404], null)),
      octokit.rest.actions.getPendingDeploymentsForRun(parameters).catch(onStatus([404], null)),
    ]);
    if (answer === null || pending === null) return null;
    const { data } = answer;
    const names = list(pending.data).map(({ environment }) => text(environment.name));
    return {
      over: data.status === "completed",
      environments: [...new Set(names)],
      run: {
        id: count(data.id),
        attempt: data.run_attempt ?? 1,
        event: text(data.event),
        headSha: text(data.head_sha),
        ref: data.head_branch ?? null,
        // Null once a fork is deleted, whatever the types say.
        headRepository: (data.head_repository as { full_name?: string } | null)?.full_name ?? null,
        pullRequests: (data.pull_requests ?? []).map(({ number }) => number),
      },
    };
  });
}

/**
 * A repository where so many runs wait at once has other worries; the others are found once these are
 * answered.
 */
const MAX_PAGES = 3;

/**
 * Runs that wait, of one commit or of all, oldest first. A run whose other jobs still work is not among them
 * yet.
 */
export function listWaitingRuns(
  { octokit }: GitHubClient,
  repo: Repo,
  headSha: string | null,
): Promise<Fact<readonly number[]>> {
  const runs = readPages(
    "the workflow runs that wait",
    async (page) => {
      const { data, headers } = await octokit.rest.actions.listWorkflowRunsForRepo({
        ...repo,
        status: "waiting",
        exclude_pull_requests: true,
        ...(headSha === null ? {} : { head_sha: headSha }),
        per_page: PER_PAGE,
        page,
      });
      return { data: list(data.workflow_runs), headers };
    },
    // Actions are switched off, or not for the app.
    { maxPages: MAX_PAGES, notFound: () => [], forbidden: () => [] },
  );
  return runs.then((fact) => mapFact(fact, (all) => all.map(({ id }) => count(id)).sort((a, b) => a - b)));
}

/** What was said about a run's environments so far, by people and by rules. */
export interface DeploymentReport {
  readonly state: string;
  readonly comment: string;
  readonly environments: readonly string[];
}

/**
 * The run's review history, where status reports are `pending` (OpenAPI description,
 * `environment-approvals`).
 */
export function readDeploymentReports(
  { octokit }: GitHubClient,
  repo: Repo,
  id: number,
): Promise<Fact<readonly DeploymentReport[]>> {
  return read("what was said about the deployment", async () => {
    const { data } = await octokit.rest.actions.getReviewsForRun({ ...repo, run_id: id });
    return list(data).map(({ state, comment, environments }) => ({
      state: text(state),
      comment: comment ?? "",
      environments: (environments ?? []).flatMap(({ name }) => name ?? []),
    }));
  });
}
