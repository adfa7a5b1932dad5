import type { Fact } from "../../../policy/fact.ts";
import type { Happening } from "../../../policy/landing/after-merge.ts";
import { rolledBackBy, type Standing, standingOf } from "../../../policy/landing/rolled-back.ts";
import type { ActivityEntry } from "../../../policy/snapshot/history.ts";
import { list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { read } from "../../api/read.ts";
import { identityOf } from "../../api/repositories.ts";
import { branchActivity } from "../git/activity.ts";
import { type LandedHotfix, readEffect } from "./effect.ts";
import { hotfixReader } from "./merged-hotfixes.ts";

/** Later changes of the branch that are looked at. */
const MOST_CHANGES = 50;

/**
 * Is the hotfix rolled back on its base branch, by content, and since when and by whom? Its paths are all as
 * they were before it: it is; all as after it: it is not; neither: what was last certain still holds. `null`
 * as well where its effect cannot be told.
 */
export function readRolledBack(
  client: GitHubClient,
  repo: Repo,
  hotfix: LandedHotfix,
  base: string,
): Promise<Fact<Happening | null>> {
  return read(`whether the hotfix was rolled back on ${base}`, async () => {
    const effect = await readEffect(client, repo, hotfix);
    if (effect === null) return null;
    const tip = await readTip(client, repo, base);
    if (tip === null) return null;
    const reader = hotfixReader(client);
    const key = `${identityOf(client, repo)}#${hotfix.mergeSha}`;
    const standing = async ({ after }: { readonly after: string }): Promise<Standing> => {
      const known = standings(client).get(`${key} ${after}`);
      if (known !== undefined) return known;
      const tree = await reader.tree(repo, after);
      const now = tree === null ? "neither" : standingOf(tree, effect);
      standings(client).set(`${key} ${after}`, now);
      return now;
    };
    if ((await standing(tip)) === "after") return null;
    const activity = (await branchActivity(client, repo, base)) ?? [];
    const found = await rolledBackBy(since(hotfix, tip, activity), standing);
    if (found === null) return null;
    return {
      at: found.at,
      by: found.actor?.login ?? null,
      detail: (await pullRequestOf(client, repo, found.after)) ?? found.after,
    };
  });
}

/** What commits hold never changes: each is looked at once. */
const standings = remembered<Standing>("standings");

type Change = Pick<ActivityEntry, "after" | "at" | "actor">;

/**
 * The changes of the branch after the hotfix landed, newest first; the tip by itself where the activity does
 * not have it.
 */
function since(
  { mergeSha, mergedAt }: LandedHotfix,
  tip: Change,
  activity: readonly ActivityEntry[],
): readonly Change[] {
  const own = activity.findIndex(({ after }) => after === mergeSha);
  const later = (own < 0 ? activity : activity.slice(0, own)).filter(
    ({ at, type }) => Date.parse(at) >= Date.parse(mergedAt) && type !== "branch_deletion",
  );
  const all = later[0]?.after === tip.after ? later : [tip, ...later];
  return all.slice(0, MOST_CHANGES);
}

/**
 * The branch's tip with the commit's own time, which counts only where GitHub tells none. `null`: no such
 * branch.
 */
async function readTip({ octokit }: GitHubClient, repo: Repo, branch: string): Promise<Change | null> {
  const answer = await octokit.rest.repos.getBranch({ ...repo, branch }).catch(onStatus([404], null));
  if (answer === null) return null;
  const { sha, commit, committer } = answer.data.commit;
  const login = committer !== null && "login" in committer ? (committer.login ?? null) : null;
  return {
    after: text(sha),
    at: commit.committer?.date ?? new Date(0).toISOString(),
    actor: login === null ? null : { login, type: "User" },
  };
}

/** `#12`: the pull request whose merge made this commit; `null`: none. */
async function pullRequestOf({ octokit }: GitHubClient, repo: Repo, sha: string): Promise<string | null> {
  const answer = await octokit.rest.repos
    .listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha })
    .catch(onStatus([404, 409, 422], null));
  const found = list(answer?.data ?? []).find(
    (pull) => pull.merge_commit_sha === sha && typeof pull.merged_at === "string",
  );
  return found === undefined ? null : `#${found.number}`;
}
