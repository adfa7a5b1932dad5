import { readReviews } from "../approval/reviews.ts";
import type { Fact } from "../fact.ts";
import type { AfterMerge } from "../landing/after-merge.ts";
import { bypassed } from "../landing/early-deployment.ts";
import type { EarlyDeployment, PullRequestSnapshot } from "../snapshot.ts";
import { instant } from "../time.ts";
import type { Metrics, OverriddenRule } from "./metrics-block.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { Written } from "./written.ts";

/** What metrics are computed from; times are ISO 8601 in UTC. */
export interface MetricsInput {
  readonly repository: string;
  readonly number: number;
  readonly pushed: string | null;
  readonly severity: string | null;
  readonly people: People;
  /** Who let which rule pass, and why. */
  readonly overrides: readonly OverriddenRule[];
  readonly commit: string | null;
  readonly affected: string | null;
  readonly dueAt: string;
  readonly timeline: readonly TimelineEntry[];
  /** `null`: there is no pull request. */
  readonly openedAt: string | null;
  readonly reviewedAt: string | null;
  readonly mergedAt: string | null;
  /** The deployment before the merge. */
  readonly early: EarlyDeployment | null;
  /** `null`: the issue is not there yet. */
  readonly written: Pick<Written, "began" | "detected"> | null;
  /** Milliseconds. */
  readonly respondWithin: number | null;
  readonly approvalValid: boolean | null;
  /** `null`: nothing is known of it yet. */
  readonly after: AfterMerge | null;
}

/** Who did what, by login. */
export interface People {
  readonly author: string | null;
  readonly approvedBy: readonly string[];
  readonly reviewedBy: readonly string[];
  readonly mergedBy: string | null;
}

/** More overrides than this are counted, not listed; reasons are cut to so many characters. */
const MOST_OVERRIDES = 5;
const REASON_LENGTH = 200;
const MOST_PEOPLE = 10;

/**
 * The reviews that count for the commits that were merged: by whom, and when the first was given (`null`:
 * none, or not known).
 */
export function reviewed(snapshot: PullRequestSnapshot): {
  readonly at: string | null;
  readonly by: readonly string[];
} {
  if (!snapshot.history.known) return { at: null, by: [] };
  const { reviews } = snapshot.history.value;
  const { approving } = readReviews(snapshot, reviews);
  const times = reviews
    .filter(({ author, state, commit }) => {
      const counts = author !== null && approving.includes(author.login);
      return counts && state === "approved" && commit === snapshot.pullRequest.head.sha;
    })
    .map(({ at }) => at);
  return { at: times.toSorted((a, b) => instant(a) - instant(b))[0] ?? null, by: approving };
}

/** Computes the spans from the timeline. */
export function metricsOf(input: MetricsInput): Metrics {
  const { mergedAt, early, after, pushed, openedAt, reviewedAt } = input;
  const rolledBack = knownValue(after?.rolledBack);
  const gate = mergedAt === null ? null : gateOf(after?.gateAtMerge);
  const gateAtDeployment = gateOf(early?.gate);
  const times = timesOf(input);
  const began = times.detected_at ?? times.issue_opened_at;
  const timeToDetection = span(times.began_at, began);
  const timeToFix = span(began, mergedAt);
  const respondWithin = input.respondWithin === null ? null : Math.round(input.respondWithin / 1000);
  return {
    version: 1,
    repository: input.repository,
    pull_request: input.number,
    pushed,
    severity: input.severity,
    author: input.people.author,
    approved_by: named(input.people.approvedBy),
    reviewed_by: named(input.people.reviewedBy),
    merged_by: input.people.mergedBy,
    commit: input.commit,
    affected: input.affected,
    ...times,
    time_to_detection: timeToDetection !== null && timeToDetection >= 0 ? timeToDetection : null,
    time_to_approval: span(openedAt, times.approved_at),
    time_to_review: span(openedAt, reviewedAt),
    time_to_merge: span(openedAt, mergedAt),
    time_to_fix: timeToFix,
    respond_within: respondWithin,
    late: timeToFix === null || respondWithin === null ? null : timeToFix > respondWithin,
    approval_valid: input.approvalValid,
    overrides: input.timeline.filter(({ what }) => what === "overridden").length,
    overridden: overriddenOf(input.overrides),
    gate_at_merge: gate,
    deployed_early: early !== null,
    gate_at_deployment: gateAtDeployment,
    bypassed: bypassedBy(pushed, [gate, gateAtDeployment], after),
    rolled_back: rolledBack !== null,
    rolled_back_at: rolledBack?.at ?? null,
    time_to_deployment: early === null ? span(mergedAt, times.deployed_at) : null,
    time_to_resolution: span(began, times.resolved_at),
    closed_at: null,
    on_time: null,
    complete: null,
  };
}

/** When what happened, in the order of an incident. */
function timesOf({ timeline, written, after, early, ...input }: MetricsInput) {
  const first = (what: TimelineEntry["what"]): string | null =>
    timeline.find((entry) => entry.what === what)?.at ?? null;
  return {
    due_at: input.dueAt,
    began_at: written?.began ?? null,
    detected_at: first("detected") ?? written?.detected ?? null,
    issue_opened_at: first("issue-opened"),
    branch_pushed_at: first("branch-pushed"),
    pull_request_opened_at: input.openedAt,
    approved_at: timeline.findLast(({ what }) => what === "approved")?.at ?? null,
    reviewed_at: input.reviewedAt,
    merged_at: input.mergedAt,
    deployed_at: early?.at ?? knownValue(after?.deployed)?.at ?? null,
    resolved_at: after?.verified?.at ?? null,
  };
}

function overriddenOf(overrides: readonly OverriddenRule[]): readonly OverriddenRule[] {
  return overrides
    .slice(0, MOST_OVERRIDES)
    .map(({ rule, by, reason }) => ({ rule, by, reason: cutToLine(reason) }));
}

/** Did it go past the gate? `null`: what the gate said is not known. */
function bypassedBy(
  pushed: string | null,
  conclusions: readonly (string | null)[],
  after: AfterMerge | null,
): boolean | null {
  const gates = conclusions.filter((one) => one !== null);
  if (pushed !== null || gates.some(bypassed) || otherLanded(after)) return true;
  return gates.length === 0 ? null : false;
}

/** Is what landed another change than the one that the gate had let pass? */
function otherLanded(after: AfterMerge | null | undefined): boolean {
  return after?.unchecked?.known === true && after.unchecked.value.length > 0;
}

/** Somebody who has left a role since is still the one who approved: nobody is not what is known then. */
function named(logins: readonly string[]): readonly string[] | null {
  const each = [...new Set(logins)];
  return each.length === 0 ? null : each.slice(0, MOST_PEOPLE);
}

function cutToLine(text: string): string {
  const line = text
    .slice(0, 4 * REASON_LENGTH)
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length <= REASON_LENGTH ? line : `${characters.slice(0, REASON_LENGTH - 1).join("")}…`;
}

function gateOf(fact: Fact<string | null> | undefined): string | null {
  return fact?.known ? (fact.value ?? "none") : null;
}

function knownValue<T>(fact: Fact<T | null> | undefined): T | null {
  return fact?.known ? fact.value : null;
}

function span(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  const seconds = Math.round((instant(to) - instant(from)) / 1000);
  return Number.isFinite(seconds) ? seconds : null;
}
