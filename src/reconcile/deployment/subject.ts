import { read } from "../../github/api/read.ts";
import { readGates } from "../../github/collect/check/gates.ts";
import { recordOf } from "../../github/collect/check/record.ts";
import {
  branchTip,
  readHotfixWork,
  readProtectedBase,
  readUnlanded,
  type Unlanded,
} from "../../github/collect/deployment/deployed-commit.ts";
import { type ListedPullRequest, listOpenPullRequests } from "../../github/collect/git/listing.ts";
import { readGroupMembers } from "../../github/collect/git/merge-group.ts";
import { readAccess } from "../../github/collect/pull-request/people.ts";
import { readPullRequest } from "../../github/collect/pull-request/pull-request.ts";
import { hasPermission } from "../../policy/approval/roles.ts";
import { isHotfixLike } from "../../policy/classify.ts";
import {
  concernedBy,
  type DeploymentSubject,
  groupOf,
  isOfPullRequest,
  speaksFor,
  type WaitingRun,
} from "../../policy/deployment/deployment-review.ts";
import { type Fact, known, mapFact, unknown } from "../../policy/fact.ts";
import type { Policy } from "../../policy/policy.ts";
import { fullName } from "../../policy/repository.ts";
import type { Place } from "../context.ts";
import { type Evaluated, evaluatePullRequest, isEvaluated } from "../evaluate/pull-request.ts";

/** What a run deploys, and the pull requests by whose verdicts it was told. */
export interface ReadSubject {
  readonly subject: DeploymentSubject;
  readonly evaluated: readonly Evaluated[];
}

/** Each costs some ten requests; nobody has as many for one commit. */
const MOST_PULLS = 10;

/**
 * Finds out what a waiting run deploys, from what GitHub shows now. What production has is let through first,
 * so that nobody's pull request holds a release; then open pull requests are evaluated anew; then the commits
 * themselves are looked at.
 */
export async function readSubject(
  place: Place,
  run: WaitingRun,
  policy: Policy,
  defaultBranch: string,
): Promise<Fact<ReadSubject>> {
  const { client, repo } = place;
  const [open, unlanded] = await Promise.all([
    listOpenPullRequests(client, repo),
    readUnlanded(client, repo, run.headSha, policy, defaultBranch),
  ]);
  if (!unlanded.known) return unlanded;
  const { landedOn } = unlanded.value;
  const landed: ReadSubject | null =
    landedOn === null ? null : { subject: { kind: "landed", branch: landedOn }, evaluated: [] };
  // What a pull request's own run deploys is the pull request, even where GitHub names the base's commit.
  if (landed !== null && !isOfPullRequest(run)) return known(landed);
  if (!open.known) return open;

  const group = groupOf(run);
  if (group !== null) return mapFact(await readGroup(place, { ...group, headSha: run.headSha }), ofPulls);

  const { exact, others } = concernedBy(run, open.value);
  const [same, moved] = await Promise.all([
    evaluateThoseWithASay(place, run, exact),
    evaluateThoseWithASay(
      place,
      run,
      others.filter((pull) => isHotfixLike(pull, policy)),
    ),
  ]);
  if (!same.known) return same;
  if (!moved.known) return moved;
  const all = [...same.value, ...moved.value].filter(isAsked);
  // A list may be older than the pull request.
  const heads = all.filter(({ collected }) => collected.snapshot.pullRequest.head.sha === run.headSha);
  if (heads.length > 0) return known(ofPulls(heads));
  const [other] = all;
  if (other !== undefined) {
    const { url, head } = other.collected.snapshot.pullRequest;
    return known({
      subject: { kind: "moved-on", number: other.number, url, headSha: head.sha },
      evaluated: [other],
    });
  }
  return landed === null
    ? readCommits(place, run, unlanded.value, open.value, policy, defaultBranch)
    : known(landed);
}

/** No open pull request tells: the commits do. */
async function readCommits(
  place: Place,
  run: WaitingRun,
  unlanded: Unlanded,
  open: readonly ListedPullRequest[],
  policy: Policy,
  defaultBranch: string,
): Promise<Fact<ReadSubject>> {
  const { client, repo } = place;
  const brought = new Set(unlanded.commits.map(({ sha }) => sha));
  const held = open.filter((pull) => brought.has(pull.headSha) && isHotfixLike(pull, policy));
  const [speaking, evaluated] = await Promise.all([withASay(place, run, held), wasEvaluated(place, run)]);
  if (!speaking.known) return speaking;
  if (!evaluated.known) return evaluated;
  if (speaking.value.length === 0 && evaluated.value !== "pull-request") {
    const production = await readProtectedBase(client, repo, run, policy, defaultBranch);
    if (!production.known) return production;
    if (production.value !== null)
      return known({ subject: { kind: "landed", branch: production.value }, evaluated: [] });
  }
  const brings = { ...unlanded, evaluated: evaluated.value !== null };
  const work = await readHotfixWork(client, repo, run, brings, policy, defaultBranch);
  if (!work.known) return work;
  const of = (subject: DeploymentSubject) => known({ subject, evaluated: [] });
  if (work.value.kind === "merged") return of(work.value);
  const [whole] = speaking.value;
  if (whole !== undefined) return of({ kind: "holds", number: whole.number, url: whole.url });
  return of({ kind: work.value.kind === "none" ? "ordinary" : "no-pull-request" });
}

