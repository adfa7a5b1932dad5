import type { Action } from "../../policy/action.ts";
import { list } from "../api/answer.ts";
import { PER_PAGE } from "../api/read.ts";
import { GATE_NAME } from "../collect/check/gates.ts";
import { forgetRecentGates } from "../collect/check/recent.ts";
import { RECORD_NAME } from "../collect/post-mortem/record.ts";
import { lock } from "./check-run.ts";
import type { ApplyContext } from "./context.ts";

/**
 * Answers "Re-run" where there is nothing to decide anew. GitHub has set the suite back to `queued` and waits
 * for its app to write the runs (docs, REST, "Rerequest a check run"): each is written as it is, with the
 * time since when its conclusion stands, which is what later tells what the gate said at the merge. A gate
 * without a conclusion is left to whoever evaluates it.
 */
export function repeatCheckRuns(
  { client, repo }: ApplyContext,
  { headSha, gate }: Extract<Action, { type: "repeat-check-runs" }>,
): Promise<void> {
  return client.exclusively(lock({ client, repo }, headSha), async () => {
    const { checks } = client.octokit.rest;
    const { data } = await checks.listForRef({
      ...repo,
      ref: headSha,
      app_id: client.app.id,
      filter: "latest",
      per_page: PER_PAGE,
    });
    for (const run of list(data.check_runs)) {
      const isRecord = run.name === RECORD_NAME;
      if (Number(run.app?.id) !== client.app.id || !(isRecord || (gate && run.name === GATE_NAME))) continue;
      const conclusion = run.conclusion ?? (isRecord ? "neutral" : null);
      if (conclusion === null) continue;
      await checks
        .update({
          ...repo,
          check_run_id: run.id,
          status: "completed",
          conclusion,
          ...(run.completed_at ? { completed_at: run.completed_at } : {}),
        })
        .finally(() => forgetRecentGates(client, repo, headSha));
    }
  });
}
