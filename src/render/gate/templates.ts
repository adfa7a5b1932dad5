import type { Field } from "../../policy/commit-message/fields.ts";
import { readHotfixCommit } from "../../policy/commit-message/hotfix-commit.ts";
import { isPending } from "../../policy/commit-message/left-over.ts";
import type { Policy } from "../../policy/policy.ts";
import { affectedArea } from "../../policy/post-mortem/affected.ts";
import { withoutPrefix } from "../../policy/post-mortem/facts.ts";
import { detectedTime } from "../../policy/post-mortem/written.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { Verdict } from "../../policy/verdict.ts";
import { oneLine } from "../text/neutralize.ts";
import { utc } from "../text/time.ts";

/**
 * The procedure's communication templates, filled in, as plain text to copy. What is not known stays in
 * [brackets].
 */

interface Known {
  readonly title: string;
  readonly severity: string;
  readonly impact: string;
  readonly affected: string;
  readonly detected: string;
  readonly started: string;
  readonly engineer: string;
  readonly approvedBy: string;
}

/**
 * What the templates need to know. Foreign text is on one line; people are named without `@`, so that a
 * pasted copy calls nobody by accident.
 */
export function knownFor(snapshot: PullRequestSnapshot, verdict: Verdict, policy: Policy): Known {
  const { pullRequest, activity } = snapshot;
  const reading = readHotfixCommit(snapshot, policy);
  const deployment = reading.known ? reading.value : null;
  const field = (name: Field): string | null => {
    const value = deployment?.message.fields[name];
    const isSaid = value !== undefined && !deployment?.missing.includes(name) && !isPending(name, value);
    return isSaid ? oneLine(value) : null;
  };
  const detected = field("Detected");
  const pushed = activity.known
    ? activity.value?.findLast(({ type }) => type !== "branch_deletion")
    : undefined;
  return {
    title: oneLine(withoutPrefix(pullRequest.title)),
    severity: verdict.severity ?? "[P0/P1]",
    impact: field("Impact") ?? "[User impact]",
    affected: oneLine(affectedArea(snapshot, policy) ?? "[Service/Feature]"),
    detected: detected === null ? "[Time]" : utc(detectedTime(detected) ?? detected),
    started: utc(pushed?.at ?? pullRequest.createdAt),
    engineer: field("Deployed-By") ?? pullRequest.author?.login ?? "[Name]",
    approvedBy:
      verdict.approvals.counted.map(({ login, role }) => oneLine(`${login} (${role})`)).join(", ") ||
      "pending",
  };
}

/** At the start. */
export function startAlert(known: Known): string {
  return `🚨 HOTFIX ALERT - ${known.severity}

Issue: ${known.title}
Severity: ${known.severity}
Impact: ${known.impact}
Affected: ${known.affected}

Timeline:
- Detected: ${known.detected}
- Fix started: ${known.started}
- ETA: [Estimated completion]

Engineer: ${known.engineer}
Approved by: ${known.approvedBy}

Status: 🔧 Deploying fix`;
}

/** What is known of the time after the merge. Times: ISO 8601. */
export interface Progress {
  readonly postMortemDue: string;
  /** `null`: not known. */
  readonly deployedAt: string | null;
}

/** Merged, and nobody has verified it yet: what only a person can say is left open. */
export function deployedUpdate(known: Known, { postMortemDue, deployedAt }: Progress): string {
  return `HOTFIX DEPLOYED - ${known.severity}

Issue: ${known.title}
Status: [RESOLVED, once verified]
Deployment: ${deployedAt === null ? "[Successful]" : `Successful, ${utc(deployedAt)}`}
Verification: [All systems operational]
Next Steps: Post-mortem due ${utc(postMortemDue)}`;
}

/** Verified in production. */
export function completeUpdate(known: Known, { postMortemDue, deployedAt }: Progress): string {
  return `✅ HOTFIX COMPLETE - ${known.severity}

Issue: ${known.title}
Status: RESOLVED

Deployment:
- Deployed: ${deployedAt === null ? "[Time]" : utc(deployedAt)}
- Verification: Complete
- Monitoring: Active

Impact:
- Downtime: [Duration or None]
- Users affected: [Number/Percentage]
- Revenue impact: [If applicable]

Next Steps:
- Continue monitoring for 1 hour
- Post-mortem due ${utc(postMortemDue)}
- Action items will be assigned

Thanks [Team] for quick response!`;
}

/** For the status page. People outside do not know components, so the service stays for a person to name. */
export const EXTERNAL_INITIAL = `We're aware of an issue affecting [service].
Our team is actively working on a fix.
Updates: [status page URL]`;

export const EXTERNAL_RESOLVED = `The issue affecting [service] has been resolved.
All systems are operating normally.
We apologize for any inconvenience.`;
