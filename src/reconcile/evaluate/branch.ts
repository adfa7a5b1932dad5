import { read } from "../../github/api/read.ts";
import { deepen } from "../../github/collect/deepen.ts";
import { readDeployedEarly } from "../../github/collect/deployment/deployed-early.ts";
import { branchActivity } from "../../github/collect/git/activity.ts";
import { COMPARED_FILES, compare } from "../../github/collect/git/changes.ts";
import type { Compared } from "../../github/collect/git/compared.ts";
import { listPullRequestsFrom, type ReadBranch } from "../../github/collect/git/listing.ts";
import { isProductionBase } from "../../policy/classify.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { type Fact, known, unknown } from "../../policy/fact.ts";
import { snapshotOfBranch, verdictWithout } from "../../policy/landing/push-snapshot.ts";
import type { Policy } from "../../policy/policy.ts";
import type { RepositoryFacts } from "../../policy/snapshot.ts";
import type { Place } from "../context.ts";
import type { EvaluatedPush } from "./push.ts";

/** A hotfix branch without a pull request, and where it would have to go. */
export interface HotfixBranch {
  readonly ref: string;
  readonly sha: string;
  readonly base: string;
  readonly repository: RepositoryFacts;
}

/** As it was read; it would have to go to the default branch, where production is made from that. */
export function hotfixBranch(
  { repo }: Place,
  ref: string,
  { sha, defaultBranch, repositoryUrl }: NonNullable<ReadBranch>,
  policy: Policy | null,
): HotfixBranch {
  const base =
    policy === null || isProductionBase(defaultBranch, policy, { defaultBranch })
      ? defaultBranch
      : (policy.branches.base[0] ?? defaultBranch);
  return {
    ref,
    sha,
    base,
    repository: { owner: repo.owner, name: repo.repo, defaultBranch, url: repositoryUrl },
  };
}

/**
 * A hotfix branch without a pull request, read and evaluated where it was deployed; `null`: it was not, or
 * the app may not read deployments (then nothing is asked).
 */
export async function evaluateBranch(
  { client, repo }: Place,
  policy: Policy,
  { ref, sha, base, repository }: HotfixBranch,
): Promise<Fact<EvaluatedPush | null>> {
  const permitted = await read("what the app may read", () => client.permits("deployments", "read"));
  if (!permitted.known) return permitted;
  if (!permitted.value) return known(null);
  const activity = await read(`the activity of ${ref}`, () => branchActivity(client, repo, ref));
  const unread = unknown("not read yet");
  const observedAt = client.serverTime().toISOString();
  const surroundings = { app: client.app, repository, observedAt };
  const tip = { ref, sha, base: { ref: base, sha: "" }, activity };
  const first = snapshotOfBranch({ ...tip, commits: unread, files: unread }, surroundings, policy);
  // First what decides whether there is anything to be told.
  const early = await readDeployedEarly(client, repo, first, policy);
  if (!early.known) return early;
  if (early.value === null) return known(null);
  const pulls = await listPullRequestsFrom(client, repo, ref);
  if (!pulls.known) return pulls;
  // It has landed, and is told of by its pull request: a squash has other commits.
  if (pulls.value.some(({ mergedAt, headSha }) => mergedAt !== null && headSha === sha)) return known(null);
  const compared = await compare(client, repo, base, sha);
  const changes = compared.ok
    ? known(compared.value)
    : unknown(`what the branch brings: ${compared.failure.reason}`);
  const branch = {
    ...tip,
    base: { ref: base, sha: changes.known ? changes.value.mergeBase : "" },
    commits: whole(changes, ({ commits, totalCommits }) => (commits.length < totalCommits ? null : commits)),
    files: whole(changes, ({ files }) => (files.length < COMPARED_FILES ? files : null)),
  };
  const found = await deepen(client, repo, snapshotOfBranch(branch, surroundings, policy), policy);
  const verdict = verdictWithout(evaluate(found, { state: "valid", policy, source: "" }));
  return known({ snapshot: { ...found, deployedEarly: early }, verdict });
}

/** A part of a comparison; `null`: it is cut short. */
function whole<T>(changes: Fact<Compared>, part: (compared: Compared) => T | null): Fact<T> {
  if (!changes.known) return changes;
  const value = part(changes.value);
  return value === null ? unknown("what the branch brings: more than GitHub compares") : known(value);
}
