import type { Fact } from "../fact.ts";
import type { Policy } from "../policy.ts";
import { type ConfigProblem, type Verdict, WORST_FIRST } from "../verdict.ts";
import { isGuarded } from "./environments.ts";

/**
 * What the gate says to a deployment that waits: pure decisions. The commit counts, never the name that it is
 * deployed under: a hotfix is one under another branch or a tag as well.
 */

/** A workflow run that waits at an environment. Names are foreign text. */
export interface WaitingRun {
  readonly id: number;
  /** From 1; a re-run is the next attempt of the same run, and asks anew. */
  readonly attempt: number;
  /** What started it: `push`, `pull_request`, `workflow_dispatch` … */
  readonly event: string;
  /** Of a pull request's run it is the pull request's head, not the merge that GitHub makes for trying. */
  readonly headSha: string;
  /** A branch or a tag, without `refs/…/`; GitHub does not tell which of the two. */
  readonly ref: string | null;
  /** `owner/name`, which is a fork for a fork's pull request; `null`: it was deleted. */
  readonly headRepository: string | null;
  /** GitHub's hint; empty for forks. */
  readonly pullRequests: readonly number[];
}

/** An open pull request as a listing has it. */
export interface OpenPull {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly string[];
  readonly url: string;
  readonly author: string | null;
  readonly headRef: string;
  readonly headSha: string;
  readonly headRepository: string | null;
}

/** A pull request of the commit that is deployed, and what the gate says of it now. */
export interface ReviewedPull {
  readonly number: number;
  readonly url: string;
  readonly headSha: string;
  readonly verdict: Verdict;
}

/** What is to be deployed. */
export type DeploymentSubject =
  /** A production branch has the commit already. */
  | { readonly kind: "landed"; readonly branch: string }
  /** It is the head of a pull request that was merged to a production branch. */
  | { readonly kind: "merged"; readonly number: number; readonly url: string }
  /** It is the head of open hotfixes. */
  | { readonly kind: "pull-requests"; readonly pulls: readonly ReviewedPull[] }
  /** It is the head of no pull request, but of the branch of one. */
  | { readonly kind: "moved-on"; readonly number: number; readonly url: string; readonly headSha: string }
  /** It brings an open hotfix and more than that. */
  | { readonly kind: "holds"; readonly number: number; readonly url: string }
  /** Hotfix commits that no pull request is open for. */
  | { readonly kind: "no-pull-request" }
  | { readonly kind: "ordinary" };

/** Code and data of a decision; the words are in `src/render/deployment-review.ts`. */
export type DeploymentReason =
  | DeploymentSubject
  | { readonly kind: "unread"; readonly what: string }
  | { readonly kind: "not-guarded" }
  | { readonly kind: "invalid-configuration"; readonly problems: readonly ConfigProblem[] };

/** `wait`: nothing is decided, GitHub keeps waiting, and the app looks again when something changes. */
export interface DeploymentDecision {
  readonly decision: "approved" | "rejected" | "wait";
  readonly reason: DeploymentReason;
}

/**
 * The decision at an environment. Where it is not the gate's to decide on, whoever has added the rule is told
 * what is missing. An app that only observes, or is off, stops and holds nothing that it could read.
 */
export function reviewDeployment(
  environment: string,
  policy: Pick<Policy, "environments" | "mode">,
  subject: Fact<DeploymentSubject>,
): DeploymentDecision {
  if (!isGuarded(environment, policy)) return { decision: "wait", reason: { kind: "not-guarded" } };
  if (!subject.known) return unread(subject.reason);
  const { decision, reason } = decide(subject.value);
  return policy.mode !== "enforce" && reason.kind !== "unread"
    ? { decision: "approved", reason }
    : { decision, reason };
}

function decide(value: DeploymentSubject): DeploymentDecision {
  switch (value.kind) {
    case "landed":
    case "merged":
    case "ordinary":
      return { decision: "approved", reason: value };
    case "no-pull-request":
      return { decision: "wait", reason: value };
    case "moved-on":
    case "holds":
      return { decision: "rejected", reason: value };
    case "pull-requests":
      return byVerdict(value.pulls);
  }
}

/**
 * Without a valid configuration nobody knows what a hotfix is: only what the default branch has is none for
 * certain.
 */
export function reviewWithoutPolicy(
  problems: readonly ConfigProblem[],
  landed: Fact<string | null>,
): DeploymentDecision {
  if (!landed.known) return unread(landed.reason);
  return landed.value === null
    ? { decision: "wait", reason: { kind: "invalid-configuration", problems } }
    : { decision: "approved", reason: { kind: "landed", branch: landed.value } };
}

