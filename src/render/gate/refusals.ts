import {
  APPROVAL_REFUSALS,
  type ApprovalRefusal,
  OVERRIDE_REFUSALS,
  type OverrideRefusal,
} from "../../policy/approval/refusals.ts";
import type { Message } from "../../policy/rule.ts";
import { oneLine } from "../text/neutralize.ts";

/** What is said about approvals that do not count. The line it stands in names the person and the role. */
const APPROVALS: Record<ApprovalRefusal, Message> = {
  "no-provenance": {
    found: "GitHub has no record of who set this label",
    fix: "set the label again, or approve in a review",
  },
  "actor-gone": {
    found: "the account that gave it is gone",
    fix: "ask another eligible approver",
  },
  "not-a-person": {
    found: "it was given by a bot or an organization, and only people approve",
    fix: "ask another eligible approver",
  },
  "not-in-role": {
    found: "this person doesn't hold the role now",
    fix: "ask another eligible approver, or add this person to the role",
  },
  "no-write-access": {
    found: "this account has no write access",
    fix: "ask another eligible approver, or have an administrator give this person write access",
  },
  author: {
    found: "authors can't approve their own hotfix",
    fix: "ask another eligible approver",
  },
  pusher: {
    found: "this person pushed the current commits",
    fix: "ask another eligible approver",
  },
  contributor: {
    found: "this person wrote or co-wrote a commit of this hotfix",
    fix: "ask another eligible approver",
  },
  "before-head": {
    found: "it predates the latest push",
    fix: "review the current commits and approve again",
  },
  "before-reopening": {
    found: "it predates the reopening",
    fix: "approve again",
  },
  "before-base-change": {
    found: "it predates the change of the base branch",
    fix: "review the changes against the new base and approve again",
  },
  "before-change": {
    found: "what would be merged has changed since, because the base branch moved",
    fix: "review the current diff and approve again",
  },
  "before-severity-change": {
    found: "it predates the severity change",
    fix: "approve again at the current severity",
  },
  "severity-off-record": {
    found: "the severity label was renamed or deleted in the repository, so its age is unknown",
    fix: "remove the severity label, set it again, then approve again",
  },
  "role-not-enough": {
    found: "it is valid, but this severity needs another role",
    fix: "ask someone with one of the roles above",
  },
};

/** What is said about a `/hotfix override` that is not counted. */
const OVERRIDES: Record<OverrideRefusal, Message> = {
  "unknown-rule": {
    found: "there is no rule with this name",
    fix: "use the rule's name from the check's table",
  },
  "not-overridable": {
    found: "the rules severity and approval cannot be overridden",
    fix: "fix what the rule found",
  },
  "no-reason": {
    found: "it gives no reason",
    fix: "comment again, with a reason after the rule's name",
  },
  edited: {
    found: "the comment was edited",
    fix: "post it again as a new comment",
  },
  "actor-gone": {
    found: "the account that wrote it is gone",
    fix: "ask someone else who may override",
  },
  "not-a-person": {
    found: "only people can override, not bots or organizations",
    fix: "ask someone who may override",
  },
  "not-in-role": {
    found: "this person has none of the roles that may override",
    fix: "ask someone who has one",
  },
  "no-write-access": {
    found: "this account has no write access",
    fix: "ask someone who may override and has write access",
  },
  author: {
    found: "authors can't override rules for their own hotfix",
    fix: "ask someone else who may override",
  },
  pusher: {
    found: "this person pushed the current commits",
    fix: "ask someone else who may override",
  },
  contributor: {
    found: "this person wrote or co-wrote a commit of this hotfix",
    fix: "ask someone else who may override",
  },
  "before-head": {
    found: "it predates the latest push",
    fix: "review the current commits and post it again as a new comment",
  },
  "before-reopening": {
    found: "it predates the reopening",
    fix: "post it again as a new comment",
  },
  "before-base-change": {
    found: "it predates the change of the base branch",
    fix: "review the changes against the new base and post it again as a new comment",
  },
  "before-change": {
    found: "what would be merged has changed since, because the base branch moved",
    fix: "review the current diff and post it again as a new comment",
  },
  "before-severity-change": {
    found: "it predates the severity change",
    fix: "post it again as a new comment",
  },
  "severity-off-record": {
    found: "the severity label was renamed or deleted in the repository, so its age is unknown",
    fix: "remove the severity label, set it again, then override in a new comment",
  },
};

/** Why an approval is not counted and what to do; for a code that is not known, the code itself. */
export function approvalRefusal(code: string): Message {
  const known = APPROVAL_REFUSALS.find((c) => c === code);
  return known === undefined ? { found: oneLine(code), fix: "" } : APPROVALS[known];
}

/** Why an override is not counted and what to do. */
export function overrideRefusal(code: string): Message {
  const known = OVERRIDE_REFUSALS.find((c) => c === code);
  return known === undefined ? { found: oneLine(code), fix: "" } : OVERRIDES[known];
}
