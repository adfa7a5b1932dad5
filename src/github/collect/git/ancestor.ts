import { count, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { identityOf } from "../../api/repositories.ts";

/** What commits are made from never changes: each pair is asked for once. */
const ancestorsOf = remembered<boolean>("ancestors");

/** Has `young` the commit `old` in its history (or is it)? Rejects where it cannot be read. */
export async function isAncestor(
  client: GitHubClient,
  repo: Repo,
  old: string,
  young: string,
): Promise<boolean> {
  const cache = ancestorsOf(client);
  const key = `${identityOf(client, repo)}@${young}...${old}`;
  const found = cache.get(key);
  if (found !== undefined) return found;
  const basehead = `${young}...${old}`;
  // One commit is enough: only the counts are wanted.
  const { data } = await client.octokit.rest.repos.compareCommitsWithBasehead({
    ...repo,
    basehead,
    per_page: 1,
  });
  const is = count(data.ahead_by) === 0;
  cache.set(key, is);
  return is;
}
