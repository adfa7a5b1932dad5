import { isHotfixBranch, proposeBranch } from "../propose-branch.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule } from "../rule.ts";
import { pullRequestNumber } from "../snapshot.ts";

/** The head branch is named as hotfix branches are, so that people and tools recognize it. */
export const branchName: Rule<NoOptions> = {
  meta: {
    id: "branch-name",
    title: "Branch name",
    rationale: "People in a hurry and tools recognize a hotfix by its branch.",
    level: "error",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "{branch}", fix: "" },
      "wrong-name": {
        found: "{branch} should be {proposal}",
        fix: "Push the same commits as {proposal}, open a new pull request and close this one (renaming the branch would close it, too).",
      },
      "wrong-name-no-proposal": {
        found: "{branch} is not a hotfix branch name: {pattern}",
        fix: "Push the same commits under a name that matches {pattern} and {globs:or}, open a new pull request and close this one.",
      },
    },
  },
  check({ snapshot, policy, hotfix: { commit } }) {
    const { pullRequest } = snapshot;
    const branch = pullRequest.head.ref;
    if (isHotfixBranch(branch, policy)) return finding("satisfied", "ok", { branch });
    const { name: pattern, hotfix: globs } = policy.branches;
    const issue = commit.known ? (commit.value?.fixes[0]?.number ?? null) : null;
    const number = pullRequestNumber(snapshot);
    const numbers = { issue, pullRequest: number };
    const proposal = proposeBranch(branch, pullRequest.title, policy, numbers);
    if (proposal === null) return finding("violated", "wrong-name-no-proposal", { branch, pattern, globs });
    const steps = number === null ? [] : [{ kind: "rename-branch", branch: proposal } as const];
    return finding("violated", "wrong-name", { branch, pattern, proposal }, { steps });
  },
};
