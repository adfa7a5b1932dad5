import { remembered } from "../../github/api/memory.ts";
import { identityOf } from "../../github/api/repositories.ts";
import { readGates } from "../../github/collect/check/gates.ts";
import { type ListedPullRequest, listOpenPullRequests } from "../../github/collect/git/listing.ts";
import { listMergeGroups } from "../../github/collect/git/merge-group.ts";
import { loadPolicy } from "../../github/collect/policy.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import type { JobResult } from "../../jobs/queue.ts";
import { type Ordinary, planFreeze, planFreezePass } from "../../plan/gate/freeze.ts";
import { isHotfixLike } from "../../policy/classify.ts";
import { freezes, mayHaveFrozen } from "../../policy/freeze.ts";
import type { FrozenFor } from "../../policy/snapshot.ts";
import { frozenNumber } from "../../render/gate/frozen.ts";
import { carryOut } from "../carry-out.ts";
import { headKey, keyOf, type Place, type ReconcileContext } from "../context.ts";
import { hasQueue, readFreezes } from "../evaluate/freeze.ts";
import { type Evaluated, evaluatePullRequest } from "../evaluate/pull-request.ts";
import { NO_RETRY } from "../retry.ts";

/**
 * So many checks are looked at in one go, with a pause between: an installation has some 80 requests a
 * minute.
 */
const PORTION = 20;
const PAUSE_MS = 20_000;

/** What a pull request froze when that was followed last, and down to which number the last pass has come. */
const followed = remembered<string>("freezes followed");

/**
 * A pull request has begun to freeze its base branch, or has ended that, or this process does not know yet.
 */
export async function followFreeze(
  context: ReconcileContext,
  place: Place,
  { collected, number, verdict }: Evaluated,
): Promise<void> {
  const { policy, snapshot } = collected;
  if (policy.state !== "valid") return;
  const freeze = verdict.freeze ?? null;
  if (freeze === null && !mayHaveFrozen(snapshot, policy.policy)) return;
  const { base, head } = snapshot.pullRequest;
  const key = `${headKey(place, head.sha)}#${number}`;
  const now = freeze === null ? "" : base.ref;
  if (followed(context.memory).get(key) === now) return;
  followed(context.memory).set(key, now);
  await carryOut(context, place, planFreeze(keyOf(place), snapshot.observedAt), NO_RETRY);
}

/**
 * Goes over the repository's open pull requests, newest first and a portion at a time, and its merge groups:
 * whose check says something else than the freezes that hold now is evaluated anew. Who waits is told by the
 * checks themselves, so that nobody stays frozen by an event that is lost or a process that ends.
 */
export async function reconcileFreeze(
  context: ReconcileContext,
  place: Place,
  { notBefore = "" }: ReconcileHint,
): Promise<JobResult> {
  const { client, repo } = place;
  const [reading, open] = await Promise.all([loadPolicy(client, repo), listOpenPullRequests(client, repo)]);
  if (!open.known) throw new Error(open.reason);
  if (reading.state !== "valid" || !freezes(reading.policy)) return {};
  const { policy } = reading;
  const frozen = await readFreezes(place, policy, open.value, (number) =>
    evaluatePullRequest(place, number, {}, { readsFreeze: false }),
  );
  const queued = await queuesOf(place, [...frozen.values()]);
  const key = identityOf(client, repo);
  const [since, number] = `${followed(context.memory).get(key) ?? ""}`.split(" ");
  const isFirst = number === undefined || since !== notBefore;
  const below = isFirst ? Number.POSITIVE_INFINITY : Number(number);
  const left = open.value
    .filter((one) => one.number < below && !isHotfixLike(one, policy))
    .toSorted((a, b) => b.number - a.number);
  const portion = left.slice(0, PORTION);
  const ordinary = await Promise.all(
    portion.map((one) =>
      asOrdinary(place, one, queued.has(one.baseRef) ? undefined : frozen.get(one.baseRef)),
    ),
  );
  const groups = isFirst ? await listMergeGroups(client, repo, null) : null;
  const planned = planFreezePass(ordinary, groups?.known ? groups.value : [], keyOf(place));
  const { again } = await carryOut(context, place, planned, NO_RETRY);
  const more = left.length > portion.length || again;
  if (more) followed(context.memory).set(key, `${notBefore} ${portion.at(-1)?.number ?? 0}`);
  else followed(context.memory).delete(key);
  return more ? { retryAfterMs: PAUSE_MS } : {};
}

async function queuesOf(place: Place, frozen: readonly FrozenFor[]): Promise<ReadonlySet<string>> {
  const bases = await Promise.all(
    frozen.map(async ({ base }) => ((await hasQueue(place, base)) ? [base] : [])),
  );
  return new Set(bases.flat());
}

async function asOrdinary(
  { client, repo }: Place,
  { number, headSha }: ListedPullRequest,
  freeze: FrozenFor | undefined,
): Promise<Ordinary> {
  const wanted = freeze?.number ?? null;
  const gates = await readGates(client, repo, headSha);
  // Then it is evaluated, which finds out.
  if (!gates.known) return { number, wanted, shown: -1 };
  const [latest] = gates.value;
  return {
    number,
    wanted,
    shown: latest?.status === "in_progress" ? frozenNumber(latest.title ?? "") : null,
  };
}
