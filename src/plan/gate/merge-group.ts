import { renderCheck } from "../../render/gate/check.ts";
import { areWaiting, checked, type Evaluated, type Show } from "../evaluated.ts";
import { type Plan, plan } from "../plan.ts";
import { type ExistingCheck, planCheck } from "./check.ts";

/** A merge group, as its job is keyed. */
export interface WaitingGroup {
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseRef: string;
  readonly headRef: string;
}

/** The check of a merge group: the worst verdict of those in it. */
export function planMergeGroup(
  headSha: string,
  members: readonly Evaluated[],
  runs: readonly ExistingCheck[],
  { docsUrl, show }: { readonly docsUrl: string; readonly show: Show },
): Plan {
  const waits = areWaiting(members);
  if (waits && show === "quiet") return plan({ retry: "until-done" });
  const check = renderCheck(members.map(checked), { docsUrl, givenUp: show === "gave-up", mergeGroup: true });
  return plan({
    actions: planCheck(headSha, check, runs),
    retry: waits ? "later" : null,
    shows: check.conclusion ?? "in_progress",
  });
}
