import type { Action, IssueAsRead } from "../../policy/action.ts";
import { POST_MORTEM_OVERDUE_LABEL } from "../../policy/labels.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Life } from "../../policy/post-mortem/decide.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { managerRoles } from "../../policy/post-mortem/reminders.ts";
import { firstDeployment } from "../../policy/post-mortem/verification.ts";
import { instant } from "../../policy/time.ts";
import {
  type PostMortemNotice,
  renderLeftClosed,
  renderReminder,
  renderReopened,
  renderVerification,
} from "../../render/post-mortem/notices.ts";
import { managersOf, peopleOf } from "./called.ts";

/**
 * What is done at the issue itself: label, closing and reopening, who is told that it is not complete.
 * `body`: as the same plan writes it. All of it only as long as the issue is what it was decided from.
 */
export function planLife(
  issue: PostMortemIssue,
  life: Life,
  { due, body }: { readonly due: string; readonly body: string },
  policy: Policy,
): readonly Action[] {
  const { number } = issue;
  const from: IssueAsRead = { state: issue.state, bodies: [...new Set([issue.body, body])] };
  const closing: Action = { type: "set-issue-state", number, state: "closed", from };
  const told = [
    ...planReopening(issue, life, policy),
    ...planLeftClosed(issue, life, due, policy),
    ...planReminder(issue, life, due, policy),
  ];
  return [
    ...planOverdueLabel(number, life),
    ...(life.next.do === "close" ? [closing] : []),
    ...told.map((notice): Action => ({ type: "post-answer", number, ...notice, from })),
    ...(life.next.do === "reopen" ? [{ ...closing, state: "open" } as const] : []),
  ];
}

function planOverdueLabel(number: number, { overdueLabel }: Life): readonly Action[] {
  if (overdueLabel === null) return [];
  const type = overdueLabel === "add" ? "add-label" : "remove-label";
  return [{ type, number, label: POST_MORTEM_OVERDUE_LABEL }];
}

function planReopening(
  issue: PostMortemIssue,
  { next, missing }: Life,
  policy: Policy,
): readonly PostMortemNotice[] {
  if (next.do !== "reopen") return [];
  const overrideRoles = policy.overrides.roles;
  return [renderReopened(missing, next.closedAt, { by: closerOf(issue), overrideRoles })];
}

/** It is left closed unfinished: those who can act hear of it, once. */
function planLeftClosed(
  issue: PostMortemIssue,
  { next, missing, tellsLeft }: Life,
  due: string,
  policy: Policy,
): readonly PostMortemNotice[] {
  if (next.do !== "leave" || !tellsLeft) return [];
  const notice = renderLeftClosed(missing, next.closedAt, {
    by: closerOf(issue),
    due,
    againAt: new Date(next.againAt).toISOString(),
    calls: [...managersOf(policy, issue.repo.owner), ...peopleOf(issue.assignees)],
  });
  return [notice];
}

function planReminder(
  { repo, assignees }: PostMortemIssue,
  { reminder: due, missing }: Life,
  dueAt: string,
  policy: Policy,
): readonly PostMortemNotice[] {
  if (due === null) return [];
  const { reminder, escalates } = due;
  const notice = renderReminder(reminder, {
    due: dueAt,
    missing,
    calls: [...(escalates ? managersOf(policy, repo.owner) : []), ...peopleOf(assignees)],
    escalatedTo: escalates ? managerRoles(policy) : null,
  });
  return [notice];
}

function closerOf({ closings }: PostMortemIssue): string | null {
  return closings.at(-1)?.actor?.login ?? null;
}

/** The deployment is pending verification in production. */
export function planVerification(
  { number, assignees }: PostMortemIssue,
  { verification }: Life,
  facts: PostMortemFacts | null,
  now: string,
): readonly Action[] {
  const deployed = facts === null ? null : firstDeployment(facts);
  if (verification === null || facts === null || deployed === null) return [];
  const notice = renderVerification(verification, {
    deployed,
    since: instant(now) - instant(deployed.at),
    kinds: facts.checklists,
    calls: peopleOf(assignees),
  });
  return [{ type: "post-answer", number, ...notice }];
}