function ofPulls(evaluated: readonly Evaluated[]): ReadSubject {
  const pulls = evaluated.map(({ number, collected, verdict }) => {
    const { url, head } = collected.snapshot.pullRequest;
    return { number, url, headSha: head.sha, verdict };
  });
  return { subject: { kind: "pull-requests", pulls }, evaluated };
}

/** Does the gate ask anything of it, as far as it can tell? */
function isAsked({ verdict }: Evaluated): boolean {
  return verdict.outcome !== "skipped";
}

/**
 * As what did the app's own check on the commit know a hotfix: as the head of a pull request, or of a branch
 * alone? Nobody can take that away by closing the pull request, renaming or deleting what it came from. A
 * check that strangers' pull requests alone have brought about says nothing: `null`.
 */
async function wasEvaluated(place: Place, run: WaitingRun): Promise<Fact<"pull-request" | "branch" | null>> {
  const { client, repo } = place;
  const gates = await readGates(client, repo, run.headSha);
  if (!gates.known) return gates;
  const [gate] = gates.value;
  if (gate === undefined || gate.conclusion === "skipped") return known(null);
  const numbers = [...new Set(recordOf(gates.value).arrivals.map(({ pr }) => pr))].slice(-MOST_PULLS);
  // One that was green before it was cancelled tells of none any more; no stranger gets so far.
  if (numbers.length === 0) return known(gate.conclusion === "cancelled" ? "pull-request" : "branch");
  const pulls: { author: string | null; headRepository: string | null }[] = [];
  for (const number of numbers) {
    const reading = await readPullRequest(client, repo, number);
    if (!reading.known) return reading;
    if (reading.value === null) continue;
    const { author, head } = reading.value.pullRequest;
    pulls.push({ author: author?.login ?? null, headRepository: head.repository });
  }
  return mapFact(await withASay(place, run, pulls), (speaking) =>
    speaking.length > 0 ? "pull-request" : null,
  );
}

/** Whose author may have a say, or whose head is where the run is. */
async function withASay<T extends Pick<ListedPullRequest, "author" | "headRepository">>(
  { client, repo }: Place,
  run: WaitingRun,
  pulls: readonly T[],
): Promise<Fact<readonly T[]>> {
  const here = fullName(repo);
  const speaking: T[] = [];
  const authors = new Map<string, T[]>();
  for (const pull of pulls) {
    if (speaksFor(run, pull, here)) speaking.push(pull);
    else if (pull.author !== null) authors.set(pull.author, [...(authors.get(pull.author) ?? []), pull]);
  }
  for (const [login, own] of authors) {
    const access = await readAccess(client, repo, login);
    if (!access.known) return access;
    if (hasPermission(access.value, "write")) speaking.push(...own);
  }
  return known(speaking);
}

async function evaluateThoseWithASay(
  place: Place,
  run: WaitingRun,
  pulls: readonly ListedPullRequest[],
): Promise<Fact<readonly Evaluated[]>> {
  const speaking = await withASay(place, run, pulls);
  if (!speaking.known) return speaking;
  return evaluateAll(
    place,
    speaking.value.map(({ number }) => number),
  );
}

/** Those that are still open, evaluated anew. */
async function evaluateAll(place: Place, numbers: readonly number[]): Promise<Fact<readonly Evaluated[]>> {
  if (numbers.length > MOST_PULLS)
    return unknown(
      `the pull requests of the commit: more than ${MOST_PULLS}; close those that are not needed`,
    );
  const evaluations = await Promise.all(numbers.map((number) => evaluatePullRequest(place, number, {})));
  const unreadable = evaluations.find((one) => !isEvaluated(one) && one.state === "unreadable");
  if (unreadable !== undefined && "reason" in unreadable) return unknown(unreadable.reason);
  return known(
    evaluations
      .filter(isEvaluated)
      .filter(({ collected }) => collected.snapshot.pullRequest.state === "open"),
  );
}

/** A merge group is composed by GitHub of open pull requests, so their verdicts are its verdict. */
async function readGroup(
  place: Place,
  group: { readonly headSha: string; readonly baseRef: string; readonly headRef: string },
): Promise<Fact<readonly Evaluated[]>> {
  const { client, repo } = place;
  const baseSha = await read(`the branch ${group.baseRef}`, () => branchTip(client, repo, group.baseRef));
  if (!baseSha.known) return baseSha;
  if (baseSha.value === null) return unknown(`the branch ${group.baseRef}: not found`);
  const members = await readGroupMembers(client, repo, { ...group, baseSha: baseSha.value });
  return members.known
    ? evaluateAll(
        place,
        members.value.map(({ number }) => number),
      )
    : members;
}
