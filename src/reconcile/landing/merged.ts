import { defaultPolicy } from "../../config/index.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { decideMerged } from "../../plan/landing/decide.ts";
import { planHandOver, planMerged } from "../../plan/landing/landing.ts";
import { both, plan } from "../../plan/plan.ts";
import { planLateAnswers } from "../../plan/post-mortem/late-answers.ts";
import { GONE } from "../../plan/post-mortem/lost.ts";
import type { Action } from "../../policy/action.ts";
import { writes } from "../../policy/mode.ts";
import { postMortemFacts } from "../../policy/post-mortem/facts.ts";
import { carryOut } from "../carry-out.ts";
import type { Place, ReconcileContext } from "../context.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";
import type { Incident } from "../incident.ts";
import { readLateCommands } from "../post-mortem/after-merge.ts";
import { continuePostMortem } from "../post-mortem/continue.ts";
import { readLateAnswers } from "../post-mortem/late-answers.ts";
import { issueKey, openPostMortem } from "../post-mortem/open.ts";
import { retryLater, retryStep } from "../retry.ts";

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
  const { collected, number, verdict } = evaluated;
  const { snapshot, statusComment, policy } = collected;
  const step = retryStep(attempt, context.retryTimes);
  const again = retryLater(step);
  if (policy.state === "unknown" || !statusComment.known) return again;
  // What neither is a hotfix nor was one costs no request.
  const mayHaveOne = verdict.kind === "hotfix" || statusComment.value !== null;
  const facts = () =>
    policy.state === "valid" && verdict.kind === "hotfix"
      ? postMortemFacts(snapshot, verdict, policy.policy)
      : null;
  const went = mayHaveOne ? await continuePostMortem(context, { place, snapshot }, facts, step) : "open";
  if (went === "again") return again;
  if (went === "handed-over") return {};
  if (typeof went === "object") {
    if (policy.state !== "valid" || verdict.kind !== "hotfix") return {};
    const { repository, number: issue } = went.gone;
    const lost = { problem: GONE, lost: `${repository}#${issue}` };
    const gone = planMerged(
      { snapshot, verdict, policy: policy.policy },
      { number, statusComment: statusComment.value, postMortem: lost, answers: [], docsUrl: context.docsUrl },
    );
    return (await carryOut(context, place, gone, step)).result;
  }

  const decision = decideMerged({ ...collected, verdict }, step.show, defaultPolicy());
  if (decision.do !== "open") {
    if (decision.do === "again") return again;
    if (policy.state !== "valid" || verdict.kind !== "hotfix" || statusComment.value === null) return {};
    // Where the app only observes, the comment says all the same that it is over.
    const over = {
      number,
      statusComment: statusComment.value,
      postMortem: null,
      answers: [],
      docsUrl: context.docsUrl,
    };
    const planned = writes(policy.policy, "post-mortem")
      ? plan()
      : planMerged({ snapshot, verdict, policy: policy.policy }, over);
    return (await carryOut(context, place, planned, step)).result;
  }
  const { landing } = decision;
  const incident: Incident = { place, ...landing, pullRequest: evaluated };
  const { postMortem, problem, ...opening } = await openPostMortem(context, incident, decision.facts, step, {
    apart: went === "open-apart",
  });
  if (opening.again && step.afterMs !== null) return again;
  const merged = planMerged(landing, {
    number,
    statusComment: statusComment.value,
    postMortem: postMortem ?? { problem: problem ?? "" },
    // With a post-mortem, answers are given where it is looked at.
    answers: postMortem === undefined ? await answersWithout(incident) : [],
    docsUrl: context.docsUrl,
  });
  const next = postMortem === undefined ? merged : both(merged, planHandOver(issueKey(place, postMortem)));
  return (await carryOut(context, place, next, step)).result;
}

async function answersWithout(incident: Incident): Promise<readonly Action[]> {
  const { place, policy } = incident;
  const commands = await readLateCommands(place, policy, incident, null);
  const late = await readLateAnswers({ place, policy, incident, issue: null, commands });
  return late === null ? [] : planLateAnswers(late, policy)["pull-request"];
}
