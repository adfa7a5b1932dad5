import { readGates } from "../../github/collect/check/gates.ts";
import { type GroupMember, listMergeGroups, readGroupMembers } from "../../github/collect/git/merge-group.ts";
import { readHistory } from "../../github/collect/pull-request/timeline.ts";
import type { ReconcileKey } from "../../jobs/key.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planFreeze } from "../../plan/gate/freeze.ts";
import { planMergeGroup } from "../../plan/gate/merge-group.ts";
import { passes, UNCONFIRMED } from "../../plan/gate/open.ts";
import type { WaitingGroup } from "../../plan/gate/waiting-group.ts";
import { type Fact, known, neverKnown } from "../../policy/fact.ts";
import { isOff } from "../../policy/mode.ts";
import { carryOut } from "../carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import { isStrict, stillAsEvaluated } from "../evaluate/confirm.ts";
import { evaluateInGroup } from "../evaluate/merge-group.ts";
import { type Evaluated, evaluatePullRequest, isEvaluated } from "../evaluate/pull-request.ts";
import { writersOf } from "../evaluate/shared-head.ts";
import { NO_RETRY, retryStep } from "../retry.ts";
import { showUnread, showUnreadable } from "./unreadable.ts";

/** So many of those that may only look like a part of the group are asked whether they wait in the queue. */
const MOST_DOUBTFUL = 50;

/**
 * Every pull request of a merge group is evaluated again; the group's head gets the worst verdict. The head
 * of a pull request alone does not make it one of the group's: anybody can open one from a commit of
 * another's.
 */
export async function reconcileMergeGroup(
  context: ReconcileContext,
  place: Place,
  key: Extract<ReconcileKey, { kind: "merge-group" }>,
  attempt: Attempt,
): Promise<JobResult> {
  const { client, repo } = place;
  const sha = key.headSha;
  const members = await readGroupMembers(client, repo, key);
  if (!members.known) return showUnread(context, place, sha, [members], attempt);
  const deciding = await readDeciding(place, members.value);
  if (!deciding.known) return showUnread(context, place, sha, [deciding], attempt);
  const evaluations = await Promise.all(
    deciding.value.map(({ number }) => evaluatePullRequest(place, number, {})),
  );
  const reasons = evaluations.flatMap((evaluation) =>
    isEvaluated(evaluation) || evaluation.state === "gone" ? [] : [evaluation.reason],
  );
  if (reasons.length > 0) return showUnreadable(context, place, sha, reasons, attempt);
  const inGroup = await evaluateInGroup(place, key, evaluations.filter(isEvaluated));
  if (!inGroup.known) return showUnread(context, place, sha, [inGroup], attempt);
  const evaluated = inGroup.value;
  // They share one repository's policy.
  const [first] = evaluated;
  if (first !== undefined && isOff(first.collected.policy)) return {};
  const gates = await readGates(client, repo, sha);
  const step = retryStep(attempt, context.retryTimes);
  const groups = await groupsAround(context, place, key, evaluated);
  const wording = { docsUrl: context.docsUrl, show: step.show, groups, repository: keyOf(place) };
  const planned = planMergeGroup(sha, evaluated, gates.known ? gates.value : [], wording);
  const green = passes(planned) === "success";
  const holds = !green || (await stillAsEvaluated(place, evaluated, isStrict(attempt)));
  return (await carryOut(context, place, holds ? planned : UNCONFIRMED, step)).result;
}

/**
 * The groups that wait for the branch, where a hotfix freezes it. Once the hotfix itself is in the queue
 * those that stand in its way are looked at anew.
 */
async function groupsAround(
  context: ReconcileContext,
  place: Place,
  { baseRef }: Extract<ReconcileKey, { kind: "merge-group" }>,
  members: readonly Evaluated[],
): Promise<readonly WaitingGroup[]> {
  const brings = members.some(({ verdict }) => verdict.freeze);
  if (!brings && !members.some(({ verdict }) => verdict.frozenFor)) return [];
  if (brings)
    await carryOut(
      context,
      place,
      planFreeze(keyOf(place), place.client.serverTime().toISOString()),
      NO_RETRY,
    );
  const groups = await listMergeGroups(place.client, place.repo, baseRef);
  return groups.known ? groups.value : [];
}

/**
 * Those that the group names, and those of people with write access; of others, those that wait in the queue,
 * unless their head is there anyway.
 */
async function readDeciding(
  place: Place,
  members: readonly GroupMember[],
): Promise<Fact<readonly GroupMember[]>> {
  if (members.length < 2) return known(members);
  const writers = await writersOf(place, members);
  if (!writers.known) return writers;
  const sure = members.filter(({ named, author }) => named || (author !== null && writers.value.has(author)));
  if (sure.length === 0) return known(members);
  const heads = new Set(sure.map(({ headSha }) => headSha));
  const doubtful = members.filter((member) => !sure.includes(member) && !heads.has(member.headSha));
  if (doubtful.length > MOST_DOUBTFUL) {
    const names = doubtful.slice(0, 20).map(({ number }) => `#${number}`);
    return neverKnown(
      "the pull requests of the merge group: too many are open from its commits",
      `close those that aren't meant (${names.join(", ")} …)`,
    );
  }
  const queued = await Promise.all(
    doubtful.map(async (member) => {
      const history = await readHistory(place.client, place.repo, member.number);
      return history.known && history.value.inMergeQueue !== true ? [] : [member];
    }),
  );
  return known([...sure, ...queued.flat()]);
}
