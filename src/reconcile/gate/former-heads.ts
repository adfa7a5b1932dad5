import { readGates } from "../../github/collect/check/gates.ts";
import { readSiblings } from "../../github/collect/pull-request/siblings.ts";
import { planCancellations } from "../../plan/check.ts";
import type { LeftHead } from "../../plan/gate.ts";
import { type Fact, known } from "../../policy/fact.ts";
import { headKey, type Place, type ReconcileContext } from "../context.ts";
import type { Judged } from "../evaluate/pull-request.ts";

/** Earlier heads of the pull request on which something green may be left, and the app's runs on them. */
export async function readFormerHeads(
  context: ReconcileContext,
  place: Place,
  { collected, number }: Judged,
): Promise<Fact<readonly LeftHead[]>> {
  const { formerHeads } = collected;
  if (!formerHeads.known) return formerHeads;
  const heads = await Promise.all(formerHeads.value.map((sha) => readLeftHead(context, place, sha, number)));
  const unread = heads.find((head) => !head.known);
  if (unread?.known === false) return unread;
  return known(heads.flatMap((head) => (head.known && head.value !== null ? [head.value] : [])));
}

/** A head that pull request `number` has left; `null`: it is known that nothing green is on it. */
export async function readLeftHead(
  context: ReconcileContext,
  place: Place,
  sha: string,
  number: number,
): Promise<Fact<LeftHead | null>> {
  const { client, repo } = place;
  const key = headKey(place, sha);
  if (context.memory.cleared.has(key)) return known(null);
  const gates = await readGates(client, repo, sha);
  if (!gates.known) return gates;
  const runs = gates.value;
  // Another open pull request's head it may still be.
  const asks = planCancellations(sha, runs, "", true).length > 0;
  const others = asks ? await readSiblings(client, repo, sha, number) : known([]);
  return others.known ? known({ sha, key, runs, stillUsed: others.value.length > 0 }) : others;
}
