import type { RestEndpointMethodTypes } from "@octokit/rest";
import type { Fact } from "../../../policy/fact.ts";
import { instant } from "../../../policy/time.ts";
import { count, list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read } from "../../api/read.ts";
import { GATE_NAME, toGateRun } from "./gates.ts";

type RawRun = RestEndpointMethodTypes["checks"]["listForRef"]["response"]["data"]["check_runs"][number];

/**
 * What the app's own gate on a commit said at a moment: its conclusion; `in_progress` where it had not
 * finished; `null` where there was none.
 */
export function readGateAt(
  { octokit, app }: GitHubClient,
  repo: Repo,
  sha: string,
  at: string,
): Promise<Fact<string | null>> {
  return read(`what the gate of ${sha.slice(0, 7)} said`, async () => {
    const { data } = await octokit.rest.checks.listForRef({
      ...repo,
      ref: sha,
      check_name: GATE_NAME,
      app_id: app.id,
      filter: "all",
      per_page: PER_PAGE,
    });
    const own = list(data.check_runs).filter(
      (run) => run.name === GATE_NAME && Number(run.app?.id) === app.id,
    );
    return saidAt(own, at);
  });
}

/**
 * What gates of the app said at a moment, as `readGateAt`. A run is written over, so what it said before is
 * told by its record (`record.ts`); the app keeps `completed_at` while a run's conclusion stays the same
 * (`apply/check-run.ts`), so that is the time since when the conclusion stands.
 */
export function saidAt(runs: readonly RawRun[], at: string): string | null {
  const said = runs
    .toSorted((a, b) => count(a.id) - count(b.id))
    .flatMap((raw) => {
      const { conclusion, completedAt, record } = toGateRun(raw);
      return [
        { conclusion: "in_progress", at: text(raw.started_at) },
        ...record.said,
        ...(conclusion === null || completedAt === null ? [] : [{ conclusion, at: completedAt }]),
      ];
    });
  const before = said.filter((one) => instant(one.at) <= instant(at));
  // Sorting is stable: within a second a run's end comes after its beginning.
  return before.toSorted((a, b) => instant(a.at) - instant(b.at)).at(-1)?.conclusion ?? null;
}
