import { type Fact, known } from "../fact.ts";
import type { Policy, Severity } from "../policy.ts";
import { type History, type PullRequestSnapshot, type Review, sameLogin } from "../snapshot.ts";
import { instant } from "../time.ts";
import type { CountedApproval, RefusedApproval } from "../verdict.ts";
import { severityChanges, type Threshold, thresholds, until } from "./arrival.ts";
import { involvement } from "./involvement.ts";
import { labelStates } from "./label-state.ts";
import type { ApprovalReading } from "./reading.ts";
import { APPROVAL_PREFIX, approvalLabel, roleOfLabel } from "./roles.ts";
import { standing } from "./standing.ts";

/** Roles any of which may approve: those of the severity, or of all severities where none is settled (rollbacks). */
export function approverRoles(policy: Policy, severity: Severity | null): readonly string[] {
  return severity === null ? Object.keys(policy.roles) : policy.severities[severity].approvers;
}

/** Section 5: which labels and reviews are approvals, and why the others are not. */
export function readApprovals(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Severity | null,
): ApprovalReading {
  const history = snapshot.history;
  const nothing = { counted: [], refused: [], labelsToRemove: [], labelsToAdd: [] };
  if (!history.known) return { ...nothing, undecided: [history.reason] };
  const roles = approverRoles(policy, severity);
  const involved = involvement(snapshot);
  const head = thresholds(snapshot);
  const severityLimits = severityChanges(snapshot);
  const limits = join(head, severityLimits);
  const counted: CountedApproval[] = [];
  const refused: RefusedApproval[] = [];
  const undecided: string[] = [];
  const refusedLabels: string[] = [];
  const appLabels: string[] = [];

  for (const state of labelStates(snapshot, history.value, APPROVAL_PREFIX)) {
    const role = roleOfLabel(state.label, policy);
    if (role === null || !(state.on || state.takenOffByApp)) continue;
    const { set } = state;
    if (set?.byApp) {
      // The app's label stands for a review, which is the evidence; the label is none.
      if (state.on) appLabels.push(state.label);
      continue;
    }
    const record = { by: "label", role, labelIsOn: state.on } as const;
    const refuse = (code: string): void => {
      refused.push({ ...record, code, login: set?.actor?.login ?? null, at: set?.at ?? "" });
      const removable =
        code !== "role-not-enough" && !(code === "not-a-person" && isQuarrel(history.value, state.label));
      if (state.on && removable) refusedLabels.push(state.label);
    };
    if (state.mayBeStale) {
      undecided.push(`who set the label ${state.label}: GitHub's timeline does not say it yet`);
      continue;
    }
    if (set === null) {
      refuse("no-provenance");
      continue;
    }
    const result = standing(
      { actor: set.actor, at: set.at, roles: [role] },
      snapshot,
      policy,
      limits,
      involved,
    );
    if (!result.known) undecided.push(result.reason);
    else if (!result.value.counts) refuse(result.value.refusal);
    else if (!policy.approval.by.includes("label") || !state.on) continue;
    else if (!roles.includes(role)) refuse("role-not-enough");
    else counted.push({ login: result.value.login, role, by: "label", at: set.at });
  }

  if (policy.approval.by.includes("review")) {
    const reviewLimits = join(baseChanges(head), severityLimits);
    for (const review of currentReviews(snapshot, history.value.reviews)) {
      if (review.state !== "approved" || review.commit !== snapshot.pullRequest.head.sha) continue;
      const word = { actor: review.author, at: review.at, roles };
      const result = standing(word, snapshot, policy, reviewLimits, involved);
      if (!result.known) undecided.push(result.reason);
      else if (result.value.counts)
        counted.push({ login: result.value.login, role: result.value.role, by: "review", at: review.at });
      else if (/^before-|^severity-|^no-write-access$/.test(result.value.refusal))
        refused.push({
          by: "review",
          login: review.author?.login ?? null,
          role: "",
          code: result.value.refusal,
          at: review.at,
          labelIsOn: false,
        });
    }
  }

  const byReview = new Set(
    counted.filter(({ by }) => by === "review").map(({ role }) => approvalLabel(role)),
  );
  const standsForReview = (label: string): boolean =>
    [...byReview].some((other) => other.toLowerCase() === label.toLowerCase());
  const isOn = (label: string): boolean =>
    snapshot.pullRequest.labels.some((on) => on.toLowerCase() === label.toLowerCase());
  return {
    counted: onePerPerson(counted),
    refused,
    undecided: [...new Set(undecided)],
    // While something is undecided, a review behind the app's own label may just not have been read.
    labelsToRemove: [...refusedLabels, ...(undecided.length === 0 ? appLabels : [])].filter(
      (label) => !standsForReview(label),
    ),
    labelsToAdd: [...byReview].filter((label) => !isOn(label)),
  };
}

/** After so many times a label that a bot keeps setting stays on. */
const MOST_REMOVALS = 3;

/** Does a bot set the label again whenever the app takes it off? It does not count either way, and two machines never tire. */
function isQuarrel({ labels }: History, label: string): boolean {
  const removals = labels.filter(
    (one) => one.event === "unlabeled" && one.byApp && one.label.toLowerCase() === label.toLowerCase(),
  );
  return removals.length >= MOST_REMOVALS;
}

/** The last word of each reviewer: comments do not change it, and of a merged pull request only what came before the merge. */
export function currentReviews(snapshot: PullRequestSnapshot, reviews: readonly Review[]): readonly Review[] {
  const before = until(snapshot);
  const last = new Map<string, Review>();
  const decisive = reviews.filter(
    ({ state, at }) => state !== "commented" && state !== "pending" && before(at),
  );
  for (const review of decisive.toSorted((a, b) => instant(a.at) - instant(b.at)))
    last.set(review.author?.login.toLowerCase() ?? "", review);
  return [...last.values()];
}

/** Approvals count people: one person with two roles is one approval, the first given. */
export function onePerPerson(approvals: readonly CountedApproval[]): readonly CountedApproval[] {
  const oldestFirst = approvals.toSorted((a, b) => instant(a.at) - instant(b.at));
  return oldestFirst.filter(
    (approval, index) => oldestFirst.findIndex((other) => sameLogin(other.login, approval.login)) === index,
  );
}

/** A review carries its commit, so of the head's thresholds only the change of base, or of what would land on it, concerns it. */
function baseChanges(limits: Fact<readonly Threshold[]>): Fact<readonly Threshold[]> {
  return limits.known
    ? known(
        limits.value.filter(({ refusal }) => refusal === "before-base-change" || refusal === "before-change"),
      )
    : limits;
}

function join(a: Fact<readonly Threshold[]>, b: Fact<readonly Threshold[]>): Fact<readonly Threshold[]> {
  if (!a.known) return a;
  return b.known ? known([...a.value, ...b.value]) : b;
}
