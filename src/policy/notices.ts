import { missingTeams } from "./approval/roles.ts";
import type { BranchRules, GateRequirement } from "./branch-rules.ts";
import { unprovenRollback } from "./landing/rollback-claim.ts";
import { queueOf } from "./merge-queue.ts";
import type { Policy, Severity } from "./policy.ts";
import { fullName } from "./repository.ts";
import { responseTime } from "./response-time.ts";
import type { Message } from "./rule.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import type { PolicyReading, Verdict } from "./verdict.ts";

/** A message, and the page of the documentation that says more. */
export interface Notice extends Message {
  readonly page?: string;
}

/** Where the gate is none, by reason code; the check shows the command that requires it. */
const GATE_NOTICES = {
  "gate-not-required": {
    found: "{base} does not require hotfix-gate, so it can be merged whatever the check says",
    fix: "An administrator can require the check with one command.",
    page: "getting-started.md#6-require-the-check-3-minutes",
  },
  "gate-queue-unguarded": {
    found:
      "{base} has a merge queue and does not require hotfix-gate, so the queue merges whatever the check says",
    fix: "An administrator can require the check with one command.",
    page: "getting-started.md#6-require-the-check-3-minutes",
  },
  "gate-not-pinned": {
    found: "{base} requires hotfix-gate from any source, so anyone with write access can set it to passed",
    fix: "An administrator can pin the check to this app with one command.",
    page: "getting-started.md#6-require-the-check-3-minutes",
  },
  "gate-bypassable": {
    found:
      "{base} requires hotfix-gate, and everyone with write access may bypass that, so it can be merged whatever the check says",
    fix: "An administrator can take the role “write” out of its bypass list, or add a ruleset without one with one command.",
    page: "break-glass.md",
  },
  "gate-other-app": {
    found: "{base} requires hotfix-gate from another app, so this check isn't counted there",
    fix: "An administrator can pin the check to this app, and take the other requirement out.",
    page: "getting-started.md#6-require-the-check-3-minutes",
  },
} as const satisfies Readonly<Record<string, Notice>>;

const CODE_OF: Readonly<Record<GateRequirement, keyof typeof GATE_NOTICES | null>> = {
  pinned: null,
  unknown: null,
  "not-required": "gate-not-required",
  "any-source": "gate-not-pinned",
  bypassable: "gate-bypassable",
  "other-app": "gate-other-app",
};

const ROLLBACKS = "security.md#known-limits";

/** Things worth knowing that block nothing, by reason code. */
export const NOTICES = {
  ...GATE_NOTICES,
  "shared-file-invalid": {
    found:
      "{file} is not valid: its last valid version holds until {until}, then every pull request is blocked",
    fix: "Whoever can push there: run hotfix-guard validate on it, and fix it.",
    page: "configuration.md#a-shared-file-that-is-not-valid",
  },
  "protection-wants-review": {
    found:
      "{base} requires approving reviews (at least {count}) before any merge, so a review after the merge cannot work for {severity}",
    fix: "Get the review now, or have a ruleset bypass ready for emergencies.",
    page: "break-glass.md",
  },
  "response-missed": {
    found: "The {severity} target was missed: merge was due by {due}",
    fix: "Merge as soon as the check passes.",
  },
  "team-missing": {
    found: "{key} names the team {team}, which doesn't exist or isn't visible to the app",
    fix: "Correct the team's slug in the configuration, or make the team visible.",
    page: "configuration.md#how-values-are-written",
  },
  "merge-settings-hidden": {
    found:
      "GitHub hides this repository's merge settings from the app, so a squash may land a different message; it is checked after the merge",
    fix: "Keep the hotfix commit's message when you merge.",
  },
  "rollback-too-large": {
    found: "Not a rollback: it changes more files than one can be proven for",
    fix: "Every rule applies to it as to any other change.",
    page: ROLLBACKS,
  },
  "rollback-merges": {
    found:
      "Not a rollback: its branch brings merges and is behind the base, so what it would land is not certain",
    fix: "Create the branch again from the base, with git revert alone.",
    page: ROLLBACKS,
  },
  "rollback-nothing-recent": {
    found: "Not a rollback: no hotfix of the last 30 days changed these files last",
    fix: "Every rule applies to it as to any other change.",
    page: ROLLBACKS,
  },
  "rollback-other-files": {
    found: "Not a rollback: its files are not exactly those of {hotfix}, which changed them last",
    fix: "Revert all of it, and nothing else.",
    page: ROLLBACKS,
  },
  "rollback-other-content": {
    found: "Not a rollback: its files do not become exactly what they were before {hotfix}",
    fix: "Create the branch again from the base, with git revert alone.",
    page: ROLLBACKS,
  },
  "rollback-no-hotfix": {
    found: "Not a rollback of a hotfix: {hotfix} was not one when it was merged",
    fix: "Every rule applies to it as to any other change.",
    page: ROLLBACKS,
  },
  "rollback-changed-since": {
    found: "Not a rollback: {hotfix} is not the last change of these files any more",
    fix: "Every rule applies to it as to any other change.",
    page: ROLLBACKS,
  },
  "rollback-of-rollback": {
    found: "Not a rollback: {hotfix} took back a hotfix itself, so its fault would come back",
    fix: "Every rule applies to it as to any other change.",
    page: ROLLBACKS,
  },
  freezes: {
    found: "While this is open, ordinary pull requests to {base} wait for it",
    fix: "That ends when it is merged or closed, or sooner: someone with one of the roles {roles} comments /hotfix unfreeze and a reason.",
    page: "configuration.md#a-freeze-while-a-hotfix-is-open",
  },
  unfrozen: {
    found: "{by} ended the freeze of {base}: {reason:prose}",
    fix: "Ordinary pull requests no longer wait for this.",
    page: "configuration.md#a-freeze-while-a-hotfix-is-open",
  },
  "queue-behind": {
    found: "Others are ahead of it in the merge queue",
    fix: "Someone who may can put it first.",
    page: "break-glass.md#when-a-merge-queue-holds-a-p0",
  },
  draft: {
    found: "This pull request is a draft, which GitHub will not merge",
    fix: "Mark it as ready for review.",
  },
} as const satisfies Readonly<Record<string, Notice>>;

