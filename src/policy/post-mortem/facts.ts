import type { Field, HotfixCommit } from "../commit-message/fields.ts";
import { readHotfixCommit } from "../commit-message/hotfix-commit.ts";
import { isPending } from "../commit-message/left-over.ts";
import { heaviestComponent } from "../diff/area.ts";
import { classifyFiles } from "../diff/classify-files.ts";
import { heaviestDirectory } from "../diff/heaviest-directory.ts";
import { type Fact, known, unknown } from "../fact.ts";
import { POST_MORTEM_LABEL } from "../labels.ts";
import type { AfterMerge } from "../landing/after-merge.ts";
import { earlyOf, landedAt } from "../landing/early-deployment.ts";
import { isGateNotice } from "../notices.ts";
import type { Policy, Severity } from "../policy.ts";
import type {
  Account,
  EarlyDeployment,
  PullRequestSnapshot,
  PushFacts,
  RepositoryFacts,
} from "../snapshot.ts";
import { pullRequestNumber, pushOf } from "../snapshot.ts";
import { matchesAny } from "../text/glob.ts";
import { withoutHotfix } from "../text/hotfix-prefix.ts";
import { instant, isAfter } from "../time.ts";
import type { CountedApproval, Override, RefusedApproval, RuleFinding, Verdict } from "../verdict.ts";
import { type ApprovalAtMerge, approvalThen, reviewOwed } from "./approval-at-merge.ts";
import { issueKinds } from "./kinds.ts";
import { type LinkedIssue, linkedIssues } from "./linked-issues.ts";
import { metricsOf, reviewed } from "./metrics.ts";
import type { Metrics } from "./metrics-block.ts";
import { keysOf } from "./subject.ts";
import { afterTimeline, sorted, type TimelineEntry, timelineOf } from "./timeline.ts";
import type { Written } from "./written.ts";
import { detectedTime, iso } from "./written.ts";

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
  /** What the deployment message says; fields that are missing or left-over template text are not here. */
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
  /** Rules at level `error` that did not hold at the merge. */
  readonly violations: readonly RuleFinding[];
  readonly warnings: readonly RuleFinding[];
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

