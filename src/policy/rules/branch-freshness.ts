import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";
import type { ChangedFile, Commit, PullRequestFacts } from "../snapshot.ts";
import { shellWord } from "../text/shell.ts";

/** The branch is made from the base, and the base has not moved on under it where it matters. */
export const branchFreshness: Rule<NoOptions> = {
  meta: {
    id: "branch-freshness",
    title: "Branch freshness",
    rationale: "A hotfix is made from what is in production, and brings nothing else along.",
    level: "warn",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "Made from {base} and up to date with it", mend: "" },
      behind: { found: "Behind {base} (commits: {behind}), in other files only", mend: "" },
      "foreign-commits": {
        found: "Merges bring commits of another branch: {commits}",
        mend: "Make the branch again from {base} with the commits of the fix alone (git cherry-pick).",
      },
      "base-moved": {
        found: "{base} has changed the same files since the branch was made: {paths}",
        mend: "Update the branch and test again. The update is a new head: approvals have to be given again.",
      },
    },
  },
  check({ snapshot }) {
    const { commits, files, comparison, pullRequest } = snapshot;
    const base = pullRequest.base.ref;
    if (!commits.known) return unknownFinding(commits.reason);
    const own = ownCommits(commits.value, pullRequest.head.sha);
    const foreign = commits.value.filter((commit) => !own.has(commit));
    if (foreign.length > 0) {
      const list = foreign.map(
        ({ sha, message }) => `${sha.slice(0, 7)} ${message.slice(0, 100).split("\n", 1)[0]}`,
      );
      const commands = remakeCommands(pullRequest, [...own].reverse());
      return finding("violated", "foreign-commits", { base, commits: list }, { commands });
    }
    if (!comparison.known) return unknownFinding(comparison.reason);
    const { behindBy, baseChangedPaths } = comparison.value;
    if (behindBy === 0) return finding("satisfied", "ok", { base });
    if (!files.known) return unknownFinding(files.reason);
    const paths = inBoth(files.value, baseChangedPaths);
    if (paths.length === 0) return finding("satisfied", "behind", { base, behind: behindBy });
    const commands = ["git fetch origin", `git merge ${shellWord(`origin/${base}`)}`, "git push"];
    return finding("violated", "base-moved", { base, paths }, { commands });
  },
};

/**
 * Commits on the branch's own line, newest first; all others came by a merge. A parent that is not among the pull request's
 * commits is in the base already. A branch that was made from another one and never merged cannot be told from one with
 * many commits: its commits are all on its own line, where diff-size and scope see them.
 */
function ownCommits(commits: readonly Commit[], head: string): ReadonlySet<Commit> {
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

/** More commits are hardly a hotfix, and nobody pastes so long a line. */
const MOST_PICKED = 20;

/** The same branch on top of the base, with its own commits but no merges: the pull request stays. */
function remakeCommands({ base, head }: PullRequestFacts, own: readonly Commit[]): readonly string[] {
  const picked = own.filter(({ parents }) => parents.length < 2).map(({ sha }) => sha.slice(0, 12));
  if (picked.length === 0 || picked.length > MOST_PICKED) return [];
  const branch = shellWord(head.ref);
  return [
    "git fetch origin",
    `git switch --force-create ${branch} --no-track ${shellWord(`origin/${base.ref}`)}`,
    `git cherry-pick ${picked.join(" ")}`,
    `git push --force-with-lease origin ${branch}`,
  ];
}

function inBoth(files: readonly ChangedFile[], changed: readonly string[]): readonly string[] {
  const paths = new Set(files.flatMap(({ path, previousPath }) => [path, previousPath ?? path]));
  return changed.filter((path) => paths.has(path));
}
