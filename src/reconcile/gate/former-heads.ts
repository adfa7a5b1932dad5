import { remembered } from "../../github/api/memory.ts";
import { readGates } from "../../github/collect/check/gates.ts";
import { listPullRequestsFrom } from "../../github/collect/git/listing.ts";
import { readSiblings } from "../../github/collect/pull-request/siblings.ts";
import { planCancellations } from "../../plan/gate/check.ts";
import type { FormerHeads, LeftHead } from "../../plan/gate/left-heads.ts";
import { isProductionBase } from "../../policy/classify.ts";
import { type Fact, known, mapFact } from "../../policy/fact.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { PolicyReading } from "../../policy/verdict.ts";
import { headKey, type Place, type ReconcileContext } from "../context.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";

/** So many are looked at in one go; the rest follows behind everything else. */
const PORTION = 50;

/**
 * Former heads, with the number of the pull request whose they were, that are an open one's head or have
 * landed: their checks stay.
 */
const held = remembered<true>("held heads");

/**
 * Earlier heads of the pull request and of its branch's name on which something green may be left, and the
 * app's runs on them: the newest that this process has not seen to yet, and whether there are more.
 */
export async function readFormerHeads(
  context: ReconcileContext,
  place: Place,
  { collected, number }: Evaluated,
): Promise<Fact<FormerHeads>> {
  const { formerHeads, snapshot } = collected;
  if (!formerHeads.known) return formerHeads;
  const seen = held(context.memory);
  const nameOf = (sha: string) => `${headKey(place, sha)}#${number}`;
  const left = formerHeads.value.filter(
    (sha) => !context.memory.cleared.has(headKey(place, sha)) && !seen.has(nameOf(sha)),
  );
  const landed = once(() => landedHeads(place, snapshot, collected.policy));
  const heads = await Promise.all(
    left.slice(0, PORTION).map((sha) => readLeftHead(context, place, sha, number, landed)),
  );
  const unread = heads.find((head) => !head.known);
  if (unread?.known === false) return unread;
  const found = heads.flatMap((head) => (head.known && head.value !== null ? [head.value] : []));
  for (const { sha, stays } of found) if (stays) seen.set(nameOf(sha), true);
  return known({ heads: found, more: left.length > PORTION });
}

/** A head that pull request `number` has left; `null`: it is known that nothing green is on it. */
export async function readLeftHead(
  context: ReconcileContext,
  place: Place,
  sha: string,
  number: number,
  landed: () => Promise<Fact<ReadonlySet<string>>> = async () => known(new Set<string>()),
): Promise<Fact<LeftHead | null>> {
  const { client, repo } = place;
  const key = headKey(place, sha);
  if (context.memory.cleared.has(key)) return known(null);
  const gates = await readGates(client, repo, sha);
  if (!gates.known) return gates;
  const runs = gates.value;
  if (planCancellations(sha, runs, "", true).length === 0) return known({ sha, key, runs, stays: false });
  // Another open pull request's head it may still be, or one that was merged.
  const [others, merged] = await Promise.all([readSiblings(client, repo, sha, number), landed()]);
  if (!others.known) return others;
  if (!merged.known) return merged;
  return known({ sha, key, runs, stays: others.value.length > 0 || merged.value.has(sha) });
}

/**
 * Heads of pull requests from the branch that were merged to production: what their checks said is on record,
 * and their commits are there. One that was merged elsewhere could still be pushed to production.
 */
async function landedHeads(
  { client, repo }: Place,
  { pullRequest: { head, fork }, repository }: Pick<PullRequestSnapshot, "pullRequest" | "repository">,
  reading: PolicyReading,
): Promise<Fact<ReadonlySet<string>>> {
  if (fork) return known(new Set());
  const isProduction = (base: string): boolean =>
    reading.state === "valid"
      ? isProductionBase(base, reading.policy, repository)
      : base === repository.defaultBranch;
  const pulls = await listPullRequestsFrom(client, repo, head.ref);
  return mapFact(pulls, (all) => {
    const landed = all.filter(({ mergedAt, baseRef }) => mergedAt !== null && isProduction(baseRef));
    return new Set(landed.map(({ headSha }) => headSha));
  });
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
