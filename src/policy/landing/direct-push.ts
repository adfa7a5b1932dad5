import { isHotfixLike } from "../classify.ts";
import { isDeploymentTitle, isMerge, titleOf } from "../commit-message/hotfix-commit.ts";
import type { Policy } from "../policy.ts";
import type { Commit } from "../snapshot/change.ts";
import { compilePattern } from "../text/pattern.ts";
import { bySha, reachable } from "./boundary.ts";

/** The part of a push that is a hotfix. */
export interface PushedHotfix {
  /** As they came, merges included. */
  readonly commits: readonly Commit[];
  /** The hotfix branch that was merged or pushed, where its name is known. */
  readonly branch: string | null;
}

/**
 * Commits whose being a branch's tip would tell where they come from: the new tip, and what merges brought
 * in.
 */
export function possibleTips(after: string, commits: readonly Commit[]): readonly string[] {
  return [after, ...commits.flatMap(({ parents }) => parents.slice(1))];
}

/**
 * The hotfix commits of a push: those whose title says so, all that a merge of a hotfix branch brought in,
 * and all of them where the pushed tip is a hotfix branch's. `tips`: names of branches by their tip. A
 * merge's message names a branch that may be gone.
 */
export function pushedHotfix(
  commits: readonly Commit[],
  after: string,
  tips: ReadonlyMap<string, readonly string[]>,
  policy: Policy,
): PushedHotfix | null {
  const hotfixBranch = (names: readonly string[]): string | undefined =>
    names.find((name) => isHotfixLike({ headRef: name, title: "", labels: [] }, policy));
  const pushed = bySha(commits);
  const found = new Set<string>();
  const whole = hotfixBranch(tips.get(after) ?? []);
  let branch = whole ?? null;
  for (const commit of commits) {
    if (whole !== undefined || isHotfixTitle(titleOf(commit), policy)) found.add(commit.sha);
    if (!isMerge(commit)) continue;
    const hint = mergedBranch(commit.message);
    const names = [
      ...commit.parents.slice(1).flatMap((sha) => tips.get(sha) ?? []),
      ...(hint === null ? [] : [hint]),
    ];
    const merged = hotfixBranch(names);
    if (merged === undefined) continue;
    branch ??= merged;
    for (const sha of broughtBy(commit, pushed)) found.add(sha);
  }
  const own = commits.filter(({ sha }) => found.has(sha));
  return own.length === 0 ? null : { commits: own, branch };
}

/**
 * The merge itself, and the pushed commits that it brought: reachable from its other parents, not from its
 * first.
 */
function broughtBy(merge: Commit, pushed: ReadonlyMap<string, Commit>): readonly string[] {
  const line = reachable(merge.parents.slice(0, 1), pushed);
  return [merge.sha, ...[...reachable(merge.parents, pushed)].filter((sha) => !line.has(sha))];
}

/** A pull request that was merged: its head, and the commit that it landed as. */
export interface MergedPull {
  readonly number: number;
  readonly headSha: string;
  readonly mergeSha: string;
}

/**
 * By commit of a push, the merged pull requests that it belongs to: their heads with all behind them, and
 * their merges.
 */
export function pullsOf(
  commits: readonly Commit[],
  merged: readonly MergedPull[],
): ReadonlyMap<string, readonly number[]> {
  const pushed = bySha(commits);
  const pulls = new Map<string, number[]>();
  for (const { number, headSha, mergeSha } of merged)
    for (const sha of [...reachable([headSha], pushed), mergeSha])
      pulls.set(sha, [...(pulls.get(sha) ?? []), number]);
  return pulls;
}

/**
 * `Merge branch 'hotfix/x'`, with `of …` or `into …` after it; `Merge remote-tracking branch
 * 'origin/hotfix/x'`.
 */
export function mergedBranch(message: string): string | null {
  const [, remote, name] = /^Merge (remote-tracking )?branch '([^'\n]{1,255})'/.exec(message) ?? [];
  if (name === undefined) return null;
  return remote === undefined ? name : name.slice(name.indexOf("/") + 1);
}

/** Is it the title of a hotfix, by the policy's form or nearly? */
export function isHotfixTitle(title: string, policy: Policy): boolean {
  return (
    (compilePattern(policy.commit.title)?.test(title) ?? false) ||
    isHotfixLike({ headRef: "", title, labels: [] }, policy)
  );
}

/**
 * What the hotfix is called: a hotfix commit's title, else another's that names a hotfix, else the
 * branch.
 */
export function titleOfPush({ commits, branch }: PushedHotfix, policy: Policy): string {
  const titles = commits.map(titleOf);
  return (
    titles.findLast((title) => isDeploymentTitle(title, policy)) ??
    titles.findLast((title) => isHotfixTitle(title, policy)) ??
    branch ??
    titles.at(-1) ??
    ""
  );
}
