import type { RepositoryKey } from "../../jobs/key.ts";
import type { Action } from "../../policy/action.ts";
import { readHotfix } from "../../policy/evaluate.ts";
import { labelsNeeded } from "../../policy/labels.ts";
import { writes } from "../../policy/mode.ts";
import type { Policy } from "../../policy/policy.ts";
import { instant, soonest } from "../../policy/time.ts";
import type { PolicyReading } from "../../policy/verdict.ts";
import { voucherOf } from "../../policy/vouching.ts";
import { openedText } from "../../render/gate/announcement.ts";
import { renderStatusComment } from "../../render/gate/status-comment.ts";
import type { PostMortemOutcome } from "../../render/gate/status-comment-parts.ts";
import { planDoubled } from "../doubled.ts";
import { areWaiting, type Evaluated, type Show } from "../evaluated.ts";
import { both, type Plan, plan } from "../plan.ts";
import { planStatusComment } from "../status-comment.ts";
import { planAnswers } from "./answers.ts";
import { OPENED, planCalls, rememberTold, type Told } from "./approval-requests.ts";
import { planLabels } from "./labels.ts";

/** All that decides what people are told on an open pull request. */
export interface ConversationFacts {
  readonly own: Evaluated;
  /**
   * What became of the post-mortem of what was deployed early; `undefined`: that could not be read, so the
   * status comment stays as it is.
   */
  readonly postMortem: PostMortemOutcome | null | undefined;
  readonly told: Told;
  /** People are told outside GitHub too. */
  readonly announces: boolean;
  readonly repository: RepositoryKey;
  readonly docsUrl: string;
  readonly show: Show;
}

/**
 * What people read on an open pull request: labels, answers to commands, who is called, and the status
 * comment.
 */
export function planConversation(facts: ConversationFacts): Plan {
  const { own, repository, told, show } = facts;
  const waits = areWaiting([own]);
  if (waits && show === "quiet") return plan({ retry: "later" });
  const { policy: reading, snapshot } = own.collected;
  const policy = reading.state === "valid" ? reading.policy : null;
  const { kind } = own.verdict;
  const hotfix = kind === "hotfix" || kind === "rollback";
  const isOne = policy !== null && policy.mode !== "off" && hotfix;
  const calls = isOne ? planCalls(own, policy, told, repository) : { plan: plan(), dueAt: null };
  const { updatedAt } = snapshot.pullRequest;
  const watch = {
    key: { ...repository, kind: "pull-request", number: own.number },
    // By a version of the configuration that holds only so long it is evaluated once more then.
    seen: { updatedAt, dueAt: soonest(calls.dueAt, lastValidUntil(reading), hourlyLookAt(own)), hotfix },
  } as const;
  const parts = [
    ...(isOne && kind === "hotfix" && writes(policy, "labels") ? [labelsPlan(own, policy)] : []),
    ...(isOne && writes(policy, "comment") ? [answersPlan(own, policy, repository)] : []),
    calls.plan,
    policy === null || !writes(policy, "comment") ? plan() : statusPlan(facts, policy),
    plan({ actions: planDoubled(own.number, own.collected.doubled) }),
  ];
  // What was said already could not be read: until it can, nothing is said.
  const unread = isOne && !(own.collected.answers.known && own.collected.statusComment.known);
  const retry = waits || unread || facts.postMortem === undefined ? "later" : null;
  return { ...parts.reduce(both, plan()), watch, retry };
}

/** What GitHub denies ("not found") is believed, and may have been wrong: for so long. */
const DENIED_MS = 3_600_000;

/** When an open hotfix is looked at although nothing happened; `null`: never, a stranger's costs nothing. */
function hourlyLookAt({ collected: { snapshot }, verdict: { kind, wouldBe } }: Evaluated): number | null {
  const voucher = voucherOf(snapshot);
  const isOne = kind === "hotfix" || kind === "rollback";
  // Whose access is not asked for any more where it may pass, which is not by a stranger's word.
  const isTheirs = wouldBe === "success" || (voucher.known && voucher.value !== null);
  return isOne && isTheirs ? instant(snapshot.observedAt) + DENIED_MS : null;
}

/** In milliseconds; `null`: what decides is valid itself. */
function lastValidUntil(reading: PolicyReading): number | null {
  const until = reading.state === "valid" ? reading.lastValid?.until : undefined;
  return until === undefined ? null : Date.parse(until);
}

/** The labels to set; those that people may have to set are there for them. */
function labelsPlan({ number, collected, verdict }: Evaluated, policy: Policy): Plan {
  const { severity, approval } = readHotfix(collected.snapshot, policy);
  const { labelToSet, severity: settled } = severity.known ? severity.value : NO_SEVERITY;
  const actions = planLabels(number, labelToSet, approval);
  if (actions.length === 0 && verdict.wouldBe === "success") return plan();
  return plan({ actions: [{ type: "ensure-labels", labels: labelsNeeded(policy, settled) }, ...actions] });
}

const NO_SEVERITY = { labelToSet: null, severity: null };

function answersPlan(own: Evaluated, policy: Policy, repository: RepositoryKey): Plan {
  const actions = planAnswers(own, policy);
  const last = actions.at(-1);
  if (last === undefined) return plan();
  // They come a few at a time, and what has happened meanwhile comes before further ones.
  const again = { ...repository, kind: "pull-request", number: own.number } as const;
  return plan({ actions, jobs: [{ key: again, hint: {}, ifNew: last }] });
}

function statusPlan(facts: ConversationFacts, policy: Policy): Plan {
  const { own, postMortem, docsUrl } = facts;
  const { number, verdict, collected } = own;
  const { statusComment, snapshot } = collected;
  const says = policy.communication.status_comment && statusComment.known && !areWaiting([own]);
  const tells = verdict.kind === "hotfix" || verdict.kind === "rollback";
  const shown = says && postMortem !== undefined && (tells || statusComment.value !== null);
  const [write] = shown
    ? planStatusComment(
        number,
        renderStatusComment(snapshot, verdict, policy, { docsUrl, postMortem }),
        statusComment.value,
      )
    : [];
  const isNew = write !== undefined && statusComment.known && statusComment.value === null;
  const alert = alertPlan(facts, policy, isNew ? write : null);
  return both(plan({ actions: write === undefined ? [] : [write] }), alert);
}

/**
 * A hotfix opened: its status comment is new, and somebody with write access stands behind it; where that is
 * not its author, as soon as one does. Once in its life, whatever becomes of the comment.
 */
function alertPlan(
  { own, told, announces, repository }: ConversationFacts,
  policy: Policy,
  opening: Action | null,
): Plan {
  const { collected, verdict, number } = own;
  const voucher = voucherOf(collected.snapshot);
  if (
    !announces ||
    policy.mode !== "enforce" ||
    verdict.kind !== "hotfix" ||
    !voucher.known ||
    voucher.value === null
  )
    return plan();
  if (opening === null && voucher.value.how === "opened") return plan();
  if (told.keys === null || told.keys.has(OPENED)) return plan();
  return plan({
    announcements: [{ text: openedText(collected.snapshot, verdict, policy), ifNew: opening }],
    remember: [rememberTold(told, OPENED, opening ?? undefined)],
    // So that it goes on record.
    jobs: [{ key: { ...repository, kind: "pull-request", number }, hint: {} }],
  });
}
