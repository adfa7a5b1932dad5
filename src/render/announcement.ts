import type { Policy } from "../policy/policy.ts";
import type { PullRequestSnapshot } from "../policy/snapshot.ts";
import type { Verdict } from "../policy/verdict.ts";
import { oneLine } from "./neutralise.ts";
import { knownFor } from "./templates.ts";
import { utc } from "./time.ts";

/** Plain text for a chat: the procedure's templates without what only a person can fill in. */

/** A hotfix is open. */
export function openedText(snapshot: PullRequestSnapshot, verdict: Verdict, policy: Policy): string {
  const known = knownFor(snapshot, verdict, policy);
  return text(heading("🚨 HOTFIX ALERT", verdict), [
    ["Issue", known.title],
    ["Impact", known.impact],
    ["Affected", known.affected],
    ["Detected", known.detected],
    ["Fix started", known.started],
    ["Engineer", known.engineer],
    ["Approved by", known.approvedBy],
    ["Status", "🔧 Preparing the fix"],
    ["Pull request", snapshot.pullRequest.url],
  ]);
}

/** It is merged, and its post-mortem is open. Whether the issue is resolved is for people to see. */
export function mergedText(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  postMortem: { readonly url: string; readonly due: string },
): string {
  const known = knownFor(snapshot, verdict, policy);
  const { merged, url } = snapshot.pullRequest;
  return text(heading("✅ HOTFIX MERGED", verdict), [
    ["Issue", known.title],
    ["Impact", known.impact],
    ["Merged", utc(merged?.at ?? "")],
    ["Approved by", known.approvedBy],
    ["Status", "to be verified in production"],
    ["Next", "watch it for 1 hour, then write the post-mortem"],
    ["Pull request", url],
    ["Post-mortem", `${postMortem.url} (due ${utc(postMortem.due)})`],
  ]);
}

/** What became of a merged hotfix later. */
export function laterText(
  what: "rolled-back" | "overdue",
  issue: { readonly title: string; readonly url: string; readonly due: string },
): string {
  const said = what === "rolled-back" ? "⏪ HOTFIX ROLLED BACK" : "⏰ POST-MORTEM OVERDUE";
  return text(said, [
    ["What", oneLine(issue.title)],
    ...(what === "overdue" ? [["Due", utc(issue.due)] as const] : []),
    ["Read it", issue.url],
  ]);
}

function heading(what: string, { severity }: Verdict): string {
  return severity === null ? what : `${what} - ${severity}`;
}

/** The placeholders of `knownFor`. */
const LEFT_OPEN = ["", "[User impact]", "[Service/Feature]", "[Time]", "[Name]"];

function text(first: string, lines: readonly (readonly [name: string, value: string])[]): string {
  const known = lines.filter(([, value]) => !LEFT_OPEN.includes(value));
  return [first, "", ...known.map(([name, value]) => `${name}: ${value}`)].join("\n");
}
