import { dueDateOf } from "../text/due-date.ts";
import { actionItems } from "./action-items.ts";
import { sectionsOf } from "./body-sections.ts";
import { placeholdersIn } from "./placeholder.ts";

/** An action item that nobody has ticked. */
export interface OpenActionItem {
  /** As people wrote it: foreign text. */
  readonly text: string;
  /** The accounts that it mentions, without `@`. */
  readonly owners: readonly string[];
  /** The day that it is due, `2025-10-20`; `null`: none that can be read. */
  readonly due: string | null;
}

/** An account; what a slash follows is a team. */
const MENTION = /(?<![\p{L}\p{N}_./])@([A-Za-z0-9][A-Za-z0-9-]{0,38})(?![A-Za-z0-9-]*\/)/gu;
const MOST_TEXT = 2_000;

/**
 * The action items of a post-mortem that are still to be done: those with an empty box, or none. What nobody
 * has filled in is left out.
 */
export function openActionItems(body: string): readonly OpenActionItem[] {
  const sections = sectionsOf(body).filter(({ names }) => names.includes("Action Items"));
  return sections
    .flatMap(({ lines }) => actionItems(lines, true, false))
    .filter((text) => placeholdersIn(text).length === 0)
    .map((text) => ({
      text: text.slice(0, MOST_TEXT),
      owners: [...new Set([...text.slice(0, MOST_TEXT).matchAll(MENTION)].map(([, login = ""]) => login))],
      due: dueDateOf(text),
    }));
}

/** Is it past its day, everywhere on earth? */
export function isOverdue({ due }: OpenActionItem, now: Date): boolean {
  return due !== null && now.getTime() >= overdueFrom(due);
}

/** When a day is over everywhere on earth, in milliseconds. */
export function overdueFrom(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + 36 * 3_600_000;
}
