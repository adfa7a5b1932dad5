import type { Collected, CollectedPullRequest } from "../../github/collect/collected.ts";
import type { Verdict } from "../../policy/verdict.ts";

/** A pull request, read and evaluated. */
export interface Evaluated {
  readonly number: number;
  readonly collected: CollectedPullRequest;
  readonly verdict: Verdict;
  /** It is evaluated as a hotfix although it has no sign of one, since its head is a hotfix's. */
  readonly asHotfix?: true;
}

/** A pull request with its verdict, or why there is none. */
export type Evaluation = Evaluated | Exclude<Collected, CollectedPullRequest>;

/** Is there a verdict? */
export function isEvaluated(evaluation: Evaluation): evaluation is Evaluated {
  return "verdict" in evaluation;
}
