import { earlyOf } from "../../policy/landing/early-deployment.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { Verdict } from "../../policy/verdict.ts";
import { oneLine } from "../text/neutralize.ts";
import { utc } from "../text/time.ts";
import { knownFor } from "./templates.ts";

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

/**
 * It is merged, or deployed before that, and its post-mortem is open. Whether the issue is resolved is for
 * people to see.
 */
export function mergedText(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  postMortem: { readonly url: string; readonly due: string },
): string {
  const known = knownFor(snapshot, verdict, policy);
  const { merged, url } = snapshot.pullRequest;
  const early = earlyOf(snapshot);
  const what = merged === null ? "🚀 HOTFIX DEPLOYED BEFORE MERGE" : "✅ HOTFIX MERGED";
  return text(heading(what, verdict), [
    ["Issue", known.title],
    ["Impact", known.impact],
    ["Deployed", early === null ? "" : oneLine(`${utc(early.at)} to ${early.environment}`)],
    ["Merged", utc(merged?.at ?? "")],
    ["Approved by", known.approvedBy],
    ["Status", "pending verification in production"],
    ["Next", "monitor for 1 hour, then write the post-mortem"],
    ["Pull request", url],
    ["Post-mortem", `${postMortem.url} (due ${utc(postMortem.due)})`],
  ]);
}

/** Somebody has verified it in production. */
export function completeText(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  after: {
    readonly verifiedAt: string;
    /** `null`: not known. */
    readonly deployedAt: string | null;
    readonly postMortem: { readonly url: string; readonly due: string };
  },
): string {
  const known = knownFor(snapshot, verdict, policy);
  return text(heading("✅ HOTFIX COMPLETE", verdict), [
    ["Issue", known.title],
    ["Status", "RESOLVED"],
    ["Deployed", after.deployedAt === null ? "" : utc(after.deployedAt)],
    ["Verified", utc(after.verifiedAt)],
    ["Next", "monitor for 1 hour, then write the post-mortem"],
    ["Pull request", snapshot.pullRequest.url],
    ["Post-mortem", `${after.postMortem.url} (due ${utc(after.postMortem.due)})`],
  ]);
}

const LATER = {
  "rollback-asked": "↩️ HOTFIX ROLLBACK REQUESTED",
  "rolled-back": "⏪ HOTFIX ROLLED BACK",
  overdue: "⏰ POST-MORTEM OVERDUE",
};

/** What became of a merged hotfix later. */
export function laterText(
  what: keyof typeof LATER,
  issue: { readonly title: string; readonly url: string; readonly due: string },
): string {
  return text(LATER[what], [
    ["What", oneLine(issue.title)],
    ...(what === "overdue" ? [["Due", utc(issue.due)] as const] : []),
    ["Link", issue.url],
  ]);
}

/** A post-mortem that is gone, or cannot be opened or kept going. */
export function lostText(
  { title, url }: { readonly title: string; readonly url: string },
  problem: string,
): string {
  return text("⚠️ POST-MORTEM LOST", [
    ["What", oneLine(title)],
    ["Problem", oneLine(problem)],
    ["See", url],
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
