import { type Fact, known } from "../../../policy/fact.ts";
import type { Happening } from "../../../policy/landing/after-merge.ts";
import type { Policy } from "../../../policy/policy.ts";
import { count, onStatus, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { read } from "../../api/read.ts";
import { identityOf } from "../../api/repositories.ts";
import type { LandedHotfix } from "../landing/effect.ts";
import { type Deployment, firstSuccess, readDeployments } from "./deployments.ts";

/**
 * Deployments after the merge that are looked at, oldest first: the fix is in one of the first, or their
 * success is not told to GitHub.
 */
const MOST_LOOKUPS = 30;

const firstsOf = remembered<Happening>("first deployments");

/**
 * The first deployment to production that succeeded and is of the merge or of a later commit that contains
 * it. `null`: none yet, or the app may not read deployments. What was found does not change any more, so it
 * is found once a process.
 */
export async function readDeployed(
  client: GitHubClient,
  repo: Repo,
  { mergeSha, mergedAt }: Pick<LandedHotfix, "mergeSha" | "mergedAt">,
  policy: Pick<Policy, "environments">,
): Promise<Fact<Happening | null>> {
  const cache = firstsOf(client);
  const key = `${identityOf(client, repo)}@${mergeSha} ${JSON.stringify(policy.environments)}`;
  const earlier = cache.get(key);
  if (earlier !== undefined) return known(earlier);
  const deployments = await readDeployments(client, repo, policy, { since: mergedAt });
  if (!deployments.known) return deployments;
  let first: Happening | null = null;
  for (const deployment of (deployments.value ?? []).slice(0, MOST_LOOKUPS)) {
    // One that began earlier may have taken longer.
    if (first !== null && Date.parse(deployment.createdAt) >= Date.parse(first.at)) break;
    const contained = await containsMerge(client, repo, deployment, mergeSha);
    if (!contained.known) return contained;
    const at = contained.value ? await firstSuccess(client, repo, deployment) : known(null);
    if (!at.known) return at;
    if (at.value === null || (first !== null && Date.parse(at.value) >= Date.parse(first.at))) continue;
    first = { at: at.value, by: deployment.by?.login ?? null, detail: deployment.environment };
  }
  if (first !== null) cache.set(key, first);
  return known(first);
}

const containing = remembered<boolean>("deployments that contain a merge");

/**
 * Is the merge an ancestor of what was deployed, or that itself? Of two commits that never changes. One that
 * is not there (a fork's, or taken away) contains nothing.
 */
async function containsMerge(
  client: GitHubClient,
  repo: Repo,
  { sha }: Pick<Deployment, "sha">,
  mergeSha: string,
): Promise<Fact<boolean>> {
  if (sha === mergeSha) return known(true);
  const cache = containing(client);
  const basehead = `${sha}...${mergeSha}`;
  const key = `${identityOf(client, repo)} ${basehead}`;
  const earlier = cache.get(key);
  if (earlier !== undefined) return known(earlier);
  return read("whether the hotfix was deployed", async () => {
    const answer = await client.octokit.rest.repos
      .compareCommitsWithBasehead({ ...repo, basehead, per_page: 1 })
      .catch(onStatus([404], null));
    if (answer === null) return false;
    const contained = count(answer.data.ahead_by) === 0;
    cache.set(key, contained);
    return contained;
  });
}
