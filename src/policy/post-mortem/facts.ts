import type { Field } from "../commit-message/fields.ts";
import type { Fact } from "../fact.ts";
import { POST_MORTEM_LABEL } from "../labels.ts";
import type { AfterMerge } from "../landing/after-merge.ts";
import { earlyOf, landedAt } from "../landing/early-deployment.ts";
import type { Policy, Severity } from "../policy.ts";
import { fullName } from "../repository.ts";
import type { Account } from "../snapshot/account.ts";
import type { EarlyDeployment, PullRequestSnapshot, PushFacts, RepositoryFacts } from "../snapshot.ts";
import { pullRequestNumber, pushOf } from "../snapshot.ts";
import { withoutHotfix } from "../text/hotfix-prefix.ts";
import type {
  CountedApproval,
  Override,
  RefusedApproval,
  RuleFinding,
  Unfreeze,
  Verdict,
} from "../verdict.ts";
import { affectedArea, checklistsFor } from "./affected.ts";
import { type ApprovalAtMerge, approvalThen } from "./approval-at-merge.ts";
import { commitFacts } from "./commit-facts.ts";
import { landingFacts, reviewFacts, verdictFacts } from "./landing-facts.ts";
import type { LinkedIssue } from "./linked-issues.ts";
import { metricsOf, reviewed } from "./metrics.ts";
import type { Metrics } from "./metrics-block.ts";
import { keysOf } from "./subject.ts";
import { afterTimeline, sorted, type TimelineEntry, timelineOf } from "./timeline.ts";
import type { Written } from "./written.ts";

/**
 * All that is known of a hotfix that was merged, pushed or deployed, for its post-mortem: plain data, foreign
 * text as it is.
 */
