import type { Act } from "./act.ts";
import * as conversation from "./conversation.ts";
import * as directly from "./directly.ts";
import * as pulls from "./pulls.ts";

/** Everything that a visitor can do by hand, by the name in the form's address. */
export const ACTS: Readonly<Record<string, Act>> = {
  comment: conversation.comment,
  review: conversation.review,
  "add-label": conversation.addLabel,
  "remove-label": conversation.removeLabel,
  "close-issue": conversation.closeIssue,
  "reopen-issue": conversation.reopenIssue,
  "edit-issue": conversation.editIssue,
  rerun: conversation.rerun,
  push: pulls.push,
  "open-pull": pulls.openPull,
  merge: pulls.merge,
  "close-pull": pulls.closePull,
  "reopen-pull": pulls.reopenPull,
  revert: pulls.revert,
  "merge-directly": directly.mergeDirectly,
  "push-directly": directly.pushDirectly,
  "revert-directly": directly.revertDirectly,
  wait: directly.wait,
};
