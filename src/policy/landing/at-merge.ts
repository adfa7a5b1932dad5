import { HOTFIX_LABEL } from "../labels.ts";
import type { History } from "../snapshot/history.ts";
import type { PullRequestFacts, PullRequestSnapshot } from "../snapshot.ts";
import { isAfter } from "../time.ts";

/**
 * The snapshot with labels and title as they were at the merge: what somebody changes after it does not
 * change what was merged, nor whether it was a hotfix, nor which severity it had to be approved for. Of an
 * open pull request, or where the timeline could not be read, as it is. `asHotfix`: whatever its signs say
 * now, with the label that makes it one.
 */
export function asAtMerge(snapshot: PullRequestSnapshot, asHotfix = false): PullRequestSnapshot {
  const { pullRequest, history } = snapshot;
  if (pullRequest.merged === null || !history.known) return snapshot;
  const { title, labels } = titleAndLabelsAt(pullRequest, history.value);
  const all = asHotfix ? [...labels, HOTFIX_LABEL] : labels;
  return { ...snapshot, pullRequest: { ...pullRequest, title, labels: all } };
}

/** Title and labels at the merge; of what is not merged, as they are. */
export function titleAndLabelsAt(
  { title: now, labels: on, merged }: Pick<PullRequestFacts, "title" | "labels" | "merged">,
  history: History,
): Pick<PullRequestFacts, "title" | "labels"> {
  if (merged === null) return { title: now, labels: on };
  const labels = new Map(on.map((label) => [label.toLowerCase(), label]));
  // The timeline has a label that was renamed under its old name: that this name was ever set, and when,
  // nothing says.
  if (!history.labels.some(({ label }) => label.toLowerCase() === HOTFIX_LABEL)) labels.delete(HOTFIX_LABEL);
  const later = history.labels.filter(({ at }) => isAfter(at, merged.at));
  for (const { event, label } of later.toReversed()) {
    if (event === "labeled") labels.delete(label.toLowerCase());
    else labels.set(label.toLowerCase(), label);
  }
  const title = history.renamed?.find(({ at }) => isAfter(at, merged.at))?.from ?? now;
  return { title, labels: [...labels.values()] };
}
