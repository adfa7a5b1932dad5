import { type Fact, known } from "../../../policy/fact.ts";
import { byOthers, isTakenBack } from "../../../policy/landing/unlanded.ts";
import type { ChangedFile, Commit, Landing } from "../../../policy/snapshot/change.ts";
import type { PullRequestFacts } from "../../../policy/snapshot.ts";
import { list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read } from "../../api/read.ts";

/** The pull request, and what it brings. */
interface Brought {
  readonly number: number;
  readonly pullRequest: Pick<PullRequestFacts, "author">;
  readonly commits: Fact<readonly Commit[]>;
  readonly files: Fact<readonly ChangedFile[]>;
}

/**
 * Does the branch hold commits of another open pull request whose change it takes back? Once both are in the
 * base, git takes that other one for merged, and what it was to change never lands. Only asked where somebody
 * else wrote a commit: a request for each, and one more where it is another's. `null`: no such thing.
 */
export async function readUnlanded(
  { octokit }: GitHubClient,
  repo: Repo,
  { number, pullRequest, commits, files }: Brought,
): Promise<Fact<Landing | null>> {
  if (!commits.known || !files.known) return known(null);
  const theirs = byOthers(commits.value, pullRequest.author);
  if (theirs.length === 0) return known(null);
  return read("whether commits of another pull request are taken back", async () => {
    const found = await Promise.all(
      theirs.map(async ({ sha }) => {
        const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
          ...repo,
          commit_sha: sha,
          per_page: PER_PAGE,
        });
        const others = list(data).filter((pull) => pull.state === "open" && pull.number !== number);
        if (others.length === 0) return null;
        const commit = await octokit.rest.repos.getCommit({ ...repo, ref: sha });
        const paths = list(commit.data.files ?? []).map(({ filename }) => text(filename));
        return isTakenBack(paths, files.value) ? { sha, pulls: others.map((pull) => pull.number) } : null;
      }),
    );
    const taken = found.filter((one) => one !== null);
    if (taken.length === 0) return null;
    const pulls = [...new Set(taken.flatMap((one) => one.pulls))].sort((a, b) => a - b);
    return { shown: false, why: "takes-back", pulls, shas: taken.map(({ sha }) => sha) } as const;
  });
}
