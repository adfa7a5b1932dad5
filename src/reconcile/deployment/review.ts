import { defaultPolicy } from "../../config/index.ts";
import { byKey } from "../../github/api/answer.ts";
import { remembered } from "../../github/api/memory.ts";
import { identityOf } from "../../github/api/repositories.ts";
import { readDefaultBranch, readUnlanded } from "../../github/collect/deployment/deployed-commit.ts";
import {
  listWaitingRuns,
  mayReviewDeployments,
  readWaitingRun,
  type WaitingRunReading,
} from "../../github/collect/deployment/waiting-runs.ts";
import { loadPolicy } from "../../github/collect/policy.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planWaitingRun, planWaitingRuns } from "../../plan/deployment.ts";
import {
  type DeploymentDecision,
  reviewDeployment,
  reviewWithoutPolicy,
  unread,
  type WaitingRun,
} from "../../policy/deployment/deployment-review.ts";
import { isGuarded } from "../../policy/deployment/environments.ts";
import { type Fact, known, mapFact } from "../../policy/fact.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PolicyReading } from "../../policy/verdict.ts";
import { carryOut } from "../carry-out.ts";
import { headKey, keyOf, type Place, type ReconcileContext } from "../context.ts";
import { isStrict, stillAsEvaluated } from "../evaluate/confirm.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";
import { NO_RETRY, retryLater, retryStep } from "../retry.ts";
import { type ReadSubject, readSubject } from "./subject.ts";

/** An approval that could not be confirmed is tried again after this time at the latest. */
const LAST_TRY_MS = 60_000;

/**
 * Answers a workflow run that waits at an environment: approved or rejected by what the gate says now, or a
 * word on what it waits for. Whatever can change the answer leads here again (`lookAtWaitingRuns`).
 */
export async function reconcileWaitingRun(
  context: ReconcileContext,
  place: Place,
  id: number,
  attempt: Attempt,
): Promise<JobResult> {
  const { client, repo } = place;
  if (!(await mayReviewDeployments(client))) {
    context.log.warn(
      { ...repo, run: id },
      "a deployment waits for an answer, but the app lacks the permission deployments: write or actions: read",
    );
    return {};
  }
  const step = retryStep(attempt, context.retryTimes);
  const [reading, policy] = await Promise.all([readWaitingRun(client, repo, id), loadPolicy(client, repo)]);
  if (!reading.known) {
    context.log.warn({ ...repo, run: id, reason: reading.reason }, "could not be read");
    return retryLater(step);
  }
  const key = runKey(place, id);
  const soon = step.show === "quiet" ? retryLater(step) : {};
  // Right after the event GitHub may not show it yet.
  if (reading.value === null) return soon;
  waitingOf(context.memory).delete(key);
  if (reading.value.over) return {};
  if (reading.value.environments.length === 0) return soon;
  context.memory.settled.delete(key);
  return answerRun(context, place, reading.value, policy, attempt);
}

async function answerRun(
  context: ReconcileContext,
  place: Place,
  { run, environments }: WaitingRunReading,
  policy: PolicyReading,
  attempt: Attempt,
): Promise<JobResult> {
  const { memory } = context;
  const step = retryStep(attempt, context.retryTimes);
  const key = runKey(place, run.id);
  const { decide, evaluated } = await decisions(place, run, policy, environments);
  const by = <T>(value: (environment: string) => T) =>
    byKey(environments.map((environment) => [environment, value(environment)]));
  const saying = (environment: string) => sayKey(place, run, environment);
  const plan = planWaitingRun({
    run,
    runKey: key,
    sayKey: saying,
    decisions: by(decide),
    said: by((environment) => memory.said.get(saying(environment)) ?? ""),
    guarding: policy.state === "valid" ? guarding(policy.policy) : null,
    show: step.show,
    first: attempt.number === 0,
    docsUrl: context.docsUrl,
  });
  if (plan.waits) {
    const heads = [run.headSha, ...evaluated.map(({ collected }) => collected.snapshot.pullRequest.head.sha)];
    waitingOf(memory).set(key, { id: run.id, heads: heads.map((sha) => headKey(place, sha)) });
  }
  if (plan.approves && evaluated.length > 0 && !(await stillAsEvaluated(place, evaluated, isStrict(attempt))))
    return { retryAfterMs: step.afterMs ?? LAST_TRY_MS };
  return (await carryOut(context, place, plan, step)).result;
}

