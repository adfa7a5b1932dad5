import type { ReconcileHint, RepositoryKey } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";
import type { Action, DesiredCheck } from "../policy/action.ts";
import type { Fact, Unknown } from "../policy/fact.ts";
import { renderCheck } from "../render/gate/check.ts";
import { renderUnreadable } from "../render/gate/check-without-verdict.ts";
import { type ExistingCheck, isReported, planCancellations, planCheck } from "./check.ts";
import { areWaiting, checked, type Evaluated, mayBeRead, type Show } from "./evaluated.ts";
import { both, type Plan, type PlannedJob, plan } from "./plan.ts";

/** What the app remembers on a check run, encoded. */
export interface Record {
  readonly text: string;
  /**
   * Digest of what is known by the record alone, so that it has to be written even where nothing else
   * changed; `null`: nothing.
   */
  readonly digest: string | null;
}

/** A commit that was the head of a pull request, or is that of a closed one, and the app's runs on it. */
export interface LeftHead {
  readonly sha: string;
  /** What the process remembers it by. */
  readonly key: string;
  readonly runs: readonly ExistingCheck[];
  /** Another open pull request has this head, or it has landed: its check stays as it is. */
  readonly stays: boolean;
}

/** Some of the heads that a pull request has left. */
export interface FormerHeads {
  readonly heads: readonly LeftHead[];
  /** There are others, which are looked at next. */
  readonly more: boolean;
}

/** A merge group, as its job is keyed. */
export interface WaitingGroup {
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseRef: string;
  readonly headRef: string;
}

/** What the verdict on an open pull request is planned from. */
export interface OpenFacts {
  readonly own: Evaluated;
  /** Those that decide on the head, `own` among them, and those that are only named. */
  readonly voters: readonly Evaluated[];
  readonly bystanders: readonly { readonly number: number; readonly url: string }[];
  /** Those of the voters whose authors have no write access, where the head is shared. */
  readonly outsiders: readonly number[];
  readonly formerHeads: Fact<FormerHeads>;
  /** Groups of the merge queue that wait with it, where it may not be merged any more. */
  readonly groups: Fact<readonly WaitingGroup[]>;
  readonly record: Record;
  /** What people are to read, planned from the same facts: a job of its own writes it. */
  readonly conversation: Pick<Plan, "actions" | "announcements" | "watch">;
  readonly hint: ReconcileHint;
  readonly repository: RepositoryKey;
  readonly docsUrl: string;
  readonly show: Show;
}

/**
 * The verdict on an open pull request: its check, what is green on heads that it has left, and who else is to
 * be looked at. What people read on it is left to a job of its own.
 */
export function planOpen(facts: OpenFacts): Plan {
  const { own, voters, formerHeads, groups, hint, repository, show } = facts;
  const left = planFormerHeads(own, formerHeads, hint, repository);
  const unread = mayBeRead(voters) ? plan({ retry: "later" }) : plan();
  if (areWaiting(voters) && show === "quiet") return both(left, unread);
  const check = renderShared(facts);
  const { snapshot, policy, gates } = own.collected;
  const { sha } = snapshot.pullRequest.head;
  const existing = gates.known ? gates.value : [];
  const settings = policy.state === "valid" ? policy.policy : null;
  const reported = voters.some(({ verdict }) => isReported(verdict, settings, existing));
  const [write] = reported ? planCheck(sha, check, existing, hint.rerequested === true) : [];
  const shown = check.conclusion ?? "in_progress";
  const verdict = plan({
    actions: write === undefined ? [] : [write],
    jobs: [
      ...conversationJobs(facts),
      // Of two who evaluate one head side by side the last to write may have read first: whoever writes has
      // the others look again.
      ...(write === undefined || check.conclusion === null ? [] : othersOf(facts, write)),
      ...(groups.known ? groups.value : []).map(
        (group): Job => ({ key: { ...repository, kind: "merge-group", ...group }, hint: {} }),
      ),
    ],
    watch: talks(facts) ? null : facts.conversation.watch,
    retry: groups.known ? null : "later",
    shows: shown,
    ...(snapshot.branchRules.known ? { requirement: snapshot.branchRules.value.gate } : {}),
    log: [
      {
        level: "info",
        fields: { pull_request: own.number, head: sha, title: check.title },
        message: `hotfix-gate: ${shown}`,
      },
    ],
  });
  return both(both(verdict, left), unread);
}

/**
 * How the check that the plan writes lets something be merged; `null`: it does not. It is confirmed first:
 * facts are read one after the other.
 */
