import type { Action } from "../../policy/action.ts";
import type { Fact } from "../../policy/fact.ts";
import { ROLLED_BACK_LABEL } from "../../policy/labels.ts";
import type { Happening } from "../../policy/landing/after-merge.ts";
import type { LabelEvent } from "../../policy/snapshot/history.ts";
import { isAfter } from "../../policy/time.ts";

interface LabelledIssue {
  readonly number: number;
  readonly labels: readonly string[];
  /** Oldest first. */
  readonly labelEvents: readonly LabelEvent[];
}

/**
 * Sets the label on the post-mortem of a hotfix that is rolled back, and takes it off where it is not any
 * more. What people did with the label stays: set by hand for a rollback that git does not show, or taken off
 * on purpose.
 */
export function planRolledBackLabel(
  { number, labels, labelEvents }: LabelledIssue,
  rolledBack: Fact<Happening | null>,
): readonly Action[] {
  if (!rolledBack.known) return [];
  const isIt = (label: string): boolean => label.toLowerCase() === ROLLED_BACK_LABEL;
  const last = labelEvents.findLast(({ label }) => isIt(label));
  const on = labels.some(isIt);
  const { value: happening } = rolledBack;
  if (happening === null)
    return on && last?.byApp ? [{ type: "remove-label", number, label: ROLLED_BACK_LABEL }] : [];
  const takenOff = last?.event === "unlabeled" && !last.byApp && !isAfter(happening.at, last.at);
  return on || takenOff ? [] : [{ type: "add-label", number, label: ROLLED_BACK_LABEL }];
}
