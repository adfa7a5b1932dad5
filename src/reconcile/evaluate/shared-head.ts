import { readAccess } from "../../github/collect/pull-request/people.ts";
import type { Sibling } from "../../github/collect/pull-request/siblings.ts";
import { hasPermission } from "../../policy/approval/roles.ts";
import { type Fact, known, unknown } from "../../policy/fact.ts";
import type { Place } from "../context.ts";
import { isJudged, type Judged, judge } from "./pull-request.ts";

/** The pull requests that have a say in a head's check, and those that are only named. */
export interface SharedHead {
  readonly voters: readonly Judged[];
  readonly bystanders: readonly Sibling[];
}

/** Anybody can open pull requests from one commit by the dozen, and each costs some ten requests. */
const MOST_VOTERS = 10;

/**
 * Open pull requests with one head share its check run. Those of people without write access have no say, and are not even read, while
 * somebody with write access has one open: otherwise a stranger could block, or speak for, another's head, or use up the app's requests.
 */
export async function judgeSharedHead(place: Place, own: Judged): Promise<Fact<SharedHead>> {
  const { siblings, snapshot } = own.collected;
  if (!siblings.known) return siblings;
  if (siblings.value.length === 0) return known({ voters: [own], bystanders: [] });
  const { author, head, url } = snapshot.pullRequest;
  const all = [{ number: own.number, url, author: author?.login ?? null }, ...siblings.value];
  const writers = await writersOf(place, all);
  if (!writers.known) return writers;
  const entitled = all.filter((pull) => pull.author !== null && writers.value.has(pull.author));
  const voting = entitled.length > 0 ? entitled : all;
  if (voting.length > MOST_VOTERS)
    return unknown(
      `the pull requests of the head: more than ${MOST_VOTERS} share it; close those that are not needed`,
    );
  const judgements = await Promise.all(
    voting.map(({ number }) => (number === own.number ? own : judge(place, number, {}))),
  );
  const unreadable = judgements.find((judgement) => !isJudged(judgement) && judgement.state === "unreadable");
  if (unreadable !== undefined && "reason" in unreadable) return unknown(unreadable.reason);
  const voters = judgements.filter(isJudged).filter(({ collected }) => {
    const { pullRequest } = collected.snapshot;
    return pullRequest.state === "open" && pullRequest.head.sha === head.sha;
  });
  // Those who had a say have closed theirs a moment ago: the list is old.
  if (voters.length === 0) return unknown("the pull requests of the head: they have just changed");
  return known({
    voters,
    bystanders: all.filter((pull) => !voting.includes(pull)).toSorted((a, b) => a.number - b.number),
  });
}

/** The authors who have write access, each asked for once. */
async function writersOf(
  { client, repo }: Place,
  pulls: readonly Sibling[],
): Promise<Fact<ReadonlySet<string>>> {
  const writers = new Set<string>();
  const logins = new Set(pulls.flatMap(({ author }) => author ?? []));
  const accesses = await Promise.all(
    [...logins].map(async (login) => ({ login, access: await readAccess(client, repo, login) })),
  );
  for (const { login, access } of accesses) {
    if (!access.known) return access;
    if (hasPermission(access.value, "write")) writers.add(login);
  }
  return known(writers);
}
