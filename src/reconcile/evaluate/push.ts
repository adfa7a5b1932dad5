import { read } from "../../github/api/read.ts";
import { deepen } from "../../github/collect/deepen.ts";
import { readDeployedEarly } from "../../github/collect/deployment/deployed-early.ts";
import { branchActivity } from "../../github/collect/git/activity.ts";
import { type PushReading, readPush } from "../../github/collect/landing/pushed.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { type Fact, known } from "../../policy/fact.ts";
import { snapshotOfPush, verdictWithout } from "../../policy/landing/push-snapshot.ts";
import type { Policy } from "../../policy/policy.ts";
import type { ActivityEntry } from "../../policy/snapshot/history.ts";
import type { PullRequestSnapshot, PushFacts, RepositoryFacts } from "../../policy/snapshot.ts";
import type { Verdict } from "../../policy/verdict.ts";
import type { Place } from "../context.ts";

/** A production branch, and what is open into it. */
export interface ProductionBranch {
  readonly ref: string;
  readonly repository: RepositoryFacts;
  readonly open: readonly { readonly number: number; readonly headSha: string }[];
}

/** A push as the rules see it. */
export interface EvaluatedPush {
  readonly snapshot: PullRequestSnapshot;
  readonly verdict: Verdict;
}

/** Reads what the rules ask for and has them say what they would have said. */
export async function evaluatePushedHotfix(
  { client, repo }: Place,
  repository: RepositoryFacts,
  policy: Policy,
  push: PushFacts,
  hotfix: NonNullable<PushReading["hotfix"]>,
): Promise<EvaluatedPush> {
  const observedAt = client.serverTime().toISOString();
  const first = snapshotOfPush(push, hotfix, { app: client.app, repository, observedAt }, policy);
  const [deepened, deployedEarly] = await Promise.all([
    deepen(client, repo, first, policy),
    readDeployedEarly(client, repo, first, policy),
  ]);
  const snapshot = { ...deepened, deployedEarly };
  return { snapshot, verdict: verdictWithout(evaluate(snapshot, { state: "valid", policy, source: "" })) };
}

/**
 * The push whose post-mortem has the marker `owner/repo@<after>`, read and evaluated anew; `null`: it cannot
 * be found any more, or is not seen as a hotfix now.
 */
export async function evaluatePush(
  place: Place,
  policy: Policy,
  branch: ProductionBranch,
  after: string,
): Promise<Fact<EvaluatedPush | null>> {
  const { client, repo } = place;
  const activity = await read(`the activity of ${branch.ref}`, () =>
    branchActivity(client, repo, branch.ref),
  );
  if (!activity.known) return activity;
  const change = activity.value?.find((entry) => entry.after === after);
  if (change === undefined) return known(null);
  const push = pushOf(change, branch.ref);
  const { defaultBranch } = branch.repository;
  const context = { policy, defaultBranch, open: [], earlier: [], forced: false };
  const found = await readPush(client, repo, push, context);
  if (!found.known) return found;
  const { hotfix } = found.value;
  return known(
    hotfix === null ? null : await evaluatePushedHotfix(place, branch.repository, policy, push, hotfix),
  );
}

/** The push that an entry of the activity tells of. */
export function pushOf({ before, after, at, actor }: ActivityEntry, branch: string): PushFacts {
  return { branch, before, after, at, by: actor };
}
