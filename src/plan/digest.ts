import type { Action } from "../policy/action.ts";
import { DIGEST_ISSUE } from "../policy/digest.ts";
import type { Policy } from "../policy/policy.ts";
import { type Digest, digestText, renderDigest, renderDigestIssue } from "../render/digest.ts";
import { type Plan, plan } from "./plan.ts";

/**
 * Posts a week's digest, once: the comment is the record, also of what Slack is told. `told`: what the
 * process keeps in mind of it. Where there is nothing to tell, nothing is posted.
 */
export function planDigest(digest: Digest | null, { digest: { to } }: Policy, told: string): Plan {
  const remember = [{ list: "told", key: told }] as const;
  if (digest === null || to === null) return plan({ remember });
  const action: Action = {
    type: "post-digest",
    issue: { marker: DIGEST_ISSUE, ...renderDigestIssue() },
    ...renderDigest(digest),
  };
  const announcements = to === "slack" ? [{ text: digestText(digest), ifNew: action }] : [];
  return plan({ actions: [action], announcements, remember });
}
