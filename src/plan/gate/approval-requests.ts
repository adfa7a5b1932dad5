import type { RepositoryKey } from "../../jobs/key.ts";
import type { Action } from "../../policy/action.ts";
import { approvalRequestOf, escalationOf } from "../../policy/escalation.ts";
import type { Policy } from "../../policy/policy.ts";
import { responseTime } from "../../policy/response-time.ts";
import { instant } from "../../policy/time.ts";
import { voucherOf } from "../../policy/vouching.ts";
import { escalationKey, renderApprovalRequest, renderEscalation } from "../../render/gate/escalation.ts";
import type { Evaluated } from "../evaluated.ts";
import { type Plan, type PlannedJob, plan, type Remembered } from "../plan.ts";

/**
 * What was told about a pull request before: that its approvers were asked, steps of the escalation, the
 * alert outside GitHub.
 */
export interface Told {
  /** `null`: that could not be read, so nothing is told now. */
  readonly keys: ReadonlySet<string> | null;
  /** What the process remembers the pull request by. */
  readonly of: string;
}

/** The approvers were asked. */
export const ASKED = "asked";
/** The alert outside GitHub. */
export const OPENED = "opened";

/** Keeps in mind that this was told about the pull request, once `after` was done. */
export function rememberTold({ of }: Told, key: string, after?: Action): Remembered {
  return { list: "told", key: `${of} ${key}`, ...(after === undefined ? {} : { after }) };
}

/** Does the plan tell anybody anything that is told once? */
export function tells({ remember }: Plan): boolean {
  return remember.some(({ list }) => list === "told");
}

/** Who is called now, and when that has to be looked at again. */
export interface Calls {
  readonly plan: Plan;
  /** When time alone changes something next, in milliseconds of GitHub's clock; `null`: it does not. */
  readonly dueAt: number | null;
}

/**
 * Whom an open hotfix calls while an approval is missing: who can approve, once, and along the escalation
 * path, each step once in its life.
 */
export function planCalls(
  { collected, number, verdict }: Evaluated,
  policy: Policy,
  told: Told,
  repository: RepositoryKey,
): Calls {
  const { answers, snapshot } = collected;
  const now = instant(snapshot.observedAt);
  const response = responseTime(snapshot, verdict.severity, policy);
  // Whole seconds: in the next one it is missed.
  const missedAt = response?.state === "running" ? instant(response.dueAt) + 1_000 : null;
  if (!answers.known || !snapshot.history.known) return { plan: plan(), dueAt: missedAt };
  const { keys } = told;
  if (keys === null) return { plan: plan(), dueAt: now };
  const actions: Action[] = [];
  const remember: Remembered[] = [];
  const escalation = escalationOf(snapshot, verdict, policy, (step) => keys.has(escalationKey(step)));
  if (escalation !== null && escalation.due.length > 0) {
    const notice = renderEscalation(escalation, snapshot, verdict, policy);
    const action: Action = { type: "post-answer", number, ...notice };
    actions.push(action);
    remember.push(...escalation.due.map((step) => rememberTold(told, escalationKey(step), action)));
  }
  const ask = keys.has(ASKED) ? null : approvalRequestOf(snapshot, verdict, policy);
  if (ask !== null) {
    const { owner } = snapshot.repository;
    const own = ask.teams
      .map((team) => team.split("/"))
      .filter((path) => path.length === 1 || path[0]?.toLowerCase() === owner.toLowerCase());
    const action: Action = {
      type: "request-approval",
      number,
      reviewers: ask.reviewers,
      teams: own.map((path) => path.at(-1) ?? ""),
      ...renderApprovalRequest(ask, snapshot, verdict),
    };
    actions.push(action);
    remember.push(rememberTold(told, ASKED, action));
  }
  // Whether somebody stands behind it could not be read: to be looked at again, unless nobody is to be
  // called.
  const unread = verdict.wouldBe === "success" || voucherOf(snapshot).known ? null : now;
  const times = [escalation?.nextAt ?? null, missedAt, unread].filter((at) => at !== null);
  // So that it goes on record. A review request is an event, and on record by itself.
  const again = { ...repository, kind: "pull-request", number } as const;
  const jobs = actions.map((ifNew): PlannedJob => ({ key: again, hint: {}, ifNew }));
  return { plan: plan({ actions, jobs, remember }), dueAt: times.length === 0 ? null : Math.min(...times) };
}
