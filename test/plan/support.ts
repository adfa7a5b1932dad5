import type { Evaluated } from "../../src/plan/evaluated.ts";
import type { Plan } from "../../src/plan/plan.ts";
import type { Action } from "../../src/policy/action.ts";
import { known } from "../../src/policy/fact.ts";
import type { Situation } from "../render/situations.ts";

export const REPOSITORY = { installationId: 5, repositoryId: 7, owner: "kamiyo", repo: "api" };

/** A situation as plans see it: pull request 42, on which the app has written nothing yet. */
export function evaluated(
  { snapshot, verdict, policy }: Situation,
  more: Partial<Evaluated["collected"]> = {},
): Evaluated {
  const collected = {
    policy: { state: "valid", policy, source: "" } as const,
    snapshot,
    gates: known([]),
    statusComment: known(null),
    answers: known(new Set<string>()),
    ...more,
  };
  return { number: 42, verdict, collected };
}

/**
 * A plan in words, a line for each thing it asks for, so that a golden shows it whole. Texts are goldens of
 * their own (test/render): here is which they are.
 */
export function inWords(plan: Plan): string {
  const nth = (action: Action) => `action ${plan.actions.indexOf(action) + 1}`;
  const when = ({ after, ifNew }: { readonly after?: Action; readonly ifNew?: Action | null }) =>
    (after === undefined ? "" : ` once ${nth(after)} is done`) + (ifNew ? ` if ${nth(ifNew)} is new` : "");
  const lines = [
    ...plan.actions.map((action, i) => `action ${i + 1}: ${actionInWords(action)}`),
    ...plan.jobs.map(({ key, hint, background, importance, ...more }) => {
      const { kind, ...which } = key;
      const extra = [
        ...(importance === undefined ? [] : [importance]),
        ...(background === true ? ["background"] : []),
        ...Object.entries(hint).map(([name, value]) =>
          name === "record" ? "with what it says" : `${name} ${JSON.stringify(value)}`,
        ),
      ];
      const about = Object.entries({ ...which, installationId: null, repositoryId: null }).flatMap(
        ([name, value]) => (value === null || name === "owner" || name === "repo" ? [] : [value]),
      );
      const where = "repo" in which ? [`${which.owner}/${which.repo}`] : [];
      const suffix = extra.length === 0 ? "" : ` (${extra.join(", ")})`;
      return `job: ${[kind, ...where, ...about].join(" ")}${suffix}${when(more)}`;
    }),
    ...(plan.watch === null ? [] : [watchInWords(plan.watch)]),
    ...plan.remember.map(({ list, key, ...more }) => `remember: ${list} ${key}${when(more)}`),
    ...plan.announcements.map(({ text, ifNew }) => `announce: ${text.split("\n")[0]}${when({ ifNew })}`),
    ...(plan.retry === null ? [] : [`retry: ${plan.retry}`]),
    ...(plan.shows === null ? [] : [`shows: ${plan.shows}`]),
    ...(plan.requirement === undefined ? [] : [`the branch requires: ${plan.requirement}`]),
    ...plan.log.map(({ level, fields, message, ...more }) => {
      return `log ${level}: ${message} ${JSON.stringify(fields)}${when(more)}`;
    }),
  ];
  return lines.length === 0 ? "nothing" : lines.join("\n");
}

function watchInWords({ key, seen }: NonNullable<Plan["watch"]>): string {
  if (seen === "over") return `watch: ${key.kind} ${key.number} is over`;
  const due = seen.dueAt === null ? "" : `, due ${new Date(seen.dueAt).toISOString()}`;
  return `watch: ${key.kind} ${key.number} as of ${seen.updatedAt}${due}`;
}

function actionInWords(action: Action): string {
  switch (action.type) {
    case "upsert-check-run": {
      const { status, conclusion, title } = action.check;
      const again = action.rerequested ? ", asked for" : "";
      return `check ${conclusion ?? status} on ${short(action.headSha)}: ${title}${again}`;
    }
    case "cancel-check-run":
      return `cancel check run ${action.checkRunId} on ${short(action.headSha)}: ${action.reason}${action.forget ? ", forgetting it" : ""}`;
    case "repeat-check-runs":
      return `repeat the check runs of ${short(action.headSha)}${action.gate ? ", the gate too" : ""}`;
    case "upsert-status-comment":
      return `status comment on #${action.number} (${action.commentId ?? "new"})`;
    case "post-answer":
      return `comment on #${action.number}: ${kindOf(action.marker)}`;
    case "request-approval": {
      const people = [...action.reviewers, ...action.teams.map((team) => `team ${team}`)].join(", ");
      return `ask for approval of #${action.number}: ${people}`;
    }
    case "delete-comment":
      return `delete comment ${action.commentId} of #${action.number}`;
    case "ensure-labels":
      return `labels that are there: ${action.labels.map(({ name }) => name).join(", ")}`;
    case "add-label":
    case "remove-label":
      return `${action.type} #${action.number} ${action.label}`;
    case "update-issue-body":
      return `new body of #${action.number}`;
    case "post-digest":
      return `digest: ${kindOf(action.marker)}`;
    case "open-action-issues":
      return `issues for action items of #${action.number}: ${action.items.map(({ title, assignees }) => `${title} [${assignees.join(", ")}]`).join("; ")}`;
    case "set-issue-state":
      return `#${action.number} becomes ${action.state}`;
    case "open-post-mortem": {
      const { repository, title, labels, assignees } = action.issue;
      return `open in ${repository}: ${title} [${labels.join(", ")}] for ${assignees.join(", ")}`;
    }
    case "record-post-mortem": {
      const { repository, number } = action.postMortem;
      return `record on ${short(action.sha)} that ${action.subject} has ${repository}#${number}`;
    }
    case "answer-deployment":
      return `answer run ${action.run} at ${action.environment}: ${action.state ?? "waits"}`;
  }
}

function kindOf(marker: string): string {
  return marker.replace(/^<!-- hotfix-guard:| -->$/g, "");
}

function short(sha: string): string {
  return sha.slice(0, 7);
}