/** Nothing could be decided, and why. */
export function unread(what: string): DeploymentDecision {
  return { decision: "wait", reason: { kind: "unread", what } };
}

/** The worst verdict decides, as in the check. Nothing to decide by is never a yes. */
function byVerdict(pulls: readonly ReviewedPull[]): DeploymentDecision {
  const rank = ({ verdict: { outcome } }: ReviewedPull): number => WORST_FIRST.indexOf(outcome);
  const sorted = pulls.toSorted((a, b) => rank(a) - rank(b) || a.number - b.number);
  const reason = { kind: "pull-requests", pulls: sorted } as const;
  const [worst] = reason.pulls;
  if (worst === undefined) return unread("the pull requests of the commit");
  switch (worst.verdict.outcome) {
    case "success":
    case "neutral":
    case "skipped":
      return { decision: "approved", reason };
    case "action_required":
      return { decision: "wait", reason };
    case "failure":
      return { decision: "rejected", reason };
    case "unknown":
      // What can never be read fails the check, too.
      return { decision: worst.verdict.neverKnown.length > 0 ? "rejected" : "wait", reason };
  }
}

/** Does a decision wait for a fact, so that asking again may change it? */
export function isUnread({ decision, reason }: DeploymentDecision): boolean {
  if (decision !== "wait") return false;
  if (reason.kind === "unread") return true;
  return reason.kind === "pull-requests" && reason.pulls[0]?.verdict.outcome === "unknown";
}

/** Open pull requests that a run may deploy. */
export interface Concerned<T extends OpenPull> {
  /** They have exactly the run's commit as head. */
  readonly exact: readonly T[];
  /** They come from the run's branch, or GitHub names them, and their head is another. */
  readonly others: readonly T[];
}

/**
 * Which open pull requests a run concerns: by commit, by the branch with its repository, by GitHub's hint.
 */
export function concernedBy<T extends OpenPull>(run: WaitingRun, open: readonly T[]): Concerned<T> {
  const exact = open.filter(({ headSha }) => headSha === run.headSha);
  const others = open.filter(
    (pull) =>
      pull.headSha !== run.headSha && (isFromBranch(run, pull) || run.pullRequests.includes(pull.number)),
  );
  return { exact, others };
}

function isFromBranch({ ref, headRepository }: WaitingRun, pull: OpenPull): boolean {
  return ref === pull.headRef && sameRepository(headRepository, pull.headRepository);
}

/**
 * Has the pull request a say by itself? Anybody can open one from a fork with a commit of ours as its head,
 * and call it a hotfix: a stranger must not stop a release, so the author's access is asked for there. A
 * fork's own run is evaluated by the fork's pull request.
 */
export function speaksFor(
  run: WaitingRun,
  pull: Pick<OpenPull, "headRepository">,
  repository: string,
): boolean {
  return (
    sameRepository(pull.headRepository, repository) || sameRepository(pull.headRepository, run.headRepository)
  );
}

function sameRepository(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a.toLowerCase() === b.toLowerCase();
}

/**
 * Was it started by something about a pull request? Then that is what it deploys, whatever the commit is that
 * GitHub names.
 */
export function isOfPullRequest({ event }: WaitingRun): boolean {
  return event.startsWith("pull_request");
}

/** `gh-readonly-queue/main/pr-12-<sha>`. */
const QUEUE_REF = /^gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]{7,64}$/;

/** The merge group that a run is of; `null`: of none. Nobody but GitHub makes runs of that event. */
export function groupOf({
  event,
  ref,
}: WaitingRun): { readonly baseRef: string; readonly headRef: string } | null {
  const baseRef = event === "merge_group" ? QUEUE_REF.exec(ref ?? "")?.[1] : undefined;
  return baseRef === undefined || ref === null ? null : { baseRef, headRef: ref };
}

interface Work {
  readonly message: string;
  readonly author: { readonly email: string };
}

/** Is it the same commit, taken over to another branch (`git cherry-pick`, with or without `-x`)? */
export function isSameWork(a: Work, b: Work): boolean {
  return a.author.email === b.author.email && withoutOrigin(a.message) === withoutOrigin(b.message);
}

function withoutOrigin(message: string): string {
  return message.replace(/\n\(cherry picked from commit [0-9a-f]{7,64}\)/g, "").trim();
}
