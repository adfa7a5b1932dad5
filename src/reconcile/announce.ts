import type { ApplyResult, PostMortem } from "../github/apply/apply.ts";
import type { PostMortemIssue } from "../github/collect/post-mortem/issue.ts";
import type { Action } from "../policy/action.ts";
import { POST_MORTEM_OVERDUE_LABEL, ROLLED_BACK_LABEL } from "../policy/labels.ts";
import type { AfterMerge } from "../policy/landing/after-merge.ts";
import { earlyOf } from "../policy/landing/early-deployment.ts";
import type { Policy } from "../policy/policy.ts";
import { firstThatCounts, type LateCommand } from "../policy/post-mortem/commands.ts";
import { completeText, laterText, mergedText, openedText } from "../render/gate/announcement.ts";
import { answerMarker } from "../render/gate/answers.ts";
import type { ReconcileContext } from "./context.ts";
import type { Judged } from "./evaluate/pull-request.ts";
import type { Incident } from "./incident.ts";

/**
 * What is told outside GitHub. GitHub is the only store, so each is told by whoever made the trace that it leaves there: the status comment, the
 * post-mortem, a label. At most once; where the process ends in between, not at all.
 */

/** A hotfix opened: its status comment is new. */
export function announceOpened(
  { announce }: ReconcileContext,
  { collected, verdict }: Judged,
  policy: Policy | null,
  { posted }: ApplyResult,
): void {
  if (announce === undefined || policy === null || verdict.kind !== "hotfix") return;
  if (!posted.some(({ type }) => type === "upsert-status-comment")) return;
  announce(openedText(collected.snapshot, verdict, policy));
}

/** A hotfix was merged, or deployed before that: its post-mortem is new. */
export function announceMerged(
  { announce }: ReconcileContext,
  { snapshot, verdict, policy }: Pick<Incident, "snapshot" | "verdict" | "policy">,
  postMortem: PostMortem | undefined,
  due: string,
): void {
  if (announce === undefined || postMortem?.created !== true) return;
  announce(mergedText(snapshot, verdict, policy, { url: postMortem.url, due }));
}

/** It was rolled back, or its post-mortem is overdue: the label is new. */
export function announceLater(
  { announce }: ReconcileContext,
  issue: PostMortemIssue,
  due: string,
  planned: readonly Action[],
  { failures }: ApplyResult,
): void {
  if (announce === undefined) return;
  for (const action of planned) {
    if (action.type !== "add-label" || failures.some((failure) => failure.action === action)) continue;
    const { title, url } = issue;
    if (action.label === ROLLED_BACK_LABEL) announce(laterText("rolled-back", { title, url, due }));
    if (action.label === POST_MORTEM_OVERDUE_LABEL) announce(laterText("overdue", { title, url, due }));
  }
}

/** It was verified, or its rollback asked for: the answer to the first such command is new. */
export function announceAnswered(
  { announce }: ReconcileContext,
  incident: Incident | null,
  commands: readonly LateCommand[],
  after: AfterMerge | null,
  postMortem: { readonly title: string; readonly url: string; readonly due: string },
  posted: readonly Action[],
): void {
  if (announce === undefined || incident === null) return;
  const isNew = (command: LateCommand | null): command is LateCommand =>
    command !== null &&
    posted.some(
      (action) => action.type === "post-answer" && action.marker === answerMarker(command.comment.id),
    );
  const verified = firstThatCounts(commands, "verified");
  if (isNew(verified))
    announce(
      completeText(incident.snapshot, incident.verdict, incident.policy, {
        verifiedAt: verified.comment.createdAt,
        deployedAt:
          earlyOf(incident.snapshot)?.at ??
          (after?.deployed.known ? (after.deployed.value?.at ?? null) : null),
        postMortem,
      }),
    );
  if (isNew(firstThatCounts(commands, "rollback"))) announce(laterText("rollback-asked", postMortem));
}
