import type { Action } from "../../policy/action.ts";
import { askOf, escalationOf } from "../../policy/escalation.ts";
import type { Policy } from "../../policy/policy.ts";
import { responseTime } from "../../policy/response-time.ts";
import { instant } from "../../policy/time.ts";
import { escalationMarker, renderAsk, renderEscalation } from "../../render/gate/escalation.ts";
import type { ReconcileMemory } from "../context.ts";
import type { Judged } from "../evaluate/pull-request.ts";

export interface Calls {
  readonly actions: readonly Action[];
  /** When time alone changes something next, in milliseconds of GitHub's clock; `null`: it does not. */
  readonly dueAt: number | null;
  /** To be remembered in `ReconcileMemory.asked` once the actions are done; `null`: nobody is asked now. */
  readonly asks: string | null;
}

/** Whom an open hotfix calls while an approval is missing: who can approve, once, and along the escalation path, each step once. */
export function planCalls(
  { collected, number, verdict }: Judged,
  policy: Policy,
  memory: ReconcileMemory,
): Calls {
  const { answers, snapshot } = collected;
  const response = responseTime(snapshot, verdict.severity, policy);
  // Whole seconds: in the next one it is missed.
  const missedAt = response?.state === "running" ? instant(response.dueAt) + 1_000 : null;
  if (!answers.known || !snapshot.history.known) return { actions: [], dueAt: missedAt, asks: null };
  const actions: Action[] = [];
  const escalation = escalationOf(snapshot, verdict, policy, (step, opening) =>
    answers.value.has(escalationMarker(step, opening)),
  );
  if (escalation !== null && escalation.due.length > 0)
    actions.push({ type: "post-answer", number, ...renderEscalation(escalation, snapshot, verdict, policy) });
  let asks: string | null = null;
  const ask = askOf(snapshot, verdict, policy);
  if (ask !== null) {
    const notice = renderAsk(ask, snapshot, verdict);
    const { repository, history } = snapshot;
    const askedSince =
      history.value.reviewRequestedAt?.some((at) => instant(at) >= instant(ask.opening)) ?? false;
    const key = `${repository.owner}/${repository.name}#${number} ${notice.marker}`.toLowerCase();
    if (!askedSince && !answers.value.has(notice.marker) && !memory.asked.has(key)) {
      asks = key;
      const own = ask.teams
        .map((team) => team.split("/"))
        .filter((path) => path.length === 1 || path[0]?.toLowerCase() === repository.owner.toLowerCase());
      actions.push({
        type: "ask-to-approve",
        number,
        reviewers: ask.reviewers,
        teams: own.map((path) => path.at(-1) ?? ""),
        ...notice,
      });
    }
  }
  const times = [escalation?.nextAt ?? null, missedAt].filter((at) => at !== null);
  return { actions, dueAt: times.length === 0 ? null : Math.min(...times), asks };
}
