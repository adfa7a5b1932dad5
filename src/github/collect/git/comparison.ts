import { type Fact, known, unknown } from "../../../policy/fact.ts";
import type { Comparison } from "../../../policy/snapshot/change.ts";
import type { PullRequestFacts } from "../../../policy/snapshot.ts";
import type { Attempt, Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { COMPARED_FILES, compare } from "./changes.ts";
import type { Compared } from "./compared.ts";

const WHAT = "how the branch stands to its base";

/** What the base has that the head lacks; `null`: nothing. Only read where the head is behind. */
export async function readSince(
  client: GitHubClient,
  repo: Repo,
  { head }: Pick<PullRequestFacts, "head">,
  compared: Attempt<Compared>,
): Promise<Attempt<Compared> | null> {
  if (!compared.ok || compared.value.behindBy === 0) return null;
  return compare(client, repo, head.sha, compared.value.baseTip);
}

/** Where the head stands to its base. */
export function toComparison(
  { base }: Pick<PullRequestFacts, "base">,
  compared: Attempt<Compared>,
  since: Attempt<Compared> | null,
): Fact<Comparison> {
  if (!compared.ok) return unknown(`${WHAT}: ${compared.failure.reason}`);
  const { behindBy, mergeBase } = compared.value;
  if (since === null) return known({ behindBy, mergeBase, baseChangedPaths: [] });
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
