import type { Policy, Severity } from "./policy.ts";
import { responseTime } from "./response-time.ts";
import type { Message } from "./rule.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import type { Verdict } from "./verdict.ts";

/** A message, and the page of the documentation that says more. */
export interface Notice extends Message {
  readonly page?: string;
}

/** Things worth knowing that block nothing, by reason code. */
export const NOTICES = {
  "protection-wants-review": {
    found:
      "The rules of {base} ask for approving reviews before any merge: {count}. So a review after the merge cannot work for {severity}",
    mend: "Get the review now, or have a ruleset bypass ready for emergencies.",
    page: "break-glass.md",
  },
  "response-missed": {
    found: "The response time of {severity} is missed: by {due} this was to be merged",
    mend: "It can still be merged as soon as the check passes.",
  },
  draft: {
    found: "This pull request is a draft; GitHub will not merge it",
    mend: "Mark it as ready for review.",
  },
} as const satisfies Readonly<Record<string, Notice>>;
export type NoticeCode = keyof typeof NOTICES;

/** The notices that apply. */
export function noticesOf(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Severity | null,
): Verdict["notices"] {
  const { pullRequest, requiredReviews } = snapshot;
  const notices: { code: NoticeCode; data: Record<string, string | number> }[] = [];
  if (
    severity !== null &&
    policy.severities[severity].review === "after-merge" &&
    requiredReviews.known &&
    requiredReviews.value > 0
  )
    notices.push({
      code: "protection-wants-review",
      data: { base: pullRequest.base.ref, count: requiredReviews.value, severity },
    });
  const response = responseTime(snapshot, severity, policy);
  if (severity !== null && pullRequest.state === "open" && response?.state === "missed")
    notices.push({
      code: "response-missed",
      data: { severity, due: `${response.dueAt.slice(0, 16).replace("T", " ")} UTC` },
    });
  if (pullRequest.draft) notices.push({ code: "draft", data: {} });
  return notices;
}
