import { type Fact, known, unknown } from "./fact.ts";
import { HOTFIX_LABEL } from "./labels.ts";
import type { Policy } from "./policy.ts";
import type { History } from "./snapshot/history.ts";
import type { PullRequestFacts, PullRequestSnapshot, RepositoryFacts } from "./snapshot.ts";
import { escapeAllButWildcards, matchesAny } from "./text/glob.ts";
import { readHotfixTitle } from "./text/hotfix-prefix.ts";
import { plainLetters } from "./text/plain-letters.ts";
import type { PullRequestKind } from "./verdict.ts";

/** What a pull request is to the procedure. */
export interface Classification {
  readonly kind: PullRequestKind;
  /** A hotfix whose head branch is not named as the policy wants it. */
  readonly nearMiss: boolean;
  /** How it was recognized, in plain words without foreign text. */
  readonly why: string;
}

/** The part of a pull request that a listing has. */
export interface Heading {
  readonly headRef: string;
  readonly title: string;
  readonly labels: readonly string[];
}

/**
 * What the pull request is. A rollback and a back-merge are recognized by content alone; where that could not
 * be read, and would decide, the kind is unknown.
 */
export function classify(snapshot: PullRequestSnapshot, policy: Policy): Fact<Classification> {
  const { pullRequest, repository, rollbackOf, inProduction, backMergeOf = known(null) } = snapshot;
  if (!rollbackOf.known) return rollbackOf;
  if (rollbackOf.value !== null)
    return known({ kind: "rollback", nearMiss: false, why: "it takes back exactly what a hotfix changed" });
  const heading = {
    headRef: pullRequest.head.ref,
    title: pullRequest.title,
    labels: pullRequest.labels,
  };
  const sign = signOf(heading, policy);
  if (sign === null) return known({ kind: "ordinary", nearMiss: false, why: "it has no sign of a hotfix" });
  const nearMiss = sign !== BY_BRANCH;
  if (isProductionBase(pullRequest.base.ref, policy, repository))
    return known({ kind: "hotfix", nearMiss, why: sign });
  if (backMergeOf.known && backMergeOf.value?.same === true)
    return known({ kind: "back-merge", nearMiss: false, why: "its change is that of a merged hotfix" });
  if (!inProduction.known) return unknown(inProduction.reason);
  if (inProduction.value)
    return known({
      kind: "back-merge",
      nearMiss: false,
      why: "its commits are in the production branch already",
    });
  return backMergeOf.known ? known({ kind: "hotfix", nearMiss, why: sign }) : unknown(backMergeOf.reason);
}

/**
 * Is it a hotfix as far as name, title and labels tell? `null`: no policy can be had, the default names
 * count.
 */
export function isHotfixLike(heading: Heading, policy: Policy | null): boolean {
  return signOf(heading, policy) !== null;
}

/** Had it a sign of a hotfix earlier, by title or label? */
export function wasHotfixLike({ labels, renamed = [] }: History, policy: Policy): boolean {
  const had = [
    ...renamed.map(({ from }) => ({ headRef: "", title: from, labels: [] })),
    ...labels.map(({ label }) => ({ headRef: "", title: "", labels: [label] })),
  ];
  return had.some((heading) => isHotfixLike(heading, policy));
}

/** Globs of the branches that production is made from. */
export function productionBases(
  policy: Policy,
  repository: Pick<RepositoryFacts, "defaultBranch">,
): readonly string[] {
  return policy.branches.base.length > 0 ? policy.branches.base : [repository.defaultBranch];
}

/**
 * Is the branch one that production is made from? The default branch is compared as text: a name may hold
 * `[`.
 */
export function isProductionBase(
  ref: string,
  policy: Policy,
  repository: Pick<RepositoryFacts, "defaultBranch">,
): boolean {
  return policy.branches.base.length > 0
    ? matchesAny(policy.branches.base, ref)
    : ref === repository.defaultBranch;
}

/**
 * A pull request that landed as a hotfix on a production branch, with what makes it one again: titles and
 * labels are edited, branches renamed and configurations changed afterwards.
 */
export function asLanded(
  pullRequest: PullRequestFacts,
  repository: Pick<RepositoryFacts, "defaultBranch">,
  policy: Policy,
): { readonly pullRequest: PullRequestFacts; readonly policy: Policy } {
  const { base } = policy.branches;
  const bases = base.length > 0 ? base : [escapeAllButWildcards(repository.defaultBranch)];
  const landedOn = escapeAllButWildcards(pullRequest.base.ref);
  return {
    pullRequest: { ...pullRequest, labels: [...pullRequest.labels, HOTFIX_LABEL] },
    policy: { ...policy, branches: { ...policy.branches, base: [...bases, landedOn] } },
  };
}

const BY_BRANCH = "its branch is named as hotfixes are";
const DEFAULT_GLOBS = ["hotfix/**"];

function signOf({ headRef, title, labels }: Heading, policy: Policy | null): string | null {
  if (matchesAny(policy?.branches.hotfix ?? DEFAULT_GLOBS, headRef)) return BY_BRANCH;
  if (isNearMiss(headRef, policy)) return "its branch is named almost as hotfixes are";
  if (readHotfixTitle(title)?.fromBranch === false) return "its title starts with HOTFIX";
  if (labels.some((label) => label.toLowerCase() === HOTFIX_LABEL)) return "it has the label hotfix";
  return null;
}

/**
 * The first segment is `hotfix` in another spelling: `Hotfix/x`, `hotfixes/x`, `hot_fix/x`, `hotfix-x`,
 * `hotfix`.
 */
const NEAR_MISS = /^hot[-_. ]?fix(?:es)?(?!\p{L})/u;

function isNearMiss(ref: string, policy: Policy | null): boolean {
  const plain = plainLetters(ref);
  return NEAR_MISS.test(plain) || matchesAny(policy?.branches.hotfix ?? DEFAULT_GLOBS, plain);
}
