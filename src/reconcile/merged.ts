import { defaultPolicy } from "../config/index.ts";
import { applyActions } from "../github/apply/apply.ts";
import { isOwnPostMortem } from "../github/collect/opened-post-mortem.ts";
import { readTemplate } from "../github/template.ts";
import { evaluate } from "../policy/evaluate.ts";
import { planStatusComment } from "../policy/plan.ts";
import { postMortemFacts } from "../policy/postmortem/facts.ts";
import { messageOf } from "../policy/rules/registry.ts";
import type { Attempt, JobResult } from "../queue/port.ts";
import { desiredPostMortem, postMortemMarker } from "../render/post-mortem.ts";
import { recordedPostMortem, renderStatusComment } from "../render/status-comment.ts";
import type { Place, ReconcileContext } from "./context.ts";
import type { Judged } from "./judge.ts";
import { retryStep } from "./retry.ts";

/** Merges that are older get no post-mortem any more: the app came too late, or was not there yet. */
const RECENT_MS = 7 * 24 * 3_600_000;

/**
 * After the merge: the verdict as it was at the moment of the merge goes into one post-mortem issue, and the status comment links to it. However
 * often this runs, there is one: the comment points to it, and the app's own issues are searched for the marker before one is opened.
 */
export async function reconcileMerged(
  context: ReconcileContext,
  place: Place,
  { collected, number, verdict: current }: Judged,
  attempt: Attempt,
): Promise<JobResult> {
  const { snapshot, statusComment, policy: reading } = collected;
  const { merged } = snapshot.pullRequest;
  const step = retryStep(attempt, context.retryTimes);
  const again: JobResult = step.afterMs === null ? {} : { retryAfterMs: step.afterMs };
  if (merged === null || Date.parse(snapshot.observedAt) - Date.parse(merged.at) > RECENT_MS) return {};
  if (reading.state === "unknown" || !statusComment.known) return again;
  const record = statusComment.value === null ? null : recordedPostMortem(statusComment.value.body);
  if (record !== null) {
    const marker = postMortemMarker(snapshot.repository, number);
    const opened = await isOwnPostMortem(place.client, { ...record, marker, since: merged.at });
    if (!opened.known) return again;
    if (opened.value) return {};
  }

  // An invalid configuration keeps hotfixes from being merged properly, not from being learnt from.
  const policy = reading.state === "valid" ? reading.policy : defaultPolicy();
  const verdict =
    reading.state === "valid" ? current : evaluate(snapshot, { state: "valid", policy, source: "defaults" });
  if (verdict.kind !== "hotfix") return verdict.unknowns.length > 0 ? again : {};
  if (verdict.unknowns.length > 0 && step.show === "quiet") return again;
  const facts = postMortemFacts(snapshot, verdict, policy);
  if (facts === null) return {};
  const { repository, template } = policy.post_mortem;
  const issue = desiredPostMortem(facts, {
    messageOf,
    template: template === null ? null : await readTemplate(place.client, place.repo, template),
    repository,
  });
  const opened = await applyActions(
    place.client,
    place.repo,
    [{ type: "open-post-mortem", issue }],
    context.log,
  );
  const [postMortem] = opened.postMortems;
  const failure = opened.failures[0];
  if (failure?.retry === true && step.afterMs !== null) return again;
  if (!policy.communication.status_comment) return {};
  const outcome =
    postMortem === undefined
      ? { problem: failure?.reason ?? "it could not be opened" }
      : { number: postMortem.number, url: postMortem.url, repository: postMortem.repository };
  const body = renderStatusComment(snapshot, verdict, policy, {
    docsUrl: context.docsUrl,
    postMortem: outcome,
  });
  const comment = await applyActions(
    place.client,
    place.repo,
    planStatusComment(number, body, statusComment.value),
    context.log,
  );
  return comment.failures.some(({ retry }) => retry) ? again : {};
}
