import { type PostMortemReading, readPostMortemIssue } from "../../github/collect/post-mortem/issue.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import type { ReconcileKey } from "../../jobs/key.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { spanOf } from "../../jobs/trace.ts";
import type { WatchedKey } from "../../jobs/watch-list.ts";
import { planDuplicate } from "../../plan/post-mortem/duplicate.ts";
import { planMissing, planMoved, planRecheck } from "../../plan/post-mortem/elsewhere.ts";
import { archivedKey, planArchived } from "../../plan/post-mortem/lost.ts";
import { planPostMortem } from "../../plan/post-mortem/post-mortem.ts";
import { writes } from "../../policy/mode.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { looksLikePostMortem } from "../../policy/post-mortem/item-issues.ts";
import { issueName, sameName } from "../../policy/repository.ts";
import { carryOut } from "../carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import { believed, lookAgain, type RetryStep, retryLater, retryStep, sooner } from "../retry.ts";
import { readAfterMerge, readLateCommands } from "./after-merge.ts";
import { readItemFacts } from "./items.ts";
import { readLateAnswers } from "./late-answers.ts";
import { type Telling, tellIncident } from "./resolve-incident.ts";

/**
 * Looks at one post-mortem issue: brings its body up to date, answers commands, reminds, and opens it again
 * where it was closed unfinished. Whatever people did to it ends here in a sensible state and a line in the
 * log.
 */
export async function reconcilePostMortem(
  context: ReconcileContext,
  place: Place,
  number: number,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const step = retryStep(attempt, context.retryTimes);
  const unread = (reason: string): JobResult => {
    const fields = { ...place.repo, post_mortem: number, reason, attempt: attempt.number };
    context.log.warn(fields, "the post-mortem could not be read");
    return retryLater(step);
  };
  const key = { ...keyOf(place), kind: "post-mortem", number } as const;
  const reading = await readPostMortemIssue(place.client, place.repo, number);
  if (!reading.known) return unread(reading.reason);
  if (reading.value.state === "action-item") return lookAtItem(context, place, reading.value, step);
  if (reading.value.state !== "found") {
    const subject = reading.value.state === "gone" ? reading.value.subject : null;
    const about = subject?.kind === "pull-request" ? keyOfPullRequest(place, subject) : null;
    return (await carryOut(context, place, planMissing(key, reading.value.state, about), step)).result;
  }
  const { issue } = reading.value;
  if (!sameName(issue.repo, place.repo) || issue.number !== number) {
    const there = keyOf({ client: place.client, repo: issue.repo });
    const moved = planMoved(key, { ...there, kind: "post-mortem", number: issue.number });
    return (await carryOut(context, place, moved, step)).result;
  }
  if (issue.updatedAt < (believed(hint, attempt).notBefore ?? ""))
    return unread("what GitHub shows is older than the event");
  const told = await tellIncident(place, issue);
  if (!told.known) return unread(told.reason);
  const about = told.value;
  // Whatever else the app has opened, and people took the marker out of.
  if (about.incident === null && issue.renamed !== true && !looksLikePostMortem(issue))
    return (await carryOut(context, place, planMissing(key, "foreign"), step)).result;
  if (!writes(about.policy, "post-mortem")) return {};
  if (about.older !== undefined)
    return (await carryOut(context, place, planDuplicate(key, issue, about.older), step)).result;
  const results = await writePostMortem(context, place, { key, issue, about }, step);
  return sooner([lookAgain(issue.updatedAt, hint, attempt) ?? {}, ...results]);
}

interface Subject {
  readonly key: WatchedKey;
  readonly issue: PostMortemIssue;
  readonly about: Telling;
}

/** What is to be done at the issue and at the pull request, which may be in different repositories. */
async function writePostMortem(
  context: ReconcileContext,
  place: Place,
  { key, issue, about }: Subject,
  step: RetryStep,
): Promise<readonly JobResult[]> {
  const commands = await readLateCommands(about.place, about.policy, about.incident, issue);
  const facts = await readItemFacts(place, issue, about.policy);
  const input = {
    ...about,
    ...facts,
    key,
    commands,
    after: about.incident === null ? null : await readAfterMerge(about.incident, commands),
    answers: await readLateAnswers({ ...about, issue, commands }),
    observedAt: place.client.serverTime().toISOString(),
    docsUrl: context.docsUrl,
  };
  const plans = spanOf("plan", () => planPostMortem(input));
  const own = await carryOut(context, place, plans.issue, step);
  const there = await carryOut(context, about.place, plans.pullRequest, step);
  if (own.archived) {
    const key = archivedKey(issueName(issue.repo, issue.number));
    const told = new Set(context.memory.told.has(key) ? [key] : []);
    await carryOut(context, about.place, planArchived(issue, about.incident, told), step);
  }
  return [there.result, own.result];
}

/**
 * Of an action item's issue all that matters to its post-mortem, in the same repository, is that it is
 * closed.
 */
async function lookAtItem(
  context: ReconcileContext,
  place: Place,
  { of, closed }: Extract<PostMortemReading, { state: "action-item" }>,
  step: RetryStep,
): Promise<JobResult> {
  if (!closed || !sameName(of, place.repo)) return {};
  const plan = planRecheck(keyOf(place), [of.number]);
  return (await carryOut(context, place, plan, step)).result;
}

function keyOfPullRequest(
  { client }: Place,
  { owner, repo, number }: Place["repo"] & { readonly number: number },
): ReconcileKey {
  return { ...keyOf({ client, repo: { owner, repo } }), kind: "pull-request", number };
}
