import { defaultPolicy } from "../../config/index.ts";
import { listPullRequestsFrom, readBranch } from "../../github/collect/git/listing.ts";
import { loadPolicy } from "../../github/collect/policy.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { type Fact, known, unknown } from "../../policy/fact.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { numberInTitle, type Subject, subjectOf } from "../../policy/post-mortem/subject.ts";
import { issueName } from "../../policy/repository.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { PolicyReading, Verdict } from "../../policy/verdict.ts";
import type { Place } from "../context.ts";
import { evaluateBranch, hotfixBranch } from "../evaluate/branch.ts";
import { evaluatePullRequest, isEvaluated } from "../evaluate/pull-request.ts";
import { type EvaluatedPush, evaluatePush } from "../evaluate/push.ts";
import type { Incident } from "../incident.ts";
import { type About, isAbout, isOlderOne, type OlderPostMortem } from "./is-about.ts";

/** What can be told of a post-mortem's subject: nothing, where people have taken out all that tells it. */
export interface Telling {
  readonly place: Place;
  readonly policy: Policy;
  readonly incident: Incident | null;
  /** Another instance has opened an older one for the same; this one is one too many. */
  readonly older?: OlderPostMortem;
}

interface Told {
  readonly telling: Telling;
  readonly about: About;
}

/** Mentions that are followed; the app's own comes early. */
const MOST_MENTIONS = 20;

/**
 * Finds what a post-mortem is about: by the marker in its body, else by its title or what mentions it. People
 * can edit all of these, so what the record on the commit confirms, which nobody but the app writes, goes
 * before what only the marker claims.
 */
export async function tellIncident({ client, repo }: Place, issue: PostMortemIssue): Promise<Fact<Telling>> {
  const marked = subjectOf(issue.body);
  const here: Place = { client, repo };
  let claimed: Telling | null = null;
  if (marked !== null && marked.kind !== "pull-request") {
    const told =
      marked.kind === "push"
        ? await tellPush({ client, repo: marked }, marked, issue)
        : await tellBranch({ client, repo: marked }, marked, issue);
    if (!told.known) return told;
    if (told.value.about === "recorded") return known(told.value.telling);
    claimed = told.value.telling;
  }
  const number = numberInTitle(issue.title);
  const guesses: readonly Extract<Subject, { kind: "pull-request" }>[] = [
    ...(marked?.kind === "pull-request" ? [marked] : []),
    ...[...(number === null ? [] : [{ ...repo, number }]), ...issue.mentionedIn.slice(0, MOST_MENTIONS)].map(
      (one) => ({
        kind: "pull-request" as const,
        owner: one.owner,
        repo: one.repo,
        number: one.number,
      }),
    ),
  ];
  for (const guess of uniquely(guesses)) {
    const place: Place = { client, repo: { owner: guess.owner, repo: guess.repo } };
    const told = await tellPullRequest(place, guess.number, issue, guess === marked);
    if (!told.known) return told;
    if (told.value?.about === "recorded") return known(told.value.telling);
    claimed ??= told.value?.telling ?? null;
  }
  // What only the marker claims goes last: people may have put it there.
  if (claimed !== null) return known(claimed);
  const policy = settled(await loadPolicy(client, repo));
  return policy.known ? known({ place: here, policy: policy.value, incident: null }) : policy;
}

/** `null`: it is not about that pull request. */
async function tellPullRequest(
  place: Place,
  number: number,
  issue: PostMortemIssue,
  marked: boolean,
  landed = false,
): Promise<Fact<Told | null>> {
  const evaluated = await evaluatePullRequest(place, number, {}, { asHotfix: landed });
  if (!isEvaluated(evaluated)) return evaluated.state === "gone" ? known(null) : unknown(evaluated.reason);
  const about = await isAbout(place, evaluated.collected.snapshot, issue, marked);
  if (!about.known) return about;
  if (about.value === null) return known(null);
  // What the record names landed as a hotfix, whatever it would be seen as by now.
  if (about.value === "recorded" && evaluated.verdict.kind !== "hotfix" && !landed)
    return tellPullRequest(place, number, issue, marked, true);
  const policy = settled(evaluated.collected.policy);
  if (!policy.known) return policy;
  const { snapshot } = evaluated.collected;
  if (isOlderOne(about.value))
    return known({
      telling: { place, policy: policy.value, incident: null, older: about.value },
      about: about.value,
    });
  const verdict =
    evaluated.collected.policy.state === "valid" ? evaluated.verdict : byDefaults(snapshot, policy.value);
  const incident = { place, policy: policy.value, snapshot, verdict, pullRequest: evaluated };
  return known({ telling: { place, policy: policy.value, incident }, about: about.value });
}

