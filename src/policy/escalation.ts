import { severityChanges, thresholds } from "./approval/arrival.ts";
import { APPROVAL_PREFIX } from "./approval/roles.ts";
import { isHotfixLike } from "./classify.ts";
import { HOTFIX_LABEL } from "./labels.ts";
import type { EscalationStep, Policy } from "./policy.ts";
import { type Account, sameLogin } from "./snapshot/account.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import { instant, isAfter, newest } from "./time.ts";
import type { Verdict } from "./verdict.ts";
import { type Voucher, voucherOf } from "./vouching.ts";

/** Who is to be told that an approval is missing. */
export interface Escalation {
  /** Steps whose time has come and that were not told, the first first: they are told together. */
  readonly due: readonly EscalationStep[];
  /** Who stands behind the pull request. */
  readonly voucher: Voucher;
  /** Since when an approval is missing. */
  readonly since: string;
  /** When the next step is due, in milliseconds of GitHub's clock; `null`: there is none. */
  readonly nextAt: number | null;
}

/**
 * The steps of the escalation path, along the time that an approval has been missing. `null`: nobody is to be
 * told, since nothing is missing, it cannot be known, the pull request is a draft, closed, no hotfix or a
 * rollback, nobody with write access stands behind it, or the app only observes. `isTold`: a step is told
 * once in a pull request's life.
 */
export function escalationOf(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  isTold: (step: EscalationStep) => boolean,
): Escalation | null {
  const { severity } = verdict;
  const voucher = callsPeople(snapshot, verdict, policy);
  if (severity === null || voucher === null) return null;
  const opening = openingOf(snapshot, policy);
  const since = waitingSince(snapshot, opening);
  const start = instant(since);
  const elapsed = instant(snapshot.observedAt) - start;
  const steps = policy.escalation
    .filter((step) => step.severities.includes(severity) && !isTold(step))
    .toSorted((a, b) => a.after - b.after);
  const next = steps.find(({ after }) => after > elapsed);
  return {
    due: steps.filter(({ after }) => after <= elapsed),
    voucher,
    since,
    nextAt: next === undefined ? null : start + next.after,
  };
}

/**
 * Who stands behind an open hotfix for which people are called, because an approval is certainly missing;
 * `null`: nobody is called.
 */
function callsPeople(snapshot: PullRequestSnapshot, verdict: Verdict, policy: Policy): Voucher | null {
  const { pullRequest } = snapshot;
  const calls =
    policy.mode === "enforce" &&
    verdict.kind === "hotfix" &&
    pullRequest.state === "open" &&
    !pullRequest.draft &&
    verdict.findings.some(({ rule, state }) => rule === "approval" && state === "pending");
  const voucher = voucherOf(snapshot);
  return calls && voucher.known ? voucher.value : null;
}

/**
 * When the pull request began to be a hotfix that waits for people: opened, reopened, marked as ready, or
 * labeled `hotfix`.
 */
export function openingOf({ pullRequest, history }: PullRequestSnapshot, policy: Policy): string {
  if (!history.known) return pullRequest.createdAt;
  const { labels, reopenedAt, readyAt = [] } = history.value;
  const bySelf = isHotfixLike(
    { headRef: pullRequest.head.ref, title: pullRequest.title, labels: [] },
    policy,
  );
  const labeled = labels.filter(
    ({ event, label }) => event === "labeled" && label.toLowerCase() === HOTFIX_LABEL,
  );
  return newest(
    pullRequest.createdAt,
    ...reopenedAt,
    ...readyAt,
    ...(bySelf ? [] : labeled.map(({ at }) => at)),
  );
}

/**
 * Where a push or a change has ended what somebody gave, the time counts from that end: a late push must not
 * call everybody at once.
 */
function waitingSince(snapshot: PullRequestSnapshot, opening: string): string {
  const { history, pullRequest } = snapshot;
  const limits = thresholds(snapshot);
  const changes = severityChanges(snapshot);
  if (!history.known || !limits.known || !changes.known) return opening;
  const end = newest(opening, ...[...limits.value, ...changes.value].map(({ at }) => at));
  const isOther = (account: Account | null) =>
    account !== null && !sameLogin(account.login, pullRequest.author?.login ?? "");
  const given = [
    ...history.value.labels.filter(
      ({ event, label, actor, byApp }) =>
        event === "labeled" && label.toLowerCase().startsWith(APPROVAL_PREFIX) && !byApp && isOther(actor),
    ),
    ...history.value.reviews.filter(
      ({ state, author }) => (state === "approved" || state === "dismissed") && isOther(author),
    ),
  ];
  return given.some(({ at }) => isAfter(at, opening) && !isAfter(at, end)) ? end : opening;
}

/** Whom a review is asked of when a hotfix waits for its first approval. */
export interface Ask {
  readonly role: string;
  readonly voucher: Voucher;
  /** Logins. */
  readonly reviewers: readonly string[];
  /** Teams as the configuration writes them. */
  readonly teams: readonly string[];
}

/** Of a role that only a permission defines, so many holders are asked by name; more would be a crowd. */
const MOST_UNNAMED = 5;

/**
 * Who is asked to approve as soon as only people are missing, so that the answer counts: the first role of
 * the severity's approvers that names people or teams, or has few holders. The others are called by the
 * escalation. `null`: nobody.
 */
export function approvalRequestOf(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
): Ask | null {
  const voucher = callsPeople(snapshot, verdict, policy);
  if (verdict.wouldBe !== "action_required" || voucher === null) return null;
  const author = snapshot.pullRequest.author?.login ?? "";
  for (const name of verdict.approvals.roles) {
    const role = policy.roles[name];
    const eligible = verdict.approvals.holders[name] ?? null;
    if (role === undefined || eligible?.length === 0) continue;
    const may = (login: string) =>
      !sameLogin(login, author) && (eligible?.some((one) => sameLogin(one, login)) ?? true);
    const ask = { role: name, voucher, reviewers: role.users.filter(may), teams: role.teams };
    if (ask.reviewers.length + ask.teams.length > 0) return ask;
    if (eligible !== null && eligible.length <= MOST_UNNAMED)
      return { ...ask, reviewers: eligible, teams: [] };
  }
  return null;
}
