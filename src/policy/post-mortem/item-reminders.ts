import type { Fact } from "../fact.ts";
import type { Policy } from "../policy.ts";
import { instant } from "../time.ts";
import { type ActionIssues, issueIn } from "./action-items.ts";
import { digest } from "./body.ts";
import { openActionItems, overdueFrom } from "./open-items.ts";
import type { Notice } from "./reminders.ts";

/** An action item that is still to be done, with what the issue knows that it names. */
export interface DatedItem {
  /** As people wrote it: foreign text. */
  readonly text: string;
  /** Tells it from the others, whatever day it is due. */
  readonly key: string;
  /** Accounts that it mentions, else those assigned to the issue that it names: to be confirmed. */
  readonly owners: readonly string[];
  /** The day that it is due, `2025-10-20`. */
  readonly due: string;
  /** The issue of the same repository that it names; `null`: none. */
  readonly issue: number | null;
}

/** An action item of which people are to be reminded now. */
export interface ItemReminder {
  readonly item: DatedItem;
  /** The marker's key: item, day and which of its reminders. */
  readonly key: string;
  /** Milliseconds from now until its day begins; negative after that. */
  readonly left: number;
}

/** What decides which items people are reminded of; times are ISO 8601 in UTC. */
export interface ItemsInput {
  readonly items: readonly DatedItem[];
  readonly createdAt: string;
  /** When the post-mortem was closed for good; `null`: it is open. */
  readonly closedAt: string | null;
  readonly observedAt: string;
  readonly notices: readonly Notice[];
}

const DAY_MS = 24 * 3_600_000;
/** What was missed is made up for so long. */
const LATEST_MS = 7 * DAY_MS;
/** Closed post-mortems are known to the process so long after the last day of their items. */
const KEPT_MS = 30 * DAY_MS;
const MOST_ITEMS = 50;

/**
 * The items that have a day and are not done: ticked, struck through, "none", or kept as an issue that is
 * closed. What is not known of an issue closes none.
 */
export function datedItems(
  body: string,
  repository: string | null,
  issues: ActionIssues,
): readonly DatedItem[] {
  return openActionItems(body)
    .flatMap(({ text, owners, due }): DatedItem[] => {
      const issue = issueIn(text, repository);
      const kept = issue === null ? undefined : issues[issue];
      const named = kept?.known === true ? kept.value : null;
      const day = due ?? named?.due ?? null;
      if (day === null || named?.closed === true) return [];
      // The same item once an issue keeps it.
      const words = text.replace(/^#\d{1,10}\s+/, "");
      const key = digest(words.toLowerCase().replace(/\s+/g, " "));
      return [{ text, key, owners: owners.length > 0 ? owners : (named?.assignees ?? []), due: day, issue }];
    })
    .slice(0, MOST_ITEMS);
}

/**
 * The items to remind of now: of each the newest reminder whose time has come, unless it or a later one was
 * posted. What was missed is made up for a week; what came before the post-mortem was closed is not, where
 * the day itself is still to come.
 */
export function itemsDue(
  { items, createdAt, closedAt, observedAt, notices }: ItemsInput,
  policy: Policy,
): readonly ItemReminder[] {
  const now = instant(observedAt);
  const written = instant(closedAt ?? createdAt);
  const posted = notices.filter(({ kind }) => kind === "action-item");
  return items.flatMap((item): ItemReminder[] => {
    const due = remindersOf(item, policy).findLast(({ at }) => at <= now);
    if (due === undefined || now > due.at + LATEST_MS) return [];
    const left = startOf(item) - now;
    if (left > 0 && due.at <= written) return [];
    const own = `${item.key}/${item.due}/`;
    if (posted.some(({ key, at }) => key.startsWith(own) && (key === due.key || instant(at) >= due.at)))
      return [];
    return [{ item, key: due.key, left }];
  });
}

/**
 * When a post-mortem has to be looked at for its items although nothing changes, in milliseconds; `null`: no
 * more. Some time after the last day it is let go.
 */
export function nextItemAt(
  { items, observedAt }: Pick<ItemsInput, "items" | "observedAt">,
  policy: Policy,
): number | null {
  const now = instant(observedAt);
  if (policy.post_mortem.action_items.remind.length === 0) return null;
  const times = items.flatMap((item) => [
    ...remindersOf(item, policy).map(({ at }) => at),
    startOf(item) + KEPT_MS,
  ]);
  const later = times.filter((at) => at > now);
  return later.length === 0 ? null : Math.min(...later);
}

/** Since when each item is overdue, in milliseconds: for those who count. */
export function overdueTimes(items: readonly DatedItem[]): readonly number[] {
  return items.map(({ due }) => overdueFrom(due));
}

/**
 * May an item of a closed post-mortem be to remind of, as its body alone tells? `policy` is not known there:
 * up to a day more than a week around its day.
 */
export function mayHaveItemDue(body: string, now: Date): boolean {
  return datedItems(body, null, {}).some((item) => {
    const from = startOf(item);
    return now.getTime() >= from - LATEST_MS - DAY_MS && now.getTime() <= from + LATEST_MS + DAY_MS;
  });
}

/** Of people: who may be mentioned, told by the repository that the post-mortem is in. */
export type Assignable = Readonly<Record<string, Fact<boolean>>>;

function remindersOf(
  item: DatedItem,
  policy: Policy,
): readonly { readonly key: string; readonly at: number }[] {
  return [...new Set(policy.post_mortem.action_items.remind)]
    .toSorted((a, b) => b - a)
    .map((before) => ({
      key: `${item.key}/${item.due}/${before === 0 ? "due" : `before-${Math.round(before / 1000)}`}`,
      at: startOf(item) - before,
    }));
}

function startOf({ due }: DatedItem): number {
  return Date.parse(`${due}T00:00:00Z`);
}
