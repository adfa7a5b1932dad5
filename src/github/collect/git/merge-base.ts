import type { Fact } from "../../../policy/fact.ts";
import { byKey, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";

/** By commit: the newest one that it and the head have in common; `null`: GitHub has it no more. */
export async function readReached(
  { octokit }: GitHubClient,
  repo: Repo,
  head: string,
  commits: readonly string[],
): Promise<Readonly<Record<string, Fact<string | null>>>> {
  const facts = commits.map(
    async (sha) =>
      [
        sha,
        await read(`what ${sha.slice(0, 7)} and the head have in common`, async () => {
          // One commit is enough: only where they part is wanted.
          const basehead = `${sha}...${head}`;
          const answer = await octokit.rest.repos
            .compareCommitsWithBasehead({ ...repo, basehead, per_page: 1 })
            .catch(onStatus([404, 422], null));
          return answer === null ? null : text(answer.data.merge_base_commit.sha);
        }),
      ] as const,
  );
  return byKey(await Promise.all(facts));
}
