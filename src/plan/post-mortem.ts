import type { ReconcileKey, RepositoryKey } from "../jobs/key.ts";
import type { WatchedKey } from "../jobs/watch-list.ts";
import type { Action } from "../policy/action.ts";
import type { Fact } from "../policy/fact.ts";
import { POST_MORTEM_OVERDUE_LABEL, ROLLED_BACK_LABEL } from "../policy/labels.ts";
import type { AfterMerge, Happening } from "../policy/landing/after-merge.ts";
import { earlyOf } from "../policy/landing/early-deployment.ts";
import type { Policy } from "../policy/policy.ts";
import { type CommandPlace, firstThatCounts, type LateCommand } from "../policy/post-mortem/commands.ts";
import {
  type Life,
  lifeOf,
  type PostMortemEnd,
  type PostMortemSnapshot,
} from "../policy/post-mortem/decide.ts";
import { type PostMortemFacts, postMortemFacts } from "../policy/post-mortem/facts.ts";
import type { PostMortemIssue } from "../policy/post-mortem/issue.ts";
import { metricsIn } from "../policy/post-mortem/metrics-block.ts";
import { managerRoles } from "../policy/post-mortem/reminders.ts";
import { noticesIn } from "../policy/post-mortem/subject.ts";
import { firstDeployment, unverifiedSince } from "../policy/post-mortem/verification.ts";
import { writtenIn } from "../policy/post-mortem/written.ts";
import type { LabelEvent, PullRequestSnapshot } from "../policy/snapshot.ts";
import { instant, isAfter } from "../policy/time.ts";
import type { Verdict } from "../policy/verdict.ts";
import { completeText, laterText } from "../render/gate/announcement.ts";
import { answerMarker } from "../render/gate/answers.ts";
import { renderStatusComment } from "../render/gate/status-comment.ts";
import {
  renderLeftClosed,
  renderReminder,
  renderReopened,
  renderVerification,
} from "../render/post-mortem/notices.ts";
import { endedBody, updatedBody } from "../render/post-mortem/update.ts";
import { mentionPerson, mentionsOf } from "../render/text/mention.ts";
import { type LateAnswers, planLateAnswers } from "./answers.ts";
import { planStatusComment } from "./check.ts";
import { type Announcement, type LogLine, type Plan, type PlannedJob, plan } from "./plan.ts";

interface LabelledIssue {
  readonly number: number;
  readonly labels: readonly string[];
  /** Oldest first. */
  readonly labelEvents: readonly LabelEvent[];
}

/**
 * Sets the label on the post-mortem of a hotfix that is taken back, and takes it off where it is not any
 * more. What people did with the label stays: set by hand for a rollback that git does not show, or taken off
 * on purpose.
 */
export function planRolledBackLabel(
  { number, labels, labelEvents }: LabelledIssue,
  rolledBack: Fact<Happening | null>,
): readonly Action[] {
  if (!rolledBack.known) return [];
  const isIt = (label: string): boolean => label.toLowerCase() === ROLLED_BACK_LABEL;
  const last = labelEvents.findLast(({ label }) => isIt(label));
  const on = labels.some(isIt);
  const { value: happening } = rolledBack;
  if (happening === null)
    return on && last?.byApp ? [{ type: "remove-label", number, label: ROLLED_BACK_LABEL }] : [];
  const takenOff = last?.event === "unlabeled" && !last.byApp && !isAfter(happening.at, last.at);
  return on || takenOff ? [] : [{ type: "add-label", number, label: ROLLED_BACK_LABEL }];
}

/** Has post-mortems looked at: a push may concern them. */
export function planRecheck(there: RepositoryKey, numbers: readonly number[]): Plan {
  const jobs = numbers.map((number): PlannedJob => {
    return { key: { ...there, kind: "post-mortem", number }, hint: {}, background: true };
  });
  return plan({ jobs });
}

/**
 * Nothing is left to be done about it here: it is gone, or it is not the app's. The pull request that it is
 * known to be about is looked at, where people are told.
 */
export function planMissing(
  key: WatchedKey,
  state: "gone" | "foreign",
  about: ReconcileKey | null = null,
): Plan {
  const message = "the post-mortem is gone: deleted, converted, or where the app cannot read";
  return plan({
    watch: { key, seen: "over" },
    jobs: state === "gone" && about !== null ? [{ key: about, hint: {} }] : [],
    log: state === "gone" ? [{ level: "warn", fields: { post_mortem: key.number }, message }] : [],
  });
}

