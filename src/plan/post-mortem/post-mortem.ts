import type { Action } from "../../policy/action.ts";
import { doubledComments } from "../../policy/doubled-comments.ts";
import type { AfterMerge } from "../../policy/landing/after-merge.ts";
import type { Policy } from "../../policy/policy.ts";
import { type CommandPlace, firstThatCounts } from "../../policy/post-mortem/commands.ts";
import {
  type Life,
  lifeOf,
  type PostMortemEnd,
  type PostMortemSnapshot,
} from "../../policy/post-mortem/decide.ts";
import { type PostMortemFacts, postMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { withTicks } from "../../policy/post-mortem/item-issues.ts";
import { metricsIn } from "../../policy/post-mortem/metrics-block.ts";
import { noticesIn } from "../../policy/post-mortem/subject.ts";
import { unverifiedSince } from "../../policy/post-mortem/verification.ts";
import { writtenIn } from "../../policy/post-mortem/written.ts";
import { fullName } from "../../policy/repository.ts";
import { instant, soonest } from "../../policy/time.ts";
import { renderStatusComment } from "../../render/gate/status-comment.ts";
import { endedBody, updatedBody } from "../../render/post-mortem/update.ts";
import { planDoubled } from "../doubled.ts";
import { type LogLine, type Plan, plan } from "../plan.ts";
import { planStatusComment } from "../status-comment.ts";
import { answerAnnouncements, labelAnnouncements } from "./announcements.ts";
import { planFailedChecks, watchedCommit } from "./ci.ts";
import type { LandedIncident, PostMortemInput } from "./input.ts";
import { itemsToBeOpened, planActionIssues, planItems } from "./items.ts";
import { planLateAnswers } from "./late-answers.ts";
import { planLife, planVerification } from "./life.ts";
import { planRolledBackLabel } from "./rolled-back-label.ts";
import { planSeverityLabel } from "./severity-label.ts";

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
  const written = ticked(endedBody(body, end), issue, policy);
  const items = planItems(input, life.next, written);
  const own: readonly Action[] = [
    ...planSeverityLabel(issue, facts),
    ...planBody(issue, written),
    ...planLife(issue, life, { due, body: written }, policy),
    ...planVerification(issue, life, facts, observedAt),
    ...items.actions,
    ...planFailedChecks(issue, facts, policy),
    ...planActionIssues(input, life.next, written),
    ...(after === null ? [] : planRolledBackLabel(issue, after.rolledBack)),
    ...late["post-mortem"],
    ...planDoubled(issue.number, doubledComments(issue.comments)),
  ];
  const there: readonly Action[] = [
    ...late["pull-request"],
    ...(incident === null ? [] : planComment(docsUrl, incident, issue, facts, end)),
    ...(incident?.pullRequest == null
      ? []
      : planDoubled(incident.pullRequest.number, incident.pullRequest.collected.doubled)),
  ];
  const overdue = Date.parse(due) <= Date.parse(observedAt);
  const ended = issue.state === "closed" && life.next.do !== "reopen" && life.next.do !== "leave";
  const { landed, nextAt } = watchedCommit(facts, observedAt);
  const dueAt = soonest(ended ? null : life.nextAt, items.nextAt, nextAt);
  const state = { updatedAt: issue.updatedAt, dueAt, overdue: overdue && !ended, closed: ended };
  const further = { itemsOverdueAt: items.overdueAt, ...(landed === null ? {} : { landed }) };
  const seen = ended && dueAt === null ? "over" : { ...state, ...further };
  // Items become issues once the body is as it is to be, a few at a time.
  const opens = policy.post_mortem.action_items.as_issues && end?.complete === true;
  const more = opens && itemsToBeOpened(issue).length > 0 ? ["update-issue-body", "open-action-issues"] : [];
  const again = (actions: readonly Action[]) =>
    actions
      .filter(({ type }) => ["post-answer", ...more].includes(type))
      .map((after) => ({ key, hint: {}, after }));
  return {
    issue: plan({
      actions: own,
      jobs: again(own),
      watch: { key, seen },
      announcements: [...labelAnnouncements(issue, due, own), ...answerAnnouncements(input, due, own)],
      retry: unread.length + items.unread.length > 0 || life.next.do === "wait" ? "later" : null,
      log: linesOf(issue, incident, life, [...unread, ...items.unread]),
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
      ? [warn("the post-mortem's hotfix can no longer be identified; only reminders are sent")]
      : []),
    ...(life.next.do === "leave"
      ? [warn("the post-mortem was closed unfinished repeatedly: it stays closed")]
      : []),
    ...(reasons.length > 0 ? [warn("could not be read", { reasons })] : []),
  ];
}

/** What may be read when it is asked for again (`mayBeRead`, of the gate). */
function unreadOf(after: AfterMerge | null): readonly string[] {
  if (after === null) return [];
  const { deployed, rolledBack, landedWithout, gateAtMerge, backMerges, reviewOwed, unchecked } = after;
  const { failedChecks } = after;
  const facts = [deployed, rolledBack, landedWithout, gateAtMerge, ...Object.values(backMerges)];
  return [...facts, reviewOwed, unchecked, failedChecks].flatMap((fact) =>
    fact === undefined || fact.known || fact.wayOut !== undefined ? [] : [fact.reason],
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

/** Items whose issues are closed are done. */
function ticked(body: string, { actionIssues }: PostMortemIssue, { post_mortem }: Policy): string {
  return post_mortem.action_items.as_issues ? withTicks(body, actionIssues?.issues ?? {}) : body;
}

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
  const body = renderStatusComment(snapshot, verdict, policy, {
    docsUrl,
    after: facts.after,
    postMortem: {
      number: issue.number,
      url: issue.url,
      repository: fullName(issue.repo),
      ...(end === null ? {} : { end }),
    },
  });
  return planStatusComment(pullRequest.number, body, statusComment.value);
}