/** Something people should know that decides no verdict: the name of its text in `NOTICES`. */
export type NoticeCode = keyof typeof NOTICES;

/** The notices that apply. */
export function noticesOf(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Severity | null,
): Verdict["notices"] {
  const { pullRequest, branchRules } = snapshot;
  const notices: { code: NoticeCode; data: Record<string, string | number> }[] = [];
  const gate = branchRules.known ? gateNotice(branchRules.value) : null;
  if (gate !== null)
    notices.push({
      code: gate,
      data: {
        base: pullRequest.base.ref,
        repository: fullName(snapshot.repository),
        app: snapshot.app.id,
      },
    });
  if (
    severity !== null &&
    policy.severities[severity].review === "after-merge" &&
    branchRules.known &&
    branchRules.value.reviews > 0
  )
    notices.push({
      code: "protection-wants-review",
      data: { base: pullRequest.base.ref, count: branchRules.value.reviews, severity },
    });
  const response = responseTime(snapshot, severity, policy);
  if (severity !== null && pullRequest.state === "open" && response?.state === "missed")
    notices.push({
      code: "response-missed",
      data: { severity, due: `${response.dueAt.slice(0, 16).replace("T", " ")} UTC` },
    });
  for (const missing of missingTeams(snapshot, policy))
    notices.push({ code: "team-missing", data: { ...missing } });
  if (
    snapshot.mergeSettings.known &&
    snapshot.mergeSettings.value.hidden === true &&
    pullRequest.state === "open"
  )
    notices.push({ code: "merge-settings-hidden", data: {} });
  notices.push(...rollbackNotices(snapshot));
  const place = queueOf(snapshot.queueEntry).queue;
  if (place !== undefined && place !== "unread" && place.position > 1)
    notices.push({ code: "queue-behind", data: {} });
  if (pullRequest.draft) notices.push({ code: "draft", data: {} });
  return notices;
}

/** A shared file is not valid, and its last valid version decides. */
export function sharedFileNotice({ lastValid }: Extract<PolicyReading, { state: "valid" }>): {
  code: NoticeCode;
  data: { file: string; until: string };
}[] {
  if (lastValid === undefined) return [];
  const { file, until } = lastValid;
  return [
    { code: "shared-file-invalid", data: { file, until: `${until.slice(0, 16).replace("T", " ")} UTC` } },
  ];
}

/** What the hotfix holds up, or who ended that. */
export function freezeNotices(
  { freeze, unfrozen }: Pick<Verdict, "freeze" | "unfrozen">,
  { overrides }: Policy,
  base: string,
): { code: NoticeCode; data: Record<string, string | readonly string[]> }[] {
  if (unfrozen !== undefined)
    return [{ code: "unfrozen", data: { base, by: unfrozen.by, reason: unfrozen.reason } }];
  return freeze ? [{ code: "freezes", data: { base, roles: overrides.roles } }] : [];
}

/** What says of itself that it is a rollback, and is none, is told why. */
export function rollbackNotices(
  snapshot: PullRequestSnapshot,
): { code: NoticeCode; data: { hotfix: string } }[] {
  const miss = unprovenRollback(snapshot);
  if (miss === null) return [];
  const hotfix = miss.number === null ? "the last change" : `#${miss.number}`;
  return [{ code: `rollback-${miss.why}`, data: { hotfix } }];
}

/** Unreadable is not "no": nothing is said then. */
function gateNotice({ gate, mergeQueue }: BranchRules): NoticeCode | null {
  return gate === "not-required" && mergeQueue ? "gate-queue-unguarded" : CODE_OF[gate];
}

/** Says this notice that the check is no gate? */
export function isGateNotice(code: string): boolean {
  return Object.hasOwn(GATE_NOTICES, code);
}
