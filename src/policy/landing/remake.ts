import type { Commit, PullRequestFacts } from "../snapshot.ts";
import { shellWord } from "../text/shell.ts";

/** More commits are hardly a hotfix, and nobody pastes so long a line. */
const MOST_PICKED = 20;

type Place = Pick<PullRequestFacts, "base" | "head">;

/** The same branch on top of the base, with these commits (oldest first) but no merges: the pull request stays. */
export function remakeCommands(place: Place, own: readonly Commit[]): readonly string[] {
  const picked = own.filter(({ parents }) => parents.length < 2).map(({ sha }) => sha.slice(0, 12));
  if (picked.length === 0 || picked.length > MOST_PICKED) return [];
  return anew(place, [`git cherry-pick ${picked.join(" ")}`]);
}

/** The same branch on top of the base, as one commit that changes what merging the branch would; `message`: the commit whose message it gets. */
export function squashCommands(place: Place, message: string | null): readonly string[] {
  const { sha } = place.head;
  return anew(place, [
    `git merge --squash ${sha.slice(0, 12)}`,
    `git commit --reuse-message=${(message ?? sha).slice(0, 12)}`,
  ]);
}

function anew({ base, head }: Place, steps: readonly string[]): readonly string[] {
  const branch = shellWord(head.ref);
  return [
    "git fetch origin",
    `git switch --force-create ${branch} --no-track ${shellWord(`origin/${base.ref}`)}`,
    ...steps,
    `git push --force-with-lease origin ${branch}`,
  ];
}

/**
 * Commits on the branch's own line, newest first; all others came by a merge. A parent that is not among the pull request's
 * commits is in the base already.
 */
export function ownLine(commits: readonly Commit[], head: string): ReadonlySet<Commit> {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const own = new Set<Commit>();
  let at = bySha.get(head) ?? commits.at(-1);
  while (at !== undefined && !own.has(at)) {
    own.add(at);
    const parent = at.parents.find((sha) => bySha.has(sha));
    at = parent === undefined ? undefined : bySha.get(parent);
  }
  return own;
}
