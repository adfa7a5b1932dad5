import { known } from "../fact.ts";
import { ownLine, rebuildSteps } from "../landing/remake.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";
import type { ChangedFile, Commit } from "../snapshot/change.ts";

/** The branch is made from the base, and the base has not moved on under it where it matters. */
export const branchFreshness: Rule<NoOptions> = {
  meta: {
    id: "branch-freshness",
    title: "Branch freshness",
    rationale: "A hotfix starts from what is in production, and brings nothing else along.",
    level: "warn",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "Based on {base}, up to date", fix: "" },
      behind: { found: "Behind {base} by {behind} commits, in other files only", fix: "" },
      "foreign-commits": {
        found: "Merges bring in commits of another branch: {commits}",
        fix: "Recreate the branch from {base} with only the commits of the fix (git cherry-pick).",
      },
      "made-from-another": {
        found: "Based on {branches} instead of {base}; brings in its commits: {commits}",
        fix: "Recreate the branch from {base} with only the commits of the fix (git cherry-pick).",
      },
      "crossed-history": {
        found:
          "{base} and this branch were merged into each other, so a merge would change something else than the diff shows",
        fix: "Recreate the branch from {base} with only the commits of the fix (git cherry-pick).",
      },
      "hidden-changes": {
        found:
          "{base} and this branch were merged into each other, and a merge would change what the diff does not show: {paths}",
        fix: "Recreate the branch from {base} with only the commits of the fix (git cherry-pick).",
      },
      "takes-back": {
        found:
          "Takes back commits of {pulls}: once this is merged, git takes them for merged, and they never land",
        fix: "Make one commit of the fix on top of {base}, without them.",
      },
      "queue-differs": {
        found:
          "Behind what is ahead of it in the merge queue, this would change something else than was checked: {paths}",
        fix: "Take it out of the queue. Once the others are merged, update the branch; it is then evaluated as it lands.",
      },
      "too-many-commits": {
        found:
          "Too many commits to show that “Rebase and merge”, which replays them one by one, would land what the diff shows",
        fix: "Make one commit of them on top of {base}.",
      },
      "replay-differs": {
        found:
          "“Rebase and merge” replays the commits one by one, and may land something else than the diff shows: {paths}",
        fix: "Squash them into one commit on top of {base}.",
      },
      "base-moved": {
        found: "{base} changed the same files since: {paths}",
        fix: "Update the branch and test again. Approvals have to be given again.",
      },
    },
  },
  check({ snapshot }) {
    const { commits, files, comparison, pullRequest } = snapshot;
    const base = pullRequest.base.ref;
    if (!commits.known) return unknownFinding(commits.reason);
    const line = ownLine(commits.value, pullRequest.head.sha);
    const { foreign: found = known([]) } = snapshot;
    if (!found.known) return unknownFinding(found.reason);
    const elsewhere = found.value;
    const theirs = new Set(elsewhere.flatMap(({ shas }) => shas));
    const own = commits.value.filter((commit) => line.has(commit) && !theirs.has(commit.sha));
    const foreign = commits.value.filter((commit) => !own.includes(commit));
    if (foreign.length > 0) {
      const steps = rebuildSteps(own);
      const data = { base, commits: foreign.map(titled) };
      if (!commits.value.some((commit) => line.has(commit) && theirs.has(commit.sha)))
        return finding("violated", "foreign-commits", data, { steps });
      const branches = elsewhere.map(({ branch }) => branch);
      return finding("violated", "made-from-another", { ...data, branches }, { steps });
    }
    if (!comparison.known) return unknownFinding(comparison.reason);
    const { behindBy, baseChangedPaths } = comparison.value;
    if (behindBy === 0) return finding("satisfied", "ok", { base });
    if (!files.known) return unknownFinding(files.reason);
    const paths = inBoth(files.value, baseChangedPaths);
    if (paths.length === 0) return finding("satisfied", "behind", { base, behind: behindBy });
    return finding("violated", "base-moved", { base, paths }, { steps: [{ kind: "merge-base" }] });
  },
};

function titled({ sha, message }: Commit): string {
  return `${sha.slice(0, 7)} ${message.slice(0, 100).split("\n", 1)[0]}`;
}

function inBoth(files: readonly ChangedFile[], changed: readonly string[]): readonly string[] {
  const paths = new Set(files.flatMap(({ path, previousPath }) => [path, previousPath ?? path]));
  return changed.filter((path) => paths.has(path));
}
