import type { Action } from "../../policy/action.ts";
import type { ApprovalReading } from "../../policy/approval/reading.ts";

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