export interface PostMortemFacts {
  readonly repository: RepositoryFacts;
  /**
   * What the hidden marker names: the pull request's number, the tip of a push, or a branch (`branchKey`).
   */
  readonly key: number | string;
  /** What it named before: a branch that was deployed before its pull request was merged or it was pushed. */
  readonly formerKey: string | null;
  /** The push that bypassed the pull request; `null`: it was not pushed. */
  readonly push: PushFacts | null;
  /** The pull request's; `null`: there is none. */
  readonly number: number | null;
  readonly url: string;
  /** Without `HOTFIX:`. */
  readonly title: string;
  readonly author: string | null;
  readonly branch: string;
  readonly base: string;
  readonly severity: Severity | null;
  /** what the hotfix commit says; fields that are missing or left-over template text are not here. */
  readonly fields: Readonly<Partial<Record<Field, string>>>;
  readonly missingFields: readonly Field[];
  readonly issues: readonly LinkedIssue[];
  /** The part of the repository that was changed: a component or a directory; `null`: not known. */
  readonly affected: string | null;
  readonly files:
    | readonly { readonly path: string; readonly additions: number; readonly deletions: number }[]
    | null;
  /** The merge or push; `null`: it was only deployed. */
  readonly merged: { readonly at: string; readonly by: string | null; readonly sha: string | null } | null;
  /** The deployment that came before. */
  readonly early: Fact<EarlyDeployment | null>;
  /** Whichever came first. */
  readonly landedAt: string;
  /** Its post-mortem cannot be older. */
  readonly since: string;
  /** The pull request was closed without a merge. */
  readonly closed: boolean;
  /** When the post-mortem has to be complete. */
  readonly due: string;
  readonly dueAfter: number;
  readonly timeline: readonly TimelineEntry[];
  /** `Detected` as written, where it is no time that can be read. */
  readonly detectedText: string | null;
  /** Was there a valid approval at the merge? `unknown`: it could not be read. */
  readonly approval: ApprovalAtMerge;
  readonly approvals: readonly CountedApproval[];
  readonly refusedApprovals: readonly RefusedApproval[];
  /** A review by another engineer has still to come. */
  readonly reviewOwed: boolean;
  /** It had still to come when the merge was made. */
  readonly reviewOwedAtMerge: boolean;
  /** The branches that the hotfix has to arrive on as well: is it there? */
  readonly backMerges: Readonly<Record<string, Fact<boolean>>>;
  /** What happened after the merge; `null`: not looked at yet. */
  readonly after: AfterMerge | null;
  readonly overrides: readonly Override[];
  /** Who ended the freeze of the base branch before the merge; `null`: nobody. */
  readonly unfrozen: Unfreeze | null;
  /** Rules at level `error` that did not hold at the merge. */
  readonly violations: readonly RuleFinding[];
  readonly warnings: readonly RuleFinding[];
  /** Something of what is filled in could not be read. */
  readonly unread: boolean;
  /**
   * Why the check was no gate on the branch, as one of the verdict's notices; `null`: it was one, or nobody
   * knows.
   */
  readonly gateNotice: Verdict["notices"][number] | null;
  /** What to verify, for each kind of issue this is. */
  readonly checklists: readonly { readonly kind: string; readonly items: readonly string[] }[];
  readonly metrics: Metrics;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

const VALID: Readonly<Partial<Record<ApprovalAtMerge, boolean>>> = {
  valid: true,
  missing: false,
};

/** GitHub takes ten assignees. */
const MAX_ASSIGNEES = 10;

/**
 * Collects the facts; `verdict` is the one at the merge, or as long as there is none the present one. `null`:
 * it is neither merged nor deployed.
 */
export function postMortemFacts(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  after: AfterMerge | null = null,
  written: Written | null = null,
): PostMortemFacts | null {
  const landed = landedAt(snapshot);
  if (landed === null) return null;
  const { detected, ...commit } = commitFacts(snapshot, policy);
  const before = timelineOf(snapshot, verdict, {
    detected,
    issues: commit.issues.flatMap(({ openedAt, text }) =>
      openedAt === null ? [] : [{ at: openedAt, text }],
    ),
  });
  const facts = {
    ...changeFacts(snapshot, policy),
    ...commit,
    ...landingFacts(snapshot, policy, landed),
    ...verdictFacts(verdict),
    unread: isUnread(snapshot, verdict),
    ...reviewFacts(snapshot, verdict, policy, after),
    timeline: after === null ? before : sorted([...before, ...afterTimeline(snapshot, after, policy)]),
    approval: approvalThen(snapshot, verdict, policy, after, written?.metrics ?? null),
    after,
    checklists: checklistsFor(snapshot, commit.issues, policy),
    labels: labelsOf(verdict, policy),
    assignees: assignees(snapshot.pullRequest.author, verdict, policy),
  };
  return { ...facts, metrics: metricsFor(facts, snapshot, policy, written) };
}

function isUnread(snapshot: PullRequestSnapshot, { unknowns }: Verdict): boolean {
  const { commits, files, history, activity, people } = snapshot;
  const word = Object.values(people).map(({ access }) => access);
  return unknowns.length > 0 || [commits, files, history, activity, ...word].some(({ known }) => !known);
}

/** What it is and where. */
function changeFacts(snapshot: PullRequestSnapshot, policy: Policy) {
  const { pullRequest, repository, files } = snapshot;
  return {
    repository,
    ...keysOf(snapshot),
    push: pushOf(snapshot),
    number: pullRequestNumber(snapshot),
    url: pullRequest.url,
    title: withoutPrefix(pullRequest.title),
    author: pullRequest.author?.login ?? null,
    branch: pullRequest.head.ref,
    base: pullRequest.base.ref,
    affected: affectedArea(snapshot, policy),
    files: files.known ? files.value : null,
  };
}

function metricsFor(
  facts: Omit<PostMortemFacts, "metrics">,
  snapshot: PullRequestSnapshot,
  policy: Policy,
  written: Written | null,
): Metrics {
  const { repository, number, push, severity, merged, approval } = facts;
  const reviews = reviewed(snapshot);
  return metricsOf({
    repository: fullName(repository),
    number: number ?? 0,
    pushed: push?.after ?? null,
    severity,
    people: {
      author: facts.author,
      approvedBy: facts.approvals.map(({ login }) => login),
      reviewedBy: reviews.by,
      mergedBy: merged?.by ?? null,
    },
    overrides: facts.overrides,
    commit: merged?.sha ?? null,
    affected: facts.affected,
    dueAt: facts.due,
    timeline: facts.timeline,
    openedAt: number === null ? null : snapshot.pullRequest.createdAt,
    reviewedAt: reviews.at,
    mergedAt: merged?.at ?? null,
    early: earlyOf(snapshot),
    respondWithin: severity === null ? null : policy.severities[severity].respond_within,
    written,
    approvalValid: merged === null ? null : (VALID[approval] ?? null),
    after: facts.after,
  });
}

function labelsOf({ severity }: Verdict, { post_mortem }: Policy): readonly string[] {
  const own = severity === null ? [] : [`severity:${severity}`];
  return [...new Set([POST_MORTEM_LABEL, ...own, ...post_mortem.labels])];
}

/** `HOTFIX: Fix it`, `[hotfix] Fix it` → `Fix it`. */
export function withoutPrefix(title: string): string {
  const short = withoutHotfix(title);
  return short === "" ? title.trim() : short;
}

/** Author and approvers as the policy wants them: people only, each once. */
function assignees(author: Account | null, verdict: Verdict, policy: Policy): readonly string[] {
  const { assign } = policy.post_mortem;
  const logins = [
    ...(assign.includes("author") && author?.type === "User" ? [author.login] : []),
    ...(assign.includes("approver") ? verdict.approvals.counted.map(({ login }) => login) : []),
  ];
  const each = new Map(logins.map((login) => [login.toLowerCase(), login]));
  return [...each.values()].slice(0, MAX_ASSIGNEES);
}