/** It is at another place now, where it is looked at. */
export function planMoved(key: WatchedKey, there: WatchedKey): Plan {
  const now = `${there.owner}/${there.repo}#${there.number}`;
  return plan({
    watch: { key, seen: "over" },
    jobs: [{ key: there, hint: {} }],
    log: [{ level: "info", fields: { post_mortem: key.number, now }, message: "the post-mortem has moved" }],
  });
}

/** The hotfix that a post-mortem is about, evaluated as at the merge. */
export interface LandedIncident {
  readonly policy: Policy;
  readonly snapshot: PullRequestSnapshot;
  readonly verdict: Verdict;
  /** `null`: it was pushed, or deployed from its branch, without a pull request. */
  readonly pullRequest: {
    readonly number: number;
    readonly collected: {
      readonly statusComment: Fact<{ readonly id: number; readonly body: string } | null>;
    };
  } | null;
}

/** All that the plan for a post-mortem issue is made of. */
export interface PostMortemInput {
  /** The issue's, in the queue. */
  readonly key: WatchedKey;
  readonly issue: PostMortemIssue;
  readonly policy: Policy;
  /** `null`: people have taken out all that tells what it is about. */
  readonly incident: LandedIncident | null;
  readonly commands: readonly LateCommand[];
  /** `null` where there is no incident. */
  readonly after: AfterMerge | null;
  /** What the answers to commands need; `null`: which were given could not be read. */
  readonly answers: LateAnswers | null;
  /** GitHub's clock. */
  readonly observedAt: string;
  readonly docsUrl: string;
}

/** What is to be done at the issue, and at the pull request: they may be in different repositories. */
export interface PostMortemPlans {
  readonly issue: Plan;
  readonly pullRequest: Plan;
}

/**
 * Brings the body up to date, answers commands, reminds, reopens what was closed unfinished, and has the
 * status comment say what has become of it. Looked at again at once after an answer, since answers come a few
 * at a time.
 */
export function planPostMortem(input: PostMortemInput): PostMortemPlans {
  const { key, issue, policy, incident, commands, after, answers, observedAt, docsUrl } = input;
  // Seen with other eyes by now (the configuration has changed): what was written stays.
  const facts =
    incident?.verdict.kind === "hotfix"
      ? postMortemFacts(incident.snapshot, incident.verdict, policy, after, writtenIn(issue.body))
      : null;
  const uncounted = commands.flatMap(({ counts }) => (counts.known ? [] : [counts.reason]));
  const early = incident?.snapshot.deployedEarly;
  const unread = [...unreadOf(after), ...uncounted, ...(early?.known === false ? [early.reason] : [])];
  const body = facts === null ? issue.body : updatedBody(issue.body, facts, uncounted.length === 0);
  const due = facts?.due ?? dueOf(issue, policy);
  const life = lifeOf(postMortemSnapshot(input, body, due, facts, uncounted.length === 0), policy);
  const end = life.next.do === "finish" ? life.next.end : null;
  const late = answers === null ? NO_ANSWERS : planLateAnswers(answers, policy);
  const own: readonly Action[] = [
    ...planBody(issue, endedBody(body, end)),
    ...planLife(issue, life, due, policy),
    ...planVerification(issue, life, facts, observedAt),
    ...(after === null ? [] : planRolledBackLabel(issue, after.rolledBack)),
    ...late["post-mortem"],
  ];
  const there: readonly Action[] = [
    ...late["pull-request"],
    ...(incident === null ? [] : planComment(docsUrl, incident, issue, facts, end)),
  ];
  const over = issue.state === "closed" && life.next.do !== "reopen" && life.next.do !== "leave";
  const again = (actions: readonly Action[]) =>
    actions.filter(({ type }) => type === "post-answer").map((after) => ({ key, hint: {}, after }));
  return {
    issue: plan({
      actions: own,
      jobs: again(own),
      watch: { key, seen: over ? "over" : { updatedAt: issue.updatedAt, dueAt: life.nextAt } },
      announcements: [...labelAnnouncements(issue, due, own), ...answerAnnouncements(input, due, own)],
      retry: unread.length > 0 || life.next.do === "wait" ? "later" : null,
      log: linesOf(issue, incident, life, unread),
    }),
    pullRequest: plan({
      actions: there,
      jobs: again(there),
      announcements: answerAnnouncements(input, due, there),
    }),
  };
}

