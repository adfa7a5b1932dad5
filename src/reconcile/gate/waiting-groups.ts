import { listMergeGroups } from "../../github/collect/git/merge-group.ts";
import type { WaitingGroup } from "../../plan/gate/waiting-group.ts";
import { type Fact, known } from "../../policy/fact.ts";
import type { Place } from "../context.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";

/**
 * A pull request in the merge queue that may not be merged any more: the groups that wait are evaluated anew,
 * since nothing else would tell them.
 */
export async function readWaitingGroups(
  { client, repo }: Place,
  { collected, verdict }: Evaluated,
): Promise<Fact<readonly WaitingGroup[]>> {
  const { pullRequest, history } = collected.snapshot;
  const mayPass = ["success", "neutral", "skipped"].includes(verdict.outcome);
  if (mayPass || !history.known || history.value.inMergeQueue !== true) return known([]);
  return listMergeGroups(client, repo, pullRequest.base.ref);
}
