import type { DesiredCheck } from "../../policy/action.ts";
import type { Unknown } from "../../policy/fact.ts";
import { renderUnreadable } from "../../render/gate/check-without-verdict.ts";
import type { Show } from "../evaluated.ts";
import { type Plan, plan } from "../plan.ts";
import { type ExistingCheck, planCheck } from "./check.ts";

/**
 * Nothing could be decided: shown on the head, where it is known, once the quiet time is over; at once where
 * one of the facts can never be read, which then is not asked for again.
 */
export function planUnreadable({
  headSha,
  runs,
  facts,
  record,
  docsUrl,
  show,
  attempt,
}: {
  readonly headSha: string | null;
  readonly runs: readonly ExistingCheck[];
  readonly facts: readonly Unknown[];
  /**
   * Arrivals once seen stay seen: else every hiccup would end approvals where nothing but the record tells of
   * them.
   */
  readonly record: string;
  readonly docsUrl: string;
  readonly show: Show;
  readonly attempt: number;
}): Plan {
  const hopeless = facts.filter(({ wayOut }) => wayOut !== undefined);
  const reasons = (hopeless.length > 0 ? hopeless : facts).map(({ reason }) => reason);
  const givenUp = hopeless.length > 0 || show === "gave-up";
  const waysOut = [...new Set(hopeless.flatMap(({ wayOut }) => wayOut ?? []))];
  const check =
    headSha === null || (show === "quiet" && !givenUp)
      ? null
      : renderUnreadable(reasons, { docsUrl, givenUp, waysOut, record });
  return plan({
    actions: check === null || headSha === null ? [] : planCheck(headSha, check, runs),
    retry: hopeless.length > 0 ? null : "later",
    log: [{ level: "warn", fields: { reasons, attempt }, message: "could not be read" }],
  });
}

/** The check of a hotfix branch without a pull request, which never passes. */
export function planBranch(
  headSha: string,
  check: DesiredCheck,
  runs: readonly ExistingCheck[],
  rerequested: boolean,
): Plan {
  return plan({ actions: planCheck(headSha, check, runs, rerequested) });
}
