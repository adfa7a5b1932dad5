import type { Fact } from "../fact.ts";
import type { Policy } from "../policy.ts";
import type { History } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import type { CountedApproval, RefusedApproval } from "../verdict.ts";
import type { Threshold } from "./arrival.ts";
import { type LabelState, labelStates } from "./label-state.ts";
import type { InvolvementOf } from "./reading.ts";
import { APPROVAL_PREFIX, roleOfLabel } from "./roles.ts";
import { standing } from "./standing.ts";

/** Which labels `approved:<role>` are approvals. */
export interface LabelApprovals {
  readonly counted: readonly CountedApproval[];
  readonly refused: readonly RefusedApproval[];
  readonly undecided: readonly string[];
  /** On, and to be taken off. */
  readonly toRemove: readonly string[];
  /** On, and set by the app: such a label stands for a review, which is the evidence; the label is none. */
  readonly ofApp: readonly string[];
}

type Evaluated =
  | { readonly counted: CountedApproval }
  | { readonly refused: RefusedApproval; readonly remove: boolean }
  | { readonly undecided: string }
  | null;

/** Section 5 for labels: `limits` are what a label has to be newer than. */
export function readLabelApprovals(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  roles: readonly string[],
  limits: Fact<readonly Threshold[]>,
  involved: InvolvementOf,
): LabelApprovals {
  const { history } = snapshot;
  const states = history.known ? labelStates(snapshot, history.value, APPROVAL_PREFIX) : [];
  const shown = states.filter(
    ({ label, on, takenOffByApp }) => (on || takenOffByApp) && roleOfLabel(label, policy) !== null,
  );
  const ofApp = shown.filter(({ set }) => set?.byApp === true);
  const evaluated = shown
    .filter((state) => !ofApp.includes(state))
    .map((state) => ({ state, result: evaluateLabel(state, snapshot, policy, roles, limits, involved) }));
  const pick = <T>(choose: (result: NonNullable<Evaluated>) => T | undefined): readonly T[] =>
    evaluated.flatMap(({ result }) => (result === null ? [] : (choose(result) ?? [])));
  return {
    counted: pick((one) => ("counted" in one ? one.counted : undefined)),
    refused: pick((one) => ("refused" in one ? one.refused : undefined)),
    undecided: pick((one) => ("undecided" in one ? one.undecided : undefined)),
    toRemove: evaluated.flatMap(({ state, result }) =>
      result !== null && "refused" in result && state.on && result.remove ? [state.label] : [],
    ),
    ofApp: ofApp.filter(({ on }) => on).map(({ label }) => label),
  };
}

/** `null`: a label that nobody counts here. */
function evaluateLabel(
  state: LabelState,
  snapshot: PullRequestSnapshot,
  policy: Policy,
  roles: readonly string[],
  limits: Fact<readonly Threshold[]>,
  involved: InvolvementOf,
): Evaluated {
  const { set, label, on } = state;
  const role = roleOfLabel(label, policy);
  if (role === null) return null;
  const refuse = (code: string): Evaluated => ({
    refused: { by: "label", role, labelIsOn: on, code, login: set?.actor?.login ?? null, at: set?.at ?? "" },
    remove: code !== "role-not-enough" && !(code === "not-a-person" && isQuarrel(snapshot, label)),
  });
  if (state.mayBeStale)
    return { undecided: `who set the label ${label}: GitHub's timeline does not say it yet` };
  if (set === null) return refuse("no-provenance");
  const word = { actor: set.actor, at: set.at, roles: [role] };
  const result = standing(word, snapshot, policy, limits, involved);
  if (!result.known) return { undecided: result.reason };
  if (!result.value.counts) return refuse(result.value.refusal);
  if (!policy.approval.by.includes("label") || !on) return null;
  if (!roles.includes(role)) return refuse("role-not-enough");
  return { counted: { login: result.value.login, role, by: "label", at: set.at } };
}

/** After so many times a label that a bot keeps setting stays on. */
const MOST_REMOVALS = 3;

/**
 * Does a bot set the label again whenever the app takes it off? It is not counted either way, and two
 * machines never tire.
 */
function isQuarrel({ history }: PullRequestSnapshot, label: string): boolean {
  const labels: History["labels"] = history.known ? history.value.labels : [];
  const removals = labels.filter(
    (one) => one.event === "unlabeled" && one.byApp && one.label.toLowerCase() === label.toLowerCase(),
  );
  return removals.length >= MOST_REMOVALS;
}
