import type { PhrasingContent, RootContent } from "mdast";
import { earlyOf } from "../../policy/landing/early-deployment.ts";
import type { Policy } from "../../policy/policy.ts";
import { responseTime } from "../../policy/response-time.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import { pullRequestNumber } from "../../policy/snapshot.ts";
import type { Verdict } from "../../policy/verdict.ts";
import { bold, details, heading, html, type Inline, inline, link, list, p, plain } from "../text/markdown.ts";
import { hiddenMarker } from "../text/marker.ts";
import { fill, notice, registered } from "../text/message.ts";
import { codeBlock } from "../text/neutralise.ts";
import { BODY_LIMIT, fitted } from "../text/size.ts";
import { duration, time } from "../text/time.ts";
import { approvalItems } from "./approvals.ts";
import { commandTable } from "./commands.ts";
import { earlyNote } from "./deployed-early.ts";
import { nobodyCalled } from "./escalation.ts";
import { byImportance, rulePage } from "./findings-table.ts";
import { nextStep } from "./next-step.ts";
import { takenBack } from "./rollback-of.ts";
import { renderOver } from "./status-comment-closed.ts";
import { dueOf, postMortemNote, type StatusContext } from "./status-comment-parts.ts";
import { EXTERNAL_INITIAL, knownFor, startAlert } from "./templates.ts";

/**
 * The one status comment of a hotfix: the next step first, then what is still to be done, who can approve, and folded what can
 * be copied. Made from its arguments alone, so it only changes where something did.
 */
export function renderStatusComment(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  context: StatusContext,
): string {
  const { repository } = snapshot;
  const marker = html(
    hiddenMarker("status", `${repository.owner}/${repository.name}#${pullRequestNumber(snapshot)}`),
  );
  const nodes = isOver(snapshot, verdict)
    ? renderOver(snapshot, verdict, policy, context)
    : [
        ...inProduction(snapshot, verdict, policy, context),
        p(nextStep(verdict, context)),
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
  context: StatusContext,
): RootContent[] {
  const nodes: RootContent[] = [p(whatItIs(snapshot, verdict, policy))];
  const silent = verdict.kind === "hotfix" ? nobodyCalled(snapshot, policy) : null;
  if (silent !== null) nodes.push(p(...silent));
  const todo = toDo(verdict, context);
  if (todo.length > 0) {
    const check = link(`${snapshot.pullRequest.url}/checks`, "hotfix-gate");
    nodes.push(heading(3, "Still to be done"), list(todo), p("How: see the check ", check, "."));
  }
  const approvals = approvalItems(verdict.approvals);
  if (approvals.length > 0) nodes.push(heading(3, "Approvals"), list(approvals));
  const notices = verdict.notices.map((n) => [notice(n, context.docsUrl)]);
  if (notices.length > 0) nodes.push(heading(3, "Worth knowing"), list(notices));
  if (verdict.kind === "hotfix") {
    const known = knownFor(snapshot, verdict, policy);
    nodes.push(...details("Alert for the team, ready to copy", [codeBlock(startAlert(known), "text")]));
    if (verdict.severity === "P0")
      nodes.push(
        ...details("Message for the status page in an outage, ready to copy", [
          codeBlock(EXTERNAL_INITIAL, "text"),
        ]),
      );
  }
  nodes.push(...details("Commands", [commandTable(policy.overrides.roles)]));
  return nodes;
}

function whatItIs(snapshot: PullRequestSnapshot, verdict: Verdict, policy: Policy): PhrasingContent[] {
  const observed = policy.mode === "observe" ? " The app only observes here: nothing is blocked." : "";
  if (verdict.rollbackOf !== null)
    return inline(
      bold("Rollback"),
      " of ",
      takenBack(verdict.rollbackOf),
      `. One approval is enough.${observed}`,
    );
  if (verdict.severity === null) return inline(bold("Hotfix"), `, severity not settled yet.${observed}`);
  const { review } = policy.severities[verdict.severity];
  const response = responseTime(snapshot, verdict.severity, policy);
  const within: Inline =
    response === null
      ? ""
      : inline(`, to be merged within ${duration(response.within)}, by `, time(response.dueAt));
  const reviewed = {
    "before-merge": "a review before the merge",
    "after-merge": "a review, which may come after the merge",
    none: "no review",
  }[review];
  return inline(
    bold(`Hotfix, severity ${verdict.severity}`),
    within,
    `. Asks for an approval and ${reviewed}.${observed}`,
  );
}

/** What blocks, a line each: what was found. How to mend it stands in the check, so that this stays short. */
function toDo(verdict: Verdict, { docsUrl, messageOf = registered }: StatusContext): Inline[][] {
  const open = byImportance(verdict.findings).filter(
    ({ level, state }) =>
      level === "error" && (state === "violated" || state === "pending" || state === "unknown"),
  );
  return open.map((f) => {
    const message = messageOf(f.rule, f.code);
    const name = link(rulePage(docsUrl, f.rule), plain(f.rule));
    return message === null ? [name] : [name, ": ", fill(message.found, f.data)];
  });
}
