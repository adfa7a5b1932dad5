import type { Action } from "../../policy/action.ts";
import { POST_MORTEM_OVERDUE_LABEL } from "../../policy/labels.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Life } from "../../policy/post-mortem/decide.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { managerRoles } from "../../policy/post-mortem/reminders.ts";
import { firstDeployment } from "../../policy/post-mortem/verification.ts";
import { instant } from "../../policy/time.ts";
import {
  renderLeftClosed,
  renderReminder,
  renderReopened,
  renderVerification,
} from "../../render/post-mortem/notices.ts";
import { managersOf, peopleOf } from "./called.ts";

/** What is done at the issue itself: label, closing and reopening, who is told that it is not complete. */
export function planLife(issue: PostMortemIssue, life: Life, due: string, policy: Policy): readonly Action[] {
  const { number } = issue;
  return [
    ...planOverdueLabel(number, life),
    ...(life.next.do === "close" ? [{ type: "set-issue-state", number, state: "closed" } as const] : []),
    ...planReopening(issue, life, policy),
    ...planLeftClosed(issue, life, due, policy),
    ...planReminder(issue, life, due, policy),
  ];
}

function planOverdueLabel(number: number, { overdueLabel }: Life): readonly Action[] {
  if (overdueLabel === null) return [];
  const type = overdueLabel === "add" ? "add-label" : "remove-label";
  return [{ type, number, label: POST_MORTEM_OVERDUE_LABEL }];
}

function planReopening(issue: PostMortemIssue, { next, missing }: Life, policy: Policy): readonly Action[] {
  if (next.do !== "reopen") return [];
  const { number } = issue;
  const overrideRoles = policy.overrides.roles;
  const notice = renderReopened(missing, next.closedAt, { by: closerOf(issue), overrideRoles });
  return [
    { type: "post-answer", number, ...notice },
    { type: "set-issue-state", number, state: "open" },
  ];
}

/** It is left closed unfinished: those who can act hear of it, once. */
function planLeftClosed(
  issue: PostMortemIssue,
  { next, missing, tellsLeft }: Life,
  due: string,
  policy: Policy,
): readonly Action[] {
  if (next.do !== "leave" || !tellsLeft) return [];
  const notice = renderLeftClosed(missing, next.closedAt, {
    by: closerOf(issue),
    due,
    againAt: new Date(next.againAt).toISOString(),
    calls: [...managersOf(policy, issue.repo.owner), ...peopleOf(issue.assignees)],
  });
  return [{ type: "post-answer", number: issue.number, ...notice }];
}

function planReminder(
  { number, repo, assignees }: PostMortemIssue,
  { reminder: due, missing }: Life,
  dueAt: string,
  policy: Policy,
): readonly Action[] {
  if (due === null) return [];
  const { reminder, escalates } = due;
  const notice = renderReminder(reminder, {
    due: dueAt,
    missing,
    calls: [...(escalates ? managersOf(policy, repo.owner) : []), ...peopleOf(assignees)],
    escalatedTo: escalates ? managerRoles(policy) : null,
  });
  return [{ type: "post-answer", number, ...notice }];
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
