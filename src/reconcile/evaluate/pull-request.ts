import { collectPullRequest } from "../../github/collect/collect.ts";
import { completePolicy, loadPolicy, validateConfigAt } from "../../github/collect/policy.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import { inSpan, spanOf } from "../../jobs/trace.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { asAtMerge } from "../../policy/landing/at-merge.ts";
import type { PolicyReading } from "../../policy/verdict.ts";
import type { Place } from "../context.ts";
import { rememberIssues } from "../gate/named-issues.ts";
import type { Evaluation } from "./evaluated.ts";
import { rememberFreeze, withFreeze } from "./freeze.ts";

export { type Evaluated, type Evaluation, isEvaluated } from "./evaluated.ts";

/** How a pull request is evaluated. */
export interface EvaluateOptions {
  /** Whatever its signs say now. */
  readonly asHotfix?: boolean;
  /** Another one than the repository's own, for a simulation. Must not reject. */
  readonly policy?: Promise<PolicyReading>;
  /** The caller looks, once the verdict is written, whether the configuration is there under both names. */
  readonly completesLater?: boolean;
  /** Is it looked for whether a hotfix freezes the base branch, where it is ordinary? By default it is. */
  readonly readsFreeze?: boolean;
  /** Nothing follows from the verdict: what is read for people alone is left out. */
  readonly verdictOnly?: boolean;
}

/**
 * Collects the facts of a pull request and evaluates them. Policy and pull request are read side by side.
 */
export async function evaluatePullRequest(
  { client, repo }: Place,
  number: number,
  hint: ReconcileHint,
  {
    asHotfix = false,
    policy: instead,
    completesLater = false,
    readsFreeze = true,
    verdictOnly = false,
  }: EvaluateOptions = {},
): Promise<Evaluation> {
  const collected = await inSpan("collect", { attributes: { "github.pull_request": number } }, () =>
    collectPullRequest(client, repo, number, {
      policy: instead ?? loadPolicy(client, repo, { later: completesLater }),
      ...(completesLater ? { completePolicy: (reading) => completePolicy(client, repo, reading) } : {}),
      hint,
      asHotfix,
      verdictOnly,
      validateConfigAt: (change) => validateConfigAt(client, repo, change),
    }),
  );
  if (collected.state !== "collected") return collected;
  const { proposedConfig, policy } = collected;
  const snapshot = asAtMerge(collected.snapshot, asHotfix);
  rememberIssues({ client, repo }, number, snapshot);
  const verdict = spanOf("evaluate", (span) => {
    const evaluated = evaluate(snapshot, policy, proposedConfig.known ? proposedConfig.value : null);
    span.setAttributes({ "hotfix.kind": evaluated.kind, "hotfix.outcome": evaluated.wouldBe });
    return evaluated;
  });
  const own = { number, collected: { ...collected, snapshot }, verdict, ...(asHotfix ? { asHotfix } : {}) };
  if (instead === undefined) rememberFreeze({ client, repo }, own);
  return readsFreeze ? withFreeze({ client, repo }, own, evaluateForFreeze) : own;

  function evaluateForFreeze(hotfix: number): Promise<Evaluation> {
    return evaluatePullRequest({ client, repo }, hotfix, {}, { readsFreeze: false });
  }
}
