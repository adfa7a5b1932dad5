import type { Action } from "../../policy/action.ts";
import { askOf, escalationOf } from "../../policy/escalation.ts";
import type { Policy } from "../../policy/policy.ts";
import { responseTime } from "../../policy/response-time.ts";
import { instant } from "../../policy/time.ts";
import { voucherOf } from "../../policy/vouching.ts";
import { escalationKey, renderAsk, renderEscalation } from "../../render/gate/escalation.ts";
import type { Place, ReconcileContext } from "../context.ts";
import type { Judged } from "../evaluate/pull-request.ts";
import { askEarlierHeads, toldOf } from "./told.ts";

export interface Calls {
  readonly actions: readonly Action[];
  /** When time alone changes something next, in milliseconds of GitHub's clock; `null`: it does not. */
  readonly dueAt: number | null;
  /** What the actions tell, to be remembered once they are done. */
  readonly tells: readonly string[];
}

/** Whom an open hotfix calls while an approval is missing: who can approve, once, and along the escalation path, each step once in its life. */
export async function planCalls(
  context: Pick<ReconcileContext, "memory">,
  place: Place,
  judged: Judged,
  policy: Policy,
): Promise<Calls> {
  const calls = callsOf(judged, policy, toldOf(context, place, judged));
  if (calls.tells.length === 0) return calls;
  // Something is to be told: what earlier heads remember comes first.
  if (await askEarlierHeads(context, place, judged))
    return callsOf(judged, policy, toldOf(context, place, judged));
  return { ...calls, actions: [], tells: [], dueAt: instant(judged.collected.snapshot.observedAt) };
}

function callsOf({ collected, number, verdict }: Judged, policy: Policy, told: ReadonlySet<string>): Calls {
  const { answers, snapshot } = collected;
  const response = responseTime(snapshot, verdict.severity, policy);
  // Whole seconds: in the next one it is missed.
  const missedAt = response?.state === "running" ? instant(response.dueAt) + 1_000 : null;
  if (!answers.known || !snapshot.history.known) return { actions: [], dueAt: missedAt, tells: [] };
  const actions: Action[] = [];
  const tells: string[] = [];
  const escalation = escalationOf(snapshot, verdict, policy, (step) => told.has(escalationKey(step)));
  if (escalation !== null && escalation.due.length > 0) {
    actions.push({ type: "post-answer", number, ...renderEscalation(escalation, snapshot, verdict, policy) });
    tells.push(...escalation.due.map(escalationKey));
  }
  const ask = told.has("asked") ? null : askOf(snapshot, verdict, policy);
  if (ask !== null) {
    const { owner } = snapshot.repository;
    const own = ask.teams
      .map((team) => team.split("/"))
      .filter((path) => path.length === 1 || path[0]?.toLowerCase() === owner.toLowerCase());
    tells.push("asked");
    actions.push({
      type: "ask-to-approve",
      number,
      reviewers: ask.reviewers,
      teams: own.map((path) => path.at(-1) ?? ""),
      ...renderAsk(ask, snapshot, verdict),
    });
  }
  // Whether somebody stands behind it could not be read: to be looked at again.
  const unread = voucherOf(snapshot).known ? null : instant(snapshot.observedAt);
  const times = [escalation?.nextAt ?? null, missedAt, unread].filter((at) => at !== null);
  return { actions, dueAt: times.length === 0 ? null : Math.min(...times), tells };
}
