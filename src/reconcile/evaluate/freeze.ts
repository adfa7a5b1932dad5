import { remembered } from "../../github/api/memory.ts";
import { identityOf } from "../../github/api/repositories.ts";
import { type ListedPullRequest, listOpenPullRequests } from "../../github/collect/git/listing.ts";
import { readBranchRules } from "../../github/collect/pull-request/branch-rules.ts";
import { byBase } from "../../plan/gate/freeze.ts";
import { isHotfixLike, isProductionBase } from "../../policy/classify.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { freezes } from "../../policy/freeze.ts";
import type { Policy } from "../../policy/policy.ts";
import { severityLabel } from "../../policy/severity.ts";
import type { FrozenFor } from "../../policy/snapshot.ts";
import type { Place } from "../context.ts";
import type { Evaluated, Evaluation } from "./evaluated.ts";

/** What an open pull request freezes was decided when it was as it is now. */
interface Decided {
  readonly as: string;
  readonly freeze: Promise<FrozenFor | null>;
}

const decidedOf = remembered<Decided>("freezes");

/**
 * So many that no evaluation has decided yet are evaluated at once: anybody can open pull requests from
 * branches called `hotfix/…`. More are left to their own evaluation, which comes.
 */
const MOST_UNDECIDED = 3;

/** Evaluates a pull request that may freeze something. */
type Evaluate = (number: number) => Promise<Evaluation>;

/** What the pull request freezes is known now: others need not evaluate it again. */
export function rememberFreeze(place: Place, { number, collected, verdict }: Evaluated): void {
  if (collected.policy.state !== "valid" || !freezes(collected.policy.policy)) return;
  const { head, updatedAt } = collected.snapshot.pullRequest;
  decidedOf(place.client).set(keyOf(place, number), {
    as: stateOf({ headSha: head.sha, updatedAt }),
    freeze: Promise.resolve(verdict.freeze ?? null),
  });
}

/**
 * What the open hotfixes of a repository freeze, by base branch. What could not be read freezes nothing: it
 * is found when it can be.
 */
export async function readFreezes(
  place: Place,
  policy: Policy,
  open: readonly ListedPullRequest[],
  evaluateOne: Evaluate,
): Promise<ReadonlyMap<string, FrozenFor>> {
  if (!freezes(policy)) return new Map();
  const decided = decidedOf(place.client);
  const isDecided = (one: ListedPullRequest) => decided.get(keyOf(place, one.number))?.as === stateOf(one);
  const candidates = open.filter((one) => mayFreeze(one, policy));
  const undecided = candidates
    .filter((one) => !isDecided(one))
    // Who can push here has write access.
    .toSorted((a, b) => Number(b.isFromHere) - Number(a.isFromHere) || b.number - a.number)
    .slice(0, MOST_UNDECIDED);
  for (const one of undecided)
    decided.set(keyOf(place, one.number), {
      as: stateOf(one),
      freeze: evaluateOne(one.number).then(
        (evaluation) => ("verdict" in evaluation ? (evaluation.verdict.freeze ?? null) : null),
        () => null,
      ),
    });
  const found = await Promise.all(
    candidates.filter(isDecided).map((one) => decided.get(keyOf(place, one.number))?.freeze),
  );
  return byBase(found.flatMap((freeze) => freeze ?? []));
}

/** With the freeze that an ordinary pull request has to wait for, where there is one. */
export async function withFreeze(place: Place, own: Evaluated, evaluateOne: Evaluate): Promise<Evaluated> {
  const { snapshot, policy: reading, proposedConfig } = own.collected;
  const { base, state } = snapshot.pullRequest;
  if (reading.state !== "valid" || own.verdict.kind !== "ordinary" || state !== "open") return own;
  const { policy } = reading;
  if (!freezes(policy) || !isProductionBase(base.ref, policy, snapshot.repository)) return own;
  const open = await listOpenPullRequests(place.client, place.repo);
  if (!open.known) return own;
  const here = open.value.filter(({ baseRef, number }) => baseRef === base.ref && number !== own.number);
  const freeze = (await readFreezes(place, policy, here, evaluateOne)).get(base.ref);
  if (freeze === undefined) return own;
  const inQueue = await hasQueue(place, base.ref);
  const frozen = { ...snapshot, frozenFor: { ...freeze, ...(inQueue ? { inQueue } : {}) } };
  const verdict = evaluate(frozen, reading, proposedConfig.known ? proposedConfig.value : null);
  return { ...own, collected: { ...own.collected, snapshot: frozen }, verdict };
}

/** Does a merge queue stand before the branch, whose groups wait in place of the pull requests? */
export async function hasQueue({ client, repo }: Place, branch: string): Promise<boolean> {
  const rules = await readBranchRules(client, repo, branch);
  return rules.known && rules.value.mergeQueue;
}

/** As far as a list shows it; where the commit says the severity, the label comes a moment later. */
function mayFreeze(one: ListedPullRequest, policy: Policy): boolean {
  const labels = one.labels.map((label) => label.toLowerCase());
  const names = policy.freeze.severities.map((severity) => severityLabel(severity).toLowerCase());
  const isUnlabeled = !labels.some((label) => label.startsWith("severity:"));
  const heading = { headRef: one.headRef, title: one.title, labels: one.labels };
  return isHotfixLike(heading, policy) && (isUnlabeled || labels.some((label) => names.includes(label)));
}

function stateOf({ headSha, updatedAt }: Pick<ListedPullRequest, "headSha" | "updatedAt">): string {
  return `${headSha} ${updatedAt}`;
}

function keyOf({ client, repo }: Place, number: number): string {
  return `${identityOf(client, repo)}#${number}`;
}