const NOT_LOOKED_AT: Fact<boolean> = unknown("not looked at yet");

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
  const { pullRequest, repository } = snapshot;
  const { merged } = pullRequest;
  const landed = landedAt(snapshot);
  if (landed === null) return null;
  const number = pullRequestNumber(snapshot);
  const push = pushOf(snapshot);
  const reading = readHotfixCommit(snapshot, policy);
  const deployment = reading.known ? reading.value : null;
  const fields = presentFields(deployment);
  const issues = linkedIssues(deployment, snapshot);
  const detected = fields.Detected === undefined ? null : detectedTime(fields.Detected);
  const before = timelineOf(snapshot, verdict, {
    detected,
    issues: issues.flatMap(({ openedAt, text }) => (openedAt === null ? [] : [{ at: openedAt, text }])),
  });
  const timeline = after === null ? before : sorted([...before, ...afterTimeline(snapshot, after, policy)]);
  const approval = approvalThen(snapshot, verdict, policy, after, written?.metrics ?? null);
  const { severity } = verdict;
  const affected = affectedArea(snapshot, policy);
  const due = iso(instant(landed) + policy.post_mortem.due) ?? landed;
  const reviews = reviewed(snapshot);
  return {
    repository,
    ...keysOf(snapshot),
    push,
    number,
    url: pullRequest.url,
    title: withoutPrefix(pullRequest.title),
    author: pullRequest.author?.login ?? null,
    branch: pullRequest.head.ref,
    base: pullRequest.base.ref,
    severity,
    fields,
    missingFields: deployment?.missing ?? [],
    issues,
    affected,
    files: snapshot.files.known ? snapshot.files.value : null,
    merged: merged === null ? null : { at: merged.at, by: merged.by?.login ?? null, sha: merged.sha },
    early: snapshot.deployedEarly ?? known(null),
    landedAt: landed,
    // Of what was deployed the deployment may be deleted, and a later one be the first.
    since:
      isAfter(landed, pullRequest.createdAt) && earlyOf(snapshot) !== null ? pullRequest.createdAt : landed,
    closed: pullRequest.state === "closed" && merged === null,
    due,
    dueAfter: policy.post_mortem.due,
    timeline,
    detectedText: detected === null ? (fields.Detected ?? null) : null,
    approval,
    approvals: verdict.approvals.counted,
    refusedApprovals: verdict.approvals.refused,
    reviewOwedAtMerge: merged !== null && reviewOwed(verdict),
    reviewOwed: merged !== null && (after?.reviewOwed?.known ? after.reviewOwed.value : reviewOwed(verdict)),
    backMerges:
      after?.backMerges ??
      Object.fromEntries(policy.branches.back_merge.map((branch) => [branch, NOT_LOOKED_AT])),
    after,
    overrides: verdict.overrides,
    violations: verdict.findings.filter(
      ({ level, state }) =>
        level === "error" && (state === "violated" || state === "pending" || state === "unknown"),
    ),
    warnings: verdict.findings.filter(({ level, state }) => level === "warn" && state === "violated"),
    gateNotice: verdict.notices.find(({ code }) => isGateNotice(code)) ?? null,
    checklists: checklistsFor(snapshot, issues, policy),
    metrics: metricsOf({
      repository: `${repository.owner}/${repository.name}`,
      number: number ?? 0,
      pushed: push?.after ?? null,
      severity,
      people: {
        author: pullRequest.author?.login ?? null,
        approvedBy: verdict.approvals.counted.map(({ login }) => login),
        reviewedBy: reviews.by,
        mergedBy: merged?.by?.login ?? null,
      },
      overrides: verdict.overrides,
      commit: merged?.sha ?? null,
      affected,
      dueAt: due,
      timeline,
      openedAt: number === null ? null : pullRequest.createdAt,
      reviewedAt: reviews.at,
      mergedAt: merged?.at ?? null,
      early: earlyOf(snapshot),
      respondWithin: severity === null ? null : policy.severities[severity].respond_within,
      written,
      approvalValid: merged === null ? null : (VALID[approval] ?? null),
      after,
    }),
    labels: [
      ...new Set([
        POST_MORTEM_LABEL,
        ...(severity === null ? [] : [`severity:${severity}`]),
        ...policy.post_mortem.labels,
      ]),
    ],
    assignees: assignees(pullRequest.author, verdict, policy),
  };
}

/** `HOTFIX: Fix it`, `[hotfix] Fix it` → `Fix it`. */
export function withoutPrefix(title: string): string {
  const short = withoutHotfix(title);
  return short === "" ? title.trim() : short;
}

/**
 * The part of the repository that the hotfix changed: a configured component, else a directory; `null`: not
 * known.
 */
export function affectedArea(
  snapshot: Pick<PullRequestSnapshot, "files" | "repository">,
  policy: Policy,
): string | null {
  if (!snapshot.files.known || snapshot.files.value.length === 0) return null;
  const all = classifyFiles(snapshot.files.value);
  const code = all.filter(({ test, documentation, ci }) => !test && !documentation && !ci);
  const files = code.length > 0 ? code : all;
  return (
    (heaviestComponent(files, policy.components) ?? heaviestDirectory(files, snapshot.repository.name))
      .names[0] ?? null
  );
}

function presentFields(deployment: HotfixCommit | null): PostMortemFacts["fields"] {
  if (deployment === null) return {};
  const present = Object.entries(deployment.message.fields).filter(
    ([field, value]) =>
      value !== "" && !deployment.missing.includes(field as Field) && !isPending(field as Field, value),
  );
  return Object.fromEntries(present);
}

function checklistsFor(
  snapshot: PullRequestSnapshot,
  issues: readonly LinkedIssue[],
  policy: Policy,
): PostMortemFacts["checklists"] {
  const paths = snapshot.files.known ? snapshot.files.value.map(({ path }) => path) : [];
  const components = Object.entries(policy.components)
    .filter(([, globs]) => paths.some((path) => matchesAny(globs, path)))
    .map(([name]) => name);
  const { checklists } = policy.verification;
  const kinds = issueKinds(
    { labels: issues.flatMap(({ labels }) => labels), components, paths },
    Object.keys(checklists),
  );
  return kinds.map((kind) => ({ kind, items: checklists[kind] ?? [] }));
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
