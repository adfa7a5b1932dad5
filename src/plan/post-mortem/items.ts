import type { Action } from "../../policy/action.ts";
import type { Life } from "../../policy/post-mortem/decide.ts";
import { actionIssueMarker, type ItemToOpen, itemsToOpen } from "../../policy/post-mortem/item-issues.ts";
import {
  datedItems,
  type ItemReminder,
  itemsDue,
  nextItemAt,
  overdueTimes,
} from "../../policy/post-mortem/item-reminders.ts";
import { noticesIn } from "../../policy/post-mortem/subject.ts";
import { fullName } from "../../policy/repository.ts";
import { renderActionIssue } from "../../render/post-mortem/action-issue.ts";
import { renderItemsDue } from "../../render/post-mortem/notices.ts";
import { eachOnce, type Mentions, peopleOf } from "./called.ts";
import type { PostMortemInput } from "./input.ts";

/** What is done about the action items of a post-mortem, open or closed. */
export interface ItemsPlan {
  readonly actions: readonly Action[];
  /** When it is to be looked at again for them, in milliseconds; `null`: no more. */
  readonly nextAt: number | null;
  /** Since when each open one is overdue, in milliseconds. */
  readonly overdueAt: readonly number[];
  /** Whom to call could not be read: to be tried again. */
  readonly unread: readonly string[];
}

/**
 * Reminds of the items that are due, all in one comment. `body`: as the same plan writes it. Not as long as
 * the post-mortem is about to be reopened, or what became of it could not be read.
 */
export function planItems(input: PostMortemInput, next: Life["next"], body: string): ItemsPlan {
  const { issue, policy, observedAt } = input;
  const { repository, issues } = issue.actionIssues ?? { repository: fullName(issue.repo), issues: {} };
  const items = datedItems(body, repository, issues);
  const later = { nextAt: nextItemAt({ items, observedAt }, policy), overdueAt: overdueTimes(items) };
  const due = ["reopen", "wait"].includes(next.do)
    ? []
    : itemsDue(
        {
          items,
          createdAt: issue.createdAt,
          closedAt: closedAtOf(issue),
          observedAt,
          notices: noticesIn(issue.comments),
        },
        policy,
      );
  const unread = due.flatMap(({ item }) => unreadOf(item, input));
  if (due.length === 0 || unread.length > 0) return { ...later, actions: [], unread };
  const notice = renderItemsDue(due.map((reminder) => ({ reminder, calls: callsOf(reminder, input) })));
  const from = { state: issue.state, bodies: [...new Set([issue.body, body])] };
  return { ...later, unread, actions: [{ type: "post-answer", number: issue.number, ...notice, from }] };
}

/**
 * Items that are to become issues, once the post-mortem is closed and complete, and its body is as it is to
 * be.
 */
export function planActionIssues(
  { issue, policy, assignable }: PostMortemInput,
  next: Life["next"],
  written: string,
): readonly Action[] {
  const { number, url, body, createdAt } = issue;
  const isOver = next.do === "finish" && next.end.complete;
  if (!policy.post_mortem.action_items.as_issues || !isOver || written !== body.replaceAll("\r\n", "\n"))
    return [];
  const open = itemsToBeOpened(issue);
  const unread = open.some(({ item }) =>
    item.owners.some((login) => !assignable?.[login.toLowerCase()]?.known),
  );
  if (open.length === 0 || unread) return [];
  const items = open.map(({ item, line }) => {
    const marker = actionIssueMarker(fullName(issue.repo), number, item.key);
    const assignees = item.owners.filter((login) => {
      const may = assignable?.[login.toLowerCase()];
      return may?.known === true && may.value;
    });
    return {
      line,
      marker,
      ...renderActionIssue(item, { number, url }, marker),
      assignees: assignees.slice(0, 10),
    };
  });
  return [{ type: "open-action-issues", number, from: body, since: createdAt, items }];
}

/** What of a post-mortem may become issues. */
export function itemsToBeOpened({
  body,
  repo,
  actionIssues,
}: PostMortemInput["issue"]): readonly ItemToOpen[] {
  const { repository, issues } = actionIssues ?? { repository: fullName(repo), issues: {} };
  return itemsToOpen(body, datedItems(body, repository, issues), repository);
}

/** When it was closed; `null`: it is open. */
export function closedAtOf({ state, closings }: PostMortemInput["issue"]): string | null {
  return state === "closed" ? (closings.at(-1)?.at ?? null) : null;
}

function unreadOf(
  { owners, issue }: ItemReminder["item"],
  { assignable, issue: { actionIssues } }: PostMortemInput,
): readonly string[] {
  const facts = [
    ...owners.map((login) => assignable?.[login.toLowerCase()]),
    issue === null ? undefined : actionIssues?.issues[issue],
  ];
  return facts.flatMap((fact) => (fact === undefined || fact.known ? [] : [fact.reason]));
}

/**
 * Its owners, of whom only those are called who can be assigned in the post-mortem's repository: what is
 * written there cannot call anybody else. Where nobody is left, the post-mortem's assignees.
 */
function callsOf({ item }: ItemReminder, { assignable, issue }: PostMortemInput): Mentions {
  const owners = item.owners.filter((login) => {
    const may = assignable?.[login.toLowerCase()];
    return may?.known === true && may.value;
  });
  return eachOnce(peopleOf(owners.length > 0 ? owners : issue.assignees));
}
