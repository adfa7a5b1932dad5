import type { Action } from "../../policy/action.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { LabelEvent } from "../../policy/snapshot/history.ts";
import { isMarkedUnread } from "../../render/post-mortem/opened-unread.ts";

interface LabelledIssue {
  readonly number: number;
  readonly body: string;
  readonly labels: readonly string[];
  readonly labelEvents: readonly LabelEvent[];
}

/**
 * Sets the severity's label on a post-mortem that was opened while GitHub could not be read in full. Where
 * there ever was one, people have the say.
 */
export function planSeverityLabel(
  { number, body, labels, labelEvents }: LabelledIssue,
  facts: PostMortemFacts | null,
): readonly Action[] {
  if (facts === null || !isMarkedUnread(body)) return [];
  if ([...labels, ...labelEvents.map(({ label }) => label)].some(isSeverity)) return [];
  return facts.labels.filter(isSeverity).map((label) => ({ type: "add-label", number, label }));
}

const isSeverity = (label: string): boolean => label.toLowerCase().startsWith("severity:");
