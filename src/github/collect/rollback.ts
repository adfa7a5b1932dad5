import { type Fact, known, unknown } from "../../policy/fact.ts";
import { type MergedHotfix, proveRollback, samePaths, touchedPaths } from "../../policy/landing/rollback.ts";
import type { Policy } from "../../policy/policy.ts";
import type { ChangedFile, PullRequestFacts, RollbackProof } from "../../policy/snapshot.ts";
import type { Attempt, Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { describeFailure, type Failure } from "../api/read.ts";
import { COMPARED_FILES, type Compared } from "./git/changes.ts";
import { hotfixReader, listMergedHotfixes } from "./landing/merged-hotfixes.ts";

/** Statuses that will not be another in a moment: what cannot be read for such a reason stays unproven. */
const DEFINITE: readonly (number | null)[] = [404, 409, 410, 422];

/**
 * The merged hotfix that the pull request takes back, by content. Paths are compared first, so that an ordinary pull request
 * costs a list that GitHub answers with 304; trees are read only where the paths are the same. Unproven is `null`.
 */
export async function readRollback(
  client: GitHubClient,
  repo: Repo,
  own: number,
  pullRequest: PullRequestFacts,
  compared: Attempt<Compared>,
  policy: Policy,
): Promise<Fact<RollbackProof | null>> {
  try {
    const listed = await listMergedHotfixes(client, repo, pullRequest.base.ref, policy);
    const earlier = listed.filter(
      ({ number, mergedAt }) =>
        number !== own &&
        (pullRequest.merged === null || Date.parse(mergedAt) <= Date.parse(pullRequest.merged.at)),
    );
    if (earlier.length === 0) return known(null);
    if (!compared.ok) return unproven(compared.failure);
    const { files } = compared.value;
    // More than a comparison shows is no rollback that can be proven.
    if (files.length === 0 || files.length >= COMPARED_FILES) return known(null);
    const hotfixes = await withSamePaths(client, repo, earlier, files);
    if (hotfixes.length === 0) return known(null);
    const { tree } = hotfixReader(client);
    const { baseTip, mergeBase } = compared.value;
    const [head, base, fork] = await Promise.all([
      tree(repo, pullRequest.head.sha),
      tree(repo, baseTip),
      mergeBase === baseTip ? null : tree(repo, mergeBase),
    ]);
    if (head === null || base === null || (fork === null && mergeBase !== baseTip)) return known(null);
    return known(proveRollback(hotfixes, { head, base, mergeBase: fork ?? base }));
  } catch (error) {
    return unproven(describeFailure(error));
  }
}

function unproven({ status, rateLimited, reason }: Failure): Fact<null> {
  if (!rateLimited && DEFINITE.includes(status)) return known(null);
  return unknown(`whether it takes back a hotfix: ${reason}`);
}

async function withSamePaths(
  client: GitHubClient,
  repo: Repo,
  listed: Awaited<ReturnType<typeof listMergedHotfixes>>,
  files: readonly ChangedFile[],
): Promise<readonly MergedHotfix[]> {
  const reader = hotfixReader(client);
  const own = touchedPaths(files);
  const effects = await Promise.all(
    listed.map(async (hotfix) => {
      const paths = await reader.paths(repo, hotfix);
      return paths !== null && samePaths(paths, own) ? reader.effect(repo, hotfix) : null;
    }),
  );
  return effects.filter((effect) => effect !== null);
}
