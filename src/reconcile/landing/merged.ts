import { defaultPolicy } from "../../config/index.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { decideMerged, type Landing, type LandingDecision } from "../../plan/landing/decide.ts";
import { planHandOver, planMerged } from "../../plan/landing/landing.ts";
import { both, type Plan, plan } from "../../plan/plan.ts";
import { planLateAnswers } from "../../plan/post-mortem/late-answers.ts";
import { GONE } from "../../plan/post-mortem/lost.ts";
import type { Action } from "../../policy/action.ts";
import { writes } from "../../policy/mode.ts";
import { postMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { PostMortemOutcome } from "../../render/gate/status-comment-parts.ts";
import { carryOut } from "../carry-out.ts";
import type { Place, ReconcileContext } from "../context.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";
import type { Incident } from "../incident.ts";
import { readLateCommands } from "../post-mortem/after-merge.ts";
import { continuePostMortem } from "../post-mortem/continue.ts";
import { readLateAnswers } from "../post-mortem/late-answers.ts";
import { issueKey, openPostMortem } from "../post-mortem/open.ts";
import { type RetryStep, retryLater, retryStep } from "../retry.ts";

/**
 * After the merge: the verdict as it was at the moment of the merge goes into one post-mortem issue, and the
 * status comment links to it. What was opened already goes its own way.
 */
export async function reconcileMerged(
  context: ReconcileContext,
  place: Place,
  evaluated: Evaluated,
  attempt: Attempt,
): Promise<JobResult> {
  const { collected, verdict } = evaluated;
  const { snapshot, statusComment, policy } = collected;
  const step = retryStep(attempt, context.retryTimes);
  const again = retryLater(step);
  if (policy.state === "unknown" || !statusComment.known) return again;
  const current = landingOf(evaluated);
  const merged: Merged = { context, place, evaluated, current, statusComment: statusComment.value, step };
  // What neither is a hotfix nor was one costs no request.
  const mayHaveOne = verdict.kind === "hotfix" || statusComment.value !== null;
  const facts = () =>
    current === null ? null : postMortemFacts(current.snapshot, current.verdict, current.policy);
  const went = mayHaveOne ? await continuePostMortem(context, { place, snapshot }, facts, step) : "open";
  if (went === "again") return again;
  if (went === "handed-over") return {};
  if (typeof went === "object") return tellGone(merged, went.gone);
  const decision = decideMerged({ ...collected, verdict }, step.show, defaultPolicy());
  if (decision.do === "again") return again;
  return decision.do === "open" ? open(merged, decision, went === "open-apart") : sayOver(merged);
}

interface Merged {
  readonly context: ReconcileContext;
  readonly place: Place;
  readonly evaluated: Evaluated;
  /** The hotfix under the configuration that is in force; `null`: it is none, or nothing is in force. */
  readonly current: Landing | null;
  readonly statusComment: { readonly id: number; readonly body: string } | null;
  readonly step: RetryStep;
}

function landingOf({ collected, verdict }: Evaluated): Landing | null {
  const { snapshot, policy } = collected;
  return policy.state === "valid" && verdict.kind === "hotfix"
    ? { snapshot, verdict, policy: policy.policy }
    : null;
}

/** Its post-mortem was there, and is gone: its people hear of it. */
async function tellGone(
  merged: Merged,
  { repository, number }: { readonly repository: string; readonly number: number },
): Promise<JobResult> {
  if (merged.current === null) return {};
  return tell(merged, merged.current, { problem: GONE, lost: `${repository}#${number}` });
}

/** Without a post-mortem, where the app only observes: the comment says all the same that it is over. */
async function sayOver(merged: Merged): Promise<JobResult> {
  const { current, statusComment } = merged;
  if (current === null || statusComment === null) return {};
  return writes(current.policy, "post-mortem") ? {} : tell(merged, current, null);
}

async function open(
  merged: Merged,
  { landing, facts }: LandingDecision & { readonly do: "open" },
  apart: boolean,
): Promise<JobResult> {
  const { context, place, evaluated, step } = merged;
  const incident: Incident = { place, ...landing, pullRequest: evaluated };
  const opened = await openPostMortem(context, incident, facts, step, { apart });
  const { postMortem, problem } = opened;
  if (opened.again && step.afterMs !== null) return retryLater(step);
  // With a post-mortem, answers are given where it is looked at.
  if (postMortem === undefined)
    return tell(merged, landing, { problem: problem ?? "" }, await answersWithout(incident));
  return tell(merged, landing, postMortem, [], planHandOver(issueKey(place, postMortem)));
}

async function tell(
  { context, place, evaluated, statusComment, step }: Merged,
  landing: Landing,
  postMortem: PostMortemOutcome | null,
  answers: readonly Action[] = [],
  further: Plan = plan(),
): Promise<JobResult> {
  const { docsUrl } = context;
  const told = planMerged(landing, { number: evaluated.number, statusComment, postMortem, answers, docsUrl });
  return (await carryOut(context, place, both(told, further), step)).result;
}

async function answersWithout(incident: Incident): Promise<readonly Action[]> {
  const { place, policy } = incident;
  const commands = await readLateCommands(place, policy, incident, null);
  const late = await readLateAnswers({ place, policy, incident, issue: null, commands });
  return late === null ? [] : planLateAnswers(late, policy)["pull-request"];
}
