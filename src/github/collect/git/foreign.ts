import { type Fact, known } from "../../../policy/fact.ts";
import {
  foreignTo,
  LONG_LIVED_PREFIXES,
  longLivedOf,
  mayBeForeign,
} from "../../../policy/landing/foreign.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { ForeignCommits } from "../../../policy/snapshot/change.ts";
import type { PullRequestFacts } from "../../../policy/snapshot.ts";
import { type Attempt, list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read } from "../../api/read.ts";
import { type Compared, toCompared } from "./compared.ts";

/**
 * The commits of the pull request that come from another long-lived branch. Only asked where it brings
 * others than the hotfix commit: the names of branches, and one
 * comparison for each that may be meant.
 */
export async function readForeign(
  client: GitHubClient,
  repo: Repo,
  pullRequest: Pick<PullRequestFacts, "base" | "head">,
  compared: Attempt<Compared>,
  policy: Policy,
): Promise<Fact<readonly ForeignCommits[]>> {
  if (!compared.ok || policy.rules["branch-freshness"].level === "off") return known([]);
  const own = compared.value.commits.filter(({ parents }) => parents.length < 2);
  if (own.length < 2 || !own.some((commit) => mayBeForeign(commit, policy))) return known([]);
  return read("what other branches the commits are on", async () => {
    const names = await branchNames(client, repo, policy);
    const found = await Promise.all(
      longLivedOf(names, pullRequest, policy).map(async (branch) => {
        const basehead = `${pullRequest.head.sha}...${branch}`;
        const { data } = await client.octokit.rest.repos.compareCommitsWithBasehead({
          ...repo,
          basehead,
          // With pages they come from the oldest on, which is where the branches part.
          per_page: PER_PAGE,
        });
        const other = toCompared(data);
        return { branch, shas: foreignTo(compared.value.commits, pullRequest.head.sha, other, policy) };
      }),
    );
    return found.filter(({ shas }) => shas.length > 0);
  });
}

/** All branches where a page holds them, else those whose names begin like a long-lived one's. */
async function branchNames(
  { octokit }: GitHubClient,
  repo: Repo,
  policy: Policy,
): Promise<readonly string[]> {
  const { data } = await octokit.rest.repos.listBranches({ ...repo, per_page: PER_PAGE });
  const first = list(data).map(({ name }) => text(name));
  if (first.length < PER_PAGE) return first;
  const prefixes = [...new Set([...LONG_LIVED_PREFIXES, ...policy.branches.back_merge])];
  const more = await Promise.all(
    prefixes.map(async (prefix) => {
      const answer = await octokit.rest.git.listMatchingRefs({ ...repo, ref: `heads/${prefix}` });
      return list(answer.data).map(({ ref }) => text(ref).replace(/^refs\/heads\//, ""));
    }),
  );
  return [...new Set([...first, ...more.flat()])];
}
