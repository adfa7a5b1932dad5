import { type Fact, known, unknown } from "../../../policy/fact.ts";
import type { Comparison, PullRequestFacts } from "../../../policy/snapshot.ts";
import type { Attempt, Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { COMPARED_FILES, type Compared, compare } from "./changes.ts";

const WHAT = "how the branch stands to its base";

/** Where the head stands to its base; which files the base changed since is only read where the head is behind. */
export async function readComparison(
  client: GitHubClient,
  repo: Repo,
  { base, head }: Pick<PullRequestFacts, "base" | "head">,
  compared: Attempt<Compared>,
): Promise<Fact<Comparison>> {
  if (!compared.ok) return unknown(`${WHAT}: ${compared.failure.reason}`);
  const { behindBy, mergeBase, baseTip } = compared.value;
  if (behindBy === 0) return known({ behindBy, mergeBase, baseChangedPaths: [] });
  const since = await compare(client, repo, head.sha, baseTip);
  if (!since.ok)
    return unknown(`what ${base.ref} changed since the branch was made: ${since.failure.reason}`);
  const { files } = since.value;
  if (files.length >= COMPARED_FILES) {
    return unknown(`what ${base.ref} changed since the branch was made: more files than GitHub compares`);
  }
  const paths = files.flatMap(({ path, previousPath }) =>
    previousPath === null ? [path] : [path, previousPath],
  );
  return known({ behindBy, mergeBase, baseChangedPaths: [...new Set(paths)] });
}
