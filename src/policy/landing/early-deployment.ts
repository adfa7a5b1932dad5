import { type Fact, mapFact } from "../fact.ts";
import type { EarlyDeployment, PullRequestSnapshot } from "../snapshot.ts";

type Source = Pick<PullRequestSnapshot, "pullRequest" | "deployedEarly">;

/** The deployment that came before the merge, as far as it is known. */
export function earlyOf({ deployedEarly }: Pick<Source, "deployedEarly">): EarlyDeployment | null {
  return deployedEarly?.known ? deployedEarly.value : null;
}

/**
 * Since when the change is in production or on its way there: the merge, or a deployment before it. From then
 * on there is to be learnt from it, within `post_mortem.due`. `null`: it is only proposed.
 */
export function landedAt(snapshot: Source): string | null {
  return earlyOf(snapshot)?.at ?? snapshot.pullRequest.merged?.at ?? null;
}

/** Did it go to production past a gate that did not let it, or before there was one? */
export function bypassedEarly({ gate }: EarlyDeployment): Fact<boolean> {
  return mapFact(gate, bypassed);
}

/**
 * Does the gate's conclusion at the merge say that the merge bypassed it? `neutral`: the app only observed.
 */
export function bypassed(gate: string | null): boolean {
  return gate !== "success" && gate !== "neutral" && gate !== "skipped";
}
