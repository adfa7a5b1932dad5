import { defaultPolicy } from "../../config/index.ts";
import { applyActions } from "../../github/apply/apply.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planLateAnswers } from "../../plan/answers.ts";
import { planStatusComment } from "../../plan/check.ts";
import type { Action } from "../../policy/action.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { postMortemFacts } from "../../policy/post-mortem/facts.ts";
import { renderStatusComment } from "../../render/gate/status-comment.ts";
import { announceMerged } from "../announce.ts";
import type { Place, ReconcileContext } from "../context.ts";
import type { Judged } from "../evaluate/pull-request.ts";
import type { Incident } from "../incident.ts";
import { readLateCommands } from "../post-mortem/after-merge.ts";
import { adopt, goOn } from "../post-mortem/continue.ts";
import { readLateAnswers } from "../post-mortem/late-answers.ts";
import { handOver, type Opened, openPostMortem } from "../post-mortem/open.ts";
import { retryLater, retryStep } from "../retry.ts";

/** Merges that are older get no post-mortem any more: the app came too late, or was not there yet. */
const RECENT_MS = 7 * 24 * 3_600_000;
/** After this time only where the app was there before the merge: whoever installs it does not want last week's hotfixes. */
const SURELY_RECENT_MS = 24 * 3_600_000;

/**
 * After the merge: the verdict as it was at the moment of the merge goes into one post-mortem issue, and the status comment links to
 * it. What was opened already goes its own way.
 */
export async function reconcileMerged(
  context: ReconcileContext,
  place: Place,
  judged: Judged,
  attempt: Attempt,
): Promise<JobResult> {
  const { collected, number, verdict: current } = judged;
  const { snapshot, statusComment, policy: reading } = collected;
  const { merged } = snapshot.pullRequest;
  const step = retryStep(attempt, context.retryTimes);
  const again = retryLater(step);
  if (merged === null) return {};
  if (reading.state === "unknown" || !statusComment.known) return again;
  let apart = false;
  // What neither is a hotfix nor was one costs no request.
  if (current.kind === "hotfix" || statusComment.value !== null) {
    const went = await goOn(context, { place, snapshot }, (opened) =>
      adoptEarly(context, place, judged, opened),
    );
    if (went === "again") return again;
    if (went === "handed-over") return {};
    apart = went === "open-apart";
  }
  const age = Date.parse(snapshot.observedAt) - Date.parse(merged.at);
  if (age > RECENT_MS) return {};
  if (age > SURELY_RECENT_MS) {
    if (!collected.gates.known) return again;
    if (collected.gates.value.length === 0 && statusComment.value === null) return {};
  }

  // An invalid configuration keeps hotfixes from being merged properly, not from being learnt from.
  const policy = reading.state === "valid" ? reading.policy : defaultPolicy();
  const verdict =
    reading.state === "valid" ? current : evaluate(snapshot, { state: "valid", policy, source: "defaults" });
  if (verdict.kind !== "hotfix") return verdict.unknowns.length > 0 ? again : {};
  if (verdict.unknowns.length > 0 && step.show === "quiet") return again;
  const facts = postMortemFacts(snapshot, verdict, policy);
  if (facts === null) return {};
  const incident = { place, policy, snapshot, verdict, pullRequest: judged };
  const { postMortem, failure } = await openPostMortem(context, incident, facts, apart);
  announceMerged(context, incident, postMortem, facts.due);
  const failed = failure?.retry === true;
  if (failed && postMortem === undefined && step.afterMs !== null) return again;
  const outcome =
    postMortem === undefined
      ? { problem: failure?.reason ?? "it could not be opened" }
      : { number: postMortem.number, url: postMortem.url, repository: postMortem.repository };
  const body = renderStatusComment(snapshot, verdict, policy, {
    docsUrl: context.docsUrl,
    postMortem: outcome,
  });
  const comment = policy.communication.status_comment
    ? planStatusComment(number, body, statusComment.value)
    : [];
  // With a post-mortem, answers are given where it is looked at.
  const answers = postMortem === undefined ? await answersWithout(incident) : [];
  const { failures } = await applyActions(place.client, place.repo, [...comment, ...answers], context.log);
  if (postMortem !== undefined) handOver(context, place, postMortem);
  return failed || failures.some(({ retry }) => retry) ? again : {};
}

/** What is no hotfix (a back-merge of its branch) has no post-mortem to adopt. */
async function adoptEarly(
  context: ReconcileContext,
  place: Place,
  { collected: { snapshot, policy }, verdict }: Judged,
  opened: Opened,
): ReturnType<typeof adopt> {
  if (policy.state !== "valid" || verdict.kind !== "hotfix") return "another's";
  const facts = postMortemFacts(snapshot, verdict, policy.policy);
  return facts === null ? "another's" : adopt(context, { place, snapshot }, facts, opened);
}

async function answersWithout(incident: Incident): Promise<readonly Action[]> {
  const { place, policy } = incident;
  const commands = await readLateCommands(place, policy, incident, null);
  const late = await readLateAnswers({ place, policy, incident, issue: null, commands });
  return late === null ? [] : planLateAnswers(late, policy)["pull-request"];
}
