import { isDeploymentTitle } from "../commit-message/hotfix-commit.ts";
import type { Policy } from "../policy.ts";
import type { Commit } from "../snapshot/change.ts";
import type { PullRequestFacts } from "../snapshot.ts";
import { matchesAny } from "../text/glob.ts";
import { bySha, reachable } from "./boundary.ts";

/** Names of branches that live on beside the one that production is made from. */
const USUAL = ["develop", "development", "dev", "staging", "next"];
const RELEASE = "release";
/** How branches that may be long-lived begin, for looking them up. */
export const LONG_LIVED_PREFIXES: readonly string[] = ["dev", "staging", "next", RELEASE];
/** More are not looked at: each costs a request. */
const MOST = 6;

/**
 * Of these branches those that a hotfix may wrongly have been made from, the likeliest first: those in
 * `branches.back_merge`, the usual ones, and the newest releases.
 */
export function longLivedOf(
  names: readonly string[],
  { base, head }: Pick<PullRequestFacts, "base" | "head">,
  { branches }: Policy,
): readonly string[] {
  const rank = (name: string): number =>
    branches.back_merge.includes(name) ? 0 : USUAL.includes(name.toLowerCase()) ? 1 : isRelease(name) ? 2 : 3;
  return names
    .filter((name) => rank(name) < 3 && name !== base.ref && name !== head.ref)
    .filter((name) => !matchesAny(branches.hotfix, name))
    .toSorted((a, b) => rank(a) - rank(b) || b.localeCompare(a, "en", { numeric: true }))
    .slice(0, MOST);
}

function isRelease(name: string): boolean {
  return name.toLowerCase().startsWith(RELEASE);
}

/** How another branch stands to the head. */
export interface OtherBranch {
  /** The newest commit that both have. */
  readonly mergeBase: string;
  /** What the branch has and the head lacks, oldest first. */
  readonly commits: readonly Pick<Commit, "sha" | "parents">[];
}

/**
 * Those of the pull request's commits that come from the other branch. None where it is the other way round:
 * the hotfix was merged into that branch, or is all there. The hotfix commit itself is never foreign.
 */
export function foreignTo(
  own: readonly Commit[],
  head: string,
  { mergeBase, commits }: OtherBranch,
  policy: Policy,
): readonly string[] {
  const shas = new Set(own.map(({ sha }) => sha));
  if (!shas.has(mergeBase) || mergeBase === head) return [];
  if (commits.some(({ parents }) => parents.slice(1).some((sha) => shas.has(sha)))) return [];
  const theirs = reachable([mergeBase], bySha(own));
  return own.filter((commit) => theirs.has(commit.sha) && mayBeForeign(commit, policy)).map(({ sha }) => sha);
}

/** Any commit may come from another branch but the hotfix commit itself. */
export function mayBeForeign({ message }: Pick<Commit, "message">, policy: Policy): boolean {
  return !isDeploymentTitle(message.split("\n", 1)[0] ?? "", policy);
}
