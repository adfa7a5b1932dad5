import { type Fact, mapFact } from "../fact.ts";
import { wentRound } from "../post-mortem/metrics.ts";
import { branchKey } from "../post-mortem/subject.ts";
import type { EarlyDeployment, PullRequestSnapshot } from "../snapshot.ts";

type Source = Pick<PullRequestSnapshot, "pullRequest" | "deployedEarly">;

/** The deployment that came before the merge, as far as it is known. */
export function earlyOf({ deployedEarly }: Pick<Source, "deployedEarly">): EarlyDeployment | null {
  return deployedEarly?.known ? deployedEarly.value : null;
}

/**
 * Since when the change is in production or on its way there: the merge, or a deployment before it. From then on there is to be learnt from
 * it, within `post_mortem.due`. `null`: it is only proposed.
 */
export function landedAt(snapshot: Source): string | null {
  return earlyOf(snapshot)?.at ?? snapshot.pullRequest.merged?.at ?? null;
}

/** Did it go to production past a gate that did not let it, or before there was one? */
export function wentRoundEarly({ gate }: EarlyDeployment): Fact<boolean> {
  return mapFact(gate, wentRound);
}

/** What the post-mortem's marker names, and what it named before. As long as nothing is merged the branch is what it is about: pull requests from it may come and go. */
export function keysOf({ pullRequest, push, deployedEarly }: PullRequestSnapshot): {
  readonly key: number | string;
  readonly formerKey: string | null;
} {
  const { merged, number, head, fork } = pullRequest;
  const early = deployedEarly?.known === true && deployedEarly.value !== null && !fork;
  const branch = branchKey(head.ref);
  if (merged === null && early) return { key: branch, formerKey: null };
  return { key: push?.after ?? number, formerKey: early ? branch : null };
}
