import { metricsIn } from "../policy/post-mortem/metrics-block.ts";
import { isOverdue, type OpenActionItem, openActionItems } from "../policy/post-mortem/open-items.ts";
import { type Subject, subjectOf } from "../policy/post-mortem/subject.ts";
import { fullName } from "../policy/repository.ts";
import { instant } from "../policy/time.ts";

import { type ReportRow, rowOf } from "./summary.ts";

/** A post-mortem issue, as GitHub's lists give it. */
export interface PostMortemIssue {
  /** `owner/name` of the repository that it is in. */
  readonly repository: string;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly open: boolean;
  readonly createdAt: string;
  readonly assignees: readonly string[];
  readonly labels: readonly string[];
}

/** The moments of a hotfix, ISO 8601; `null`: not known, or not yet. */
export interface Times {
  readonly detected: string | null;
  readonly opened: string | null;
  readonly approved: string | null;
  readonly reviewed: string | null;
  readonly merged: string | null;
  readonly deployed: string | null;
  readonly resolved: string | null;
  readonly rolledBack: string | null;
  /** The post-mortem's. */
  readonly due: string | null;
  readonly closed: string | null;
}

/** How the gate was bypassed. */
export type Bypass = "pushed" | "deployed-early" | "no-check" | "failing-check" | "other-change";

/** A hotfix as its post-mortem has it. Names, titles, reasons and areas are foreign text. */
export interface HotfixRow extends ReportRow {
  readonly repository: string;
  readonly title: string;
  /** `null`: it was pushed, or only deployed. */
  readonly pullRequest: number | null;
  /** Of the pull request, else of the commit. */
  readonly url: string | null;
  /** The full SHA on the base branch. */
  readonly commit: string | null;
  readonly commitUrl: string | null;
  /** Merged, pushed or deployed, whichever was first. */
  readonly landedAt: string;
  readonly at: Times;
  readonly author: string | null;
  readonly approvedBy: readonly string[];
  readonly reviewedBy: readonly string[];
  readonly mergedBy: string | null;
  readonly approvalValid: boolean | null;
  readonly overridden: readonly { readonly rule: string; readonly by: string; readonly reason: string }[];
  readonly bypass: Bypass | null;
  /** The check's conclusion then. */
  readonly gate: string | null;
  /** Why it was bypassed, where somebody said so at GitHub. */
  readonly bypassReason: string | null;
  readonly postMortem: Pick<PostMortemIssue, "repository" | "number" | "url" | "open" | "assignees">;
  readonly overdue: boolean;
  readonly actionItems: readonly (OpenActionItem & { readonly overdue: boolean })[];
}

/**
 * The row of a post-mortem; `null`: it is none, `"unreadable"`: its metrics were deleted or broken.
 */
export function hotfixOf(issue: PostMortemIssue, now: Date): HotfixRow | "unreadable" | null {
  const body = issue.body.replaceAll("\r\n", "\n");
  const block = metricsIn(body);
  const subject = subjectOf(body);
  // Something else that the app opened, or nothing is left of the post-mortem.
  if (block === null && subject === null) return null;
  if (block?.values == null) return "unreadable";
  const { values } = block;
  const row = rowOf(values, affectedIn(body) ?? text(values.affected));
  const repository = repositoryOf(subject, values, issue);
  const web = `${new URL(issue.url).origin}/${repository}`;
  const pullRequest = pullRequestOf(subject, values);
  const commit = sha(values.commit) ?? sha(values.pushed);
  const commitUrl = commit === null ? null : `${web}/commit/${commit}`;
  const at = timesOf(values);
  return {
    ...row,
    repository,
    title: titleOf(issue.title),
    pullRequest,
    url: pullRequest === null ? commitUrl : `${web}/pull/${pullRequest}`,
    commit,
    commitUrl,
    landedAt: at.merged ?? at.deployed ?? issue.createdAt,
    at,
    author: text(values.author),
    approvedBy: texts(values.approved_by),
    reviewedBy: texts(values.reviewed_by),
    mergedBy: text(values.merged_by),
    approvalValid: typeof values.approval_valid === "boolean" ? values.approval_valid : null,
    overridden: overriddenOf(values.overridden),
    bypass: row.bypassed === true ? bypassOf(values) : null,
    gate: text(values.gate_at_merge) ?? text(values.gate_at_deployment),
    bypassReason: text(values.bypass_reason),
    postMortem: issue,
    overdue: isLate(issue, row, at, now),
    actionItems: openActionItems(body).map((item) => ({ ...item, overdue: isOverdue(item, now) })),
  };
}

