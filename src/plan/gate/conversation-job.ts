import type { ReconcileHint } from "../../jobs/hint.ts";
import type { RepositoryKey } from "../../jobs/key.ts";
import type { Job } from "../../jobs/queue.ts";
import type { Action } from "../../policy/action.ts";
import type { Evaluated } from "../evaluated.ts";

/** It is in production already, or that could not be read: then there is a post-mortem to see to. */
export function mayBeDeployed({ collected: { snapshot } }: Evaluated): boolean {
  const { deployedEarly } = snapshot;
  return deployedEarly !== undefined && !(deployedEarly.known && deployedEarly.value === null);
}

/** Has people told what the verdict says; what only the check needs of the hint is left out. */
export function conversationJob(number: number, repository: RepositoryKey, hint: ReconcileHint): Job {
  const { rerequested: _, formerHeads: __, labeledBy: ___, labelsAndReviews: ____, ...rest } = hint;
  return { key: { ...repository, kind: "conversation", number }, hint: rest };
}

/** How soon people have to read the most urgent of these. */
export function importanceOf(actions: readonly Action[]): NonNullable<Job["importance"]> {
  const marked = (kind: RegExp) => actions.some((one) => one.type === "post-answer" && kind.test(one.marker));
  if (marked(/hotfix-guard:answer/)) return "answer";
  return actions.some(({ type }) => type === "post-answer" || type === "request-approval")
    ? "call"
    : "status";
}
