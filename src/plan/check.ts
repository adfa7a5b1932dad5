import type { Action, DesiredCheck } from "../policy/action.ts";
import type { ApprovalReading } from "../policy/approval/reading.ts";
import type { Policy } from "../policy/policy.ts";
import type { Verdict } from "../policy/verdict.ts";

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

/**
 * Labels of an open hotfix: the severity is shown, approvals are on where they count and off where they do
 * not.
 */
export function planLabels(
  number: number,
  severityLabel: string | null,
  approval: ApprovalReading,
): readonly Action[] {
  const add = [...(severityLabel === null ? [] : [severityLabel]), ...approval.labelsToAdd];
  return [
    ...add.map((label): Action => ({ type: "add-label", number, label })),
    ...approval.labelsToRemove.map((label): Action => ({ type: "remove-label", number, label })),
  ];
}

/** Writes the status comment, unless it says the same already. */
export function planStatusComment(
  number: number,
  body: string,
  existing: { readonly id: number; readonly body: string } | null,
): readonly Action[] {
  // GitHub may give line ends back as CRLF.
  const normal = (text: string): string => text.replaceAll("\r\n", "\n").trim();
  if (existing !== null && normal(existing.body) === normal(body)) return [];
  return [{ type: "upsert-status-comment", number, commentId: existing?.id ?? null, body }];
}
