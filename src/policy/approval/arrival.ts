import { type Fact, known, unknown } from "../fact.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { instant, isAfter } from "../time.ts";
import type { ApprovalRefusal } from "./refusals.ts";

/** What an approval has to be strictly newer than, and the reason code for one that is not. */
export interface Threshold {
  readonly at: string;
  readonly refusal: Extract<
    ApprovalRefusal,
    | "before-head"
    | "before-reopening"
    | "before-base-change"
    | "before-change"
    | "before-severity-change"
    | "severity-off-record"
  >;
}

/** Of a merged pull request, only what happened up to the merge counts. */
export function until(snapshot: PullRequestSnapshot): (at: string) => boolean {
  const merged = snapshot.pullRequest.merged;
  return merged === null ? () => true : (at) => !isAfter(at, merged.at);
}

/**
 * When the head arrived, by GitHub's clock: the head branch's newest entry in the repository's activity,
 * whose `after` must be the head. Where that route cannot be had, the app's own record on the head's check
 * run, or now. Git's own dates prove nothing.
 */
function headArrival(snapshot: PullRequestSnapshot): Fact<string> {
  const { activity, firstSeenAt, pullRequest, observedAt } = snapshot;
  if (!activity.known) return activity;
  if (activity.value === null)
    return firstSeenAt.known ? known(firstSeenAt.value ?? observedAt) : firstSeenAt;
  const before = until(snapshot);
  const entries = activity.value.filter((entry) => before(entry.at));
  // A merged pull request's branch goes on living: it may be deleted or pushed to in the second of the merge.
  const newest =
    pullRequest.merged === null ? entries[0] : entries.find((entry) => entry.after === pullRequest.head.sha);
  return newest?.after === pullRequest.head.sha
    ? known(newest.at)
    : unknown("the push of the head is not in the repository's activity yet");
}

/**
 * The thresholds of section 5, rules 4 and 6: arrival of the head, creation, last reopening, last change of
 * base or of what would land.
 */
export function thresholds(snapshot: PullRequestSnapshot): Fact<readonly Threshold[]> {
  const { history, pullRequest, changedAt = known(null) } = snapshot;
  if (!history.known) return history;
  if (!changedAt.known) return changedAt;
  const arrival = headArrival(snapshot);
  if (!arrival.known) return arrival;
  const before = until(snapshot);
  const all: Threshold[] = [
    { at: arrival.value, refusal: "before-head" },
    { at: pullRequest.createdAt, refusal: "before-head" },
    ...history.value.headForcePushedAt.map((at) => ({ at, refusal: "before-head" as const })),
    ...history.value.reopenedAt.map((at) => ({ at, refusal: "before-reopening" as const })),
    ...history.value.baseChangedAt.map((at) => ({ at, refusal: "before-base-change" as const })),
    ...(changedAt.value === null ? [] : [{ at: changedAt.value, refusal: "before-change" as const }]),
  ];
  return known(all.filter(({ at }) => before(at)));
}

/**
 * Rule 5: changes of the severity label. What the app writes down by itself is none, as it is what the head's
 * commit says; but where only the description lands, that can change without a push, so the app setting
 * another severity than was on counts. A label that is renamed or deleted in the repository leaves no event:
 * it may have happened now.
 */
export function severityChanges(snapshot: PullRequestSnapshot): Fact<readonly Threshold[]> {
  if (!snapshot.history.known) return snapshot.history;
  const before = until(snapshot);
  const events = snapshot.history.value.labels.filter(
    ({ label, at }) => /^severity:/i.test(label) && before(at),
  );
  const changes = events.filter(({ byApp, label }, i) => {
    const former = events[i - 1];
    return !byApp || (former?.event === "labeled" && former.label.toLowerCase() !== label.toLowerCase());
  });
  const { pullRequest, observedAt } = snapshot;
  const last = events.at(-1);
  const isGone =
    pullRequest.merged === null &&
    last?.event === "labeled" &&
    !pullRequest.labels.some((on) => on.toLowerCase() === last.label.toLowerCase());
  return known([
    ...changes.map(({ at }) => ({ at, refusal: "before-severity-change" as const })),
    ...(isGone ? [{ at: observedAt, refusal: "severity-off-record" as const }] : []),
  ]);
}

/**
 * The first threshold that a word given at `at` is not strictly newer than, or `null`. Unreadable times stop
 * everything.
 */
export function notNewerThan(at: string, limits: readonly Threshold[]): Threshold["refusal"] | null {
  return limits.find((limit) => !(instant(at) > instant(limit.at)))?.refusal ?? null;
}
