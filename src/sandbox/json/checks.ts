import type { CheckRunState, CheckSuiteState, JsonObject, RepoState } from "../state.ts";
import type { World } from "../world.ts";
import { appJson, repositoryJson } from "./basic.ts";
import { hookCommitJson } from "./commits.ts";
import { repoHtml, repoUrl } from "./issues.ts";

/** Open pull requests whose head this is. Those from forks are left out, as GitHub leaves them out. */
function pullsOf(world: World, repo: RepoState, sha: string): JsonObject[] {
  return [...repo.issues.values()]
    .filter(
      (issue) => issue.pull?.headSha === sha && issue.state === "open" && issue.pull.headRepo === repo.id,
    )
    .map((issue) => ({
      url: `${repoUrl(world, repo)}/pulls/${issue.number}`,
      id: issue.id,
      number: issue.number,
      head: {
        ref: issue.pull?.headRef ?? "",
        sha,
        repo: { id: repo.id, url: repoUrl(world, repo), name: repo.name },
      },
      base: {
        ref: issue.pull?.baseRef ?? "",
        sha: issue.pull?.baseSha ?? "",
        repo: { id: repo.id, url: repoUrl(world, repo), name: repo.name },
      },
    }));
}

/** A check run as the API has it. */
export function checkRunJson(world: World, repo: RepoState, run: CheckRunState): JsonObject {
  const url = `${repoUrl(world, repo)}/check-runs/${run.id}`;
  const html = `${repoHtml(world, repo)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: `CR_${run.id}`,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite },
    app: appJson(world, run.appId),
    pull_requests: pullsOf(world, repo, run.headSha),
  };
}

const bad = ["failure", "timed_out", "action_required", "cancelled", "stale", "startup_failure"];

/** Runs of a commit, only the latest of each name and app where `latest`. Oldest first. */
export function runsOf(repo: RepoState, sha: string, latest: boolean): CheckRunState[] {
  const runs = repo.runs.filter((run) => run.headSha === sha);
  return latest
    ? runs.filter(
        (run) =>
          !runs.some((other) => other.id > run.id && other.name === run.name && other.appId === run.appId),
      )
    : runs;
}

/** A check suite as the API has it. */
export async function checkSuiteJson(
  world: World,
  repo: RepoState,
  suite: CheckSuiteState,
): Promise<JsonObject> {
  const runs = runsOf(repo, suite.headSha, true).filter((run) => run.suite === suite.id);
  const done = runs.length > 0 && runs.every((run) => run.status === "completed");
  const url = `${repoUrl(world, repo)}/check-suites/${suite.id}`;
  return {
    id: suite.id,
    node_id: `CS_${suite.id}`,
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: done ? "completed" : runs.length > 0 ? "in_progress" : "queued",
    conclusion: done
      ? (runs.find((run) => bad.includes(run.conclusion ?? ""))?.conclusion ?? "success")
      : null,
    url,
    before: repo.git.commit(suite.headSha).parents[0] ?? "0".repeat(40),
    after: suite.headSha,
    pull_requests: pullsOf(world, repo, suite.headSha),
    app: appJson(world, suite.appId),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
    head_commit: hookCommitJson(world, repo, suite.headSha),
    repository: repositoryJson(world, repo),
  };
}
