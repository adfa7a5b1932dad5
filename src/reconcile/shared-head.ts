import { readAccess } from "../github/collect/people.ts";
import { hasPermission } from "../policy/approval/roles.ts";
import { type Fact, known } from "../policy/fact.ts";
import type { Place } from "./context.ts";
import { isJudged, type Judged, judge } from "./judge.ts";

/** The pull requests that have a say in a head's check, and those that are only named. */
export interface SharedHead {
  readonly voters: readonly Judged[];
  readonly bystanders: readonly Judged[];
}

/**
 * Open pull requests with one head share its check run: all are judged. Those of people without write access have no say while
 * somebody with write access has one open: otherwise a stranger could block, or speak for, another's head.
 */
export async function judgeSharedHead(place: Place, own: Judged): Promise<Fact<SharedHead>> {
  const { siblings } = own.collected;
  if (!siblings.known) return siblings;
  if (siblings.value.length === 0) return known({ voters: [own], bystanders: [] });
  const judgements = await Promise.all(siblings.value.map((number) => judge(place, number, {})));
  const unreadable = judgements.find((judgement) => !isJudged(judgement) && judgement.state === "unreadable");
  if (unreadable !== undefined && "reason" in unreadable) return { known: false, reason: unreadable.reason };
  const sha = own.collected.snapshot.pullRequest.head.sha;
  const all = [own, ...judgements.filter(isJudged)].filter(({ collected: { snapshot } }) => {
    const { state, head } = snapshot.pullRequest;
    return state === "open" && head.sha === sha;
  });
  const votes = await Promise.all(all.map((judged) => mayVote(place, judged)));
  const failed = votes.find((vote) => !vote.known);
  if (failed !== undefined && !failed.known) return failed;
  const voters = all.filter((_, i) => votes[i]?.known === true && votes[i]?.value === true);
  return known(
    voters.length === 0
      ? { voters: all, bystanders: [] }
      : { voters, bystanders: all.filter((judged) => !voters.includes(judged)) },
  );
}

async function mayVote({ client, repo }: Place, { collected }: Judged): Promise<Fact<boolean>> {
  const { author } = collected.snapshot.pullRequest;
  if (author === null) return known(false);
  const access = await readAccess(client, repo, author.login);
  return access.known ? known(hasPermission(access.value, "write")) : access;
}
