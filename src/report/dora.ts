import type { HotfixRow } from "./row.ts";
import { type SpanSummary, spanSummary } from "./summary.ts";

/**
 * DORA's measures of instability, as far as hotfixes show them. Merged pull requests stand for deployments;
 * ratios are from 0 to 1; `null`: the number of merges is not known, or 0.
 */
export interface Dora {
  readonly changes: number | null;
  /**
   * Changes to production that failed and needed repair at once: each hotfix repairs one, and a hotfix that
   * was rolled back is one itself.
   */
  readonly change_failure_rate: number | null;
  /**
   * Seconds from the detection to the verification in production, else to the deployment, else to the merge.
   */
  readonly failed_deployment_recovery_time: SpanSummary;
  /** Unplanned changes because of an incident, of all changes. */
  readonly rework_rate: number | null;
}

/** Of these hotfixes among so many merged pull requests. */
export function doraOf(rows: readonly HotfixRow[], merged: number | null): Dora {
  const pushed = rows.filter(({ pullRequest }) => pullRequest === null).length;
  const changes = merged === null ? null : Math.max(rows.length, merged + pushed);
  const rate = (of: number) => (changes === null || changes === 0 ? null : Math.min(1, of / changes));
  const rolledBack = rows.filter((row) => row.rolledBack).length;
  return {
    changes,
    change_failure_rate: rate(rows.length + rolledBack),
    failed_deployment_recovery_time: spanSummary(rows.flatMap((row) => recovery(row) ?? [])),
    rework_rate: rate(rows.length),
  };
}

/** Seconds; `null`: it is not known when it began, or it is not in production yet. */
export function recovery({ at }: Pick<HotfixRow, "at">): number | null {
  const begin = at.detected ?? at.opened;
  const end = at.resolved ?? at.deployed ?? at.merged;
  if (begin === null || end === null) return null;
  const seconds = Math.round((Date.parse(end) - Date.parse(begin)) / 1000);
  return seconds >= 0 ? seconds : null;
}