export function passes({ actions }: Plan): "success" | "skipped" | null {
  const written = actions.find((action) => action.type === "upsert-check-run")?.check.conclusion;
  return written === "success" || written === "skipped" ? written : null;
}

/**
 * The plan where that could not be confirmed: only what was green is taken back, and it is tried again until
 * it can.
 */
export function unconfirmed({ actions, remember }: Plan): Plan {
  return plan({
    actions: actions.filter(({ type }) => type === "cancel-check-run"),
    remember,
    retry: "until-done",
  });
}

/** Is there anything for people to read, or to set? What labels there have to be is looked at once a head. */
function talks({ conversation, own }: OpenFacts): boolean {
  const { gates } = own.collected;
  const isNew = gates.known && gates.value.length === 0;
  const actions = conversation.actions.filter(({ type }) => isNew || type !== "ensure-labels");
  return actions.length + conversation.announcements.length > 0 || mayBeDeployed(own);
}

/** It is in production already, or that could not be read: then there is a post-mortem to see to. */
function mayBeDeployed({ collected: { snapshot } }: Evaluated): boolean {
  const { deployedEarly } = snapshot;
  return deployedEarly !== undefined && !(deployedEarly.known && deployedEarly.value === null);
}

function conversationJobs(facts: OpenFacts): readonly Job[] {
  const { conversation, own, hint, repository } = facts;
  if (!talks(facts)) return [];
  const importance = mayBeDeployed(own) ? "answer" : importanceOf(conversation.actions);
  return [{ ...conversationJob(own.number, repository, hint), importance }];
}

function conversationJob(number: number, repository: RepositoryKey, hint: ReconcileHint): Job {
  const { rerequested: _, formerHeads: __, labeledBy: ___, ...rest } = hint;
  return { key: { ...repository, kind: "conversation", number }, hint: rest };
}

/** How soon people have to read the most urgent of these. */
export function importanceOf(actions: readonly Action[]): NonNullable<Job["importance"]> {
  const marked = (kind: RegExp) => actions.some((one) => one.type === "post-answer" && kind.test(one.marker));
  if (marked(/hotfix-guard:answer/)) return "answer";
  return actions.some(({ type }) => type === "post-answer" || type === "request-approval")
    ? "call"
    : "status";
}

function othersOf({ own, voters, repository }: OpenFacts, write: Action): readonly PlannedJob[] {
  return voters
    .filter(({ number }) => number !== own.number)
    .map(({ number }) => ({ key: { ...repository, kind: "pull-request", number }, hint: {}, after: write }));
}

function renderShared({ voters, bystanders, outsiders, record, docsUrl, show }: OpenFacts): DesiredCheck {
  const check = renderCheck(voters.map(checked), {
    docsUrl,
    givenUp: show === "gave-up",
    bystanders,
    outsiders,
    record: record.text,
  });
  return record.digest === null ? check : { ...check, externalId: `${check.externalId}.${record.digest}` };
}

/**
 * Takes back what is green on heads that the pull request had before. As long as there are more, it is looked
 * at again, behind everything else. What can never be listed in full is not asked for again: the gate fails
 * for it, and says so.
 */
function planFormerHeads(
  { number, collected }: Evaluated,
  former: Fact<FormerHeads>,
  { formerHeads }: ReconcileHint,
  repository: RepositoryKey,
): Plan {
  if (!former.known) return plan({ retry: former.wayOut === undefined ? "later" : null });
  const { heads, more } = former.value;
  const { activity } = collected.snapshot;
  // Where the activity cannot be had, the app's record tells when a head arrived: a head that was left has to
  // arrive again.
  const forget = activity.known && activity.value === null;
  const next: Job = {
    key: { ...repository, kind: "pull-request", number },
    hint: formerHeads === undefined ? {} : { formerHeads },
    background: true,
  };
  return both(planLeft(heads, `the head of #${number} moved on`, forget), plan({ jobs: more ? [next] : [] }));
}

function planLeft(heads: readonly LeftHead[], reason: string, forget: boolean): Plan {
  const free = heads.filter(({ stays }) => !stays);
  return plan({
    actions: free.flatMap(({ sha, runs }) => planCancellations(sha, runs, reason, forget)),
    remember: free.map(({ key }) => ({ list: "cleared", key })),
  });
}

/**
 * A pull request that was closed without a merge leaves no green head behind. Where the head still is
 * another's, its check may say something else without this one's vote.
 */
