import { remembered } from "../../github/api/memory.ts";
import { identityOf } from "../../github/api/repositories.ts";
import type { ReconcileHint } from "../../jobs/key.ts";
import type { Attempt } from "../../jobs/queue.ts";
import type { Place } from "../context.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";

/** What was read longer ago is read again: people may have done something of which no event has come. */
const FRESH_MS = 5_000;

const handedOver = remembered<Evaluated>("evaluated a moment ago", ({ collected: { snapshot } }) => {
  const files = snapshot.files.known ? snapshot.files.value : [];
  return files.reduce((sum, { path, patch }) => sum + path.length + (patch?.length ?? 0), 10_000);
});

/** The verdict is written: whoever writes what people read next need not read all of it again. */
export function handOver(place: Place, own: Evaluated): void {
  handedOver(place.client).set(keyOf(place, own.number), own);
}

/** Something has happened on the pull request: what was read before is no longer so. */
export function forgetHandedOver(place: Place, number: number): void {
  handedOver(place.client).delete(keyOf(place, number));
}

/** What was evaluated a moment ago, once: where an event knows of something newer, or it is tried again, nothing. */
export function takeHandedOver(
  place: Place,
  number: number,
  { notBefore = "" }: ReconcileHint,
  attempt: Attempt,
): Evaluated | null {
  const own = handedOver(place.client).get(keyOf(place, number));
  forgetHandedOver(place, number);
  if (own === undefined || attempt.number > 0) return null;
  const { observedAt, pullRequest } = own.collected.snapshot;
  const age = place.client.serverTime().getTime() - Date.parse(observedAt);
  return age < FRESH_MS && pullRequest.updatedAt >= notBefore ? own : null;
}

function keyOf({ client, repo }: Place, number: number): string {
  return `${identityOf(client, repo)}#${number}`;
}
