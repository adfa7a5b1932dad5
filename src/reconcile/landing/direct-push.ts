import { defaultPolicy } from "../../config/index.ts";
import { remembered } from "../../github/api/memory.ts";
import { read } from "../../github/api/read.ts";
import { branchActivity } from "../../github/collect/git/activity.ts";
import type { LandedHotfix } from "../../github/collect/landing/effect.ts";
import { type PushReading, readPush } from "../../github/collect/landing/pushed.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { decidePushed, type Landing } from "../../plan/landing/decide.ts";
import { planHandOver } from "../../plan/landing/landing.ts";
import { type LogLine, plan } from "../../plan/plan.ts";
import { type Fact, known, unknown } from "../../policy/fact.ts";
import type { Policy } from "../../policy/policy.ts";
import { MISSED_MS } from "../../policy/recent.ts";
import type { ActivityEntry } from "../../policy/snapshot/history.ts";
import type { PushFacts } from "../../policy/snapshot.ts";
import type { PolicyReading } from "../../policy/verdict.ts";
import { carryOut } from "../carry-out.ts";
import { headKey, keyOf, type Place, type ReconcileContext } from "../context.ts";
import { evaluatePushedHotfix, type ProductionBranch, pushOf } from "../evaluate/push.ts";
import { continuePostMortem } from "../post-mortem/continue.ts";
import { issueKey, openPostMortem } from "../post-mortem/open.ts";
import { type RetryStep, retryLater, retryStep } from "../retry.ts";

/** GitHub marks a pull request whose head was pushed to its base as merged soon, or not at all. */
const MERGING_MS = 60_000;

/**
 * Looks for hotfix commits that were pushed directly to a production branch in the last 24 hours, without a
 * pull request: one post-mortem for one push, however often this runs. Pull requests that a push merged are
 * looked at as merged ones.
 */
export async function reconcilePushes(
  context: ReconcileContext,
  place: Place,
  branch: ProductionBranch,
  reading: PolicyReading,
  hint: ReconcileHint,
  attempt: Attempt,
): Promise<JobResult> {
  const step = retryStep(attempt, context.retryTimes);
  const again = retryLater(step);
  if (reading.state === "unknown") return again;
  const policy = reading.state === "valid" ? reading.policy : defaultPolicy();
  const changes = await recentPushes(place, branch.ref, hint, step.show === "quiet");
  if (!changes.known) {
    context.log.warn({ ref: branch.ref, reason: changes.reason }, "could not be read");
    return again;
  }
  const outcomes = outcomesOf(context.memory);
  const earlier: LandedHotfix[] = [];
  let result: JobResult = {};
  for (const change of changes.value) {
    const key = `${headKey(place, change.before)}..${change.after}`;
    let outcome = outcomes.get(key);
    if (outcome === undefined) {
      const found = await readPush(place.client, place.repo, pushOf(change, branch.ref), {
        policy,
        defaultBranch: branch.repository.defaultBranch,
        open: branch.open,
        earlier,
        forced: change.type === "force_push",
      });
      outcome = found.known
        ? await settle(context, place, branch, policy, pushOf(change, branch.ref), found.value, step)
        : undefined;
      if (!found.known) context.log.warn({ ref: branch.ref, reason: found.reason }, "could not be read");
      if (outcome !== undefined) outcomes.set(key, outcome);
      else result = again;
    }
    if (outcome?.hotfix) earlier.push(outcome.hotfix);
  }
  return result;
}

/** What a push turned out to be. It does not change, so it is found out once a process. */
interface Outcome {
  readonly hotfix: LandedHotfix | null;
}

const outcomesOf = remembered<Outcome>("pushes looked at");

/** Does what a push asks for; `undefined`: it has to be looked at again. */
async function settle(
  context: ReconcileContext,
  place: Place,
  branch: ProductionBranch,
  policy: Policy,
  push: PushFacts,
  { pullRequests, merging, hotfix }: PushReading,
  step: RetryStep,
): Promise<Outcome | undefined> {
  const own = keyOf(place);
  const jobs = pullRequests.map((number) => {
    return { key: { ...own, kind: "pull-request", number } as const, hint: {}, background: true };
  });
  await carryOut(context, place, plan({ jobs }), step);
  const age = place.client.serverTime().getTime() - Date.parse(push.at);
  if (merging.length > 0 && age < MERGING_MS && step.afterMs !== null) return undefined;
  if (hotfix === null) return { hotfix: null };
  const evaluated = await evaluatePushedHotfix(place, branch.repository, policy, push, hotfix);
  if (!(await open(context, place, { ...evaluated, policy }, push, step))) return undefined;
  const { title } = evaluated.snapshot.pullRequest;
  return {
    hotfix: { number: null, title, mergeSha: push.after, mergedAt: push.at, before: push.before },
  };
}

/** Resolves to whether that is done with. */
async function open(
  context: ReconcileContext,
  place: Place,
  landing: Landing,
  push: PushFacts,
  step: RetryStep,
): Promise<boolean> {
  const decision = decidePushed(landing, step.show);
  if (decision.do !== "open") return decision.do === "nothing";
  const { facts } = decision;
  const incident = { place, ...landing };
  const went = await continuePostMortem(context, incident, () => facts, step);
  if (went === "again") return false;
  if (went === "handed-over") return true;
  if (typeof went === "object") {
    const fields = { push: push.after, post_mortem: `${went.gone.repository}#${went.gone.number}` };
    const line: LogLine = { level: "warn", fields, message: "the post-mortem is gone" };
    await carryOut(context, place, plan({ log: [line] }), step);
    return true;
  }
  const { postMortem, again } = await openPostMortem(context, incident, facts, step, {
    apart: went === "open-apart",
  });
  const log: LogLine = {
    level: "info",
    fields: { push: push.after, post_mortem: postMortem?.number ?? null },
    message: "hotfix commits were pushed directly to a production branch",
  };
  const next =
    postMortem === undefined ? plan({ log: [log] }) : planHandOver(issueKey(place, postMortem), [log]);
  await carryOut(context, place, next, step);
  return step.afterMs === null || !again;
}

/** Oldest first. Where GitHub does not tell them, the one that the event tells of, by nobody known. */
async function recentPushes(
  { client, repo }: Place,
  ref: string,
  hint: ReconcileHint,
  mayLag: boolean,
): Promise<Fact<readonly ActivityEntry[]>> {
  const activity = await read(`the activity of ${ref}`, () => branchActivity(client, repo, ref));
  if (!activity.known) return activity;
  const { headSha: after, formerHeads } = hint;
  if (activity.value !== null) {
    if (mayLag && after !== undefined && !activity.value.some((entry) => entry.after === after))
      return unknown(`the activity of ${ref}: it does not show the push yet`);
    const since = client.serverTime().getTime() - MISSED_MS;
    const recent = activity.value.filter(
      ({ type, at }) => (type === "push" || type === "force_push") && Date.parse(at) >= since,
    );
    return known(recent.toReversed());
  }
  const before = formerHeads?.[0];
  if (after === undefined || before === undefined) return known([]);
  // Git's own date: the best there is, and the same however often this runs.
  return read("the commit that was pushed", async () => {
    const { data } = await client.octokit.rest.repos.getCommit({ ...repo, ref: after });
    const now = client.serverTime().getTime();
    const at = Math.min(Date.parse(data.commit.committer?.date ?? "") || now, now);
    return [{ before, after, at: new Date(at).toISOString(), type: "push", actor: null }];
  });
}
