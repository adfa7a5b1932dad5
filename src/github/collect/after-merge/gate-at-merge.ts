import type { Fact } from "../../../policy/fact.ts";
import type { GitHubClient } from "../../client.ts";
import { PER_PAGE, read } from "../../read.ts";
import { count, list, type Repo, text } from "../answer.ts";
import { GATE_NAME } from "../gates.ts";

/**
 * What the app's own gate on the merged head said at the moment of the merge: its conclusion; `in_progress` where the newest run
 * was not complete by then; `null` where there was none. Runs that began after the merge say nothing about it. The app keeps
 * `completed_at` while a run's conclusion stays the same (`apply/check-run.ts`), so it is the time since when that conclusion stood.
 */
export function readGateAtMerge(
  { octokit, app }: GitHubClient,
  repo: Repo,
  headSha: string,
  mergedAt: string,
): Promise<Fact<string | null>> {
  return read(`the gate of ${headSha.slice(0, 7)} at the merge`, async () => {
    const { data } = await octokit.rest.checks.listForRef({
      ...repo,
      ref: headSha,
      check_name: GATE_NAME,
      app_id: app.id,
      filter: "all",
      per_page: PER_PAGE,
    });
    const merge = Date.parse(mergedAt);
    const [last] = list(data.check_runs)
      .filter((run) => run.name === GATE_NAME && Number(run.app?.id) === app.id)
      .map((run) => ({
        id: count(run.id),
        startedAt: Date.parse(text(run.started_at)),
        completedAt: run.completed_at === null ? null : Date.parse(text(run.completed_at)),
        conclusion: run.conclusion ?? null,
      }))
      .filter(({ startedAt }) => startedAt <= merge)
      .sort((a, b) => b.id - a.id);
    if (last === undefined) return null;
    const complete = last.completedAt !== null && last.completedAt <= merge;
    return complete ? (last.conclusion ?? "in_progress") : "in_progress";
  });
}
