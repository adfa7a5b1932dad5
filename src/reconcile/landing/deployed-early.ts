import { earlyOf } from "../../policy/landing/early-deployment.ts";
import { postMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { PostMortemOutcome } from "../../render/gate/status-comment-parts.ts";
import { announceMerged } from "../announce.ts";
import type { ReconcileContext } from "../context.ts";
import type { Incident } from "../incident.ts";
import { handOver, openPostMortem, readOpened, urlOf } from "../post-mortem/open.ts";
import type { RetryStep } from "../retry.ts";

/** What was deployed longer ago gets no post-mortem any more: the app came too late, or was not there yet. */
const RECENT_MS = 7 * 24 * 3_600_000;

export interface EarlyPostMortem {
  /** `null`: there is none, and need not be one. */
  readonly postMortem: PostMortemOutcome | null;
  /** It has to be looked at again. */
  readonly again: boolean;
}

const NONE: EarlyPostMortem = { postMortem: null, again: false };

/**
 * A hotfix that went to production before it was merged is to be learnt from as of then: opens its post-mortem, once, or has the one that is there
 * brought up to date.
 */
export async function openForDeployment(
  context: ReconcileContext,
  incident: Omit<Incident, "pullRequest">,
  step: RetryStep,
): Promise<EarlyPostMortem> {
  const { place, snapshot, verdict, policy } = incident;
  if (snapshot.deployedEarly?.known === false) return { ...NONE, again: true };
  const early = earlyOf(snapshot);
  if (early === null || verdict.kind !== "hotfix") return NONE;
  const opened = await readOpened(place, snapshot);
  if (!opened.known) return { ...NONE, again: true };
  if (opened.value !== null) {
    handOver(context, place, opened.value);
    const { repository, number } = opened.value;
    return { postMortem: { repository, number, url: urlOf(snapshot, opened.value) }, again: false };
  }
  if (Date.parse(snapshot.observedAt) - Date.parse(early.at) > RECENT_MS) return NONE;
  // What is read late would be missing in the text for good.
  if ((verdict.unknowns.length > 0 || !early.gate.known) && step.show === "quiet")
    return { ...NONE, again: true };
  const facts = postMortemFacts(snapshot, verdict, policy);
  if (facts === null) return NONE;
  const { postMortem, failure } = await openPostMortem(context, { place, policy, snapshot }, facts);
  announceMerged(context, { snapshot, verdict, policy }, postMortem, facts.due);
  const again = failure?.retry === true && step.afterMs !== null;
  if (postMortem === undefined)
    return { postMortem: { problem: failure?.reason ?? "it could not be opened" }, again };
  context.log.info(
    { ...place.repo, commit: early.sha, post_mortem: postMortem.number },
    "a hotfix was deployed before it was merged",
  );
  handOver(context, place, postMortem);
  return { postMortem, again };
}