/** An invalid configuration keeps nobody from learning. */
function settled(reading: PolicyReading): Fact<Policy> {
  if (reading.state === "unknown") return unknown(reading.reason);
  return known(reading.state === "valid" ? reading.policy : defaultPolicy());
}

function byDefaults(snapshot: PullRequestSnapshot, policy: Policy): Verdict {
  return evaluate(snapshot, { state: "valid", policy, source: "defaults" });
}

function uniquely<T extends { owner: string; repo: string; number: number }>(
  all: readonly T[],
): readonly T[] {
  const each = new Map<string, T>();
  for (const one of all) {
    const key = issueName(one, one.number).toLowerCase();
    if (!each.has(key)) each.set(key, one);
  }
  return [...each.values()];
}

/** Pull requests from one branch that are looked at; the newest come first. */
const MOST_PULLS = 5;

/**
 * A branch that was deployed before its merge: told by the pull request from it, merged or open rather than
 * closed, else by itself.
 */
async function tellBranch(
  { client, repo: where }: Place,
  { ref }: Extract<Subject, { kind: "branch" }>,
  issue: PostMortemIssue,
): Promise<Fact<Told>> {
  const place: Place = { client, repo: { owner: where.owner, repo: where.repo } };
  const pulls = await listPullRequestsFrom(client, place.repo, ref);
  if (!pulls.known) return pulls;
  let closed: Told | null = null;
  for (const { number } of pulls.value.slice(0, MOST_PULLS)) {
    const told = await tellPullRequest(place, number, issue, true);
    if (!told.known) return told;
    const incident = told.value?.telling.incident ?? null;
    // The branch may go on to other branches.
    if (told.value === null || incident?.verdict.kind !== "hotfix") continue;
    const { pullRequest } = incident.snapshot;
    if (pullRequest.state === "open" || pullRequest.merged !== null) return known(told.value);
    closed ??= told.value;
  }
  if (closed !== null) return known(closed);
  const policy = settled(await loadPolicy(client, place.repo));
  if (!policy.known) return policy;
  const branch = await readBranch(client, place.repo, ref);
  if (!branch.known) return branch;
  const evaluated =
    branch.value === null
      ? known(null)
      : await evaluateBranch(place, policy.value, hotfixBranch(place, ref, branch.value, policy.value));
  return evaluated.known ? tellAlone(place, policy.value, evaluated.value, issue) : evaluated;
}

/** What has no pull request. */
async function tellAlone(
  place: Place,
  policy: Policy,
  evaluated: EvaluatedPush | null,
  issue: PostMortemIssue,
): Promise<Fact<Told>> {
  const about = evaluated === null ? known(null) : await isAbout(place, evaluated.snapshot, issue, true);
  if (!about.known) return about;
  if (isOlderOne(about.value))
    return known({ telling: { place, policy, incident: null, older: about.value }, about: about.value });
  const incident =
    evaluated === null || about.value === null ? null : { place, policy, ...evaluated, pullRequest: null };
  return known({ telling: { place, policy, incident }, about: about.value });
}

async function tellPush(
  { client, repo: where }: Place,
  subject: Extract<Subject, { kind: "push" }>,
  issue: PostMortemIssue,
): Promise<Fact<Told>> {
  const place: Place = { client, repo: { owner: where.owner, repo: where.repo } };
  const policy = settled(await loadPolicy(client, place.repo));
  if (!policy.known) return policy;
  const about = await client.octokit.rest.repos.get({ ...place.repo }).catch(() => null);
  if (about === null) return unknown("the repository of the push");
  const { default_branch: defaultBranch, html_url: url } = about.data;
  const bases = policy.value.branches.base.length === 0 ? [defaultBranch] : policy.value.branches.base;
  for (const ref of bases) {
    const branch = await readBranch(client, place.repo, ref);
    if (!branch.known) return branch;
    if (branch.value === null) continue;
    const repository = { owner: place.repo.owner, name: place.repo.repo, defaultBranch, url };
    const evaluated = await evaluatePush(place, policy.value, { ref, repository, open: [] }, subject.key);
    if (!evaluated.known) return evaluated;
    if (evaluated.value === null) continue;
    return tellAlone(place, policy.value, evaluated.value, issue);
  }
  return tellAlone(place, policy.value, null, issue);
}
