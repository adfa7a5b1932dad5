import type { Action, DesiredCheck } from "../../policy/action.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Verdict } from "../../policy/verdict.ts";

/** The app's check run as it is on GitHub. */
export interface ExistingCheck {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly externalId: string | null;
}

/** Writes the check of a head, unless it is there already, to the letter. */
export function planCheck(
  headSha: string,
  desired: DesiredCheck,
  existing: readonly ExistingCheck[],
  rerequested = false,
): readonly Action[] {
  const latest = existing.reduce<ExistingCheck | null>((a, b) => (a === null || b.id > a.id ? b : a), null);
  const same =
    latest !== null &&
    latest.externalId === desired.externalId &&
    latest.status === desired.status &&
    latest.conclusion === desired.conclusion;
  return same && !rerequested ? [] : [{ type: "upsert-check-run", headSha, check: desired, rerequested }];
}

/**
 * Is a pull request of this verdict to have a check at all? With `report_on: hotfixes` others get none, but
 * one that is there is kept true.
 */
export function isReported(
  verdict: Verdict,
  policy: Policy | null,
  existing: readonly ExistingCheck[],
): boolean {
  return verdict.outcome !== "skipped" || policy?.report_on !== "hotfixes" || existing.length > 0;
}

/**
 * A green check on a head that is no pull request's head any more could be merged later: it is cancelled.
 * With `forget` every run is, so that the arrival that is recorded there counts no more.
 */
export function planCancellations(
  headSha: string,
  runs: readonly ExistingCheck[],
  reason: string,
  forget = false,
): readonly Action[] {
  return runs
    .filter(({ conclusion }) => conclusion === "success" || (forget && conclusion !== "cancelled"))
    .map((run) => ({ type: "cancel-check-run", headSha, checkRunId: run.id, reason, forget }));
}
