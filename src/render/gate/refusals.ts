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
    fix: "take the label off and set it again, or give an approving review",
  },
  "actor-gone": {
    found: "the account that gave it is gone",
    fix: "ask another eligible approver",
  },
  "not-a-person": {
    found: "it was given by a bot or an organization, and only people approve",
    fix: "a person who holds the role approves",
  },
  "not-in-role": {
    found: "this person doesn't hold the role now",
    fix: "somebody who holds the role approves, or the role in the configuration is changed",
  },
  "no-write-access": {
    found: "this account has no write access to the repository now",
    fix: "somebody who holds the role and has write access approves, or an administrator gives this person access",
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
    fix: "look at the current commits and approve again",
  },
  "before-reopening": {
    found: "it predates the reopening",
    fix: "approve again",
  },
  "before-base-change": {
    found: "it predates the change of base",
    fix: "look at the changes against the new base and approve again",
  },
  "before-change": {
    found: "what would land has changed since it was given, because the base branch moved",
    fix: "look at what would land now and approve again",
  },
  "before-severity-change": {
    found: "it predates the change of severity",
    fix: "approve again at the severity that holds now",
  },
  "severity-off-record": {
    found:
      "the severity label was renamed or deleted in the repository, so nobody can tell since when it holds",
    fix: "take the severity label off, set it again, then approve again",
  },
  "role-not-enough": {
    found: "it is valid, but this severity asks for another role",
    fix: "somebody who holds a role named above approves",
  },
};

/** What is said about a `/hotfix override` that does not count. */
const OVERRIDES: Record<OverrideRefusal, Message> = {
  "unknown-rule": {
    found: "there is no rule of this name",
    fix: "write the rule's name as it stands in the check's table",
  },
  "not-overridable": {
    found: "the rules severity and approval cannot be overridden",
    fix: "fix what the rule found",
  },
  "no-reason": {
    found: "it gives no reason",
    fix: "write a new comment with the reason after the rule's name",
  },
  edited: {
    found: "the comment was edited after it was written",
    fix: "write it again as a new comment",
  },
  "actor-gone": {
    found: "the account that wrote it is gone",
    fix: "somebody else who may override writes it",
  },
  "not-a-person": {
    found: "it was written by a bot or an organization, and only people override",
    fix: "a person who may override writes it",
  },
  "not-in-role": {
    found: "this person holds none of the roles that may override",
    fix: "ask somebody who holds one",
  },
  "no-write-access": {
    found: "this account has no write access to the repository now",
    fix: "ask somebody who holds a role that may override and has write access",
  },
  author: {
    found: "authors can't override rules for their own hotfix",
    fix: "ask somebody else who may override",
  },
  pusher: {
    found: "this person pushed the current commits",
    fix: "ask somebody else who may override",
  },
  contributor: {
    found: "this person wrote or co-wrote a commit of this hotfix",
    fix: "ask somebody else who may override",
  },
  "before-head": {
    found: "it predates the latest push",
    fix: "look at the current commits and write it again as a new comment",
  },
  "before-reopening": {
    found: "it predates the reopening",
    fix: "write it again as a new comment",
  },
  "before-base-change": {
    found: "it predates the change of base",
    fix: "look at the changes against the new base and write it again as a new comment",
  },
  "before-change": {
    found: "what would land has changed since it was written, because the base branch moved",
    fix: "look at what would land now and write it again as a new comment",
  },
  "before-severity-change": {
    found: "it predates the change of severity",
    fix: "write it again as a new comment",
  },
  "severity-off-record": {
    found:
      "the severity label was renamed or deleted in the repository, so nobody can tell since when it holds",
    fix: "take the severity label off, set it again, then write the override in a new comment",
  },
};

/** Why an approval does not count and what to do; for a code that is not known, the code itself. */
export function approvalRefusal(code: string): Message {
  const known = APPROVAL_REFUSALS.find((c) => c === code);
  return known === undefined ? { found: oneLine(code), fix: "" } : APPROVALS[known];
}

/** Why an override does not count and what to do. */
export function overrideRefusal(code: string): Message {
  const known = OVERRIDE_REFUSALS.find((c) => c === code);
  return known === undefined ? { found: oneLine(code), fix: "" } : OVERRIDES[known];
}
