import { eligibleHolders } from "./approval/holders.ts";
import { type PersonNeed, peopleNeeded } from "./approval/needs.ts";
import { reachedNeeded } from "./approval/pushes.ts";
import { approverRoles, readApprovals } from "./approval/read-approvals.ts";
import { isPermissionRole } from "./approval/roles.ts";
import { classify } from "./classify.ts";
import { readHotfixCommit } from "./commit-message/hotfix-commit.ts";
import { isPending } from "./commit-message/left-over.ts";
import { freezeNeeds } from "./freeze.ts";
import type { Policy, Severity } from "./policy.ts";
import { missingForRollback } from "./rollback-approval.ts";
import { readSeverity } from "./severity.ts";
import type { IssueReference } from "./snapshot/issue.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import { instant } from "./time.ts";
import { vouchersNeeded } from "./vouching.ts";

/** Facts that are only worth a request because of what others say. */
export interface Needs {
  readonly issues: readonly IssueReference[];
  readonly people: readonly PersonNeed[];
  /** Commits that the branch had of which it has to be read what the head has in common with them. */
  readonly reached: readonly string[];
  /** Read what the base branch asks for. */
  readonly branchRules: boolean;
}

const NOTHING: Needs = { issues: [], people: [], reached: [], branchRules: false };

/**
 * What else to read, from a snapshot that has commits, files and timeline. An ordinary pull request needs
 * nothing.
 */
export function needsOf(snapshot: PullRequestSnapshot, policy: Policy): Needs {
  const kind = classify(snapshot, policy);
  if (!kind.known || kind.value === "ordinary" || kind.value === "back-merge") return NOTHING;
  const commit = readHotfixCommit(snapshot, policy);
  const severity = settledSeverity(snapshot, policy, kind.value === "rollback");
  const people = together([
    ...peopleNeeded(snapshot, policy, severity, profileAsked(snapshot, policy)),
    ...callableNeeded(snapshot, policy, severity),
    ...freezeNeeds(snapshot, policy, severity),
  ]);
  return {
    issues: commit.known ? (commit.value?.fixes ?? []) : [],
    people,
    reached: reachedNeeded(snapshot, people),
    branchRules: kind.value === "hotfix",
  };
}

/** One need a person. */
function together(needs: readonly PersonNeed[]): readonly PersonNeed[] {
  const each = new Map<string, PersonNeed>();
  for (const need of needs) {
    const key = need.login.toLowerCase();
    const former = each.get(key);
    each.set(key, {
      ...former,
      ...need,
      access: need.access || former?.access === true,
      teams: [...new Set([...(former?.teams ?? []), ...need.teams])],
      profile: need.profile || former?.profile === true,
    });
  }
  return [...each.values()];
}

/** Whose access decides whether people may be called for it, where it is a hotfix that does not pass. */
export function vouchersNeededFor(snapshot: PullRequestSnapshot, policy: Policy): readonly PersonNeed[] {
  const kind = classify(snapshot, policy);
  return kind.known && kind.value === "hotfix" ? vouchersNeeded(snapshot, policy) : [];
}

/** The roles whose holders to list, because an approval is still missing; needs the people of `needsOf`. */
export function holdersNeeded(snapshot: PullRequestSnapshot, policy: Policy): readonly string[] {
  const kind = classify(snapshot, policy);
  if (!kind.known || kind.value === "ordinary" || kind.value === "back-merge") return [];
  const rollback = kind.value === "rollback";
  const severity = settledSeverity(snapshot, policy, rollback);
  if (severity === null && !rollback) return [];
  const approval = readApprovals(snapshot, policy, severity);
  const missing =
    severity === null
      ? missingForRollback(snapshot, approval)
      : policy.severities[severity].approvals - approval.counted.length;
  return missing > 0 ? approverRoles(policy, severity) : [];
}

/** Who is in a role may have no access to this repository; of more than so many people that is not asked. */
const MOST_CALLABLE = 5;

/**
 * Those who may be called by the escalation, once its first step is due and the holders of the roles are
 * listed: whether they may write, without which they cannot approve.
 */
function callableNeeded(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Severity | null,
): readonly PersonNeed[] {
  if (severity === null || policy.mode !== "enforce") return [];
  const waited = instant(snapshot.observedAt) - instant(snapshot.pullRequest.createdAt);
  const isDue = policy.escalation.some(
    ({ severities, after }) => severities.includes(severity) && after <= waited,
  );
  if (!isDue || snapshot.pullRequest.state !== "open") return [];
  const named = approverRoles(policy, severity).filter((name) => {
    const role = policy.roles[name];
    return role !== undefined && !isPermissionRole(role);
  });
  const eligible = eligibleHolders(named, snapshot, policy.approval.self);
  const logins = new Set(Object.values(eligible).flatMap((holders) => holders ?? []));
  if (logins.size > MOST_CALLABLE) return [];
  return [...logins].map((login) => ({ login, access: true, teams: [], profile: false }));
}

function settledSeverity(snapshot: PullRequestSnapshot, policy: Policy, rollback: boolean): Severity | null {
  if (rollback) return null;
  const severity = readSeverity(snapshot, policy, readHotfixCommit(snapshot, policy));
  return severity.known ? severity.value.severity : null;
}

/** Does `Approved-By` name somebody, in words that a profile may have to explain? */
function profileAsked(snapshot: PullRequestSnapshot, policy: Policy): boolean {
  const commit = readHotfixCommit(snapshot, policy);
  const named = commit.known ? (commit.value?.message.fields["Approved-By"] ?? "") : "";
  return policy.rules["approved-by"].level !== "off" && named !== "" && !isPending("Approved-By", named);
}
