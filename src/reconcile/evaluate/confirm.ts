import { readPullRequest } from "../../github/collect/pull-request/pull-request.ts";
import { type Listed, readOpenWithHead } from "../../github/collect/pull-request/siblings.ts";
import type { Attempt } from "../../jobs/queue.ts";
import { known } from "../../policy/fact.ts";
import { HOTFIX_LABEL } from "../../policy/labels.ts";
import type { PullRequestFacts } from "../../policy/snapshot.ts";
import type { Claim } from "../../policy/voters.ts";
import type { Place } from "../context.ts";
import type { Evaluated } from "./pull-request.ts";
import type { SharedHead } from "./shared-head.ts";

/**
 * After so many tries whatever else moves on the pull request (comments without an end) does not put the
 * green off any more.
 */
const PATIENT_ATTEMPTS = 5;

/** Does it still count what else moves on a pull request? */
export function isStrict({ number }: Attempt): boolean {
  return number < PATIENT_ATTEMPTS;
}

/**
 * Are the pull requests still what was evaluated? Facts are read one after the other, and a write may have to
 * wait for its turn: a label taken off, another base or another head meanwhile must not get the green of
 * before. False too where it cannot be read. `strict`: nothing at all has happened on them.
 */
export async function stillAsEvaluated(
  { client, repo }: Place,
  evaluated: readonly Evaluated[],
  strict: boolean,
): Promise<boolean> {
  const now = await Promise.all(evaluated.map(({ number }) => readPullRequest(client, repo, number)));
  return evaluated.every((one, i) => {
    const reading = now[i];
    if (!reading?.known || reading.value === null) return false;
    const before = asSeen(one);
    const { pullRequest } = reading.value;
    return (
      before.state === pullRequest.state &&
      before.head.sha === pullRequest.head.sha &&
      before.base.ref === pullRequest.base.ref &&
      same(before, pullRequest, strict)
    );
  });
}

/**
 * As `stillAsEvaluated`, for a head: the open pull requests that have it, and where they go, are those that
 * were seen too. One list mostly shows all of it.
 */
export async function headStillAsEvaluated(
  place: Place,
  own: Evaluated,
  { voters, bystanders, listed }: SharedHead,
  strict: boolean,
): Promise<boolean> {
  const { head } = own.collected.snapshot.pullRequest;
  const open =
    listed === undefined
      ? await readOpenWithHead(place.client, place.repo, head.sha, own.number)
      : known(listed);
  if (!open.known) return false;
  const seen: readonly Claim[] = [...voters.map(claimOf), ...bystanders];
  const names = (claims: readonly Claim[]) => claims.map(({ number, base }) => `${number} ${base}`).sort();
  if (names(seen).join("\n") !== names(open.value).join("\n")) return false;
  const shown = new Map(open.value.map(({ number, shows }) => [number, shows]));
  const unshown: Evaluated[] = [];
  for (const voter of voters) {
    const now = shown.get(voter.number) ?? null;
    if (now === null) unshown.push(voter);
    else if (!same(asSeen(voter), now, strict)) return false;
  }
  return stillAsEvaluated(place, unshown, strict);
}

/**
 * The pull request as it is on GitHub: one that is evaluated as a hotfix by its head alone has not the label.
 */
function asSeen({ collected, asHotfix }: Evaluated): PullRequestFacts {
  const { pullRequest } = collected.snapshot;
  return asHotfix === true
    ? { ...pullRequest, labels: pullRequest.labels.filter((label) => label !== HOTFIX_LABEL) }
    : pullRequest;
}

function claimOf({ number, collected }: Evaluated): Claim {
  const { base, author } = collected.snapshot.pullRequest;
  return { number, base: base.ref, author: author?.login ?? null };
}

type Facts = NonNullable<Listed> & Pick<PullRequestFacts, "title">;

function same(before: Facts, now: Facts, strict: boolean): boolean {
  return (
    before.title === now.title &&
    before.body === now.body &&
    before.labels.toSorted().join("\n") === now.labels.toSorted().join("\n") &&
    (!strict || before.updatedAt === now.updatedAt)
  );
}
