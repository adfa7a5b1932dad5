import type { RepositoryKey } from "../../jobs/key.ts";
import { renderCheck } from "../../render/gate/check.ts";
import { areWaiting, checked, type Evaluated, type Show } from "../evaluated.ts";
import { type Plan, plan } from "../plan.ts";
import { type ExistingCheck, planCheck } from "./check.ts";
import { frozenGroup } from "./freeze.ts";
import type { WaitingGroup } from "./waiting-group.ts";

/** The check of a merge group: the worst verdict of those in it. */
export function planMergeGroup(
  headSha: string,
  members: readonly Evaluated[],
  runs: readonly ExistingCheck[],
  {
    docsUrl,
    show,
    groups = [],
    repository,
  }: {
    readonly docsUrl: string;
    readonly show: Show;
    /** The groups that wait for the branch; needed only where a hotfix freezes it. */
    readonly groups?: readonly WaitingGroup[];
    readonly repository: RepositoryKey;
  },
): Plan {
  const waits = areWaiting(members);
  if (waits && show === "quiet") return plan({ retry: "until-done" });
  const check = renderCheck(members.map(checked), {
    docsUrl,
    givenUp: show === "gave-up",
    mergeGroup: true,
    frozen: frozenGroup(headSha, members, groups),
  });
  return plan({
    actions: planCheck(headSha, check, runs),
    jobs: members.filter(movedOn).map(({ number }) => ({
      key: { ...repository, kind: "pull-request", number },
      hint: {},
    })),
    retry: waits ? "later" : null,
    shows: check.conclusion ?? "in_progress",
  });
}

/**
 * The queue has moved where it makes a group: a hotfix that waits in it says where it stands now. What may
 * not be merged looks at its groups itself.
 */
function movedOn({ verdict: { queue, outcome } }: Evaluated): boolean {
  return queue !== undefined && outcome === "success";
}
