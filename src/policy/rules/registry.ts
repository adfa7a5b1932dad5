import type { RuleId } from "../policy.ts";
import { COMMON_MESSAGES, type Message, type Rule } from "../rule.ts";
import { approval } from "./approval.ts";
import { approvedBy } from "./approved-by.ts";
import { baseBranch } from "./base-branch.ts";
import { branchFreshness } from "./branch-freshness.ts";
import { branchName } from "./branch-name.ts";
import { checklist } from "./checklist.ts";
import { commitMessage } from "./commit-message.ts";
import { dependencyChanges } from "./dependency-changes.ts";
import { diffSize } from "./diff-size.ts";
import { hotfixComment } from "./hotfix-comment.ts";
import { linkedIssue } from "./linked-issue.ts";
import { review } from "./review.ts";
import { scope } from "./scope.ts";
import { severity } from "./severity.ts";
import { stagingTested } from "./staging-tested.ts";

/**
 * The fifteen rules, in the order in which they are shown (that of `RULE_IDS`). A rule's options are of the
 * type that its own schema gives; `policy.rules[id].options` was parsed by that schema, so what is passed to
 * `check` fits.
 */
export const RULES: readonly Rule<unknown>[] = [
  branchName,
  baseBranch,
  branchFreshness,
  commitMessage,
  severity,
  linkedIssue,
  approval,
  approvedBy,
  review,
  diffSize,
  scope,
  dependencyChanges,
  hotfixComment,
  stagingTested,
  checklist,
];

const byId = new Map(RULES.map((rule) => [rule.meta.id, rule]));

/** The rule of that id. Every id has one (test/rules-parity.test.ts). */
export function ruleById(id: RuleId): Rule<unknown> {
  const rule = byId.get(id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return rule;
}

/** What is shown for a reason code of a rule, its own or one that all rules have. */
export function messageOf(id: RuleId, code: string): Message {
  const message = ruleById(id).meta.messages[code] ?? COMMON_MESSAGES[code];
  if (message === undefined) throw new Error(`the rule ${id} has no message ${code}`);
  return message;
}
