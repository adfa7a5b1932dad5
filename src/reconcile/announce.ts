import type { ApplyResult, PostMortem } from "../github/apply/apply.ts";
import type { Policy } from "../policy/policy.ts";
import { mergedText, openedText } from "../render/gate/announcement.ts";
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