/** When it landed, where the metrics tell; else when the issue was opened. */
export function landedAtOf(issue: PostMortemIssue): string {
  const { merged, deployed } = timesOf(metricsIn(issue.body.replaceAll("\r\n", "\n"))?.values ?? {});
  return merged ?? deployed ?? issue.createdAt;
}

/** The part that was changed, as the summary has it. */
function affectedIn(body: string): string | null {
  const value = /^[-*] \*\*Affected:\*\* `([^`\n]{1,200})`/m.exec(body)?.[1]?.trim();
  return value === undefined || value === "" ? null : value;
}

const FULL_NAME = /^[\w-]{1,100}\/[\w.-]{1,100}$/;

/** The hidden marker is the app's own, and restored by it; the block is anybody's. */
function repositoryOf(
  subject: Subject | null,
  { repository }: Readonly<Record<string, unknown>>,
  issue: PostMortemIssue,
): string {
  if (subject !== null) return fullName(subject);
  return typeof repository === "string" && FULL_NAME.test(repository) ? repository : issue.repository;
}

function pullRequestOf(
  subject: Subject | null,
  { pull_request }: Readonly<Record<string, unknown>>,
): number | null {
  if (subject !== null) return subject.kind === "pull-request" ? subject.number : null;
  return Number.isSafeInteger(pull_request) && Number(pull_request) > 0 ? Number(pull_request) : null;
}

function titleOf(title: string): string {
  const rest = title.replace(/^Post-mortem:\s*/, "");
  return rest.replace(/\s*\([^()]{1,200}\)\s*$/, "").trim() || rest.trim() || title;
}

function timesOf(values: Readonly<Record<string, unknown>>): Times {
  return {
    detected: time(values.detected_at) ?? time(values.issue_opened_at),
    opened: time(values.pull_request_opened_at),
    approved: time(values.approved_at),
    reviewed: time(values.reviewed_at),
    merged: time(values.merged_at),
    deployed: time(values.deployed_at),
    resolved: time(values.resolved_at),
    rolledBack: time(values.rolled_back_at),
    due: time(values.due_at),
    closed: time(values.closed_at),
  };
}

function bypassOf(values: Readonly<Record<string, unknown>>): Bypass {
  if (typeof values.pushed === "string") return "pushed";
  if (values.deployed_early === true) return "deployed-early";
  if (values.gate_at_merge === "none") return "no-check";
  return values.gate_at_merge === "success" ? "other-change" : "failing-check";
}

const DAY_MS = 24 * 3_600_000;

/**
 * Past its due time and not closed for good; older post-mortems do not say theirs, which by default was a
 * day.
 */
function isLate(issue: PostMortemIssue, { onTime }: ReportRow, { due, merged }: Times, now: Date): boolean {
  if (onTime !== null) return false;
  if (issue.labels.includes("post-mortem:overdue")) return true;
  const end = due === null ? instant(merged ?? issue.createdAt) + DAY_MS : instant(due);
  return now.getTime() > end;
}

function overriddenOf(value: unknown): HotfixRow["overridden"] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST).flatMap((one: unknown) => {
    const { rule, by, reason } = (one ?? {}) as Readonly<Record<string, unknown>>;
    const [named, who] = [text(rule), text(by)];
    return named === null || who === null ? [] : [{ rule: named, by: who, reason: text(reason) ?? "" }];
  });
}

/** People may have written anything of any length. */
const MOST = 50;
const LONGEST = 500;

function text(value: unknown): string | null {
  const said = typeof value === "string" ? value.slice(0, LONGEST).trim() : "";
  return said === "" ? null : said;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.slice(0, MOST).flatMap((one) => text(one) ?? []) : [];
}

function sha(value: unknown): string | null {
  return typeof value === "string" && /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(value) ? value : null;
}

function time(value: unknown): string | null {
  const said = typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? instant(value) : Number.NaN;
  return Number.isNaN(said) ? null : new Date(said).toISOString().replace(".000Z", "Z");
}