const NO_ANSWERS: Readonly<Record<CommandPlace, readonly Action[]>> = {
  "pull-request": [],
  "post-mortem": [],
};

function postMortemSnapshot(
  { issue, policy, commands, after, observedAt }: PostMortemInput,
  body: string,
  due: string,
  facts: PostMortemFacts | null,
  allCounted: boolean,
): PostMortemSnapshot {
  const override = firstThatCounts(commands, "override-post-mortem");
  return {
    ...issue,
    body,
    due,
    observedAt,
    ownForm: policy.post_mortem.template !== null,
    reviewOwed: after?.reviewOwed ?? { known: true, value: false },
    backMerges: after?.backMerges ?? {},
    notices: noticesIn(issue.comments),
    override: override === null ? null : { at: override.comment.createdAt },
    unverifiedSince: facts === null ? null : unverifiedSince(facts, allCounted),
  };
}

function linesOf(
  { number }: PostMortemIssue,
  incident: LandedIncident | null,
  life: Life,
  reasons: readonly string[],
): readonly LogLine[] {
  const warn = (message: string, more = {}): LogLine => ({
    level: "warn",
    fields: { post_mortem: number, ...more },
    message,
  });
  return [
    ...(incident === null
      ? [warn("what the post-mortem is about cannot be told any more; it is only reminded of")]
      : []),
    ...(life.next.do === "leave"
      ? [warn("the post-mortem is closed unfinished again and again: it is left closed")]
      : []),
    ...(reasons.length > 0 ? [warn("could not be read", { reasons })] : []),
  ];
}

function unreadOf(after: AfterMerge | null): readonly string[] {
  if (after === null) return [];
  const { deployed, rolledBack, landedWithout, gateAtMerge, backMerges, reviewOwed, unchecked } = after;
  const facts = [deployed, rolledBack, landedWithout, gateAtMerge, ...Object.values(backMerges)];
  return [...facts, reviewOwed, unchecked].flatMap((fact) =>
    fact === undefined || fact.known ? [] : [fact.reason],
  );
}

/** Where nothing but the issue is left to tell it. */
function dueOf({ body, createdAt }: PostMortemIssue, { post_mortem }: Policy): string {
  const { merged_at, deployed_at, deployed_early } = metricsIn(body)?.values ?? {};
  const told = deployed_early === true ? deployed_at : merged_at;
  const from = typeof told === "string" && !Number.isNaN(instant(told)) ? told : createdAt;
  return new Date(instant(from) + post_mortem.due).toISOString();
}

function planBody({ number, body: from }: PostMortemIssue, body: string): readonly Action[] {
  return body === from.replaceAll("\r\n", "\n") ? [] : [{ type: "update-issue-body", number, from, body }];
}

function planLife(issue: PostMortemIssue, life: Life, due: string, policy: Policy): readonly Action[] {
  const { number } = issue;
  const actions: Action[] = [];
  const label = { number, label: "post-mortem:overdue" } as const;
  if (life.overdueLabel !== null)
    actions.push({ type: life.overdueLabel === "add" ? "add-label" : "remove-label", ...label });
  if (life.next.do === "close") actions.push({ type: "set-issue-state", number, state: "closed" });
  if (life.next.do === "reopen") {
    const by = issue.closings.at(-1)?.actor?.login ?? null;
    const notice = renderReopened(life.missing, life.next.closedAt, {
      by,
      overrideRoles: policy.overrides.roles,
    });
    actions.push(
      { type: "post-answer", number, ...notice },
      { type: "set-issue-state", number, state: "open" },
    );
  }
  if (life.next.do === "leave" && life.tellsLeft) {
    const { closedAt, againAt } = life.next;
    const by = issue.closings.at(-1)?.actor?.login ?? null;
    const again = new Date(againAt).toISOString();
    const calls = [...managersOf(policy, issue.repo.owner), ...peopleOf(issue.assignees)];
    const notice = renderLeftClosed(life.missing, closedAt, { by, due, againAt: again, calls });
    actions.push({ type: "post-answer", number, ...notice });
  }
  if (life.reminder !== null) {
    const { reminder, escalates } = life.reminder;
    const managers = managerRoles(policy);
    const called = escalates ? managersOf(policy, issue.repo.owner) : [];
    const notice = renderReminder(reminder, {
      due,
      missing: life.missing,
      calls: [...called, ...peopleOf(issue.assignees)],
      escalatedTo: escalates ? managers : null,
    });
    actions.push({ type: "post-answer", number, ...notice });
  }
  return actions;
}