export function planClosed(
  own: Evaluated,
  siblings: Fact<readonly { readonly number: number }[]>,
  head: Fact<LeftHead | null>,
  former: Fact<FormerHeads>,
  hint: ReconcileHint,
  repository: RepositoryKey,
): Plan {
  const { number } = own;
  const ended = both(
    plan({
      watch: { key: { ...repository, kind: "pull-request", number }, seen: "over" },
      jobs: mayBeDeployed(own) ? [conversationJob(number, repository, {})] : [],
    }),
    planFormerHeads(own, former, hint, repository),
  );
  if (!siblings.known || !head.known) return both(ended, plan({ retry: "later" }));
  const others = siblings.value.map(
    (one): Job => ({ key: { ...repository, kind: "pull-request", number: one.number }, hint: {} }),
  );
  if (others.length > 0) return both(ended, plan({ jobs: others }));
  const reason = `#${number} was closed without a merge`;
  return both(ended, planLeft(head.value === null ? [] : [head.value], reason, false));
}

/**
 * A merged pull request: whether it is to have a post-mortem is found out where that is written. What never
 * was a hotfix has none.
 */
export function planGateOver(
  own: Evaluated,
  former: Fact<FormerHeads>,
  hint: ReconcileHint,
  repository: RepositoryKey,
): Plan {
  const { number, collected, verdict } = own;
  const { policy, statusComment } = collected;
  const never =
    policy.state === "valid" &&
    verdict.kind !== "hotfix" &&
    verdict.unknowns.length === 0 &&
    statusComment.known &&
    statusComment.value === null;
  const over = plan({
    watch: { key: { ...repository, kind: "pull-request", number }, seen: "over" },
    jobs: never ? [] : [conversationJob(number, repository, {})],
  });
  return both(over, planFormerHeads(own, former, hint, repository));
}

/**
 * Nothing could be decided: shown on the head, where it is known, once the quiet time is over; at once where
 * one of the facts can never be read, which then is not asked for again.
 */
export function planUnreadable({
  headSha,
  runs,
  facts,
  record,
  docsUrl,
  show,
  attempt,
}: {
  readonly headSha: string | null;
  readonly runs: readonly ExistingCheck[];
  readonly facts: readonly Unknown[];
  /**
   * Arrivals once seen stay seen: else every hiccup would end approvals where nothing but the record tells of
   * them.
   */
  readonly record: string;
  readonly docsUrl: string;
  readonly show: Show;
  readonly attempt: number;
}): Plan {
  const hopeless = facts.filter(({ wayOut }) => wayOut !== undefined);
  const reasons = (hopeless.length > 0 ? hopeless : facts).map(({ reason }) => reason);
  const givenUp = hopeless.length > 0 || show === "gave-up";
  const waysOut = [...new Set(hopeless.flatMap(({ wayOut }) => wayOut ?? []))];
  const check =
    headSha === null || (show === "quiet" && !givenUp)
      ? null
      : renderUnreadable(reasons, { docsUrl, givenUp, waysOut, record });
  return plan({
    actions: check === null || headSha === null ? [] : planCheck(headSha, check, runs),
    retry: hopeless.length > 0 ? null : "later",
    log: [{ level: "warn", fields: { reasons, attempt }, message: "could not be read" }],
  });
}

/** The check of a merge group: the worst verdict of those in it. */
export function planMergeGroup(
  headSha: string,
  members: readonly Evaluated[],
  runs: readonly ExistingCheck[],
  { docsUrl, show }: { readonly docsUrl: string; readonly show: Show },
): Plan {
  const waits = areWaiting(members);
  if (waits && show === "quiet") return plan({ retry: "until-done" });
  const check = renderCheck(members.map(checked), { docsUrl, givenUp: show === "gave-up", mergeGroup: true });
  return plan({
    actions: planCheck(headSha, check, runs),
    retry: waits ? "later" : null,
    shows: check.conclusion ?? "in_progress",
  });
}

/**
 * A head whose checks were asked for again: open pull requests that have it are evaluated anew, and what else
 * is there stays as it is.
 */
export function planRerun(
  headSha: string,
  open: readonly { readonly number: number }[],
  repository: RepositoryKey,
): Plan {
  return plan({
    actions: [{ type: "repeat-check-runs", headSha, gate: open.length === 0 }],
    jobs: open.map(({ number }) => ({
      key: { ...repository, kind: "pull-request", number },
      hint: { rerequested: true },
    })),
  });
}

/** The check of a hotfix branch without a pull request, which never passes. */
export function planBranch(
  headSha: string,
  check: DesiredCheck,
  runs: readonly ExistingCheck[],
  rerequested: boolean,
): Plan {
  return plan({ actions: planCheck(headSha, check, runs, rerequested) });
}
