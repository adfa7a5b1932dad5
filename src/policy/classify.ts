import { type Fact, known, unknown } from "./fact.ts";
import { HOTFIX_LABEL } from "./labels.ts";
import type { Policy } from "./policy.ts";
import type { History } from "./snapshot/history.ts";
import type { PullRequestFacts, PullRequestSnapshot, RepositoryFacts } from "./snapshot.ts";
import { escapeAllButWildcards, matchesAny } from "./text/glob.ts";
import { readHotfixTitle } from "./text/hotfix-prefix.ts";
import { plainLetters } from "./text/plain-letters.ts";
import type { PullRequestKind } from "./verdict.ts";

const DEFAULT_GLOBS = ["hotfix/**"];

/**
 * The first segment is `hotfix` in another spelling: `Hotfix/x`, `hotfixes/x`, `hot_fix/x`, `hotfix-x`,
 * `hotfix`.
 */
const NEAR_MISS = /^hot[-_. ]?fix(?:es)?(?!\p{L})/u;

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
export function classify(snapshot: PullRequestSnapshot, policy: Policy): Fact<PullRequestKind> {
  const { pullRequest, repository, rollbackOf, inProduction, backMergeOf = known(null) } = snapshot;
  if (!rollbackOf.known) return rollbackOf;
  if (rollbackOf.value !== null) return known("rollback");
  const { title, labels } = pullRequest;
  if (!isHotfixLike({ headRef: pullRequest.head.ref, title, labels }, policy)) return known("ordinary");
  if (isProductionBase(pullRequest.base.ref, policy, repository)) return known("hotfix");
  if (backMergeOf.known && backMergeOf.value?.same === true) return known("back-merge");
  if (!inProduction.known) return unknown(inProduction.reason);
  if (inProduction.value) return known("back-merge");
  return backMergeOf.known ? known("hotfix") : unknown(backMergeOf.reason);
}

/**
 * Is it a hotfix as far as name, title and labels tell, the name in whatever spelling? `null`: no policy can
 * be had, the default names count.
 */
export function isHotfixLike({ headRef, title, labels }: Heading, policy: Policy | null): boolean {
  const globs = policy?.branches.hotfix ?? DEFAULT_GLOBS;
  const plain = plainLetters(headRef);
  return (
    matchesAny(globs, headRef) ||
    NEAR_MISS.test(plain) ||
    matchesAny(globs, plain) ||
    readHotfixTitle(title)?.fromBranch === false ||
    labels.some((label) => label.toLowerCase() === HOTFIX_LABEL)
  );
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