/** Those who are called where the assignees do not do; nobody where the app only observes. */
function managersOf(policy: Policy, owner: string): ReturnType<typeof mentionsOf> {
  if (policy.mode !== "enforce") return [];
  return managerRoles(policy).flatMap((name) => mentionsOf(policy.roles[name] ?? NOBODY, owner));
}

/** The deployment is to be verified in production. */
function planVerification(
  { number, assignees }: PostMortemIssue,
  { verification }: Life,
  facts: PostMortemFacts | null,
  now: string,
): readonly Action[] {
  const deployed = facts === null ? null : firstDeployment(facts);
  if (verification === null || facts === null || deployed === null) return [];
  const notice = renderVerification(verification, {
    deployed,
    since: instant(now) - instant(deployed.at),
    kinds: facts.checklists,
    calls: peopleOf(assignees),
  });
  return [{ type: "post-answer", number, ...notice }];
}

function peopleOf(assignees: readonly string[]): ReturnType<typeof mentionsOf> {
  return assignees.map(mentionPerson).filter((node) => node !== null);
}

const NOBODY = { teams: [], users: [] };

/** The status comment of the pull request, with what has become of the post-mortem. */
function planComment(
  docsUrl: string,
  { pullRequest, snapshot, verdict, policy }: LandedIncident,
  issue: PostMortemIssue,
  facts: PostMortemFacts | null,
  end: PostMortemEnd | null,
): readonly Action[] {
  if (pullRequest === null || facts === null || !policy.communication.status_comment) return [];
  const { statusComment } = pullRequest.collected;
  // Of an open pull request the gate writes it.
  const open = snapshot.pullRequest.state === "open" && snapshot.pullRequest.merged === null;
  if (!statusComment.known || verdict.kind !== "hotfix" || open) return [];
  const { owner, repo } = issue.repo;
  const body = renderStatusComment(snapshot, verdict, policy, {
    docsUrl,
    after: facts.after,
    postMortem: {
      number: issue.number,
      url: issue.url,
      repository: `${owner}/${repo}`,
      ...(end === null ? {} : { end }),
    },
  });
  return planStatusComment(pullRequest.number, body, statusComment.value);
}

/** It was rolled back, or its post-mortem is overdue: told by whoever sets the label. */
function labelAnnouncements(
  { title, url }: PostMortemIssue,
  due: string,
  actions: readonly Action[],
): readonly Announcement[] {
  const kinds = { [ROLLED_BACK_LABEL]: "rolled-back", [POST_MORTEM_OVERDUE_LABEL]: "overdue" } as const;
  return actions.flatMap((action) => {
    const kind = action.type === "add-label" ? kinds[action.label as keyof typeof kinds] : undefined;
    return kind === undefined ? [] : [{ text: laterText(kind, { title, url, due }), ifNew: action }];
  });
}

/** It was verified, or its rollback asked for: told by whoever answers the first such command. */
function answerAnnouncements(
  { incident, commands, after, issue }: PostMortemInput,
  due: string,
  actions: readonly Action[],
): readonly Announcement[] {
  if (incident === null) return [];
  const postMortem = { title: issue.title, url: issue.url, due };
  const answerTo = (kind: "verified" | "rollback") => {
    const command = firstThatCounts(commands, kind);
    const answer = actions.find(
      (action) =>
        command !== null &&
        action.type === "post-answer" &&
        action.marker === answerMarker(command.comment.id),
    );
    return command === null || answer === undefined ? null : { command, answer };
  };
  const verified = answerTo("verified");
  const rollback = answerTo("rollback");
  const later = after?.deployed.known ? (after.deployed.value?.at ?? null) : null;
  return [
    ...(verified === null
      ? []
      : [
          {
            text: completeText(incident.snapshot, incident.verdict, incident.policy, {
              verifiedAt: verified.command.comment.createdAt,
              deployedAt: earlyOf(incident.snapshot)?.at ?? later,
              postMortem,
            }),
            ifNew: verified.answer,
          },
        ]),
    ...(rollback === null ? [] : [{ text: laterText("rollback-asked", postMortem), ifNew: rollback.answer }]),
  ];
}
