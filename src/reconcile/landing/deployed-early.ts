import { decideDeployedEarly } from "../../plan/landing/decide.ts";
import { planHandOver } from "../../plan/landing/landing.ts";
import { earlyOf } from "../../policy/landing/early-deployment.ts";
import type { PostMortemOutcome } from "../../render/gate/status-comment-parts.ts";
import { carryOut } from "../carry-out.ts";
import type { ReconcileContext } from "../context.ts";
import type { Incident } from "../incident.ts";
import { issueKey, openPostMortem, readOpened, urlOf } from "../post-mortem/open.ts";
import type { RetryStep } from "../retry.ts";

/** What became of the post-mortem that an early deployment asks for. */
export interface EarlyPostMortem {
  /** `null`: there is none, and need not be one. */
  readonly postMortem: PostMortemOutcome | null;
  /** It has to be looked at again. */
  readonly again: boolean;
}

const NONE: EarlyPostMortem = { postMortem: null, again: false };

/**
 * A hotfix that went to production before it was merged is to be learnt from as of then: opens its
 * post-mortem, once, or has the one that is there brought up to date.
 */
export async function openForDeployment(
  context: ReconcileContext,
  incident: Omit<Incident, "pullRequest">,
  step: RetryStep,
): Promise<EarlyPostMortem> {
  const { place, snapshot, verdict } = incident;
  if (snapshot.deployedEarly?.known === false) return { ...NONE, again: true };
  const early = earlyOf(snapshot);
  if (early === null || verdict.kind !== "hotfix") return NONE;
  const opened = await readOpened(place, snapshot);
  if (!opened.known) return { ...NONE, again: true };
  if (opened.value !== null) {
    await carryOut(context, place, planHandOver(issueKey(place, opened.value)), step);
    const { repository, number } = opened.value;
    return { postMortem: { repository, number, url: urlOf(snapshot, opened.value) }, again: false };
  }
  const decision = decideDeployedEarly(incident, step.show);
  if (decision.do !== "open") return { ...NONE, again: decision.do === "again" };
  const { postMortem, problem, ...opening } = await openPostMortem(context, incident, decision.facts, step);
  const again = opening.again && step.afterMs !== null;
  if (postMortem === undefined) return { postMortem: { problem: problem ?? "" }, again };
  const message = "a hotfix was deployed before it was merged";
  const fields = { commit: early.sha, post_mortem: postMortem.number };
  const next = planHandOver(issueKey(place, postMortem), [{ level: "info", fields, message }]);
  await carryOut(context, place, next, step);
  return { postMortem, again };
}
