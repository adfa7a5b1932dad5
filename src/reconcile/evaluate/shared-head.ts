import { readAccess } from "../../github/collect/pull-request/people.ts";
import {
  type OpenPullRequest,
  othersOf,
  readOpenWithHead,
  recallSiblings,
  type Sibling,
} from "../../github/collect/pull-request/siblings.ts";
import { hasPermission } from "../../policy/approval/roles.ts";
import { isProductionBase } from "../../policy/classify.ts";
import { type Fact, known, mapFact, neverKnown, unknown } from "../../policy/fact.ts";
import { type Claim, votesOf } from "../../policy/voters.ts";
import type { Place } from "../context.ts";
import { type Evaluated, evaluatePullRequest, isEvaluated } from "./pull-request.ts";

/** The pull requests that have a say in a head's check, and those that are only named. */
export interface SharedHead {
  readonly voters: readonly Evaluated[];
  readonly bystanders: readonly Sibling[];
  /** Numbers of the voters whose authors have no write access, where the head is shared. */
  readonly outsiders: readonly number[];
  /** The head's pull requests as GitHub listed them after all else was read; not set: before. */
  readonly listed?: readonly OpenPullRequest[];
}

/** Anybody can open pull requests from one commit by the dozen, and each costs some ten requests. */
const MOST_VOTERS = 10;
const MOST_OUTSIDERS = 3;

/**
 * Open pull requests with one head share its check run: who decides is told by `votesOf`. A commit that is on
 * its way to production as a hotfix is a hotfix on its way to every production branch, whatever the other
 * pull request is called.
 */
export async function evaluateSharedHead(place: Place, own: Evaluated): Promise<Fact<SharedHead>> {
  const { snapshot } = own.collected;
  const { author, base, head, url } = snapshot.pullRequest;
  const { client, repo } = place;
  // Read only now, what passes is confirmed by it as well, where there is nobody else.
  const open =
    lets(own) && recallSiblings(client, repo, head.sha, own.number) === null
      ? await readOpenWithHead(client, repo, head.sha, own.number)
      : null;
  const siblings =
    open === null ? await own.collected.siblings() : mapFact(open, (pulls) => othersOf(pulls, own.number));
  if (!siblings.known) return siblings;
  const alone: SharedHead = { voters: [own], bystanders: [], outsiders: [] };
  if (siblings.value.length === 0) return known(open?.known ? { ...alone, listed: open.value } : alone);
  const all: readonly Sibling[] = [
    { number: own.number, url, base: base.ref, author: author?.login ?? null },
    ...siblings.value,
  ];
  const writers = await writersOf(place, all);
  if (!writers.known) return writers;
  const isProduction = productionOf(own);
  const mayWrite = (login: string) => writers.value.has(login);
  const { voting, bystanders } = votesOf(all, mayWrite, isProduction);
  const outsiders = voting.filter((pull) => pull.author === null || !mayWrite(pull.author));
  if (voting.length > MOST_VOTERS || outsiders.length > MOST_OUTSIDERS)
    return tooMany(outsiders.length > MOST_OUTSIDERS ? outsiders : voting);
  const evaluations = await Promise.all(
    voting.map(({ number }) => (number === own.number ? own : evaluatePullRequest(place, number, {}))),
  );
  const unreadable = evaluations.find(
    (evaluation) => !isEvaluated(evaluation) && evaluation.state === "unreadable",
  );
  if (unreadable !== undefined && "reason" in unreadable) return unknown(unreadable.reason);
  const present = evaluations.filter(isEvaluated).filter(({ collected }) => {
    const { pullRequest } = collected.snapshot;
    return pullRequest.state === "open" && pullRequest.head.sha === head.sha;
  });
  // Those who had a say have closed theirs a moment ago: the list is old.
  if (present.length === 0) return unknown("the pull requests of the head: they have just changed");
  const voters = await asHotfixes(place, present, isProduction);
  if (!voters.known) return voters;
  return known({
    voters: voters.value,
    bystanders: bystanders.toSorted((a, b) => a.number - b.number),
    outsiders: outsiders.map(({ number }) => number),
  });
}

/** Would GitHub let it be merged with this verdict? */
function lets({ verdict: { outcome } }: Evaluated): boolean {
  return outcome === "success" || outcome === "neutral" || outcome === "skipped";
}

/** While the policy is not known any branch may be a production branch. */
function productionOf({ collected: { policy, snapshot } }: Evaluated): (base: string) => boolean {
  return (base) => policy.state !== "valid" || isProductionBase(base, policy.policy, snapshot.repository);
}

/**
 * Evaluates anew, as hotfixes, those that bring a hotfix to a production branch which no hotfix brings it to.
 */
async function asHotfixes(
  place: Place,
  voters: readonly Evaluated[],
  isProduction: (base: string) => boolean,
): Promise<Fact<readonly Evaluated[]>> {
  const baseOf = ({ collected }: Evaluated) => collected.snapshot.pullRequest.base.ref;
  const isHotfix = ({ verdict: { kind } }: Evaluated) => kind === "hotfix" || kind === "rollback";
  const evaluatedFor = new Set(voters.filter(isHotfix).map(baseOf).filter(isProduction));
  if (evaluatedFor.size === 0) return known(voters);
  const evaluations = await Promise.all(
    voters.map((voter) => {
      const isUnevaluated =
        voter.verdict.kind === "ordinary" && isProduction(baseOf(voter)) && !evaluatedFor.has(baseOf(voter));
      return isUnevaluated ? evaluatePullRequest(place, voter.number, {}, { asHotfix: true }) : voter;
    }),
  );
  const evaluated = evaluations.filter(isEvaluated);
  return evaluated.length === evaluations.length
    ? known(evaluated)
    : unknown("the pull requests of the head: they have just changed");
}

/** Nothing more is read: whoever opens pull requests by the dozen must not make the app read each of them. */
function tooMany(pulls: readonly Claim[]): Fact<never> {
  const names = pulls
    .slice(0, 20)
    .map(({ number }) => `#${number}`)
    .join(", ");
  return neverKnown(
    "the pull requests of the head: too many share it to be checked together",
    `close those that aren't meant (${names}): the check is then re-run at once`,
  );
}

/** The authors who have write access, each asked for once. */
export async function writersOf(
  { client, repo }: Place,
  pulls: readonly Pick<Claim, "author">[],
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
