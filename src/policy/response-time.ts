import { openingOf } from "./escalation.ts";
import type { Policy, Severity } from "./policy.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import { instant } from "./time.ts";

/**
 * The response time that the procedure promises for the severity: from the pull request's opening to the
 * merge.
 */
export interface ResponseTime {
  /** Milliseconds. */
  readonly within: number;
  /** ISO 8601, UTC, whole seconds. */
  readonly dueAt: string;
  readonly state: "running" | "met" | "missed";
}

/** `null`: none is promised. */
export function responseTime(
  snapshot: PullRequestSnapshot,
  severity: Severity | null,
  policy: Policy,
): ResponseTime | null {
  const within = severity === null ? null : policy.severities[severity].respond_within;
  const { pullRequest, observedAt } = snapshot;
  const start = instant(responseStart(snapshot, policy));
  if (within === null || Number.isNaN(start)) return null;
  const due = start + within;
  const end = instant(pullRequest.merged?.at ?? observedAt);
  const state = end > due ? "missed" : pullRequest.merged === null ? "running" : "met";
  return { within, dueAt: new Date(due).toISOString().replace(".000Z", "Z"), state };
}

/** Closing and reopening does not begin it anew. */
function responseStart({ history, ...rest }: PullRequestSnapshot, policy: Policy): string {
  const unopened = history.known
    ? { ...history, value: { ...history.value, reopenedAt: [], readyAt: [] } }
    : history;
  return openingOf({ ...rest, history: unopened }, policy);
}