/**
 * The decision for each environment. What is to be deployed is only looked at where one of them is the gate's
 * to decide on.
 */
async function decisions(
  place: Place,
  run: WaitingRun,
  reading: PolicyReading,
  environments: readonly string[],
): Promise<{ decide: (environment: string) => DeploymentDecision; evaluated: readonly Evaluated[] }> {
  const { client, repo } = place;
  const nobody: readonly Evaluated[] = [];
  if (reading.state === "unknown") return { decide: () => unread(reading.reason), evaluated: nobody };
  const defaultBranch = () => readDefaultBranch(client, repo);
  if (reading.state === "invalid") {
    const branch = await defaultBranch();
    const landed = branch.known
      ? mapFact(
          await readUnlanded(client, repo, run.headSha, defaultPolicy(), branch.value),
          (one) => one.landedOn,
        )
      : branch;
    return { decide: () => reviewWithoutPolicy(reading.problems, landed), evaluated: nobody };
  }
  const { policy } = reading;
  const guarded = environments.some((environment) => isGuarded(environment, policy));
  const branch = guarded ? await defaultBranch() : known("");
  const read: Fact<ReadSubject> =
    guarded && branch.known
      ? await readSubject(place, run, policy, branch.value)
      : branch.known
        ? known({ subject: { kind: "ordinary" }, evaluated: nobody })
        : branch;
  const subject = mapFact(read, (one) => one.subject);
  return {
    decide: (environment) => reviewDeployment(environment, policy, subject),
    evaluated: read.known ? read.value.evaluated : nobody,
  };
}

/**
 * Has the runs looked at that wait, of one commit or of all: a verdict, the configuration or production may
 * have changed. Costs nothing where no environment is configured or the permissions are not granted. Never
 * rejects: the gate does not depend on it, and the hourly look comes this way too.
 */
export async function lookAtWaitingRuns(
  context: ReconcileContext,
  place: Place,
  policy: Policy | null,
  headSha: string | null,
): Promise<void> {
  const { client, repo } = place;
  if (policy !== null && policy.environments.length === 0) return;
  if (!(await mayReviewDeployments(client).catch(() => false))) return;
  const listed = await listWaitingRuns(client, repo, headSha);
  if (!listed.known) context.log.warn({ ...repo, reason: listed.reason }, "could not be read");
  // A run whose other jobs still work is not counted as waiting.
  const remembered = headSha === null ? [] : waitingFor(context, place, headSha);
  const { settled } = context.memory;
  const open = (listed.known ? listed.value : []).filter(
    (run) => policy === null || settled.get(runKey(place, run)) !== guarding(policy),
  );
  const plan = planWaitingRuns(keyOf(place), new Set([...open, ...remembered]), headSha !== null);
  await carryOut(context, place, plan, NO_RETRY);
}

/** What of the configuration decides whether a run is the gate's to decide on. */
function guarding({ environments }: Pick<Policy, "environments">): string {
  return JSON.stringify(environments);
}

/** Runs of a pull request's head may wait for what has just been decided. */
export async function lookAtDeployments(
  context: ReconcileContext,
  place: Place,
  { collected: { policy, snapshot }, verdict }: Evaluated,
): Promise<void> {
  const { sha } = snapshot.pullRequest.head;
  // No hotfix: nobody waits for it, unless it was one a moment ago.
  if (verdict.outcome === "skipped" && waitingFor(context, place, sha).length === 0) return;
  if (policy.state !== "unknown")
    await lookAtWaitingRuns(context, place, policy.state === "valid" ? policy.policy : null, sha);
}

/** Runs that wait, with the heads that they wait for. */
const waitingOf = remembered<{ readonly id: number; readonly heads: readonly string[] }>("waiting runs");
/** Runs that wait, as far as is remembered, for what the gate says of this head. */
function waitingFor({ memory }: ReconcileContext, place: Place, sha: string): readonly number[] {
  const head = headKey(place, sha);
  const all = [...waitingOf(memory).values()];
  return all.filter(({ heads }) => heads.includes(head)).map(({ id }) => id);
}

function runKey({ client, repo }: Place, id: number): string {
  return `${identityOf(client, repo)} ${id}`;
}

function sayKey(place: Place, { id, attempt }: WaitingRun, environment: string): string {
  return `${runKey(place, id)} ${attempt} ${environment}`.toLowerCase();
}
