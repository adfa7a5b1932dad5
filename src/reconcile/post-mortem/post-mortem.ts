import type { PhrasingContent } from "mdast";
import { applyActions } from "../../github/apply/apply.ts";
import { type PostMortemIssue, readPostMortemIssue } from "../../github/collect/post-mortem/issue.ts";
import type { Attempt, JobResult } from "../../jobs/queue.ts";
import { planStatusComment } from "../../plan/check.ts";
import type { Action } from "../../policy/action.ts";
import type { AfterMerge } from "../../policy/landing/after-merge.ts";
import { planRolledBackLabel } from "../../policy/landing/rolled-back.ts";
import type { Policy } from "../../policy/policy.ts";
import { firstThatCounts } from "../../policy/post-mortem/commands.ts";
import { type Life, lifeOf } from "../../policy/post-mortem/decide.ts";
import { type PostMortemFacts, postMortemFacts } from "../../policy/post-mortem/facts.ts";
import { metricsIn } from "../../policy/post-mortem/metrics-block.ts";
import { managerRoles } from "../../policy/post-mortem/reminders.ts";
import { noticesIn } from "../../policy/post-mortem/subject.ts";
import { firstDeployment, unverifiedSince } from "../../policy/post-mortem/verification.ts";
import { writtenIn } from "../../policy/post-mortem/written.ts";
import { instant } from "../../policy/time.ts";
import { renderStatusComment } from "../../render/gate/status-comment.ts";
import { renderReminder, renderReopened, renderVerification } from "../../render/post-mortem/notices.ts";
import { endedBody, updatedBody } from "../../render/post-mortem/update.ts";
import { mentionPerson, mentionsOf } from "../../render/text/mention.ts";
import { announceAnswered, announceLater } from "../announce.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import { retryLater, retryStep } from "../retry.ts";
import { readAfterMerge, readLateCommands } from "./after-merge.ts";
import { planLate } from "./late-answers.ts";
import { type Telling, tellIncident } from "./resolve-incident.ts";

/**
 * Looks at one post-mortem issue: brings its body up to date, answers commands, reminds, and opens it again where it was closed
 * unfinished. Whatever people did to it ends here in a sensible state and a line in the log.
 */
export async function reconcilePostMortem(
  context: ReconcileContext,
  place: Place,
  number: number,
  attempt: Attempt,
): Promise<JobResult> {
  const step = retryStep(attempt, context.retryTimes);
  const again = retryLater(step);
  const log = { repository: `${place.repo.owner}/${place.repo.repo}`, post_mortem: number };
  const unread = (reason: string): JobResult => {
    context.log.warn({ ...log, reason, attempt: attempt.number }, "the post-mortem could not be read");
    return again;
  };
  const key = { ...keyOf(place), kind: "post-mortem", number } as const;
  const reading = await readPostMortemIssue(place.client, place.repo, number);
  if (!reading.known) return unread(reading.reason);
  if (reading.value.state !== "found") {
    context.watch.over(key);
    if (reading.value.state === "gone")
      context.log.warn(log, "the post-mortem is gone: deleted, converted, or where the app cannot read");
    return {};
  }
  const { issue } = reading.value;
  const moved = { ...keyOf({ client: place.client, repo: issue.repo }), kind: "post-mortem" } as const;
  if (!samePlace(issue.repo, place.repo) || issue.number !== number) {
    context.watch.over(key);
    context.log.info(
      { ...log, now: `${issue.repo.owner}/${issue.repo.repo}#${issue.number}` },
      "the post-mortem has moved",
    );
    context.enqueue({ key: { ...moved, number: issue.number }, hint: {} });
    return {};
  }
  const told = await tellIncident(place, issue);
  if (!told.known) return unread(told.reason);
  if (told.value.incident === null)
    context.log.warn(log, "what the post-mortem is about cannot be told any more; it is only reminded of");
  const outcome = await lookAt(context, place, issue, told.value);
  const { life } = outcome;
  if (issue.state === "closed" && life.next.do !== "reopen") context.watch.over(key);
  else
    context.watch.seen(key, {
      updatedAt: issue.updatedAt,
      dueAt: life.nextAt,
    });
  if (life.next.do === "leave")
    context.log.warn(log, "the post-mortem is closed unfinished again and again: it is left closed");
  if (outcome.unread.length > 0)
    context.log.warn({ ...log, reasons: outcome.unread, attempt: attempt.number }, "could not be read");
  return outcome.failed || outcome.unread.length > 0 || life.next.do === "wait" ? again : {};
}

