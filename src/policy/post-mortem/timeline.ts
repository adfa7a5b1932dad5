import { roleOfLabel } from "../approval/roles.ts";
import type { AfterMerge, Happening } from "../landing/after-merge.ts";
import { lifeOf } from "../landing/branch-life.ts";
import { earlyOf, landedAt } from "../landing/early-deployment.ts";
import type { Policy } from "../policy.ts";
import type { Review } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { instant, isAfter } from "../time.ts";
import type { Verdict } from "../verdict.ts";

/** What happened, with its time by GitHub's clock; only `detected` is as the commit says. */
export interface TimelineEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly what:
    | "detected"
    | "issue-opened"
    | "branch-pushed"
    | "pull-request-opened"
    | "head-pushed"
    | "approved"
    | "review-approved"
    | "changes-requested"
    | "overridden"
    /** The last time before the merge. */
    | "gate-green"
    | "merged"
    /** Onto the base branch, without a pull request. */
    | "pushed-directly"
    /** To production, before it was merged. */
    | "deployed-early"
    | "approved-late"
    | "deployed"
    | "verified"
    | "rollback-asked"
    | "rolled-back"
    /** A check of the base branch, on the commit that landed. */
    | "ci-failed"
    | "ci-passed";
  /** The person's login; `null`: nobody is known. */
  readonly who: string | null;
  /**
   * The role of an approval, the rule of an override, the reference of an issue, an environment, a commit, a
   * check; else `""`.
   */
  readonly detail: string;
  /** A page of this server that shows it; not set: none. */
  readonly url?: string;
}

type Source = Pick<
  PullRequestSnapshot,
  "pullRequest" | "history" | "activity" | "origin" | "deployedEarly" | "greenSince"
>;

/** All that is known up to the merge, or as long as there is none, oldest first. */
export function timelineOf(
  snapshot: Source,
  verdict: Pick<Verdict, "approvals" | "overrides">,
  before: { readonly detected: string | null; readonly issues: readonly { at: string; text: string }[] },
): readonly TimelineEntry[] {
  const { pullRequest } = snapshot;
  const early = earlyOf(snapshot);
  const alone = snapshot.origin.kind !== "pull-request";
  const entries: TimelineEntry[] = [
    ...(before.detected === null ? [] : [entry(before.detected, "detected", null)]),
    ...before.issues.map(({ at, text }) => entry(at, "issue-opened", null, text)),
    ...pushes(snapshot),
    ...(alone
      ? []
      : [entry(pullRequest.createdAt, "pull-request-opened", pullRequest.author?.login ?? null)]),
    ...verdict.approvals.counted.map(({ at, login, role }) => entry(at, "approved", login, role)),
    ...reviews(snapshot, verdict),
    ...verdict.overrides.map(({ at, by, rule }) => entry(at, "overridden", by, rule)),
    ...(snapshot.greenSince === undefined ? [] : [entry(snapshot.greenSince, "gate-green", null)]),
    ...(early === null
      ? []
      : [entry(early.at, "deployed-early", early.by?.login ?? null, early.environment)]),
  ];
  const { merged } = pullRequest;
  if (merged === null) return sorted(entries);
  const past = entries.filter(({ at }) => !isAfter(at, merged.at));
  const landed = snapshot.origin.kind !== "push" ? "merged" : "pushed-directly";
  return [...sorted(past), entry(merged.at, landed, merged.by?.login ?? null)];
}

/**
 * What came after the merge or an earlier deployment, oldest first: late approvals and reviews, and what
 * happened to the fix.
 */
export function afterTimeline(snapshot: Source, after: AfterMerge, policy: Policy): readonly TimelineEntry[] {
  const { merged } = snapshot.pullRequest;
  if (landedAt(snapshot) === null) return [];
  const history = snapshot.history.known ? snapshot.history.value : null;
  const late = (history?.labels ?? []).flatMap(({ event, label, actor, byApp, at }) => {
    const role = event === "labeled" && !byApp ? roleOfLabel(label, policy) : null;
    return role === null ? [] : [entry(at, "approved-late", actor?.login ?? null, role)];
  });
  const happened = (what: TimelineEntry["what"], one: Happening | null): TimelineEntry[] =>
    one === null ? [] : [entry(one.at, what, one.by, one.detail)];
  const entries = [
    ...[...late, ...decided(history?.reviews ?? [])].filter(
      ({ at }) => merged !== null && isAfter(at, merged.at),
    ),
    ...happened("deployed", after.deployed.known ? after.deployed.value : null),
    ...happened("verified", after.verified),
    ...happened("rollback-asked", after.rollbackAsked ?? null),
    ...happened("rolled-back", after.rolledBack.known ? after.rolledBack.value : null),
    ...ciEntries(after),
  ];
  return sorted(entries);
}

function ciEntries({ failedChecks }: AfterMerge): readonly TimelineEntry[] {
  const failed = failedChecks?.known === true ? failedChecks.value : [];
  return failed.flatMap(({ name, at, url, passedAt }) => [
    { ...entry(at, "ci-failed", null, name), url },
    ...(passedAt === null ? [] : [{ ...entry(passedAt, "ci-passed", null, name), url }]),
  ]);
}

function entry(at: string, what: TimelineEntry["what"], who: string | null, detail = ""): TimelineEntry {
  return { at, what, who, detail };
}

/** The branch's first push, and that of the merged head where it was another. */
function pushes({ activity, pullRequest }: Source): TimelineEntry[] {
  const all = lifeOf(activity.known ? (activity.value ?? []) : [], pullRequest.head.sha).changes;
  const first = all.at(-1);
  const head = all.find(({ after }) => after === pullRequest.head.sha);
  return [
    ...(first === undefined ? [] : [entry(first.at, "branch-pushed", first.actor?.login ?? null)]),
    ...(head === undefined || head === first
      ? []
      : [entry(head.at, "head-pushed", head.actor?.login ?? null)]),
  ];
}

/** Reviews that said yes or no; one that counts as an approval is in the list already. */
function reviews({ history }: Source, { approvals }: Pick<Verdict, "approvals">): TimelineEntry[] {
  const counted = ({ at, who }: TimelineEntry) =>
    approvals.counted.some((a) => a.by === "review" && a.at === at && a.login === who);
  return decided(history.known ? history.value.reviews : []).filter((one) => !counted(one));
}

function decided(all: readonly Review[]): TimelineEntry[] {
  return all.flatMap(({ author, state, at }) =>
    state === "approved" || state === "changes_requested"
      ? [entry(at, state === "approved" ? "review-approved" : "changes-requested", author?.login ?? null)]
      : [],
  );
}

/** Sorting is stable: what has the same second stays in the order above. */
export function sorted(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return entries.toSorted((a, b) => instant(a.at) - instant(b.at));
}
