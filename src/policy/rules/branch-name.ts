import { isHotfixBranch, proposeBranch } from "../propose-branch.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule } from "../rule.ts";
import { pullRequestNumber } from "../snapshot.ts";

/** The head branch is named as hotfix branches are, so that people and tools recognise it. */
export const branchName: Rule<NoOptions> = {
  meta: {
    id: "branch-name",
    title: "Branch name",
    rationale:
      "A hotfix is recognised by its branch: by people in a hurry, and by every tool that treats it apart.",
    level: "error",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "The branch is {branch}", mend: "" },
      "wrong-name": {
        found: "The branch {branch} has to be named like {proposal}",
        mend: "Run the commands below the table: they push the same commits as {proposal} and open a new pull request. (Renaming the branch on GitHub would close this one, too.) If this is no hotfix, branch, title and labels must not say so.",
      },
      "wrong-name-no-proposal": {
        found: "The branch {branch} is not named as a hotfix branch: {pattern}",
        mend: "Choose a name that matches {pattern} and {globs:or}, push the same commits under it, open a new pull request and close this one.",
      },
    },
  },
  check({ snapshot, policy, hotfix: { deployment } }) {
    const { pullRequest } = snapshot;
    const branch = pullRequest.head.ref;
    if (isHotfixBranch(branch, policy)) return finding("satisfied", "ok", { branch });
    const { name: pattern, hotfix: globs } = policy.branches;
    const issue = deployment.known ? (deployment.value?.fixes[0]?.number ?? null) : null;
    const number = pullRequestNumber(snapshot);
    const numbers = { issue, pullRequest: number };
    const proposal = proposeBranch(branch, pullRequest.title, policy, numbers);
    if (proposal === null) return finding("violated", "wrong-name-no-proposal", { branch, pattern, globs });
    const steps = number === null ? [] : [{ kind: "rename-branch", branch: proposal } as const];
    return finding("violated", "wrong-name", { branch, pattern, proposal }, { steps });
  },
};
