import type { ApplyResult } from "../github/apply/apply.ts";
import type { Policy } from "../policy/policy.ts";
import { voucherOf } from "../policy/vouching.ts";
import { openedText } from "../render/gate/announcement.ts";
import { enqueueAll, type Place, type ReconcileContext } from "./context.ts";
import type { Judged } from "./evaluate/pull-request.ts";
import { askEarlierHeads, OPENED, remember, toldOf } from "./gate/told.ts";

/**
 * What is told outside GitHub. GitHub is the only store, so each is told by whoever made the trace that it leaves there: the status comment, the
 * post-mortem, a label. At most once; where the process ends in between, not at all.
 */

/**
 * A hotfix opened: its status comment is new, and somebody with write access stands behind it; where that is not its author, as soon as one does.
 * Once in its life, whatever becomes of the comment.
 */
export async function announceOpened(
  context: ReconcileContext,
  place: Place,
  judged: Judged,
  policy: Policy | null,
  { posted }: ApplyResult,
): Promise<void> {
  const { collected, verdict, number } = judged;
  if (context.announce === undefined || policy === null || verdict.kind !== "hotfix") return;
  const voucher = voucherOf(collected.snapshot);
  if (!voucher.known || voucher.value === null) return;
  const isNew = posted.some(({ type }) => type === "upsert-status-comment");
  if (!isNew && voucher.value.how === "opened") return;
  if (toldOf(context, place, judged).has(OPENED)) return;
  if (!(await askEarlierHeads(context, place, judged)) || toldOf(context, place, judged).has(OPENED)) return;
  remember(context, place, number, [OPENED]);
  context.announce(openedText(collected.snapshot, verdict, policy));
  // So that it goes on record.
  enqueueAll(context, place, [judged]);
}
