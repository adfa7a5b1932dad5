import { byKey } from "../../github/api/answer.ts";
import { peopleReader } from "../../github/collect/pull-request/people.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { spanOf } from "../../jobs/trace.ts";
import { tells } from "../../plan/gate/approval-requests.ts";
import { planConversation } from "../../plan/gate/conversation.ts";
import { isOff } from "../../policy/mode.ts";
import { voucherOf, vouchersNeeded } from "../../policy/vouching.ts";
import { carryOut } from "../carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import { type Evaluated, evaluatePullRequest, isEvaluated } from "../evaluate/pull-request.ts";
import { type EarlyPostMortem, openForDeployment } from "../landing/deployed-early.ts";
import { reconcileMerged } from "../landing/merged.ts";
import { believed, type RetryStep, retryLater, retryStep } from "../retry.ts";
import { takeHandedOver } from "./handed-over.ts";
import { askEarlierHeads, toldAbout, toldOf } from "./told.ts";

/**
 * Writes what people read on a pull request. It reads anew when its turn comes, unless the verdict was a
 * moment ago and nothing has happened since, so that of many changes in a row only the newest is written;
 * what people did meanwhile is in it.
 */
export async function reconcileConversation(
  context: ReconcileContext,
  place: Place,
  number: number,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const step = retryStep(attempt, context.retryTimes);
  const evaluated =
    (await takeHandedOver(place, number, hint, attempt)) ??
    (await evaluatePullRequest(place, number, believed(hint, attempt)));
  if (!isEvaluated(evaluated)) return evaluated.state === "gone" ? {} : retryLater(step);
  if (isOff(evaluated.collected.policy)) return {};
  const own = context.announce === undefined ? evaluated : await withVoucher(place, evaluated);
  const { merged, state } = own.collected.snapshot.pullRequest;
  if (merged !== null) return reconcileMerged(context, place, own, attempt);
  const early = await postMortemOf(context, place, own, step);
  if (state === "closed") return early.again ? retryLater(step) : {};
  const facts = {
    own,
    // Where that could not be read, the comment stays as it is for now.
    postMortem: early.again && step.show === "quiet" ? undefined : early.postMortem,
    announces: context.announce !== undefined,
    repository: keyOf(place),
    docsUrl: context.docsUrl,
    show: step.show,
  };
  const planWith = (keys: ReadonlySet<string> | null) =>
    spanOf("plan", () => planConversation({ ...facts, told: toldAbout(place, own, keys) }));
  let planned = planWith(toldOf(context, place, own));
  // Something is to be told: what earlier heads remember comes first.
  if (tells(planned))
    planned = planWith((await askEarlierHeads(context, place, own)) ? toldOf(context, place, own) : null);
  const { result } = await carryOut(context, place, planned, step);
  return early.again && result.retryAfterMs === undefined ? retryLater(step) : result;
}

/** A verdict that passes does not ask who stands behind it; whoever is told of it outside GitHub does. */
async function withVoucher({ client, repo }: Place, own: Evaluated): Promise<Evaluated> {
  const { snapshot, policy } = own.collected;
  if (own.verdict.kind !== "hotfix" || policy.state !== "valid" || voucherOf(snapshot).known) return own;
  const reader = peopleReader(client, repo);
  await reader.read(vouchersNeeded(snapshot, policy.policy));
  const people = byKey([...Object.entries(reader.people()), ...Object.entries(snapshot.people)]);
  return { ...own, collected: { ...own.collected, snapshot: { ...snapshot, people } } };
}

/** What went to production before it is merged has a post-mortem by now. */
function postMortemOf(
  context: ReconcileContext,
  place: Place,
  { collected: { snapshot, policy }, verdict }: Evaluated,
  step: RetryStep,
): Promise<EarlyPostMortem> {
  return policy.state === "valid"
    ? openForDeployment(context, { place, snapshot, verdict, policy: policy.policy }, step)
    : Promise.resolve({ postMortem: null, again: false });
}
