import type { Field } from "../../../policy/commit-message/fields.ts";
import { type Fact, known, unknown } from "../../../policy/fact.ts";
import { landedWithout } from "../../../policy/landing/landed-message.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import { compare } from "../git/changes.ts";
import { commitBefore, type LandedHotfix } from "./effect.ts";

const WHAT = "the message that landed";

/**
 * The fields that the message which landed (of the squash or merge commit, or of the commits) lacks; `[]`: it
 * is complete.
 */
export async function readLanded(
  client: GitHubClient,
  repo: Repo,
  hotfix: LandedHotfix,
  policy: Policy,
): Promise<Fact<readonly Field[]>> {
  const before = await read(WHAT, () => commitBefore(client, repo, hotfix));
  if (!before.known) return before;
  if (before.value === null) return unknown(`${WHAT}: where it begins cannot be told`);
  const compared = await compare(client, repo, before.value, hotfix.mergeSha);
  if (!compared.ok) return unknown(`${WHAT}: ${compared.failure.reason}`);
  const { commits, totalCommits } = compared.value;
  if (commits.length < totalCommits) return unknown(`${WHAT}: more commits than GitHub compares`);
  return known(landedWithout(commits, policy));
}
