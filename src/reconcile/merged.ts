import { defaultPolicy } from "../config/index.ts";
import { type ApplyFailure, applyActions, type PostMortem } from "../github/apply/apply.ts";
import { isOwnPostMortem } from "../github/collect/opened-post-mortem.ts";
import { readTemplate } from "../github/template.ts";
import type { Action } from "../policy/action.ts";
import { evaluate } from "../policy/evaluate.ts";
import { planStatusComment } from "../policy/plan.ts";
import { type PostMortemFacts, postMortemFacts } from "../policy/postmortem/facts.ts";
import { messageOf } from "../policy/rules/registry.ts";
import type { Attempt, JobResult } from "../queue/port.ts";
import { desiredPostMortem, postMortemMarker } from "../render/post-mortem.ts";
import { recordedPostMortem, renderStatusComment } from "../render/status-comment.ts";
import { readLateCommands } from "./after-merge.ts";
import { announceMerged } from "./announce.ts";
import { planLate } from "./answers.ts";
import { keyOf, type Place, type ReconcileContext } from "./context.ts";
import type { Incident } from "./incident.ts";
import type { Judged } from "./judge.ts";
import { retryLater, retryStep } from "./retry.ts";

/** Merges that are older get no post-mortem any more: the app came too late, or was not there yet. */
const RECENT_MS = 7 * 24 * 3_600_000;

/**
 * After the merge: the verdict as it was at the moment of the merge goes into one post-mortem issue, and the status comment links to it. However
 * often this runs, there is one: the comment points to it, and the app's own issues are searched for the marker before one is opened.
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
  const record = statusComment.value === null ? null : recordedPostMortem(statusComment.value.body);
  if (record !== null) {
    const marker = postMortemMarker(snapshot.repository, number);
    const opened = await isOwnPostMortem(place.client, { ...record, marker, since: merged.at });
    if (!opened.known) return again;
    if (opened.value) return handOver(context, place, record);
  }
  if (Date.parse(snapshot.observedAt) - Date.parse(merged.at) > RECENT_MS) return {};

  // An invalid configuration keeps hotfixes from being merged properly, not from being learnt from.
  const policy = reading.state === "valid" ? reading.policy : defaultPolicy();
  const verdict =
    reading.state === "valid" ? current : evaluate(snapshot, { state: "valid", policy, source: "defaults" });
  if (verdict.kind !== "hotfix") return verdict.unknowns.length > 0 ? again : {};
  if (verdict.unknowns.length > 0 && step.show === "quiet") return again;
  const facts = postMortemFacts(snapshot, verdict, policy);
  if (facts === null) return {};
  const incident = { place, policy, snapshot, verdict, pullRequest: judged };
  const { postMortem, failure } = await openPostMortem(context, incident, facts);
  announceMerged(context, incident, postMortem, facts.due);
  if (failure?.retry === true && step.afterMs !== null) return again;
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
  return failures.some(({ retry }) => retry) ? again : {};
}

/** Opens it where the configuration says; where the app cannot, in the hotfix's own repository, and says so. */
export async function openPostMortem(
  context: ReconcileContext,
  { place, policy }: Pick<Incident, "place" | "policy">,
  facts: PostMortemFacts,
): Promise<{ postMortem: PostMortem | undefined; failure: ApplyFailure | undefined }> {
  const { repository, template } = policy.post_mortem;
  const form = template === null ? null : await readTemplate(place.client, place.repo, template);
  const at = async (where: string | null, notice?: string) => {
    const issue = desiredPostMortem(facts, {
      messageOf,
      template: form,
      repository: where,
      ...(notice === undefined ? {} : { notice }),
    });
    const { postMortems, failures } = await applyActions(
      place.client,
      place.repo,
      [{ type: "open-post-mortem", issue }],
      context.log,
    );
    return { postMortem: postMortems[0], failure: failures[0] };
  };
  const there = await at(repository);
  if (repository === null || there.failure === undefined || there.failure.retry) return there;
  return at(
    null,
    `The configuration wants post-mortems in ${repository}, where the app could not open this one: ${there.failure.reason}.`,
  );
}

/** What happens from now on is decided from the issue. */
export function handOver(
  context: ReconcileContext,
  { client }: Place,
  { repository, number }: { readonly repository: string; readonly number: number },
): JobResult {
  const [owner = "", repo = ""] = repository.split("/");
  const key = { ...keyOf({ client, repo: { owner, repo } }), kind: "post-mortem", number } as const;
  context.enqueue({ key, hint: {} });
  return {};
}

async function answersWithout(incident: Incident): Promise<readonly Action[]> {
  const { place, policy } = incident;
  const commands = await readLateCommands(place, policy, incident, null);
  return (await planLate({ place, policy, incident, issue: null, commands }))["pull-request"];
}
