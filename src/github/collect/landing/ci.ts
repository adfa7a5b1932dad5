import type { RestEndpointMethodTypes } from "@octokit/rest";
import { type Fact, known } from "../../../policy/fact.ts";
import { type CheckAttempt, type FailedCheck, failedChecks, isYoung } from "../../../policy/landing/ci.ts";
import { list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read, readPages } from "../../api/read.ts";

type RawRun = RestEndpointMethodTypes["checks"]["listForRef"]["response"]["data"]["check_runs"][number];

const FAILED = ["failure", "timed_out", "startup_failure", "error"];

/**
 * The checks of others that failed on the commit that landed; none once that is a day ago, without a request.
 * Commit statuses count where the app may read them.
 */
export async function readFailedChecks(
  client: GitHubClient,
  repo: Repo,
  { sha, landedAt, url }: { readonly sha: string; readonly landedAt: string; readonly url: string },
): Promise<Fact<readonly FailedCheck[]>> {
  if (!isYoung(landedAt, client.serverTime().getTime())) return known([]);
  const page = `${url}/commit/${sha}`;
  const [runs, statuses] = await Promise.all([
    readRuns(client, repo, sha, page),
    readStatuses(client, repo, sha, page),
  ]);
  if (!runs.known) return runs;
  if (!statuses.known) return statuses;
  return known(failedChecks([...runs.value, ...statuses.value], landedAt));
}

async function readRuns(
  { octokit, app }: GitHubClient,
  repo: Repo,
  sha: string,
  commitPage: string,
): Promise<Fact<readonly CheckAttempt[]>> {
  const runs = await readPages(`the checks of ${sha.slice(0, 7)}`, async (page) => {
    const { data, headers } = await octokit.rest.checks.listForRef({
      ...repo,
      ref: sha,
      filter: "all",
      per_page: PER_PAGE,
      page,
    });
    return { data: data.check_runs, headers };
  });
  if (!runs.known) return runs;
  const others = runs.value.filter((run) => Number(run.app?.id) !== app.id && run.status === "completed");
  return known(others.map((run) => toAttempt(run, commitPage)));
}

function toAttempt(run: RawRun, commitPage: string): CheckAttempt {
  // A link of ours leads nowhere but to this server.
  const own = new URL(commitPage).origin;
  const url = text(run.html_url ?? "");
  return {
    name: text(run.name),
    source: String(run.app?.id ?? ""),
    result: resultOf(run.conclusion ?? ""),
    at: text(run.completed_at ?? ""),
    url: url.startsWith(`${own}/`) ? url : commitPage,
  };
}

async function readStatuses(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  url: string,
): Promise<Fact<readonly CheckAttempt[]>> {
  if (!(await client.permits("statuses", "read"))) return known([]);
  return read("the statuses of the commit", async () => {
    const answer = await client.octokit.rest.repos
      .listCommitStatusesForRef({ ...repo, ref: sha, per_page: PER_PAGE })
      .catch(onStatus([403, 404], null));
    return list(answer?.data ?? []).map(({ context, state, created_at: at }) => ({
      name: text(context),
      source: "status",
      result: resultOf(text(state)),
      at: text(at),
      url,
    }));
  });
}

function resultOf(said: string): CheckAttempt["result"] {
  return said === "success" ? "passed" : FAILED.includes(said) ? "failed" : "other";
}
