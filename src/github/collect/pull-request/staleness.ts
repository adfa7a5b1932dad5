import type { Fact } from "../../../policy/fact.ts";
import type { History } from "../../../policy/snapshot/history.ts";
import type { PullRequestFacts } from "../../../policy/snapshot.ts";
import type { EventHint } from "../hint.ts";

/**
 * For so long after a change GitHub's answers may contradict each other; later a contradiction has another
 * cause.
 */
const LAG_MS = 15_000;

/** Labels that decide something. */
const DECIDING = /^(?:hotfix$|severity:|approved:)/i;

/**
 * Is the pull request as read older than the event that asks for it, or do its labels and its timeline
 * contradict each other just after a change? Renamed and deleted labels contradict the timeline for good, so
 * this ends with time.
 */
export function isStale(
  pullRequest: PullRequestFacts,
  history: Fact<History>,
  hint: EventHint,
  now: Date,
): boolean {
  const updatedAt = Date.parse(pullRequest.updatedAt);
  if (hint.notBefore !== undefined && updatedAt < Date.parse(hint.notBefore)) return true;
  if (!history.known || pullRequest.merged !== null) return false;
  const contradicting = contradictions(pullRequest.labels, history.value);
  return contradicting.some((at) => now.getTime() - Math.max(updatedAt, at) < LAG_MS);
}

/** When each label that is on by one account and off by the other last changed; 0 where no event is there. */
function contradictions(labels: readonly string[], { labels: events }: History): readonly number[] {
  const last = new Map<string, { on: boolean; at: number }>();
  for (const { label, event, at } of events) {
    last.set(label.toLowerCase(), { on: event === "labeled", at: Date.parse(at) });
  }
  const on = new Set(labels.map((label) => label.toLowerCase()));
  const names = [...new Set([...on, ...last.keys()])].filter((name) => DECIDING.test(name));
  return names
    .filter((name) => on.has(name) !== (last.get(name)?.on ?? false))
    .map((name) => last.get(name)?.at ?? 0);
}
