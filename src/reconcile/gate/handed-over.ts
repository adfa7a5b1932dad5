import { remembered } from "../../github/api/memory.ts";
import { identityOf } from "../../github/api/repositories.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import type { Attempt } from "../../jobs/queue.ts";
import type { Place } from "../context.ts";
import { type Evaluated, type Evaluation, isEvaluated } from "../evaluate/pull-request.ts";

/** What was read longer ago is read again: people may have done something of which no event has come. */
const FRESH_MS = 5_000;

const handedOver = remembered<Promise<Evaluation>>("evaluated a moment ago");

const taken = new WeakSet<Evaluated>();

/** The verdict is being evaluated: whoever writes what people read next need not read all of it again. */
export function handOver(place: Place, number: number, evaluating: Promise<Evaluation>): Promise<Evaluation> {
  handedOver(place.client).set(keyOf(place, number), evaluating);
  return evaluating;
}

/** It has changed meanwhile, or is not to be shown yet. */
export function takeBack(place: Place, number: number): void {
  handedOver(place.client).delete(keyOf(place, number));
}

/**
 * What the verdict's job has evaluated a moment ago, or is just evaluating, once. `null`: nothing, it is not
 * open, an event knows of something newer, or it is tried again.
 */
export async function takeHandedOver(
  place: Place,
  number: number,
  { notBefore = "" }: ReconcileHint,
  attempt: Attempt,
): Promise<Evaluated | null> {
  const evaluating = handedOver(place.client).get(keyOf(place, number));
  takeBack(place, number);
  const own = attempt.number > 0 ? undefined : await evaluating?.catch(() => undefined);
  if (own === undefined || !isEvaluated(own)) return null;
  const { observedAt, pullRequest } = own.collected.snapshot;
  const age = place.client.serverTime().getTime() - Date.parse(observedAt);
  const holds = pullRequest.state === "open" && pullRequest.updatedAt >= notBefore;
  if (!holds || age >= FRESH_MS) return null;
  taken.add(own);
  return own;
}

/** What people read is being written from just this: nothing more is to be said for it. */
export function isTaken(own: Evaluated): boolean {
  return taken.has(own);
}

function keyOf({ client, repo }: Place, number: number): string {
  return `${identityOf(client, repo)}#${number}`;
}
