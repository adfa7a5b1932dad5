import type { PullRequestSnapshot } from "../snapshot.ts";
import { isAfter } from "../time.ts";

/**
 * The snapshot with labels and title as they were at the merge: what somebody changes after it does not change what was merged, nor whether it was
 * a hotfix, nor which severity it had to be approved for. Of an open pull request, or where the timeline could not be read, as it is.
 */
export function asAtMerge(snapshot: PullRequestSnapshot): PullRequestSnapshot {
  const { pullRequest, history } = snapshot;
  const { merged } = pullRequest;
  if (merged === null || !history.known) return snapshot;
  const later = history.value.labels.filter(({ at }) => isAfter(at, merged.at));
  const labels = new Map(pullRequest.labels.map((label) => [label.toLowerCase(), label]));
  for (const { event, label } of later.toReversed()) {
    if (event === "labeled") labels.delete(label.toLowerCase());
    else labels.set(label.toLowerCase(), label);
  }
  const title = history.value.renamed?.find(({ at }) => isAfter(at, merged.at))?.from ?? pullRequest.title;
  return { ...snapshot, pullRequest: { ...pullRequest, title, labels: [...labels.values()] } };
}
