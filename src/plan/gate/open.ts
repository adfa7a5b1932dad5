import type { ReconcileHint } from "../../jobs/hint.ts";
import type { RepositoryKey } from "../../jobs/key.ts";
import type { Job } from "../../jobs/queue.ts";
import type { Action, DesiredCheck } from "../../policy/action.ts";
import type { Fact } from "../../policy/fact.ts";
import type { PolicyReading } from "../../policy/verdict.ts";
import { renderCheck } from "../../render/gate/check.ts";
import { areWaiting, checked, type Evaluated, mayBeRead, type Show } from "../evaluated.ts";
import { both, type Plan, type PlannedJob, plan } from "../plan.ts";
import { isReported, planCheck } from "./check.ts";
import { conversationJob, importanceOf, mayBeDeployed } from "./conversation-job.ts";
import { frozenOf } from "./freeze.ts";
import type { WaitingGroup } from "./waiting-group.ts";

/** What the app remembers on a check run, encoded. */
export interface Record {
  readonly text: string;
  /**
   * Digest of what is known by the record alone, so that it has to be written even where nothing else
   * changed; `null`: nothing.
   */
  readonly digest: string | null;
}

/** What the verdict on an open pull request is planned from. */
export interface OpenFacts {
  readonly own: Evaluated;
  /** Those that decide on the head, `own` among them, and those that are only named. */
  readonly voters: readonly Evaluated[];
  readonly bystanders: readonly { readonly number: number; readonly url: string }[];
  /** Those of the voters whose authors have no write access, where the head is shared. */
  readonly outsiders: readonly number[];
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
 * The verdict on an open pull request: its check, and who else is to be looked at. What people read on it is
 * left to a job of its own.
 */
export function planOpen(facts: OpenFacts): Plan {
  const { own, voters, groups, hint, repository, show } = facts;
  const unread = mayBeRead(voters) ? plan({ retry: "later" }) : plan();
  if (areWaiting(voters) && show === "quiet") return unread;
  const check = renderShared(facts);
  const { snapshot, policy, gates } = own.collected;
  const { sha } = snapshot.pullRequest.head;
  const existing = gates.known ? gates.value : [];
  const settings = policy.state === "valid" ? policy.policy : null;
  const frozen = frozenOf(voters, facts.outsiders);
  const reported = frozen !== null || voters.some(({ verdict }) => isReported(verdict, settings, existing));
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
      ...lastValidLine(policy),
    ],
  });
  return both(verdict, unread);
}

function lastValidLine(policy: PolicyReading): Plan["log"] {
  if (policy.state !== "valid" || policy.lastValid === undefined) return [];
  const message = "the shared configuration is not valid: its last valid version is in force";
  return [{ level: "warn", fields: { ...policy.lastValid }, message }];
}

/**
 * How the check that the plan writes lets something be merged; `null`: it does not. It is confirmed first:
 * facts are read one after the other.
 */
export function passes({ actions }: Plan): "success" | "skipped" | null {
  const written = actions.find((action) => action.type === "upsert-check-run")?.check.conclusion;
  return written === "success" || written === "skipped" ? written : null;
}

/** The plan where that could not be confirmed: it is tried again until it can. */
export const UNCONFIRMED: Plan = plan({ retry: "until-done" });

/** Is there anything for people to read, or to set? What labels there have to be is looked at once a head. */
function talks({ conversation, own }: OpenFacts): boolean {
  const { gates } = own.collected;
  const isNew = gates.known && gates.value.length === 0;
  const actions = conversation.actions.filter(({ type }) => isNew || type !== "ensure-labels");
  return actions.length + conversation.announcements.length > 0 || mayBeDeployed(own);
}

function conversationJobs(facts: OpenFacts): readonly Job[] {
  const { conversation, own, hint, repository } = facts;
  if (!talks(facts)) return [];
  const importance = mayBeDeployed(own) ? "answer" : importanceOf(conversation.actions);
  return [{ ...conversationJob(own.number, repository, hint), importance }];
}

function othersOf({ own, voters, repository }: OpenFacts, write: Action): readonly PlannedJob[] {
  return voters
    .filter(({ number }) => number !== own.number)
    .map(({ number }) => ({ key: { ...repository, kind: "pull-request", number }, hint: {}, after: write }));
}

function renderShared({ voters, bystanders, outsiders, record, docsUrl, show }: OpenFacts): DesiredCheck {
  const check = renderCheck(voters.map(checked), {
    frozen: frozenOf(voters, outsiders),
    docsUrl,
    givenUp: show === "gave-up",
    bystanders,
    outsiders,
    record: record.text,
  });
  return record.digest === null ? check : { ...check, externalId: `${check.externalId}.${record.digest}` };
}