interface Outcome {
  readonly life: Life;
  /** What could not be read, so that it has to be looked at again. */
  readonly unread: readonly string[];
  readonly failed: boolean;
}

async function lookAt(
  context: ReconcileContext,
  { client }: Place,
  issue: PostMortemIssue,
  { place, policy, incident }: Telling,
): Promise<Outcome> {
  const commands = await readLateCommands(place, policy, incident, issue);
  const after = incident === null ? null : await readAfterMerge(incident, commands);
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
  const override = firstThatCounts(commands, "override-post-mortem");
  const life = lifeOf(
    {
      ...issue,
      body,
      due,
      observedAt: client.serverTime().toISOString(),
      ownForm: policy.post_mortem.template !== null,
      reviewOwed: after?.reviewOwed ?? { known: true, value: false },
      backMerges: after?.backMerges ?? {},
      notices: noticesIn(issue.comments),
      override: override === null ? null : { at: override.comment.createdAt },
      unverifiedSince: facts === null ? null : unverifiedSince(facts, uncounted.length === 0),
    },
    policy,
  );
  const end = life.next.do === "finish" ? life.next.end : null;
  const answers = await planLate({ place, policy, incident, issue, commands });
  const own: Action[] = [
    ...planBody(issue, endedBody(body, end)),
    ...planLife(issue, life, due, policy),
    ...planVerification(issue, life, facts, client.serverTime().toISOString()),
    ...(after === null ? [] : planRolledBackLabel(issue, after.rolledBack)),
    ...answers["post-mortem"],
  ];
  const there: Action[] = [
    ...answers["pull-request"],
    ...(incident === null ? [] : planComment(context, incident, issue, facts, end)),
  ];
  const done = await applyActions(client, issue.repo, own, context.log);
  announceLater(context, issue, due, own, done);
  const results = [done, await applyActions(place.client, place.repo, there, context.log)];
  const posted = results.flatMap((result) => result.posted);
  announceAnswered(context, incident, commands, after, { title: issue.title, url: issue.url, due }, posted);
  // What GitHub refuses (locked, archived) is no reason to look again at once.
  const answered = posted.some(({ type }) => type === "post-answer");
  const failed = results.some(({ failures }) => failures.some(({ retry }) => retry));
  // Answers come a few at a time.
  if (answered && !failed)
    context.enqueue({
      key: { ...keyOf({ client, repo: issue.repo }), kind: "post-mortem", number: issue.number },
      hint: {},
    });
  return { life, unread, failed };
}

function samePlace(a: Place["repo"], b: Place["repo"]): boolean {
  return `${a.owner}/${a.repo}`.toLowerCase() === `${b.owner}/${b.repo}`.toLowerCase();
}

function unreadOf(after: AfterMerge | null): readonly string[] {
  if (after === null) return [];
  const { deployed, rolledBack, landedWithout, gateAtMerge, backMerges, reviewOwed } = after;
  const facts = [deployed, rolledBack, landedWithout, gateAtMerge, ...Object.values(backMerges)];
  return [...facts, ...(reviewOwed === undefined ? [] : [reviewOwed])].flatMap((fact) =>
    fact.known ? [] : [fact.reason],
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
  if (life.reminder !== null) {
    const { reminder, escalates } = life.reminder;
    const managers = managerRoles(policy);
    const called = escalates
      ? managers.flatMap((name) => mentionsOf(policy.roles[name] ?? NOBODY, issue.repo.owner))
      : [];
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

function peopleOf(assignees: readonly string[]): readonly PhrasingContent[] {
  return assignees.map(mentionPerson).filter((node) => node !== null);
}

const NOBODY = { teams: [], users: [] };

/** The status comment of the pull request, with what has become of the post-mortem. */
function planComment(
  { docsUrl }: ReconcileContext,
  { pullRequest, snapshot, verdict, policy }: NonNullable<Telling["incident"]>,
  issue: PostMortemIssue,
  facts: PostMortemFacts | null,
  end: NonNullable<Parameters<typeof endedBody>[1]> | null,
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
