import { isProductionBase, productionBases } from "../classify.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule } from "../rule.ts";
import { pullRequestNumber } from "../snapshot.ts";

/** Files that are named where a back-merge is not exactly the hotfix. */
const MOST_FILES = 5;

/** The hotfix goes to a branch that production is made from. */
export const baseBranch: Rule<NoOptions> = {
  meta: {
    id: "base-branch",
    title: "Base branch",
    rationale: "A hotfix fixes production: merged anywhere else, it fixes nothing.",
    level: "error",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "Targets {base}", fix: "" },
      "wrong-base": {
        found: "Targets {base}; hotfixes target {allowed:or}",
        fix: "Change the base, with Edit beside the title. Approvals end with it.",
      },
      "changed-on-the-way": {
        found:
          "Targets {base}; hotfixes target {allowed:or}. It is not exactly what {hotfix} changed in {production}, so not a back-merge: {files}",
        fix: "Bring only that change to {base}, as git cherry-pick leaves it without conflicts. With conflicts resolved or other work in it, it is an ordinary pull request: give branch and title a name without hotfix.",
      },
    },
  },
  check({ snapshot, policy }) {
    const { pullRequest, repository } = snapshot;
    const base = pullRequest.base.ref;
    if (isProductionBase(base, policy, repository)) return finding("satisfied", "ok", { base });
    const { defaultBranch } = repository;
    const allowed = productionBases(policy, repository);
    const near = snapshot.backMergeOf?.known === true ? snapshot.backMergeOf.value : null;
    if (near !== null) {
      const hotfix = near.number === null ? near.mergeSha.slice(0, 7) : `#${near.number}`;
      const files = near.differs.slice(0, MOST_FILES);
      const data = { base, allowed, hotfix, production: near.branch, files };
      return finding("violated", "changed-on-the-way", data);
    }
    const target = isProductionBase(defaultBranch, policy, repository)
      ? defaultBranch
      : allowed.find((glob) => !/[*?[{\\]/.test(glob));
    const steps =
      target === undefined || pullRequestNumber(snapshot) === null
        ? []
        : [{ kind: "change-base", base: target } as const];
    return finding("violated", "wrong-base", { base, allowed }, { steps });
  },
};
