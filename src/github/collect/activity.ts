import { type Fact, known } from "../../policy/fact.ts";
import type { ActivityEntry, PullRequestFacts } from "../../policy/snapshot.ts";
import type { GitHubClient } from "../client.ts";
import { read } from "../read.ts";
import { toAccount } from "./account.ts";
import { list, onStatus, type Repo, text } from "./answer.ts";

/**
 * The head branch in the repository's activity, newest first (the newest hundred). `null`: that route cannot be had, for
 * a branch of another repository or on a server that has no such route.
 */
export async function readActivity(
  { octokit }: GitHubClient,
  repo: Repo,
  { head, fork }: Pick<PullRequestFacts, "head" | "fork">,
): Promise<Fact<readonly ActivityEntry[] | null>> {
  if (fork) return known(null);
  const ref = `refs/heads/${head.ref}`;
  return read("the activity of the head branch", async () => {
    const answer = await octokit.rest.repos
      .listActivities({ ...repo, ref, per_page: 100, direction: "desc" })
      .catch(onStatus([403, 404, 410, 422], null));
    if (answer === null) return null;
    return list(answer.data)
      .filter((entry) => entry.ref === ref)
      .map((entry) => ({
        before: text(entry.before),
        after: text(entry.after),
        at: text(entry.timestamp),
        type: text(entry.activity_type),
        actor: toAccount(entry.actor),
      }))
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  });
}
