import { planConversation } from "../../plan/gate/conversation.ts";
import type { Plan } from "../../plan/plan.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";
import type { RetryStep } from "../retry.ts";
import { toldAbout, toldOf } from "./told.ts";

/** What people would be told, from what the verdict knows. */
export function planTalk(
  context: ReconcileContext,
  place: Place,
  own: Evaluated,
  { show }: Pick<RetryStep, "show">,
): Plan {
  return planConversation({
    own,
    repository: keyOf(place),
    docsUrl: context.docsUrl,
    show,
    postMortem: null,
    told: toldAbout(place, own, toldOf(context, place, own)),
    announces: context.announce !== undefined,
  });
}
