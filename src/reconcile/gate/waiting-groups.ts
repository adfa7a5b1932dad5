import { listMergeGroups } from "../../github/collect/git/merge-group.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import type { Judged } from "../evaluate/pull-request.ts";

/**
 * A pull request in the merge queue that may not be merged any more: the groups that wait are judged anew, since nothing else would tell
 * them. False: they could not be read.
 */
export async function judgeGroupsAgain(
  context: ReconcileContext,
  place: Place,
  { collected, verdict }: Judged,
): Promise<boolean> {
  const { pullRequest, history } = collected.snapshot;
  const mayPass = ["success", "neutral", "skipped"].includes(verdict.outcome);
  if (mayPass || !history.known || history.value.inMergeQueue !== true) return true;
  const groups = await listMergeGroups(place.client, place.repo, pullRequest.base.ref);
  if (!groups.known) return false;
  for (const group of groups.value)
    context.enqueue({ key: { ...keyOf(place), kind: "merge-group", ...group }, hint: {} });
  return true;
}
