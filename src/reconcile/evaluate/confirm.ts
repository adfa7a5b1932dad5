import { type PullRequestReading, readPullRequest } from "../../github/collect/pull-request/pull-request.ts";
import type { Attempt } from "../../jobs/queue.ts";
import type { Place } from "../context.ts";
import type { Judged } from "./pull-request.ts";

/** After so many tries whatever else moves on the pull request (comments without an end) does not put the green off any more. */
const PATIENT_ATTEMPTS = 5;

/**
 * Are the pull requests still what was judged? Facts are read one after the other, and a write may have to wait for its turn: a label
 * taken off, another base or another head meanwhile must not get the green of before. False too where it cannot be read.
 */
export async function stillAsJudged(
  { client, repo }: Place,
  judged: readonly Judged[],
  attempt: Attempt,
): Promise<boolean> {
  const now = await Promise.all(judged.map(({ number }) => readPullRequest(client, repo, number)));
  const strict = attempt.number < PATIENT_ATTEMPTS;
  return judged.every(({ collected }, i) => {
    const reading = now[i];
    if (!reading?.known || reading.value === null) return false;
    return same(collected.snapshot.pullRequest, reading.value.pullRequest, strict);
  });
}

type Facts = PullRequestReading["pullRequest"];

function same(before: Facts, now: Facts, strict: boolean): boolean {
  return (
    before.state === now.state &&
    before.head.sha === now.head.sha &&
    before.base.ref === now.base.ref &&
    before.title === now.title &&
    before.body === now.body &&
    before.labels.toSorted().join("\n") === now.labels.toSorted().join("\n") &&
    (!strict || before.updatedAt === now.updatedAt)
  );
}
