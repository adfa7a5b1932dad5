import { isProductionBase, productionBases } from "../classify.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule } from "../rule.ts";
import { pullRequestNumber } from "../snapshot.ts";
import { shellWord } from "../text/shell.ts";

/** The hotfix goes to a branch that production is made from. */
export const baseBranch: Rule<NoOptions> = {
  meta: {
    id: "base-branch",
    title: "Base branch",
    rationale: "A hotfix mends production: merged anywhere else, it mends nothing.",
    level: "error",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "It goes to {base}", mend: "" },
      "wrong-base": {
        found: "It goes to {base}, but hotfixes go to {allowed:or}",
        mend: "Change the base, with Edit beside the title of the pull request. Approvals given before that end with it.",
      },
    },
  },
  check({ snapshot, policy }) {
    const { pullRequest, repository } = snapshot;
    const base = pullRequest.base.ref;
    if (isProductionBase(base, policy, repository)) return finding("satisfied", "ok", { base });
    const { defaultBranch } = repository;
    const allowed = productionBases(policy, repository);
    const target = isProductionBase(defaultBranch, policy, repository)
      ? defaultBranch
      : allowed.find((glob) => !/[*?[{\\]/.test(glob));
    const number = pullRequestNumber(snapshot);
    const commands =
      target === undefined || number === null ? [] : [`gh pr edit ${number} --base ${shellWord(target)}`];
    return finding("violated", "wrong-base", { base, allowed }, { commands });
  },
};
