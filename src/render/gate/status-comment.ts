import type { PhrasingContent, RootContent } from "mdast";
import { freezes } from "../../policy/freeze.ts";
import { earlyOf } from "../../policy/landing/early-deployment.ts";
import type { Policy, Severity } from "../../policy/policy.ts";
import { fullName } from "../../policy/repository.ts";
import { responseTime } from "../../policy/response-time.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import { pullRequestNumber } from "../../policy/snapshot.ts";
import type { Verdict } from "../../policy/verdict.ts";
import { bold, count, details, html, type Inline, inline, link, list, p } from "../text/markdown.ts";
import { hiddenMarker } from "../text/marker.ts";
import { codeBlock } from "../text/neutralize.ts";
import { BODY_LIMIT, fitted } from "../text/size.ts";
import { duration, time } from "../text/time.ts";
import { approvalItems } from "./approvals.ts";
import { commandTable } from "./commands.ts";
import { earlyNote } from "./deployed-early.ts";
import { nobodyCalled } from "./escalation.ts";
import { nextStep } from "./next-step.ts";
import { takenBack } from "./rollback-of.ts";
import { renderOver } from "./status-comment-closed.ts";
import { dueOf, postMortemNote, type StatusContext } from "./status-comment-parts.ts";
import { EXTERNAL_INITIAL, knownFor, startAlert } from "./templates.ts";

/**
 * The one status comment of a hotfix: the next step first, then what is still to be done, who can approve,
 * and folded what can be copied. Made from its arguments alone, so it only changes where something did.
 */
export function renderStatusComment(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  context: StatusContext,
): string {
  const { repository } = snapshot;
  const marker = html(hiddenMarker("status", `${fullName(repository)}#${pullRequestNumber(snapshot)}`));
  const nodes = isOver(snapshot, verdict)
    ? renderOver(snapshot, verdict, policy, context)
    : [
        ...inProduction(snapshot, verdict, policy, context),
        p(nextStep(verdict, { ...context, outsideCheck: true }), " Details: ", checkLink(snapshot), "."),
        ...open(snapshot, verdict, policy, context),
      ];
  return fitted(nodes, BODY_LIMIT, [marker]);
}

/** It was deployed already, and so there is a post-mortem. */
function inProduction(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  { postMortem }: StatusContext,
): RootContent[] {
  const early = earlyOf(snapshot);
  if (early === null || verdict.kind !== "hotfix") return [];
  return [
    earlyNote(early, snapshot.pullRequest.base.ref),
    ...(postMortem ? [p(postMortemNote(postMortem, dueOf(early.at, policy)))] : []),
  ];
}

/** Merged, closed, or no hotfix any more. */
function isOver({ pullRequest }: PullRequestSnapshot, { outcome }: Verdict): boolean {
  return pullRequest.merged !== null || pullRequest.state === "closed" || outcome === "skipped";
}

function open(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  _context: StatusContext,
): RootContent[] {
  const nodes: RootContent[] = [p(whatItIs(snapshot, verdict, policy))];
  const silent = verdict.kind === "hotfix" ? nobodyCalled(snapshot, policy) : null;
  if (silent !== null) nodes.push(p(...silent));
  // A label that is not counted is taken off: whoever set it reads why.
  const refused = approvalItems({ ...verdict.approvals, counted: [] });
  if (refused.length > 0) nodes.push(list(refused));
  if (verdict.kind === "hotfix") {
    const known = knownFor(snapshot, verdict, policy);
    nodes.push(...details("Team alert (copy)", [codeBlock(startAlert(known), "text")]));
    if (verdict.severity === "P0")
      nodes.push(...details("Status page message (copy)", [codeBlock(EXTERNAL_INITIAL, "text")]));
  }
  nodes.push(...details("Commands", [commandTable(policy.overrides.roles, freezes(policy))]));
  return nodes;
}

function whatItIs(snapshot: PullRequestSnapshot, verdict: Verdict, policy: Policy): PhrasingContent[] {
  const observed = policy.mode === "observe" ? " Observe mode: nothing is blocked." : "";
  if (verdict.rollbackOf !== null)
    return inline(
      bold("Rollback"),
      " of ",
      takenBack(verdict.rollbackOf),
      `. One approval is enough.${observed}`,
    );
  if (verdict.severity === null) return inline(bold("Hotfix"), `, pending severity.${observed}`);
  const { review, approvals } = policy.severities[verdict.severity];
  const response = responseTime(snapshot, verdict.severity, policy);
  const target: Inline =
    response === null
      ? ""
      : response.state === "missed"
        ? inline(
            bold(`${duration(response.within)} target missed`),
            ", merge was due by ",
            time(response.dueAt),
            "; ",
          )
        : inline("merge by ", time(response.dueAt), ` (${duration(response.within)} target); `);
  return inline(bold(verdict.severity), ": ", target, `${asks(verdict, approvals, review)}.${observed}`);
}

/** What the severity asks for, as long as it is not there. */
function asks(
  { approvals, findings }: Verdict,
  needed: number,
  review: Policy["severities"][Severity]["review"],
): string {
  const reviewed = findings.some(
    ({ rule, state, code: reason }) => rule === "review" && state === "satisfied" && reason !== "owed",
  );
  const after = review === "after-merge" && !reviewed;
  const missing = [
    ...(approvals.missing > 0 ? [count(needed, "approval")] : []),
    ...(review === "before-merge" && !reviewed ? ["1 review"] : []),
  ];
  if (missing.length > 0)
    return `needs ${missing.join(" and ")}${after ? ", and 1 review after the merge" : ""}`;
  return `approved${reviewed ? " and reviewed" : ""}${after ? "; needs 1 review after the merge" : ""}`;
}

function checkLink({ pullRequest }: PullRequestSnapshot): PhrasingContent {
  return link(`${pullRequest.url}/checks`, "hotfix-gate");
}
