import type { BranchRules } from "../../policy/branch-rules.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { type Fact, known } from "../../policy/fact.ts";
import { holdersNeeded, needsOf, vouchersNeededFor } from "../../policy/needs.ts";
import type { Policy } from "../../policy/policy.ts";
import { type IssueReference, issueKey } from "../../policy/snapshot/issue.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import { byKey, type Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import type { Foreseen } from "./foreseen.ts";
import { readReached } from "./git/merge-base.ts";
import { readBranchRules } from "./pull-request/branch-rules.ts";
import { readIssues } from "./pull-request/issues.ts";
import { readQueueEntry } from "./pull-request/merge-queue.ts";
import { type PeopleReader, peopleReader } from "./pull-request/people.ts";
import { readRoleHolders } from "./pull-request/role-holders.ts";
import type { RollbackReading } from "./rollback.ts";

/** Rounds of "what else has to be read"; each depends on what the one before has found. */
const MOST_ROUNDS = 5;

/** What a reader of a pull request may bring along. */
export interface DeepenOptions {
  /** Null where it was looked for already. */
  readonly rollback?: (() => Promise<RollbackReading>) | null;
  readonly readRules?: () => Promise<Fact<BranchRules>>;
  readonly foreseen?: Foreseen | null;
  /** Nobody is called for it: who stands behind it is not asked. */
  readonly verdictOnly?: boolean;
}

/**
 * Reads what the policy asks for in view of what is known: issues and people side by side, then who could
 * still approve, who stands behind it, and whether it is a rollback, which are only asked where something is
 * missing.
 */
export async function deepen(
  client: GitHubClient,
  repo: Repo,
  first: PullRequestSnapshot,
  policy: Policy,
  { rollback = null, readRules, foreseen = null, verdictOnly = false }: DeepenOptions = {},
): Promise<PullRequestSnapshot> {
  const reader: Reader = {
    client,
    repo,
    policy,
    ahead: (await foreseen?.issues) ?? {},
    people: foreseen?.people ?? peopleReader(client, repo),
    rules: null,
    readRules: readRules ?? (() => readBranchRules(client, repo, first.pullRequest.base.ref)),
    rollback,
    verdictOnly,
  };
  const queueEntry = readQueueEntry(client, repo, first);
  let snapshot = first;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const more = await readNeeds(reader, snapshot);
    snapshot = more.snapshot;
    if (more.asked) continue;
    if (passes(snapshot, policy)) break;
    const further = await readForLack(reader, snapshot);
    if (further === null) break;
    snapshot = further;
  }
  const place = await queueEntry;
  return place.known && place.value === null ? snapshot : { ...snapshot, queueEntry: place };
}

/** What is read with, and what of it was read or looked for already. */
interface Reader {
  readonly client: GitHubClient;
  readonly repo: Repo;
  readonly policy: Policy;
  readonly ahead: PullRequestSnapshot["issues"];
  readonly people: PeopleReader;
  rules: Promise<Fact<BranchRules>> | null;
  readonly readRules: () => Promise<Fact<BranchRules>>;
  rollback: (() => Promise<RollbackReading>) | null;
  readonly verdictOnly: boolean;
}

/** What every rule needs. `asked`: something was read, which may need more. */
async function readNeeds(
  reader: Reader,
  snapshot: PullRequestSnapshot,
): Promise<{ readonly snapshot: PullRequestSnapshot; readonly asked: boolean }> {
  const { client, repo, ahead, people } = reader;
  const needs = needsOf(snapshot, reader.policy);
  const issues = needs.issues.filter((reference) => !has(snapshot.issues, keyOf(reference, snapshot)));
  const wanted = new Set(issues.map((reference) => keyOf(reference, snapshot)));
  const asksRules = needs.branchRules && reader.rules === null;
  if (asksRules) reader.rules = reader.readRules();
  const [newIssues, readSomebody, branchRules, reached] = await Promise.all([
    readIssues(
      client,
      repo,
      issues.filter((reference) => !has(ahead, keyOf(reference, snapshot))),
    ),
    people.read(needs.people),
    reader.rules ?? snapshot.branchRules,
    readReached(client, repo, snapshot.pullRequest.head.sha, needs.reached),
  ]);
  const deeper = {
    ...snapshot,
    issues: byKey([
      ...Object.entries(snapshot.issues),
      ...Object.entries(ahead).filter(([key]) => wanted.has(key)),
      ...Object.entries(newIssues),
    ]),
    people: people.people(),
    branchRules,
    ...(needs.reached.length === 0
      ? {}
      : { reached: byKey([...Object.entries(snapshot.reached ?? {}), ...Object.entries(reached)]) }),
  };
  return {
    snapshot: deeper,
    asked: issues.length > 0 || readSomebody || asksRules || needs.reached.length > 0,
  };
}

/** What is only asked where it does not pass; `null`: nothing is left to ask. */
async function readForLack(
  reader: Reader,
  snapshot: PullRequestSnapshot,
): Promise<PullRequestSnapshot | null> {
  const { client, repo, policy, people, rollback, verdictOnly } = reader;
  const roles = holdersNeeded(snapshot, policy).filter((role) => !has(snapshot.roleHolders, role));
  reader.rollback = null;
  const [holders, looked, readVoucher] = await Promise.all([
    readRoleHolders(client, repo, roles, policy),
    rollback === null ? null : rollback(),
    people.read(verdictOnly ? [] : vouchersNeededFor(snapshot, policy)),
  ]);
  if (roles.length === 0 && rollback === null && !readVoucher) return null;
  return {
    ...snapshot,
    people: people.people(),
    roleHolders: byKey([...Object.entries(snapshot.roleHolders), ...Object.entries(holders)]),
    // A hotfix by name that is not proven to be a rollback is a hotfix, which is the stricter of the two.
    ...(looked === null ? {} : looked.rollbackOf.known ? looked : { rollbackOf: known(null) }),
  };
}

/** A merged one is looked at in any case: what it was goes on record. */
function passes(snapshot: PullRequestSnapshot, policy: Policy): boolean {
  if (snapshot.pullRequest.merged !== null) return false;
  return evaluate(snapshot, { state: "valid", policy, source: "" }).wouldBe === "success";
}

function keyOf(reference: IssueReference, { repository }: PullRequestSnapshot): string {
  return issueKey(reference, repository);
}

function has(record: Readonly<Record<string, unknown>>, key: string): boolean {
  return Object.hasOwn(record, key);
}
