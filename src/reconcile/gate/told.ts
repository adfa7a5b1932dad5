import { identityOf } from "../../github/api/repositories.ts";
import { readGates } from "../../github/collect/check/gates.ts";
import { recordOf } from "../../github/collect/check/record.ts";
import type { Told } from "../../github/collect/check/record-text.ts";
import { ASKED, OPENED } from "../../plan/gate/approval-requests.ts";
import { escalationKey } from "../../render/gate/escalation.ts";
import type { Place, ReconcileContext } from "../context.ts";
import type { Evaluated } from "../evaluate/pull-request.ts";

/**
 * What was told about a pull request, each once in its life: `opened` outside GitHub, `asked`, and the steps
 * of the escalation. Comments can be deleted and heads go, so it is kept on the check of the head, which
 * nobody else can write, and is carried over from earlier heads.
 */

/** Earlier heads that are asked; the newest come first, and each had what the ones before it had. */
const MOST_HEADS = 5;

const ESCALATION = /^<!-- hotfix-guard:escalation (?:.{1,40}\/)?(\d{1,12}s\/.{0,100}) -->$/;
const ASKED_MARKER = /^<!-- hotfix-guard:asked /;

/** For plans: `keys` were told. */
export function toldAbout(place: Place, { number }: Evaluated, keys: ReadonlySet<string> | null) {
  return { keys, of: keyOf(place, number) };
}

/** What is known to have been told, without asking GitHub. */
export function toldOf(
  { memory }: Pick<ReconcileContext, "memory">,
  place: Place,
  evaluated: Evaluated,
): ReadonlySet<string> {
  const { collected, number } = evaluated;
  const recorded = collected.gates.known ? (recordOf(collected.gates.value).told ?? []) : [];
  const markers = collected.answers.known ? [...collected.answers.value] : [];
  return new Set([
    ...recorded.filter(({ pr }) => pr === number).map(({ key }) => key),
    ...markers.flatMap((marker) => ESCALATION.exec(marker)?.[1] ?? (ASKED_MARKER.test(marker) ? ASKED : [])),
    ...(wasRequested(evaluated) ? [ASKED] : []),
    ...[...candidates(evaluated)].filter((key) => memory.told.has(`${keyOf(place, number)} ${key}`)),
  ]);
}

/** The timeline keeps that for good. */
function wasRequested({ collected }: Evaluated): boolean {
  const { history } = collected.snapshot;
  return history.known && (history.value.reviewRequestedAt ?? []).length > 0;
}

/** For the record on the check: what nothing else keeps. */
export function toRecord(
  context: Pick<ReconcileContext, "memory">,
  place: Place,
  evaluated: readonly Evaluated[],
): readonly Told[] {
  return evaluated.flatMap((one) =>
    [...toldOf(context, place, one)]
      .filter((key) => key !== ASKED || !wasRequested(one))
      .map((key) => ({ pr: one.number, key })),
  );
}

/** What this process may have told, whether it is on record yet or not. */
function candidates({ collected: { policy } }: Evaluated): readonly string[] {
  const steps = policy.state === "valid" ? policy.policy.escalation.map(escalationKey) : [];
  return [ASKED, OPENED, ...steps];
}

function remember(
  { memory }: Pick<ReconcileContext, "memory">,
  place: Place,
  number: number,
  keys: readonly string[],
): void {
  for (const key of keys) memory.told.set(`${keyOf(place, number)} ${key}`, "");
}

/**
 * What was told, earlier heads included: asked of GitHub once, and only where something would be told. False:
 * they could not be read.
 */
export async function askEarlierHeads(
  context: Pick<ReconcileContext, "memory">,
  place: Place,
  evaluated: Evaluated,
): Promise<boolean> {
  const { collected, number } = evaluated;
  const key = `${keyOf(place, number)} earlier heads`;
  if (context.memory.told.has(key)) return true;
  const { head } = collected.snapshot.pullRequest;
  const { formerHeads, snapshot } = collected;
  const commits = snapshot.commits.known ? snapshot.commits.value.map(({ sha }) => sha).toReversed() : [];
  const heads = [...new Set([...(formerHeads.known ? formerHeads.value : []), ...commits])].filter(
    (sha) => sha !== head.sha,
  );
  for (const sha of heads.slice(0, MOST_HEADS)) {
    const gates = await readGates(place.client, place.repo, sha);
    if (!gates.known) return false;
    const told = (recordOf(gates.value).told ?? []).filter(({ pr }) => pr === number);
    if (told.length === 0) continue;
    remember(
      context,
      place,
      number,
      told.map((one) => one.key),
    );
    break;
  }
  context.memory.told.set(key, "");
  return true;
}

function keyOf({ client, repo }: Place, number: number): string {
  return `${identityOf(client, repo)}#${number}`;
}
